//! Deliveries that come twice, late, in another order, or while something is down.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use http::StatusCode;
use weiqiao_app::handlers::{Ctx, Handlers, Text};
use weixin_proto::callback::Mode;
use weixin_proto::callback::reply::Reply;

use super::{Desk, event, text};
use crate::testing::World;

/// T-58: WeChat's three tries at two instances at once: one effect each, and every delivery is answered.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t_58_of_three_copies_over_two_instances_one_has_effects() {
    let pushes: usize = if cfg!(debug_assertions) { 300 } else { 1_000 };
    let effects = Arc::new(AtomicUsize::new(0));
    let desk = Desk::new(Mode::Safe).await;
    let other = desk.world.instance().await;
    for app in [&desk.world.app, &other.app] {
        let effects = Arc::clone(&effects);
        let count = move |text: Text, _: Ctx| {
            effects.fetch_add(1, Ordering::Relaxed);
            async move { format!("you said {}", text.content) }
        };
        assert!(app.handle_with(Handlers::new().on_text(count)));
    }
    let sent: Vec<_> = (0..pushes).map(|number| desk.push(&text(&format!("m{number}"), number as u64))).collect();
    let mut running = tokio::task::JoinSet::new();
    for number in 0..pushes * 3 {
        // The copies of one push are neighbours, at both instances.
        let (sent, router) = (sent[number / 3].clone(), [&desk.world.router, &other.router][number % 2].clone());
        running.spawn(async move {
            let call = World::call(router, "POST", &format!("/wx?{}", sent.query));
            (number / 3, call.body(sent.body).send().await)
        });
        if running.len() >= 60 {
            check(&desk, running.join_next().await.unwrap().unwrap());
        }
    }
    while let Some(done) = running.join_next().await {
        check(&desk, done.unwrap());
    }
    assert_eq!(effects.load(Ordering::Relaxed), pushes);
    let call = desk.world.request("GET", "/api/admin/inbox?page_size=200").api_key(World::API_KEY);
    let page = call.send().await;
    assert_eq!(page.data()["total"], pushes);
    assert!(page.data()["items"].as_array().unwrap().iter().all(|push| push["copies"] == 3));
}

fn check(desk: &Desk, (number, answer): (usize, crate::testing::Answer)) {
    answer.is(StatusCode::OK);
    assert_eq!(desk.reply(answer.text()), Some(Reply::text(format!("you said m{number}"))));
}

/// T-66: nothing is acknowledged that is not written down, and the retry finds its way.
#[tokio::test]
async fn t_66_without_its_database_nothing_is_acknowledged() {
    let desk = Desk::new(Mode::Safe).await;
    desk.rule(r#"{"match":{"on":"text"},"reply":{"type":"text","content":"好"}}"#).await;
    let sent = desk.push(&text("hello", 1));
    desk.world.lose_database().await;
    let begun = Instant::now();
    desk.deliver(&sent).await.is(StatusCode::SERVICE_UNAVAILABLE);
    assert!(begun.elapsed() < Duration::from_secs(1));

    let back = desk.world.recovered().await;
    let call = World::call(back.router.clone(), "POST", &format!("/wx?{}", sent.query));
    let answer = call.body(sent.body).send().await;
    assert_eq!(desk.reply(answer.is(StatusCode::OK).text()), Some(Reply::text("好")));
}

/// FM-30: three deliveries, in any order with others, the last a quarter of an hour late and signed anew.
#[tokio::test]
async fn fm_30_late_and_shuffled_copies_change_nothing() {
    let desk = Desk::new(Mode::Safe).await;
    desk.rule(r#"{"match":{"on":"text"},"reply":{"type":"text","content":"好"}}"#).await;
    let at = desk.world.now_s();
    let happened = [
        text("one", 1),
        event("subscribe", at, "<EventKey></EventKey>"),
        event("unsubscribe", at + 2, "<EventKey></EventKey>"),
        event("subscribe", at + 4, "<EventKey><![CDATA[qrscene_7]]></EventKey><Ticket>T</Ticket>"),
        text("two", 2),
    ];
    for order in [[3, 0, 2, 4, 1], [1, 2, 3, 0, 4], [4, 1, 3, 2, 0]] {
        for number in order {
            let reply = desk.say(&happened[number]).await;
            assert_eq!(reply.is_some(), number == 0 || number == 4);
        }
        desk.advance(450);
    }
    let inbox = desk.inbox().await;
    assert_eq!(inbox.len(), 5);
    assert!(inbox.iter().all(|push| push["copies"] == 3));
    let call = desk.world.request("GET", "/api/admin/followers").api_key(World::API_KEY);
    let followers = call.send().await.data()["items"].clone();
    assert_eq!(followers.as_array().unwrap().len(), 1);
    assert_eq!((&followers[0]["subscribed"], &followers[0]["scene"]), (&true.into(), &"7".into()));
    assert_eq!(followers[0]["subscribed_at"], at + 4);
}
