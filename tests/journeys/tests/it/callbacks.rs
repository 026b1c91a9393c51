//! The emulated WeChat pushes and the service answers: what a person with a phone sees, on both pairs of engines.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;
use weiqiao_app::handlers::{Ctx, Handlers, Raw};
use weiqiao_app::worker::Worker;
use weiqiao_journeys::{Engines, Push, START_MS, World, rule};
use weixin_emulator::{Act, Channel, DeliveryOptions, DeliveryOutcome, DeliveryReport, Scan};
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
    const MESSAGES: usize = 300;
    for mut world in worlds().await {
        world.receive_callbacks(Mode::Safe, Vec::new());
        let first = world.serve(None).await;
        world.push_to(&first, "safe");
        let effects = Effects::default();
        assert!(first.app.handle_with(counting(&effects)));
        let acts = (0..MESSAGES).map(|number| {
            let options = DeliveryOptions { copies: 3, shuffle: true, delay_ms: 400, ..DeliveryOptions::default() };
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
