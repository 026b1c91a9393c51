//! Webhooks: signed, delivered, tried again, replayed, switched off; never to an address inside. T-83.

use std::time::Duration;

use rstest::rstest;
use serde_json::{Value, json};
use weiqiao_app::usecase::job::JobFilter;
use weiqiao_app::usecase::webhook::{
    EndpointDraft, EndpointPatch, ask_synchronous, change_endpoint, create_endpoint, delete_endpoint, endpoints_for,
    find_delivery, find_endpoint, list_deliveries, list_endpoints, plan, replay_delivery, replay_since, rotate_secret,
    takes_time, test_endpoint,
};
use weiqiao_app::webhook::{Event, WebhookSecret, signature};
use weiqiao_app::worker::Worker;
use weiqiao_app::{App, AppSettings};
use weiqiao_model::{JobStatus, Verdict};
use weiqiao_store::facts::job::AddJobs;

use crate::receiver::{Letter, Receiver};
use crate::support::{NOW, Stage, World, open, start, word};

const DAY: Duration = Duration::from_secs(86_400);

fn settings() -> AppSettings {
    let mut settings = open();
    settings.webhook.allow_private = true;
    settings
}

async fn world() -> World {
    World::with(Stage::Embedded, settings()).await.unwrap()
}

fn draft(url: &str) -> EndpointDraft {
    EndpointDraft {
        name: "订单系统".into(),
        url: url.into(),
        account: None,
        events: Vec::new(),
        enabled: true,
        synchronous: false,
    }
}

async fn endpoint(app: &App, url: &str) -> (String, WebhookSecret) {
    let made = create_endpoint(app, weiqiao_app::Actor::Cli, draft(url)).await.unwrap();
    (made.endpoint.id, made.secret)
}

async fn synchronous(app: &App, url: &str) -> String {
    create_endpoint(app, weiqiao_app::Actor::Cli, EndpointDraft { synchronous: true, ..draft(url) })
        .await
        .unwrap()
        .endpoint
        .id
}

fn event(id: &str) -> Event {
    Event::new(id, "wechat.message.text", "official", NOW, json!({"content": "你好 canary-of-the-message"}))
}

/// What a callback does in its commit.
async fn happen(app: &App, event: &Event) -> Vec<String> {
    let jobs = plan(app, event, Some("inbox:1")).await.unwrap();
    let ids = jobs.iter().map(|job| job.id.clone()).collect();
    app.store().run(AddJobs { jobs }).await.unwrap();
    ids
}

async fn work(app: &App) -> usize {
    Worker::new(app.clone()).run_due().await.unwrap()
}

fn is_signed(letter: &Letter, secret: &WebhookSecret) -> bool {
    let expected = signature(std::slice::from_ref(secret), &letter.id, letter.timestamp, &letter.body);
    letter.signatures.contains(&expected)
}

#[rstest]
#[tokio::test]
async fn an_event_is_delivered_signed(#[values(Stage::Embedded, Stage::Services)] stage: Stage) {
    let Some(world) = World::with(stage, settings()).await else { return };
    let (app, receiver) = (&world.app, Receiver::start().await);
    let (id, secret) = endpoint(app, &receiver.url).await;
    receiver.answer(200, "taken");
    let job = happen(app, &event("event-1")).await.remove(0);
    assert_eq!(work(app).await, 1);
    let letter = receiver.letters().remove(0);
    assert_eq!((letter.id.as_str(), letter.timestamp), ("event-1", NOW / 1000));
    assert!(is_signed(&letter, &secret));
    assert_eq!(letter.json(), serde_json::to_value(event("event-1")).unwrap());
    let delivery = find_delivery(app, &id, &job).await.unwrap();
    assert_eq!(
        (delivery.job.status, delivery.letter.unwrap().event_type.as_str()),
        (JobStatus::Sent, "wechat.message.text")
    );
    let attempt = &delivery.attempts[0];
    assert_eq!((attempt.http_status, attempt.answer.as_deref()), (Some(200), Some("taken")));
    assert_eq!(find_endpoint(app, &id).await.unwrap().last_success_at, Some(NOW));
    assert_eq!(word(find_delivery(app, "another", &job).await), "NOT_FOUND");
}

