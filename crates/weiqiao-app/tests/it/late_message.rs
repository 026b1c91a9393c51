//! Customer-service messages: sent once, refused visibly, never storming.

use std::time::Duration;

use weiqiao_app::App;
use weiqiao_app::decide::ReplySpec;
use weiqiao_app::jobs::customer_message::plan_late_reply;
use weiqiao_app::usecase::job::{find_job, list_holds};
use weiqiao_app::worker::Worker;
use weiqiao_model::{JobStatus, Verdict};
use weiqiao_store::facts::job::AddJobs;
use weixin_emulator::{Fault, Interaction};
use weixin_proto::callback::reply::{Reply, TransferCustomerService};

use crate::support::{OFFICIAL, World};

const SEND: &str = "/cgi-bin/message/custom/send";

async fn say(world: &World, text: &str) -> String {
    give(world, Reply::text(text).into()).await
}

async fn give(world: &World, reply: ReplySpec) -> String {
    let openid = world.wechat.openid("xiaoming", "official");
    let jobs = plan_late_reply(&world.app, &OFFICIAL.into(), &openid.into(), &reply, Some("inbox:1".into())).unwrap();
    let id = jobs[0].id.clone();
    world.app.store().run(AddJobs { jobs }).await.unwrap();
    id
}

async fn work(app: &App) -> usize {
    Worker::new(app.clone()).run_due().await.unwrap()
}

async fn in_touch() -> World {
    let world = World::open().await;
    world.wechat.interact("xiaoming", "official", Interaction::Message);
    world
}

#[tokio::test]
async fn a_late_answer_arrives() {
    let world = in_touch().await;
    let id = say(&world, "来晚了").await;
    assert_eq!(work(&world.app).await, 1);
    let (listed, attempts) = find_job(&world.app, &id).await.unwrap();
    assert_eq!((listed.job.status, attempts.len()), (JobStatus::Sent, 1), "{listed:?}");
    assert_eq!(world.wechat.calls(SEND), 1);
    assert!(format!("{:?}", world.wechat.received("xiaoming")).contains("来晚了"));
    assert_eq!(work(&world.app).await, 0);
}

#[tokio::test]
async fn outside_the_window_the_refusal_is_visible() {
    let world = World::open().await;
    let id = say(&world, "来晚了").await;
    work(&world.app).await;
    let (listed, attempts) = find_job(&world.app, &id).await.unwrap();
    assert_eq!((listed.job.status, listed.job.last_errcode), (JobStatus::Refused, Some(45015)));
    assert_eq!((attempts[0].verdict, attempts[0].errcode), (Some(Verdict::Refused), Some(45015)));
    world.advance(Duration::from_secs(3_600));
    assert_eq!(work(&world.app).await, 0);
}

#[tokio::test]
async fn a_transfer_that_is_late_is_refused_with_its_reason() {
    let world = in_touch().await;
    let id = give(&world, TransferCustomerService { kf_account: None }.into()).await;
    work(&world.app).await;
    let (listed, _) = find_job(&world.app, &id).await.unwrap();
    assert_eq!((listed.job.status, world.wechat.calls(SEND)), (JobStatus::Refused, 0));
    assert!(format!("{listed:?}").contains("转接客服只能在 5 秒内"), "{listed:?}");
}

/// FM-14, FM-16: whatever happened after the request left, it is sent at most once more, and only by a person.
#[tokio::test]
async fn an_answer_that_was_lost_is_not_sent_again() {
    for body in ["", "<html>502</html>", "{}"] {
        let world = in_touch().await;
        let fault = Fault { path: SEND.into(), body: Some(body.into()), times: Some(1), ..Fault::default() };
        world.wechat.fault(fault);
        let id = say(&world, "一次").await;
        work(&world.app).await;
        let (listed, attempts) = find_job(&world.app, &id).await.unwrap();
        assert_eq!(
            (listed.job.status, attempts[0].verdict),
            (JobStatus::Uncertain, Some(Verdict::Uncertain)),
            "{body:?}"
        );
        assert_eq!(listed.next_attempt_at, None);
        world.advance(Duration::from_secs(7_200));
        assert_eq!(work(&world.app).await, 0);
    }
}

/// FM-06, FM-07.
#[tokio::test]
async fn quotas_make_the_account_wait() {
    let world = in_touch().await;
    let errcode = |errcode| Fault { path: SEND.into(), errcode: Some(errcode), times: Some(1), ..Fault::default() };
    world.wechat.fault(errcode(45011));
    let id = say(&world, "分钟").await;
    work(&world.app).await;
    world.advance(Duration::from_secs(59));
    assert_eq!(work(&world.app).await, 0);
    world.wechat.fault(errcode(45009));
    world.advance(Duration::from_secs(2));
    assert_eq!(work(&world.app).await, 1);
    assert_eq!(list_holds(&world.app).await.unwrap()[0].reason, "quota");
    // 16:59 in China: seven hours and a little until the next day.
    world.advance(Duration::from_secs(7 * 3_600));
    assert_eq!(work(&world.app).await, 0);
    // Midnight is a minute away, and quotas are tried again somewhere in the five minutes after it.
    world.advance(Duration::from_secs(6 * 60));
    assert_eq!(work(&world.app).await, 1);
    let (listed, attempts) = find_job(&world.app, &id).await.unwrap();
    assert_eq!((listed.job.status, attempts.len()), (JobStatus::Sent, 3));
    assert!(list_holds(&world.app).await.unwrap().is_empty());
}

/// Messages to one person go out in their order, one after another.
#[tokio::test]
async fn messages_to_one_person_keep_their_order() {
    let world = in_touch().await;
    for number in 1..=4 {
        say(&world, &format!("第{number}句")).await;
        world.advance(Duration::from_millis(5));
    }
    assert_eq!(work(&world.app).await, 4);
    let received = format!("{:?}", world.wechat.received("xiaoming"));
    let places: Vec<_> = (1..=4).map(|number| received.find(&format!("第{number}句")).unwrap()).collect();
    assert!(places.is_sorted() || places.iter().rev().is_sorted(), "{received}");
}
