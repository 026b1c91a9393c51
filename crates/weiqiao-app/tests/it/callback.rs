//! Callbacks over several instances, on both pairs of engines.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rstest::rstest;
use tokio::task::JoinSet;
use tokio::time::Instant;
use weiqiao_app::App;
use weiqiao_app::callback::AccountCallback;
use weiqiao_app::decide::RuleDraft;
use weiqiao_app::handlers::{Ctx, Handlers, Text};
use weiqiao_app::usecase::callback::{CallbackAnswer, Delivery, receive};
use weiqiao_model::AccountName;
use weiqiao_store::facts::inbox::ListInbox;
use weixin_proto::callback::{Mode, Query};
use weixin_proto::sign;

use crate::support::{Stage, World, open};

const TOKEN: &str = "tokenOfTheTests";

async fn world(stage: Stage) -> Option<World> {
    let mut settings = open();
    settings.callback.accounts.push(AccountCallback {
        account: AccountName::new("official").unwrap(),
        mode: Mode::Plain,
        token: TOKEN.into(),
        previous_tokens: Vec::new(),
        aes_key: None,
        previous_aes_keys: Vec::new(),
        original_id: None,
    });
    let rule = serde_json::json!({
        "match": {"on": "text", "contains": "rule"}, "reply": {"type": "text", "content": "by rule"},
    });
    settings.callback.rules.push(RuleDraft::from_json(rule.as_object().unwrap()).unwrap());
    World::with(stage, settings).await
}

async fn deliver(app: &App, content: &str, msg_id: usize) -> CallbackAnswer {
    let timestamp = app.now_ms().div_euclid(1000).to_string();
    let query = Query {
        signature: sign::callback_signature(TOKEN, &timestamp, "1").into(),
        timestamp: timestamp.into(),
        nonce: "1".into(),
        ..Query::default()
    };
    let body = format!(
        "<xml><ToUserName>gh_1</ToUserName><FromUserName>oPerson</FromUserName><CreateTime>1757062690</CreateTime>\
         <MsgType>text</MsgType><Content>{content}</Content><MsgId>{msg_id}</MsgId></xml>"
    );
    let delivery =
        Delivery { account: None, query: &query, body: body.as_bytes(), source: None, begun: Instant::now() };
    receive(app, delivery).await.unwrap()
}

/// T-58 on both stores: three copies at once over two instances, decided by a rule and by a function.
#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn copies_over_two_instances_have_one_effect(#[values(Stage::Embedded, Stage::Services)] stage: Stage) {
    const PUSHES: usize = 120;
    let Some(world) = world(stage).await else { return };
    let effects = Arc::new(AtomicUsize::new(0));
    let instances = [world.app.clone(), world.another().await];
    for app in &instances {
        let effects = Arc::clone(&effects);
        let handler = move |text: Text, _: Ctx| {
            effects.fetch_add(1, Ordering::Relaxed);
            async move { format!("you said {}", text.content) }
        };
        assert!(app.handle_with(Handlers::new().on_text(handler)));
    }
    let mut running = JoinSet::new();
    for number in 0..PUSHES * 3 {
        let (app, push) = (instances[number % 2].clone(), number / 3);
        let content = format!("{} {push}", if push % 2 == 0 { "rule" } else { "word" });
        running.spawn(async move { (content.clone(), deliver(&app, &content, push).await) });
        if running.len() >= 30 {
            check(running.join_next().await.unwrap().unwrap());
        }
    }
    running.join_all().await.into_iter().for_each(check);
    assert_eq!(effects.load(Ordering::Relaxed), PUSHES / 2);
    let list = ListInbox { page: 1, page_size: 200, ..ListInbox::default() };
    let inbox = world.app.store().read(list).await.unwrap();
    assert_eq!(inbox.total, PUSHES as u64);
    assert!(inbox.items.iter().all(|push| push.copies == 3 && push.done && push.replied));
}

fn check((content, answer): (String, CallbackAnswer)) {
    let said = if content.starts_with("rule") { "by rule".to_owned() } else { format!("you said {content}") };
    assert!(answer.body.contains(&format!("<![CDATA[{said}]]>")), "{content}: {}", answer.body);
}

/// Nothing of a person is readable in the rows.
#[tokio::test]
async fn what_people_write_is_sealed_at_rest() {
    let world = world(Stage::Embedded).await.unwrap();
    deliver(&world.app, "canary-of-the-body rule", 1).await;
    world.app.store().close().await;
    for file in std::fs::read_dir(world.engines.folder.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        for canary in ["canary-of-the-body", "oPerson", "by rule"] {
            assert!(!bytes.windows(canary.len()).any(|window| window == canary.as_bytes()), "{canary}");
        }
    }
}