#[tokio::test]
async fn a_failing_receiver_is_tried_again_by_the_schedule() {
    let world = world().await;
    let (app, receiver) = (&world.app, Receiver::start().await);
    let (id, _) = endpoint(app, &receiver.url).await;
    for status in [500, 404, 302, 503] {
        receiver.answer(status, "");
    }
    let job = happen(app, &event("event-1")).await.remove(0);
    for (tries, wait) in [(1, 6), (2, 36), (3, 144), (4, 720)] {
        work(app).await;
        assert_eq!(receiver.count(), tries);
        world.advance(Duration::from_secs(wait));
    }
    work(app).await;
    let delivery = find_delivery(app, &id, &job).await.unwrap();
    assert_eq!(delivery.job.status, JobStatus::Sent);
    let tries: Vec<_> = delivery.attempts.iter().map(|attempt| (attempt.http_status, attempt.verdict)).collect();
    let failed = Some(Verdict::Failed);
    let expected = [(500, failed), (404, failed), (302, failed), (503, failed), (204, Some(Verdict::Sent))];
    assert_eq!(tries, expected.map(|(status, verdict)| (Some(status), verdict)));
    assert!(receiver.letters().iter().all(|letter| letter.id == "event-1"), "one id on every try");
}

#[tokio::test]
async fn a_receiver_may_ask_for_a_pause_and_may_be_gone() {
    let world = world().await;
    let (app, receiver) = (&world.app, Receiver::start().await);
    let (id, _) = endpoint(app, &receiver.url).await;
    receiver.answer_with(429, "retry-after", "600");
    happen(app, &event("event-1")).await;
    work(app).await;
    world.advance(Duration::from_secs(400));
    assert_eq!(work(app).await, 0);
    receiver.answer(410, "");
    world.advance(Duration::from_secs(400));
    assert_eq!(work(app).await, 1);
    let gone = find_endpoint(app, &id).await.unwrap();
    assert!(!gone.enabled && gone.disabled_reason.unwrap().contains("410"));
    assert!(plan(app, &event("event-2"), None).await.unwrap().is_empty(), "it gets no more events");
}

#[tokio::test]
async fn an_endpoint_that_only_fails_is_switched_off_and_can_be_replayed() {
    let world = world().await;
    let (app, receiver) = (&world.app, Receiver::start().await);
    let (id, _) = endpoint(app, &receiver.url).await;
    for _ in 0..3 {
        receiver.answer(500, "");
    }
    let first = happen(app, &event("event-1")).await.remove(0);
    work(app).await;
    world.advance(5 * DAY);
    happen(app, &event("event-2")).await;
    let waiting = happen(app, &event("event-3")).await.remove(0);
    work(app).await;
    let off = find_endpoint(app, &id).await.unwrap();
    assert!(!off.enabled && off.disabled_reason.as_deref().unwrap().contains("连续 5 天"), "{off:?}");
    world.advance(Duration::from_secs(60));
    work(app).await;
    let skipped = find_delivery(app, &id, &waiting).await.unwrap().job.status;
    assert_eq!(skipped, JobStatus::Skipped);
    assert_eq!(find_delivery(app, &id, &first).await.unwrap().job.status, JobStatus::Expired);

    let before = receiver.count();
    let on = EndpointPatch { enabled: Some(true), ..EndpointPatch::default() };
    let on = change_endpoint(app, weiqiao_app::Actor::Cli, &id, on).await.unwrap();
    assert_eq!((on.disabled_reason, on.failing_since), (None, None));
    let replayed = replay_since(app, weiqiao_app::Actor::Cli, &id, NOW, false).await.unwrap();
    assert_eq!((replayed.recovered, replayed.repeated), (3, 0));
    work(app).await;
    let mut ids: Vec<_> = receiver.letters()[before..].iter().map(|letter| letter.id.clone()).collect();
    ids.sort();
    assert_eq!(ids, ["event-1", "event-2", "event-3"]);
}

