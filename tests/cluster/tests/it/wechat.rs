//! FI-04: WeChat is down: it refuses connections, then it does not answer, then it answers with a page of its proxy.
//! Short form; `WEIQIAO_TEST_LONG=1` takes the two minutes.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::time::sleep;
use weiqiao_cluster::{Fleet, Load, Proxy, Sample, Samples, Wire, figure, say, until};
use weixin_emulator::{CodeKind, Fault};

const SEND: &str = "/cgi-bin/message/subscribe/send";

/// What a gateway says of a server behind it.
const PAGE: &str = "<html><body><h1>502 Bad Gateway</h1></body></html>";

/// Memory of a process, in kB.
fn resident(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn wechat_refuses_hangs_and_answers_nonsense() {
    let Some(mut fleet) = Fleet::start().await else { return };
    let wire = Proxy::to(fleet.emulator.address()).await;
    fleet.wechat_at(&format!("http://{}", wire.address));
    let fleet = Arc::new(fleet);
    let instances = fleet.three().await;
    fleet.subscribe(&instances[0], 20).await;
    let ports: Vec<u16> = instances.iter().map(|instance| instance.port).collect();
    let port = move |n: u64| ports[usize::try_from(n).unwrap() % 3];

    let begun = Instant::now();
    let actions = {
        let (fleet, port) = (Arc::clone(&fleet), port.clone());
        Load::start(10, move |n| {
            let url = format!("http://127.0.0.1:{}/api/customer/action", port(n));
            Sample::of(n, fleet.action(url, &format!("a{}", n % 20), n))
        })
    };
    let reads = {
        let (fleet, port) = (Arc::clone(&fleet), port.clone());
        Load::start(50, move |n| Sample::of(n, fleet.get(format!("http://127.0.0.1:{}/api/user/nobody", port(n)))))
    };
    // Somebody tries to log in on each instance, again and again.
    let logins = {
        let (fleet, port) = (Arc::clone(&fleet), port.clone());
        Load::start(3, move |n| {
            let code = fleet.emulator.persona_code("xiaoming", "mini", CodeKind::Mini);
            let url = format!("http://127.0.0.1:{}/api/wechat/openid", port(n));
            Sample::of(n, fleet.http.post(url).json(&serde_json::json!({ "code": code })))
        })
    };
    // Some messages arrive although their answer gets lost.
    fleet.emulator.fault(Fault::on(SEND).times(5).status(502).body(PAGE).deliver());
    sleep(Duration::from_secs(3)).await;
    let before = resident(instances[0].id());
    let span = Duration::from_secs(figure(10, 40));
    let (mut spans, mut asked) = (Vec::new(), 0);
    for what in ["refuses", "hangs", "answers 502 with a page"] {
        let from = Instant::now();
        match what {
            "refuses" => wire.set(Wire::Cut),
            "hangs" => wire.set(Wire::Still),
            _ => {
                wire.set(Wire::Cut);
                sleep(Duration::from_millis(100)).await;
                fleet.emulator.fault(Fault::on("/*").probability(1.0).status(502).body(PAGE));
                wire.set(Wire::Up);
            }
        }
        let last = fleet.emulator.engine().ledger(None, 0).last().map_or(0, |call| call.id);
        sleep(span).await;
        asked = fleet.emulator.engine().ledger(None, last).len();
        spans.push((what, from, Instant::now()));
    }
    let grown = resident(instances[0].id()).saturating_sub(before);
    fleet.emulator.clear_faults();
    let returned = Instant::now();
    sleep(Duration::from_secs(2)).await;
    let (actions, reads, logins) = (actions.end().await, reads.end().await, logins.end().await);

    for (what, from, to) in &spans {
        let part = |samples: &Samples| samples.between(*from, *to);
        say(format!(
            "FI-04 WeChat {what}: actions {}; reads {}; logins {}",
            part(&actions),
            part(&reads),
            part(&logins)
        ));
    }
    say(format!("FI-04 {asked} calls of three instances reached the page of the proxy in {span:.0?}"));
    // Each instance has a breaker of its own: one call in five seconds, and what was under way when it opened.
    assert!(asked as u64 <= 3 * (span.as_secs() / 5 + 4), "{asked} calls");
    say(format!("FI-04 {:.0?} in all, memory of an instance grew by {grown} kB", begun.elapsed()));
    assert!(actions.but(Sample::is_good).is_empty(), "intake goes on: {actions}");
    assert!(reads.but(Sample::is_good).is_empty(), "reading goes on: {reads}");
    assert!(grown < 100 * 1024, "{grown} kB");
    logins_are_told(&logins, &spans);

    // Everything that waited goes out.
    let db = fleet.look().await;
    let open = "SELECT count(*) FROM job WHERE status IN ('queued', 'retrying', 'sending')";
    until("the queue is empty", Duration::from_secs(70), async || (db.number(open).await == 0).then_some(())).await;
    let took = returned.elapsed();
    let statuses = db.counts("SELECT status, count(*) FROM job GROUP BY status").await;
    let in_doubt = "SELECT count(*) FROM job_attempt WHERE verdict = 'uncertain'";
    let (in_doubt, taken) = (db.number(in_doubt).await, fleet.taken());
    let twice: u32 = taken.values().map(|count| count - 1).sum();
    say(format!(
        "FI-04 {} messages {statuses:?} {took:.1?} after the return; {in_doubt} attempts in doubt, {twice} told again",
        actions.0.len()
    ));
    assert!(in_doubt >= 5 && i64::from(twice) <= in_doubt);
    assert!(statuses.iter().all(|(status, _)| status == "sent" || status == "uncertain"), "{statuses:?}");
    let (_, from, to) = spans[0];
    let refused = actions.between(from, to - Duration::from_secs(1));
    for sample in &refused.0 {
        let told = taken.get(&format!("N{}", sample.n)).copied().unwrap_or(0);
        assert!(told <= 1, "N{} of the time when nothing left was told {told} times", sample.n);
    }
    assert!(fleet.emulator.calls(SEND) > 0);
}

/// A login cannot work without WeChat, but whoever tries is told so and when to come again; soon, once WeChat rests.
fn logins_are_told(logins: &Samples, spans: &[(&str, Instant, Instant)]) {
    for (what, from, to) in spans {
        // Who asked just before the change may have been answered, and so may whoever was still waiting at the next one.
        let down = logins.between(*from + Duration::from_millis(500), *to - Duration::from_millis(500));
        let told = |sample: &Sample| sample.status == Some(503) && sample.retry_after;
        let odd = down.but(|sample| told(sample) || sample.at + sample.took > *to);
        assert!(
            odd.is_empty(),
            "WeChat {what}: {} logins were not told to come again, such as {:?}",
            odd.len(),
            odd[0]
        );
        assert!(down.within(1.0) < Duration::from_secs(12), "WeChat {what}: {down}");
        // The breaker opens within five seconds, and then nearly everybody is told at once: one in five seconds tries.
        let resting = logins.between(*from + Duration::from_secs(5), *to - Duration::from_millis(500));
        say(format!("FI-04 WeChat {what}: logins after five seconds: {resting}"));
        assert!(resting.within(0.5) < Duration::from_secs(1), "WeChat {what}: {resting}");
    }
}
