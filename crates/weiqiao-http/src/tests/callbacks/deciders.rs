//! Who decides: rules, synchronous webhooks, Rust functions; and the five-second guard.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use http::StatusCode;
use tokio::sync::Notify;
use weiqiao_app::handlers::{Ctx, Handlers, MenuClick, Raw, Subscribe, Text};
use weiqiao_app::usecase::callback::recover_callbacks;
use weiqiao_model::Role;
use weixin_proto::callback::Mode;
use weixin_proto::callback::reply::Reply;

use super::{Desk, event, text};
use crate::testing::World;

fn handlers() -> Handlers {
    Handlers::new()
        .on_text(async |text: Text, ctx: Ctx| match text.content.as_str() {
            "nothing" => Ok(None),
            "fail" => Err("no database"),
            "panic" => panic!("a bug of theirs"),
            "long" => Ok(Some("x".repeat(3000))),
            content => Ok(Some(format!("{} said {content} to {}", ctx.openid(), ctx.account()))),
        })
        .on_subscribe(async |_: Subscribe, _: Ctx| "welcome")
        .on_menu_click(async |click: MenuClick, _: Ctx| (click.event_key == "V1").then(|| Reply::text("menu")))
        .on_any(async |raw: Raw, _: Ctx| assert!(raw.is_known()))
}