#[tokio::test]
async fn what_was_taken_can_be_delivered_once_more() {
    let world = world().await;
    let (app, receiver) = (&world.app, Receiver::start().await);
    let (id, _) = endpoint(app, &receiver.url).await;
    let first = happen(app, &event("event-1")).await.remove(0);
    happen(app, &event("event-2")).await;
    work(app).await;
    let copy = replay_delivery(app, weiqiao_app::Actor::Cli, &id, &first).await.unwrap();
    assert_ne!(copy, first);
    work(app).await;
    assert_eq!((receiver.count(), receiver.letters()[2].id.as_str()), (3, "event-1"));
    assert_eq!(receiver.letters()[2].body, receiver.letters().iter().find(|l| l.id == "event-1").unwrap().body);
    let all = replay_since(app, weiqiao_app::Actor::Cli, &id, NOW, true).await.unwrap();
    assert_eq!((all.recovered, all.repeated), (0, 3));
    assert_eq!(work(app).await, 3);
    let page = list_deliveries(app, &id, JobFilter { page: 1, page_size: 20, ..JobFilter::default() }).await.unwrap();
    assert_eq!(page.total, 6);
    assert_eq!(word(replay_since(app, weiqiao_app::Actor::Cli, "nobody", NOW, true).await), "NOT_FOUND");
}

#[tokio::test]
async fn both_secrets_sign_while_a_receiver_is_being_changed() {
    let world = world().await;
    let (app, receiver) = (&world.app, Receiver::start().await);
    let (id, old) = endpoint(app, &receiver.url).await;
    let new = rotate_secret(app, weiqiao_app::Actor::Cli, &id, Some(1)).await.unwrap();
    assert_eq!(new.previous_until, NOW + 3_600_000);
    happen(app, &event("event-1")).await;
    work(app).await;
    let both = receiver.letters().remove(0);
    assert!(both.signatures.len() == 2 && is_signed(&both, &old) && is_signed(&both, &new.secret));
    world.advance(Duration::from_secs(3_601));
    happen(app, &event("event-2")).await;
    work(app).await;
    let one = receiver.letters().remove(1);
    assert!(one.signatures.len() == 1 && !is_signed(&one, &old) && is_signed(&one, &new.secret));
    assert_eq!(word(rotate_secret(app, weiqiao_app::Actor::Cli, &id, Some(169)).await), "VALIDATION_FAILED");
    assert_eq!(word(rotate_secret(app, weiqiao_app::Actor::Cli, "nobody", None).await), "NOT_FOUND");
}

