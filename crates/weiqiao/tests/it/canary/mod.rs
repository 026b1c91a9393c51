//! G-19, T-18, T-82, T-92, T-93, T-95: canaries in every secret and in everything people say; after a walk through the whole
//! product at trace level, none of them is in a log line, a metric, an error, a list for staff, a file, a table or in Redis.

mod planted;
mod stage;
mod walk;

use planted::{Canary, Hit, Kind, hits};
use stage::{Engines, Stage};
use walk::{Told, Walk};

async fn nothing_leaks(engines: Engines) {
    let Some(mut stage) = Stage::set(engines).await else { return };
    let mut walk = Walk::new(&mut stage);
    walk.walk().await;
    let told = walk.told;
    // Attempts, webhooks and log lines that are under way.
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    let remains = stage.remains().await;
    let canaries = stage.canaries.all();
    let what: std::collections::BTreeSet<_> = canaries.iter().map(|canary| &canary.what).collect();
    assert!(what.len() >= 50 && canaries.len() >= 60, "{} of {what:?}", canaries.len());
    assert_the_walk_was_one(&told, &remains, &stage);

    let everything: Vec<&Canary> = canaries.iter().collect();
    let mut found: Vec<Hit> = remains.iter().flat_map(|(place, bytes)| hits(place, bytes, &everything)).collect();
    found.extend(told.iter().flat_map(|told| in_answer(told, &stage)));
    found.sort_by(|a, b| (&a.place, &a.what).cmp(&(&b.place, &b.what)));
    found.dedup_by(|a, b| (&a.place, &a.what) == (&b.place, &b.what));
    for hit in &found {
        println!("{} in {}: … {} …", hit.what, hit.place, hit.around);
    }
    println!("figure: {} canaries, {} places, {} answers", canaries.len(), remains.len(), told.len());
    assert!(found.is_empty(), "{} leaks, see above", found.len());

    // The search can fail: each canary is found where somebody puts it.
    for canary in canaries {
        let log = [b"{\"level\":\"trace\",\"message\":\"".as_slice(), canary.value.as_bytes(), b"\"}"].concat();
        assert!(!hits("a log", &log, &everything).is_empty(), "{canary:?}");
    }
    for (place, bytes) in remains {
        let leaky = [bytes, canaries[0].value.clone().into_bytes()].concat();
        assert!(!hits(&place, &leaky, &everything).is_empty(), "{place}");
    }
}

/// A silent world would pass any search.
fn assert_the_walk_was_one(told: &[Told], remains: &[(String, Vec<u8>)], stage: &Stage) {
    let statuses: std::collections::BTreeSet<u16> = told.iter().map(|told| told.status).collect();
    for status in [200, 400, 401, 403, 404, 405] {
        assert!(statuses.contains(&status), "{status} is not among {statuses:?}");
    }
    assert!(told.iter().filter(|told| told.is_admin_get && told.status == 200).count() >= 15);
    let log = stage.running.stdout();
    assert!(log.contains("\"level\":\"trace\"") && log.len() > 100_000, "{} bytes at trace level", log.len());
    assert!(remains.iter().any(|(place, _)| place.contains("identity") || place.ends_with("weiqiao.db-wal")));
    assert!(stage.emulator.calls("/cgi-bin/message/subscribe/send") > 0, "messages were sent");
}

/// What an answer may hold depends on whom it was for.
fn in_answer(told: &Told, stage: &Stage) -> Vec<Hit> {
    let place = format!("the answer {} to {}", told.status, told.request);
    // Who asks may read their own words: what is in the request is no news to them.
    let news = |canary: &&Canary| !told.request.contains(&canary.value);
    let kinds: &[Kind] = match (told.is_admin_get, told.status) {
        (_, 400..) => &[Kind::Secret, Kind::Personal, Kind::Phone],
        (true, _) => &[Kind::Secret, Kind::Phone],
        // To the person themselves, to a program with the right: their tokens, their data. Not the settings.
        (false, _) => return settings(told, stage, &place),
    };
    let looked_for: Vec<&Canary> = stage.canaries.of(kinds).into_iter().filter(news).collect();
    hits(&place, told.text.as_bytes(), &looked_for)
}

fn settings(told: &Told, stage: &Stage, place: &str) -> Vec<Hit> {
    const OURS: [&str; 9] = [
        "secret",
        "master key",
        "aes key",
        "callback token",
        "mini token",
        "password",
        "session_key",
        "bootstrap",
        "sns/",
    ];
    let ours =
        |canary: &&Canary| OURS.iter().any(|word| canary.what.contains(word)) && canary.what != "secret of a webhook";
    let looked_for: Vec<&Canary> = stage.canaries.of(&[Kind::Secret]).into_iter().filter(ours).collect();
    hits(place, told.text.as_bytes(), &looked_for)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_canary_leaves_its_cage_on_sqlite() {
    nothing_leaks(Engines::Embedded).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_canary_leaves_its_cage_on_postgres_and_redis() {
    nothing_leaks(Engines::Shared).await;
}
