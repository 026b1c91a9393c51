//! The emulated WeChat pushes and the service answers: what a person with a phone sees, on both pairs of engines.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;
use weiqiao_app::handlers::{Ctx, Handlers, Raw};
use weiqiao_app::usecase::callback::recover_callbacks;
use weiqiao_app::worker::Worker;
use weiqiao_journeys::{Engines, Push, START_MS, World, rule};
use weixin_emulator::{Act, Channel, CodeKind, DeliveryOptions, DeliveryOutcome, DeliveryReport, Scan, Scope};
use weixin_proto::callback::Mode;

/// Every pair of engines that is there.
async fn worlds() -> Vec<World> {
    let mut worlds = vec![World::start(Engines::Embedded).await.unwrap()];
    worlds.extend(World::start(Engines::Shared).await);
    worlds
}

#[tokio::test(flavor = "multi_thread")]
async fn follow_write_tap_and_scan() {
    for mut world in worlds().await {
        let rules = json!([
            {"match": {"on": "event", "equals": "subscribe"}, "reply": {"type": "text", "content": "欢迎关注"}},
            {"match": {"on": "text", "contains": "hello"}, "reply": {"type": "text", "content": "hello, 你好"}},
            {"match": {"on": "menu", "equals": "ABOUT"}, "reply": {"type": "text", "content": "关于我们"}},
            {"priority": 1, "match": {"on": "scan", "equals": "store-7"}, "reply": {"type": "text", "content": "7 号店"}},
        ]);
        world.receive_callbacks(Mode::Safe, rules.as_array().unwrap().iter().map(rule).collect());
        let served = world.serve(None).await;
        world.push_to(&served, "safe");
        let said = |report: DeliveryReport| {
            let reply = report.reply.unwrap_or_else(|| panic!("no reply: {:?}", report.attempts));
            reply.content["content"].as_str().unwrap().to_owned()
        };
        assert_eq!(said(world.emulator.follow("xiaoming", "official").await.report), "欢迎关注");
        assert_eq!(said(world.emulator.say("xiaoming", "official", "Hello!").await), "hello, 你好");
        assert_eq!(said(world.emulator.event("xiaoming", "official", "CLICK", "ABOUT").await), "关于我们");
        let scan = || Scan::Scene { account: "official".to_owned(), scene: "store-7".to_owned() };
        assert_eq!(said(world.emulator.scan("xiaoming", scan()).await.report), "7 号店");
        let quiet = world.emulator.say("xiaoming", "official", "别的").await;
        assert_eq!(quiet.outcome, DeliveryOutcome::Empty);
        let stranger = world.emulator.scan("xiaohong", scan()).await;
        assert!(stranger.following && stranger.changed);
        assert_eq!(said(stranger.report), "7 号店");
    }
}

/// How often the handler acted on each message.
type Effects = Arc<Mutex<HashMap<String, u32>>>;