#[tokio::test]
async fn rust_functions_answer_what_no_rule_does() {
    let desk = Desk::new(Mode::Safe).await;
    assert!(desk.world.app.handle_with(handlers()));
    assert!(!desk.world.app.handle_with(Handlers::new()), "once");
    desk.rule(r#"{"match":{"on":"text","equals":"rule"},"reply":{"type":"text","content":"by rule"}}"#).await;
    let at = desk.world.now_s();
    let who = super::WHO;
    for (push, expected) in [
        (text("rule", 1), Some("by rule".to_owned())),
        (text("hello", 2), Some(format!("{who} said hello to official"))),
        (text("nothing", 3), None),
        (text("fail", 4), None),
        (text("panic", 5), None),
        (text("long", 6), None),
        (event("subscribe", at, "<EventKey></EventKey>"), Some("welcome".to_owned())),
        (event("CLICK", at, "<EventKey>V1</EventKey>"), Some("menu".to_owned())),
        (event("CLICK", at, "<EventKey>V2</EventKey>"), None),
        (event("unknown_event", at, ""), None),
    ] {
        for _ in 0..2 {
            assert_eq!(desk.say(&push).await, expected.clone().map(Reply::text), "{push}");
        }
    }
    let decided: Vec<_> = desk.inbox().await.iter().map(|push| push["decided_by"].clone()).collect();
    assert_eq!(decided.iter().filter(|by| **by == "handler").count(), 5);
    assert_eq!(decided.iter().filter(|by| **by == "handler failed").count(), 3);
    assert!(decided.iter().any(|by| *by == "handler failed: reply.content 有 3000 字节，微信最多接受 2048 字节"));
}

/// A function that waits until it is told to go on.
pub(super) fn slow(gate: &Arc<Notify>, calls: &Arc<AtomicUsize>) -> Handlers {
    let (gate, calls) = (Arc::clone(gate), Arc::clone(calls));
    Handlers::new().on_text(move |_: Text, _: Ctx| {
        calls.fetch_add(1, Ordering::Relaxed);
        let gate = Arc::clone(&gate);
        async move {
            gate.notified().await;
            "at last"
        }
    })
}

#[tokio::test]
async fn an_answer_that_comes_too_late_goes_out_as_a_message() {
    let desk = Desk::with(Mode::Safe, |settings| settings.answer_within = Duration::from_millis(50)).await;
    let (gate, calls) = (Arc::<Notify>::default(), Arc::<AtomicUsize>::default());
    desk.world.app.handle_with(slow(&gate, &calls));
    let push = text("hello", 1);
    assert_eq!(desk.say(&push).await, None, "answered at the deadline");
    assert_eq!(desk.say(&push).await, None, "a copy waits no longer than that either");
    let first = desk.inbox().await.remove(0);
    assert_eq!((&first["state"], &first["copies"]), (&"deciding".into(), &2.into()));

    gate.notify_one();
    let done = async {
        loop {
            let push = desk.inbox().await.remove(0);
            if push["state"] == "done" {
                return push;
            }
            tokio::task::yield_now().await;
        }
    };
    let done = tokio::time::timeout(Duration::from_secs(10), done).await.unwrap();
    assert_eq!((&done["decided_by"], &done["replied"]), (&"late handler".into(), &false.into()));
    assert_eq!(calls.load(Ordering::Relaxed), 1);
    let jobs = desk.jobs().await;
    assert_eq!(jobs.len(), 1);
    assert_eq!(jobs[0].kind, "customer_message");
    assert_eq!(jobs[0].origin.as_deref(), Some(format!("inbox:{}", done["id"].as_str().unwrap()).as_str()));
    assert_eq!(desk.say(&push).await, None, "what went out as a message is not said again");
    assert_eq!(desk.jobs().await.len(), 1);
}

#[tokio::test]
async fn copies_wait_for_the_one_that_is_thinking() {
    let desk = Desk::new(Mode::Safe).await;
    let (gate, calls) = (Arc::<Notify>::default(), Arc::<AtomicUsize>::default());
    desk.world.app.handle_with(slow(&gate, &calls));
    let push = text("hello", 1);
    let release = async {
        while calls.load(Ordering::Relaxed) == 0 || desk.inbox().await[0]["copies"] != 3 {
            tokio::task::yield_now().await;
        }
        gate.notify_one();
    };
    let (a, b, c, ()) = tokio::join!(desk.say(&push), desk.say(&push), desk.say(&push), release);
    for reply in [a, b, c] {
        assert_eq!(reply, Some(Reply::text("at last")));
    }
    assert_eq!(calls.load(Ordering::Relaxed), 1);
    assert_eq!(desk.jobs().await.len(), 0);
}

/// Whoever was thinking is gone: the next delivery goes on, and without one the sweep does.
#[tokio::test]
async fn a_decision_that_was_left_is_taken_up() {
    for delivered_again in [true, false] {
        let desk = Desk::with(Mode::Safe, |settings| settings.answer_within = Duration::from_millis(500)).await;
        let (gate, calls) = (Arc::<Notify>::default(), Arc::<AtomicUsize>::default());
        desk.world.app.handle_with(slow(&gate, &calls));
        let push = text("hello", 1);
        assert_eq!(desk.say(&push).await, None);

        // The other instance has the row and not the thought; here time passes without a renewal.
        let other = desk.world.instance().await;
        other.app.handle_with(handlers());
        desk.advance(7);
        if delivered_again {
            let sent = desk.push(&push);
            let call = World::call(other.router.clone(), "POST", &format!("/wx?{}", sent.query));
            let answer = call.body(sent.body).send().await;
            let reply = desk.reply(answer.is(StatusCode::OK).text());
            assert_eq!(reply, Some(Reply::text(format!("{} said hello to official", super::WHO))));
            assert_eq!(desk.jobs().await.len(), 0);
        } else {
            assert_eq!(recover_callbacks(&other.app).await.unwrap(), 1);
            assert_eq!(recover_callbacks(&other.app).await.unwrap(), 0);
            assert_eq!(desk.jobs().await.len(), 1, "too late for a reply");
        }
        // The first one comes back to life: its thought no longer counts.
        gate.notify_one();
        assert_eq!(desk.say(&push).await.is_some(), delivered_again);
        assert_eq!(desk.jobs().await.len(), usize::from(!delivered_again));
    }
}

#[tokio::test]
async fn rules_of_the_file_are_in_force_and_cannot_be_changed() {
    let desk = Desk::with(Mode::Plain, |settings| {
        let rule = r#"{"match":{"on":"event","equals":"subscribe"},"reply":{"type":"text","content":"欢迎"}}"#;
        settings.rules.push(super::origin::rule(rule));
    })
    .await;
    let welcome = event("subscribe", desk.world.now_s(), "<EventKey></EventKey>");
    assert_eq!(desk.say(&welcome).await, Some(Reply::text("欢迎")));
    let list = desk.world.request("GET", "/api/admin/rules").api_key(World::API_KEY).send().await;
    assert_eq!(
        (&list.data()["items"][0]["id"], &list.data()["items"][0]["source"]),
        (&"file-1".into(), &"file".into())
    );
    let call = desk.world.request("DELETE", "/api/admin/rules/file-1").api_key(World::API_KEY);
    call.send().await.is(StatusCode::CONFLICT).code("RULE_OF_FILE");
}

#[tokio::test]
async fn what_another_instance_changed_holds_here_after_two_seconds() {
    let desk = Desk::new(Mode::Plain).await;
    let other = desk.world.instance().await;
    assert_eq!(desk.say(&text("a", 1)).await, None);
    let rule = r#"{"match":{"on":"text"},"reply":{"type":"text","content":"好"}}"#;
    let call = World::call(other.router.clone(), "POST", "/api/admin/rules").api_key(World::API_KEY).json(rule);
    call.send().await.is(StatusCode::CREATED);
    desk.advance(2);
    assert_eq!(desk.say(&text("b", 2)).await, Some(Reply::text("好")));
}

#[tokio::test]
async fn a_rule_that_is_put_as_it_was_is_no_deed() {
    let desk = Desk::new(Mode::Safe).await;
    let rule = r#"{"account":"official","match":{"on":"text","equals":"a"},"reply":{"type":"text","content":"b"}}"#;
    let made = desk.rule(rule).await;
    let path = format!("/api/admin/rules/{made}");
    let put = async |rule: &str| {
        desk.advance(60);
        let call = desk.world.request("PUT", &path).api_key(World::API_KEY).json(rule);
        call.send().await.is(StatusCode::OK).data().clone()
    };
    let staff = desk.world.staff_token("boss", Role::Admin).await;
    let deeds = async || {
        let call = desk.world.request("GET", "/api/admin/audit?deed=rule_changed").bearer(&staff);
        call.send().await.is(StatusCode::OK).data()["total"].clone()
    };
    let same = put(
        r#"{"reply":{"content":"b","type":"text"},"priority":0,"account":"official","match":{"equals":"a","on":"text"}}"#,
    );
    let same = same.await;
    assert_eq!((&same["updated_at"], deeds().await), (&same["created_at"], 1.into()), "{same}");
    let other = put(&rule.replace("\"b\"", "\"c\"")).await;
    assert_ne!(other["updated_at"], other["created_at"]);
    assert_eq!((&other["reply"]["content"], deeds().await), (&"c".into(), 2.into()));
}
