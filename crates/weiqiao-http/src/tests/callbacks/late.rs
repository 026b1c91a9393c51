//! Connections that break before the answer is there: it is given to a copy or sent later, one of the two, once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::Notify;
use weiqiao_app::handlers::{Ctx, Handlers, Text};
use weiqiao_app::usecase::callback::recover_callbacks;
use weixin_proto::callback::Mode;
use weixin_proto::callback::reply::{Reply, TransferCustomerService};

use super::deciders::slow;
use super::{Desk, text};
use crate::testing::World;

/// A desk whose function waits for the gate.
struct Slow {
    desk: Desk,
    gate: Arc<Notify>,
    calls: Arc<AtomicUsize>,
}

impl Slow {
    async fn new(answer_within: Duration) -> Self {
        let desk = Desk::with(Mode::Safe, |settings| settings.answer_within = answer_within).await;
        let (gate, calls) = (Arc::<Notify>::default(), Arc::<AtomicUsize>::default());
        desk.world.app.handle_with(slow(&gate, &calls));
        Self { desk, gate, calls }
    }

    /// Delivers, and hangs up while the function thinks.
    async fn hang_up(&self, copies: i64) {
        let sent = self.desk.push(&text("hello", 1));
        let heard = async {
            while self.calls.load(Ordering::Relaxed) == 0 || self.desk.inbox().await[0]["copies"] != copies {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            answer = self.desk.deliver(&sent) => panic!("{answer:?}"),
            () = heard => {}
        }
    }

    /// Lets the function answer; the push, when that is written down.
    async fn answer(&self) -> Value {
        self.gate.notify_one();
        decided(&self.desk).await
    }

    async fn jobs(&self) -> usize {
        self.desk.jobs().await.len()
    }
}

async fn decided(desk: &Desk) -> Value {
    let done = async {
        loop {
            let push = desk.inbox().await.remove(0);
            if !push["decided_by"].is_null() {
                return push;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), done).await.unwrap()
}

#[tokio::test]
async fn when_the_first_hung_up_and_its_copy_was_told_success_the_answer_is_sent() {
    let slow = Slow::new(Duration::from_millis(300)).await;
    slow.hang_up(1).await;
    assert_eq!(slow.desk.say(&text("hello", 1)).await, None);
    let push = slow.answer().await;
    assert_eq!((&push["state"], &push["decided_by"]), (&"done".into(), &"late handler".into()));
    assert_eq!((&push["replied"], slow.jobs().await), (&false.into(), 1));
    assert_eq!(slow.desk.say(&text("hello", 1)).await, None, "it is sent");
    assert_eq!(slow.jobs().await, 1);
}

#[tokio::test]
async fn when_all_hung_up_the_answer_is_sent_as_soon_as_no_copy_can_come_also_by_another_process() {
    for (deliveries, seconds) in [(1, 15), (3, 1)] {
        let slow = Slow::new(Duration::from_secs(4)).await;
        for copies in 1..=deliveries {
            slow.hang_up(copies).await;
        }
        let push = slow.answer().await;
        assert_eq!((&push["state"], &push["replied"]), (&"deciding".into(), &false.into()), "a copy may come");
        let other = slow.desk.world.instance().await;
        slow.desk.advance(seconds - 1);
        assert_eq!((recover_callbacks(&other.app).await.unwrap(), slow.jobs().await), (0, 0));
        slow.desk.advance(1);
        assert_eq!((recover_callbacks(&other.app).await.unwrap(), slow.jobs().await), (1, 1));
        assert_eq!(recover_callbacks(&slow.desk.world.app).await.unwrap(), 0);
        let push = slow.desk.inbox().await.remove(0);
        assert_eq!((&push["decided_by"], &push["replied"]), (&"late handler".into(), &false.into()));
        assert_eq!(slow.desk.say(&text("hello", 1)).await, None, "never both");
        assert_eq!((slow.jobs().await, slow.calls.load(Ordering::Relaxed)), (1, 1));
    }
}

#[tokio::test]
async fn a_copy_that_comes_while_the_answer_is_held_gets_it_and_nothing_is_sent() {
    let slow = Slow::new(Duration::from_secs(4)).await;
    slow.hang_up(1).await;
    slow.answer().await;
    for _ in 0..2 {
        assert_eq!(slow.desk.say(&text("hello", 1)).await, Some(Reply::text("at last")));
    }
    slow.desk.advance(60);
    assert_eq!((recover_callbacks(&slow.desk.world.app).await.unwrap(), slow.jobs().await), (0, 0));
    let push = slow.desk.inbox().await.remove(0);
    assert_eq!((&push["decided_by"], &push["replied"]), (&"handler".into(), &true.into()));
}

/// Another process may have that copy: it finds the answer in the row.
#[tokio::test]
async fn a_copy_that_waits_when_the_answer_comes_gets_it() {
    let slow = Slow::new(Duration::from_secs(4)).await;
    slow.hang_up(1).await;
    let other = slow.desk.world.instance().await;
    other.app.handle_with(Handlers::new().on_text(async |_: Text, _: Ctx| "never asked"));
    let sent = slow.desk.push(&text("hello", 1));
    let copy = async {
        let call = World::call(other.router.clone(), "POST", &format!("/wx?{}", sent.query));
        call.body(sent.body.clone()).send().await
    };
    let release = async {
        while slow.desk.inbox().await[0]["copies"] != 2 {
            tokio::task::yield_now().await;
        }
        slow.gate.notify_one();
    };
    let (answer, ()) = tokio::join!(copy, release);
    assert_eq!(slow.desk.reply(answer.is(http::StatusCode::OK).text()), Some(Reply::text("at last")));
    assert_eq!(slow.jobs().await, 0);
}

#[tokio::test]
async fn a_late_transfer_fails_visibly() {
    let desk = Desk::with(Mode::Safe, |settings| settings.answer_within = Duration::from_millis(50)).await;
    let gate = Arc::<Notify>::default();
    let opened = Arc::clone(&gate);
    desk.world.app.handle_with(Handlers::new().on_text(move |_: Text, _: Ctx| {
        let opened = Arc::clone(&opened);
        async move {
            opened.notified().await;
            Reply::from(TransferCustomerService { kf_account: None })
        }
    }));
    assert_eq!(desk.say(&text("hello", 1)).await, None);
    gate.notify_one();
    let push = decided(&desk).await;
    let by = push["decided_by"].as_str().unwrap();
    assert!(by.starts_with("late handler failed: 转接客服只能在 5 秒内"), "{by}");
    let jobs = desk.jobs().await;
    assert_eq!((jobs.len(), jobs[0].kind.as_str()), (1, "customer_message"), "which is refused where late answers are");
}