fn counting(effects: &Effects) -> Handlers {
    let effects = Arc::clone(effects);
    Handlers::new().on_any(move |_: Raw, ctx: Ctx| {
        let id = ctx.inbound().msg_id.map(|id| id.to_string()).unwrap_or_default();
        *effects.lock().unwrap().entry(id).or_default() += 1;
        std::future::ready("收到")
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn three_shuffled_copies_of_everything_act_once() {
    const MESSAGES: usize = 150;
    for mut world in worlds().await {
        world.receive_callbacks(Mode::Safe, Vec::new());
        let first = world.serve(None).await;
        world.push_to(&first, "safe");
        let effects = Effects::default();
        assert!(first.app.handle_with(counting(&effects)));
        let acts = (0..MESSAGES).map(|number| {
            let options = DeliveryOptions { copies: 3, shuffle: true, delay_ms: 1_500, ..DeliveryOptions::default() };
            let act = Act::text(format!("第 {number} 条")).options(options);
            world.emulator.act("xiaoming", "official", act)
        });
        for report in join_all(acts).await {
            assert_eq!(report.attempts.len(), 3, "every copy is answered at its first attempt: {:?}", report.attempts);
            assert_eq!(report.outcome, DeliveryOutcome::Replied);
        }
        let effects = effects.lock().unwrap();
        assert_eq!(effects.len(), MESSAGES);
        assert!(effects.values().all(|times| *times == 1), "{effects:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn copies_at_two_instances_at_once_act_once() {
    let Some(mut world) = World::start(Engines::Shared).await else { return };
    world.receive_callbacks(Mode::Plain, Vec::new());
    let first = world.serve(None).await;
    let second = world.serve(Some(&first)).await;
    let effects = Effects::default();
    assert!(first.app.handle_with(counting(&effects)) && second.app.handle_with(counting(&effects)));
    let client = reqwest::Client::new();
    for number in 0..100 {
        let body = format!(
            "<xml><ToUserName>gh_a</ToUserName><FromUserName>oSomebody</FromUserName><CreateTime>1</CreateTime>\
             <MsgType>text</MsgType><Content>x</Content><MsgId>{number}</MsgId></xml>"
        );
        let push = Push::plain(&body, START_MS / 1000);
        let urls = [&first.url, &second.url, &first.url];
        let answers = join_all(urls.map(|url| push.to(&client, url))).await;
        assert!(answers.iter().all(|answer| *answer == answers[0] && answer.0 == 200), "{answers:?}");
        assert!(answers[0].1.contains("收到"), "{answers:?}");
    }
    let effects = effects.lock().unwrap();
    assert_eq!((effects.len(), effects.values().max()), (100, Some(&1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_answer_goes_out_as_a_customer_service_message() {
    for mut world in worlds().await {
        world.receive_callbacks(Mode::Safe, Vec::new());
        world.settings.callback.answer_within = Duration::from_millis(150);
        let served = world.serve(None).await;
        world.push_to(&served, "safe");
        let go = Arc::new(tokio::sync::Notify::new());
        let waiting = Arc::clone(&go);
        let handlers = Handlers::new().on_any(move |_: Raw, _: Ctx| {
            let waiting = Arc::clone(&waiting);
            async move {
                waiting.notified().await;
                "来晚了"
            }
        });
        assert!(served.app.handle_with(handlers));
        world.emulator.follow("xiaoming", "official").await;
        let report = world.emulator.say("xiaoming", "official", "慢").await;
        assert_eq!(report.outcome, DeliveryOutcome::Empty, "WeChat is answered in time, with nothing");
        go.notify_one();
        let worker = Worker::new(served.app.clone());
        while worker.run_due().await.unwrap() == 0 {
            tokio::task::yield_now().await;
        }
        let received = world.emulator.received("xiaoming").pop().unwrap();
        assert_eq!(received.channel, Channel::CustomerService);
        assert_eq!(received.content["content"], "来晚了");
    }
}

/// A handler that says that it was entered, and never comes back.
fn stuck(entered: &Arc<tokio::sync::Notify>) -> Handlers {
    let entered = Arc::clone(entered);
    Handlers::new().on_any(move |_: Raw, _: Ctx| {
        entered.notify_one();
        std::future::pending::<&str>()
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_while_somebody_thinks_is_made_good_by_the_next_delivery() {
    for mut world in worlds().await {
        world.receive_callbacks(Mode::Plain, Vec::new());
        let world = Arc::new(world);
        // The first instance has a runtime of its own: when that is gone, nothing of it goes on.
        let dying = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let at = Arc::clone(&world);
        let first = dying.spawn(async move { at.serve(None).await }).await.unwrap();
        let entered = Arc::<tokio::sync::Notify>::default();
        assert!(first.app.handle_with(stuck(&entered)));
        let body = format!(
            "<xml><ToUserName>gh_a</ToUserName><FromUserName>oSomebody</FromUserName><CreateTime>{}</CreateTime>\
             <MsgType>text</MsgType><Content>x</Content><MsgId>7</MsgId></xml>",
            START_MS / 1000
        );
        let push = Push::plain(&body, START_MS / 1000);
        let request = reqwest::Client::new().post(format!("{}/wx?{}", first.url, push.query)).body(push.body.clone());
        let unanswered = tokio::spawn(request.send());
        entered.notified().await;
        drop(first);
        tokio::task::spawn_blocking(move || dying.shutdown_timeout(Duration::from_secs(10))).await.unwrap();
        assert!(unanswered.await.unwrap().is_err(), "the connection broke without an answer");

        world.advance(Duration::from_secs(7));
        let second = world.serve(None).await;
        let effects = Effects::default();
        assert!(second.app.handle_with(counting(&effects)));
        let client = reqwest::Client::new();
        let answers = [push.to(&client, &second.url).await, push.to(&client, &second.url).await];
        assert!(answers[0].0 == 200 && answers[0].1.contains("收到"), "{answers:?}");
        assert_eq!(answers[0], answers[1], "the copy gets the same answer");
        assert_eq!(effects.lock().unwrap().get("7"), Some(&1));
        assert_eq!(recover_callbacks(&second.app).await.unwrap(), 0, "nothing is left to decide");
        assert_eq!(Worker::new(second.app.clone()).run_due().await.unwrap(), 0, "and nothing goes out late");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_changes_or_withdraws_their_data_is_forgotten_here() {
    for mut world in worlds().await {
        world.receive_callbacks(Mode::Safe, Vec::new());
        let served = world.serve(None).await;
        world.push_to(&served, "safe");
        let (client, emulator) = (reqwest::Client::new(), &world.emulator);
        let openid = emulator.openid("xiaoming", "official");
        let log_in = async || {
            let code = emulator.persona_code("xiaoming", "official", CodeKind::OAuth(Scope::UserInfo));
            let login = client.post(format!("{}/api/wechat/auth", served.url)).json(&json!({ "code": code }));
            assert_eq!(login.send().await.unwrap().status(), 200);
        };
        let known = async || -> serde_json::Value {
            let answer = client.get(format!("{}/api/user/{openid}", served.url)).send().await.unwrap();
            answer.json::<serde_json::Value>().await.unwrap()["data"].take()
        };
        let withdrawn = |what: &str| Act::event("user_authorization_revoke").with("RevokeInfo", what);
        for (act, nickname) in [
            (withdrawn("201"), "小明"),
            (withdrawn("205"), ""),
            (Act::event("user_info_modified"), ""),
            (Act::event("user_authorization_revoke").with("RevokeInfo", "201,205"), ""),
        ] {
            log_in().await;
            assert_eq!(known().await["user_info"]["nickname"], "小明");
            let report = emulator.act("xiaoming", "official", act.clone()).await;
            assert_eq!(report.outcome, DeliveryOutcome::Empty, "{report:?}");
            let after = known().await;
            assert_eq!(
                (&after["exists"], &after["user_info"]["nickname"]),
                (&json!(true), &json!(nickname)),
                "{act:?}"
            );
        }
        log_in().await;
        emulator.act("xiaoming", "official", Act::event("user_authorization_cancellation")).await;
        assert_eq!(known().await["exists"], false);
    }
}