#[tokio::test]
async fn endpoints_get_the_events_they_want() {
    let world = world().await;
    let app = &world.app;
    let named = |name: &str, account: Option<&str>, events: &[&str]| EndpointDraft {
        name: name.into(),
        account: account.map(str::to_owned),
        events: events.iter().map(|event| (*event).to_owned()).collect(),
        ..draft("http://127.0.0.1:9/")
    };
    for draft in [
        named("all", None, &[]),
        named("messages", None, &["wechat.message.*"]),
        named("mini", Some("mini"), &[]),
        named("follows", Some("official"), &["wechat.event.subscribe"]),
    ] {
        create_endpoint(app, weiqiao_app::Actor::Cli, draft).await.unwrap();
        // The oldest first.
        world.advance(Duration::from_millis(1));
    }
    let takers = async |kind: &str, account: &str| {
        let event = Event::new("1", kind, account, NOW, Value::Null);
        let found = endpoints_for(app, &event).await.unwrap();
        found.iter().map(|endpoint| endpoint.name.clone()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(takers("wechat.message.text", "official").await, "all messages");
    assert_eq!(takers("wechat.message.text", "mini").await, "all messages mini");
    assert_eq!(takers("wechat.event.subscribe", "official").await, "all follows");
    // Another instance hears of a change within five seconds.
    let other = world.another().await;
    let count = async || endpoints_for(&other, &event("1")).await.unwrap().len();
    assert_eq!(count().await, 2);
    let all = list_endpoints(app).await.unwrap().remove(0);
    delete_endpoint(app, weiqiao_app::Actor::Cli, &all.id).await.unwrap();
    assert_eq!(word(delete_endpoint(app, weiqiao_app::Actor::Cli, &all.id).await), "NOT_FOUND");
    world.advance(Duration::from_secs(5));
    assert_eq!(count().await, 1);
}

/// T-83.
#[tokio::test]
async fn nothing_inside_is_spoken_to() {
    let world = world().await;
    let receiver = Receiver::start().await;
    let (id, _) = endpoint(&world.app, &receiver.url).await;
    happen(&world.app, &event("event-1")).await;
    // The same database, with the guard on.
    let (store, coord) = (world.app.store().clone(), world.app.coord().clone());
    let guarded = start(store, coord, &world.wechat, &world.clock, open()).await.unwrap();
    for inside in
        [receiver.url.as_str(), "https://169.254.169.254/", "https://[::1]/", "https://0x7f.1/", "https://db/"]
    {
        let refusal = create_endpoint(&guarded, weiqiao_app::Actor::Cli, draft(inside)).await.unwrap_err();
        assert!(refusal.message().contains("内网"), "{inside}: {}", refusal.message());
    }
    assert_eq!(work(&guarded).await, 1);
    assert_eq!(receiver.count(), 0);
    let tested = test_endpoint(&guarded, &id).await.unwrap();
    assert!(!tested.ok && tested.error.unwrap().contains("内网"));
    assert_eq!(receiver.count(), 0);
}

#[tokio::test]
async fn a_synchronous_endpoint_answers_for_us() {
    let world = world().await;
    let (app, receiver) = (&world.app, Receiver::start().await);
    let limit = Duration::from_secs(30);
    assert!(!takes_time(app, &event("0")).await.unwrap());
    assert_eq!(ask_synchronous(app, &event("0"), limit).await, None);
    let id = synchronous(app, &receiver.url).await;
    assert!(takes_time(app, &event("0")).await.unwrap());
    assert!(plan(app, &event("0"), None).await.unwrap().is_empty(), "it is asked, not told");
    let reply = json!({"type": "text", "content": "好"});
    receiver.answer(200, &reply.to_string());
    assert_eq!(ask_synchronous(app, &event("1"), limit).await, Some(Ok((id, reply))));
    assert_eq!(ask_synchronous(app, &event("2"), limit).await, None, "204: nothing to say");
    assert_eq!(work(app).await, 0);
    assert_eq!(receiver.count(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_synchronous_endpoint_did_not_take_is_delivered_later() {
    let world = world().await;
    let (app, receiver) = (&world.app, Receiver::start().await);
    let id = synchronous(app, &receiver.url).await;
    receiver.answer(500, "");
    assert_eq!(ask_synchronous(app, &event("1"), Duration::from_secs(30)).await, None);
    receiver.say_nothing();
    let began = std::time::Instant::now();
    assert_eq!(ask_synchronous(app, &event("2"), Duration::from_millis(300)).await, None);
    assert!(began.elapsed() < Duration::from_secs(5), "the deadline holds");
    let planned = async || {
        let filter = JobFilter { page: 1, page_size: 20, ..JobFilter::default() };
        list_deliveries(app, &id, filter).await.unwrap().total
    };
    let waiting = async {
        while planned().await < 2 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), waiting).await.expect("both are kept for later");
    assert_eq!(work(app).await, 2);
    let mut ids: Vec<_> = receiver.letters().into_iter().map(|letter| letter.id).collect();
    ids.sort();
    assert_eq!(ids, ["1", "1", "2", "2"]);
}

#[tokio::test]
async fn what_people_enter_is_checked() {
    let world = world().await;
    let app = &world.app;
    let fine = draft("http://127.0.0.1:9/");
    for wrong in [
        EndpointDraft { name: " ".into(), ..fine.clone() },
        EndpointDraft { name: "x".repeat(101), ..fine.clone() },
        EndpointDraft { url: "example.com".into(), ..fine.clone() },
        EndpointDraft { url: "ftp://example.com/".into(), ..fine.clone() },
        EndpointDraft { url: "https://a:b@example.com/".into(), ..fine.clone() },
        EndpointDraft { url: format!("https://example.com/{}", "x".repeat(2_048)), ..fine.clone() },
        EndpointDraft { events: vec!["a b".into()], ..fine.clone() },
        EndpointDraft { events: vec![String::new()], ..fine.clone() },
        EndpointDraft { events: vec!["a*b*".into()], ..fine.clone() },
    ] {
        assert_eq!(word(create_endpoint(app, weiqiao_app::Actor::Cli, wrong).await), "VALIDATION_FAILED");
    }
    let unknown = EndpointDraft { account: Some("nobody".into()), ..fine.clone() };
    assert_eq!(word(create_endpoint(app, weiqiao_app::Actor::Cli, unknown).await), "ACCOUNT_UNKNOWN");
    let made = create_endpoint(app, weiqiao_app::Actor::Cli, EndpointDraft { account: Some("mini".into()), ..fine })
        .await
        .unwrap()
        .endpoint;
    assert_eq!((made.account.as_deref(), made.version), (Some("mini"), 1));
    let rename = EndpointPatch { name: Some("新".into()), version: Some(1), ..EndpointPatch::default() };
    let renamed = change_endpoint(app, weiqiao_app::Actor::Cli, &made.id, rename.clone()).await.unwrap();
    assert_eq!((renamed.name.as_str(), renamed.account.as_deref(), renamed.version), ("新", Some("mini"), 2));
    assert_eq!(word(change_endpoint(app, weiqiao_app::Actor::Cli, &made.id, rename).await), "CHANGED_MEANWHILE");
    let all = EndpointPatch { account: Some(String::new()), ..EndpointPatch::default() };
    assert_eq!(change_endpoint(app, weiqiao_app::Actor::Cli, &made.id, all).await.unwrap().account, None);
}

#[tokio::test]
async fn a_test_delivery_says_how_it_went() {
    let world = world().await;
    let (app, receiver) = (&world.app, Receiver::start().await);
    let (id, secret) = endpoint(app, &receiver.url).await;
    receiver.answer(200, "fine");
    let tested = test_endpoint(app, &id).await.unwrap();
    assert_eq!((tested.ok, tested.http_status, tested.answer.as_str()), (true, Some(200), "fine"));
    let letter = receiver.letters().remove(0);
    assert_eq!(letter.json()["type"], "weiqiao.test");
    assert!(is_signed(&letter, &secret) && letter.id == tested.event_id);
    receiver.answer(401, "who are you");
    let tested = test_endpoint(app, &id).await.unwrap();
    assert_eq!((tested.ok, tested.error.as_deref()), (false, Some("接收端返回 401")));
    assert_eq!(word(test_endpoint(app, "nobody").await), "NOT_FOUND");
}

/// Nothing of a message, an address or a secret can be read in the database file.
#[tokio::test]
async fn the_database_shows_nothing() {
    let world = world().await;
    let (app, receiver) = (&world.app, Receiver::start().await);
    let (_, secret) = endpoint(app, &receiver.url).await;
    receiver.answer(500, "canary-of-the-answer");
    happen(app, &event("event-1")).await;
    work(app).await;
    app.store().close().await;
    let secret = secret.expose().to_owned();
    let canaries = ["canary-of-the-message", "canary-of-the-address", "canary-of-the-answer", secret.as_str()];
    let mut seen = 0;
    for file in std::fs::read_dir(world.engines.folder.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        seen += usize::from(bytes.windows(9).any(|window| window == b"event_lis" || window == b"webhook_e"));
        for canary in canaries {
            assert!(!bytes.windows(canary.len()).any(|window| window == canary.as_bytes()), "{canary}");
        }
    }
    assert!(seen > 0, "the files were read");
}
