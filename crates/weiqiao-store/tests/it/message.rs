//! Messages that are sent on request, and what may be done only so often in a day.

use rstest::rstest;
use weiqiao_model::{JobStatus, Verdict};
use weiqiao_store::facts::advisor::AdvisorRule;
use weiqiao_store::facts::idempotency::IdempotencyKey;
use weiqiao_store::facts::inbox::Effect;
use weiqiao_store::facts::job::{AttemptResult, CancelJob, JobChange, NewJob, RetryJob, SettleJob, SweepLeases};
use weiqiao_store::facts::message::{
    BeginMessage, BegunMessage, FindMessage, IsRecipient, NewMessage, SettleMessage, StoredMessage,
};
use weiqiao_store::facts::notification::{ListNotifications, NotificationResult, SettleNotification};
use weiqiao_store::facts::spending::{Allowance, Spend, Spent, SweepSpending};
use weiqiao_store::facts::subscription::{ListSubscriptions, SaveSubscription, SubscriptionChange, SubscriptionEvent};

use crate::support::{DAY, Db, Engine, MINI, NOW, SECOND, id, pushed, together};

const DAY_NO: i64 = NOW / DAY;

fn text() -> String {
    id::<weiqiao_model::id::kind::Job>().into_string()
}

fn allowance(what: &'static str, most: i64) -> Allowance {
    Allowance { app_id: MINI.into(), what, who: String::new(), day: DAY_NO, most }
}

fn begin(key: Option<(&str, &str)>, most: i64) -> BeginMessage {
    let id = text();
    BeginMessage {
        message: NewMessage {
            id: id.clone(),
            app_id: MINI.into(),
            template_id: "template".into(),
            who: "person".into(),
            openid: b"openid".to_vec(),
            content: b"content".to_vec(),
            sender: "key 1".into(),
        },
        job: NewJob {
            id,
            kind: "direct_message",
            account: MINI.into(),
            serial_key: None,
            origin: None,
            payload: Vec::new(),
            run_at: NOW,
            expires_at: NOW + DAY,
            created_at: NOW,
        },
        key: key.map(|(key, request)| IdempotencyKey {
            key_hash: key.into(),
            request_hash: request.into(),
            since: None,
        }),
        allowances: vec![allowance("message", most)],
        owner: "request".into(),
        lease_until: NOW + 60 * SECOND,
        now: NOW,
    }
}

fn settle(id: &str, status: JobStatus, verdict: Verdict) -> SettleMessage {
    let attempt = AttemptResult { verdict, http_status: None, errcode: None, errmsg: None, answer: None };
    let settle = SettleJob {
        id: id.into(),
        fence: 1,
        n: 1,
        status,
        next_at: None,
        counts: true,
        attempt: Some(attempt),
        errcode: None,
        error: None,
        reference: (status == JobStatus::Sent).then(|| "7".to_owned()),
        hold: None,
        free: None,
        now: NOW,
    };
    SettleMessage {
        settle: SettleNotification { settle, result: NotificationResult::Plain },
        answer: b"answer".to_vec(),
    }
}

async fn found(db: &Db, id: &str) -> StoredMessage {
    db.store.read(FindMessage { id: id.into() }).await.unwrap().unwrap()
}

fn subscribe() -> SaveSubscription {
    SaveSubscription {
        id: text(),
        app_id: MINI.into(),
        advisor_id: "a1".into(),
        template_id: "template".into(),
        who: vec!["person".into()],
        openid: b"sealed".to_vec(),
        subscribed: true,
        data: None,
        rule: AdvisorRule::Anybody,
        most: 3,
        now: NOW,
    }
}

#[rstest]
#[tokio::test]
async fn a_message_is_written_down_before_it_is_sent(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    db.run(subscribe()).await;
    let message = begin(None, 9);
    let id = message.message.id.clone();
    assert_eq!(db.run(message).await, BegunMessage::Begun { renewals: Some(0), last: None });
    let listed =
        db.store.read(ListNotifications { page: 1, page_size: 9, ..Default::default() }).await.unwrap().items.remove(0);
    assert_eq!((listed.status, listed.attempts, listed.action_id.as_deref()), (JobStatus::Sending, 1, None));
    assert_eq!((listed.sender.as_deref(), listed.own_openid), (Some("key 1"), Some(b"openid".to_vec())));
    assert_eq!(found(&db, &id).await.answer, None);

    assert!(db.run(settle(&id, JobStatus::Sent, Verdict::Sent)).await);
    let sent = found(&db, &id).await;
    assert_eq!((sent.status, sent.reference.as_deref()), (JobStatus::Sent, Some("7")));
    assert_eq!(sent.answer, Some(b"answer".to_vec()));
    let leave = db.store.read(ListSubscriptions { page: 1, page_size: 9, ..Default::default() }).await.unwrap();
    assert_eq!(leave.items[0].credits, 0, "it took the leave");
    assert!(!db.run(settle(&id, JobStatus::Refused, Verdict::Refused)).await, "over is over");
}

#[rstest]
#[tokio::test]
async fn whoever_died_while_sending_leaves_an_uncertainty(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let message = begin(None, 9);
    let id = message.message.id.clone();
    db.run(message).await;
    let sweep = |now| SweepLeases {
        rules: Vec::new(),
        lapsed_by: now,
        but: String::new(),
        reason: "died".into(),
        limit: 9,
        now,
    };
    assert!(db.run(sweep(NOW + 59 * SECOND)).await.is_empty());
    assert!(db.run(sweep(NOW + 61 * SECOND)).await[0].uncertain);
    assert_eq!(found(&db, &id).await.status, JobStatus::Uncertain);
    assert!(db.run(settle(&id, JobStatus::Sent, Verdict::Sent)).await, "a late answer counts");
    assert_eq!(found(&db, &id).await.status, JobStatus::Sent);
}

#[rstest]
#[tokio::test]
async fn an_event_says_what_became_of_it(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
    #[values(true, false)] before: bool,
) {
    let Some(db) = Db::fresh(engine).await else { return };
    let message = begin(None, 9);
    let id = message.message.id.clone();
    db.run(message).await;
    let event = |template: &str, change| {
        let (template_id, who) = (template.into(), vec!["former".into(), "person".into()]);
        Effect::Subscription(SubscriptionEvent { who, template_id, change, at: NOW })
    };
    let arrived = || SubscriptionChange::Arrived { msgid: "88".into() };
    if before {
        pushed(&db, event("template", arrived())).await;
    }
    assert!(db.run(settle(&id, JobStatus::Uncertain, Verdict::Uncertain)).await);
    if !before {
        pushed(&db, event("another", arrived())).await;
        assert_eq!(found(&db, &id).await.status, JobStatus::Uncertain, "another one is meant");
        pushed(&db, event("template", arrived())).await;
    }
    let sent = found(&db, &id).await;
    assert_eq!((sent.status, sent.reference.as_deref()), (JobStatus::Sent, Some("88")));
    let lost = SubscriptionChange::Lost { msgid: "88".into(), errcode: 5, words: "lost".into() };
    pushed(&db, event("template", lost)).await;
    assert_eq!(found(&db, &id).await.status, JobStatus::Dead);
}

/// Between a try in doubt and the next one, and after somebody called it off, what arrived arrived.
#[rstest]
#[tokio::test]
async fn an_event_finds_a_message_that_waits_or_was_cancelled(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
    #[values(JobStatus::Retrying, JobStatus::Cancelled)] status: JobStatus,
) {
    let Some(db) = Db::fresh(engine).await else { return };
    let message = begin(None, 9);
    let id = message.message.id.clone();
    db.run(message).await;
    assert!(db.run(settle(&id, JobStatus::Uncertain, Verdict::Uncertain)).await);
    db.run(RetryJob { id: id.clone(), expires_at: NOW + DAY, now: NOW }).await;
    if status == JobStatus::Cancelled {
        db.run(CancelJob { id: id.clone(), now: NOW }).await;
    }
    assert_eq!(found(&db, &id).await.status, status);
    let change = SubscriptionChange::Arrived { msgid: "88".into() };
    let event = SubscriptionEvent { who: vec!["person".into()], template_id: "template".into(), change, at: NOW };
    pushed(&db, Effect::Subscription(event)).await;
    let sent = found(&db, &id).await;
    assert_eq!((sent.status, sent.reference.as_deref()), (JobStatus::Sent, Some("88")));
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_request_is_one_message(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let all = together(&[db.store.clone(), db.another().await], 20, |_| begin(Some(("key", "request")), 9)).await;
    let all: Vec<_> = all.into_iter().map(Result::unwrap).collect();
    let begun = all.iter().filter(|one| matches!(one, BegunMessage::Begun { .. })).count();
    assert_eq!(begun, 1, "{all:?}");
    let id = all.iter().find_map(|one| match one {
        BegunMessage::Again(id) => Some(id.clone()),
        _ => None,
    });
    let id = id.unwrap();
    assert!(all.iter().all(|one| !matches!(one, BegunMessage::Again(other) if *other != id)));
    assert_eq!(db.run(begin(Some(("key", "another")), 9)).await, BegunMessage::KeyTaken);
    // What certainly was not sent may be asked for again.
    assert!(db.run(settle(&id, JobStatus::Dead, Verdict::NotSent)).await);
    // Somebody is at it: that is the request's as well.
    let retry = RetryJob { id: id.clone(), expires_at: NOW + DAY, now: NOW };
    assert_eq!(db.run(retry).await, JobChange::Done);
    assert_eq!(db.run(begin(Some(("key", "request")), 9)).await, BegunMessage::Again(id.clone()));
    db.run(CancelJob { id, now: NOW }).await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_certainly_not_sent_is_replaced_by_what_is_sent_anew(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(db) = Db::fresh(engine).await else { return };
    let again = || begin(Some(("key", "request")), 9);
    let (first, second) = (begin(Some(("key", "request")), 9), again());
    let (first_id, second_id) = (first.message.id.clone(), second.message.id.clone());
    db.run(first).await;
    assert!(db.run(settle(&first_id, JobStatus::Dead, Verdict::NotSent)).await);
    assert_eq!(db.run(begin(Some(("key", "request")), 1)).await, BegunMessage::UsedUp("message"));
    assert!(matches!(db.run(second).await, BegunMessage::Begun { .. }));
    let replaced = found(&db, &first_id).await;
    assert_eq!((replaced.status, replaced.replaced_by.as_deref()), (JobStatus::Cancelled, Some(&*second_id)));
    assert_eq!(db.run(again()).await, BegunMessage::Again(second_id.clone()));

    assert!(db.run(settle(&second_id, JobStatus::Dead, Verdict::NotSent)).await);
    let all = together(&[db.store.clone(), db.another().await], 10, |_| begin(Some(("key", "request")), 99)).await;
    let begun = all.into_iter().filter(|one| matches!(one, Ok(BegunMessage::Begun { .. }))).count();
    assert_eq!(begun, 1);
}

#[rstest]
#[tokio::test]
async fn what_may_have_been_sent_is_not_sent_anew(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    for (key, status, verdict) in [
        ("1", JobStatus::Uncertain, Verdict::Uncertain),
        ("2", JobStatus::Dead, Verdict::Uncertain),
        ("3", JobStatus::Sent, Verdict::Sent),
        ("4", JobStatus::Refused, Verdict::Refused),
    ] {
        let message = begin(Some((key, "request")), 99);
        let id = message.message.id.clone();
        db.run(message).await;
        assert!(db.run(settle(&id, status, verdict)).await);
        assert_eq!(db.run(begin(Some((key, "request")), 99)).await, BegunMessage::Again(id), "{key}");
    }
}

#[rstest]
#[tokio::test]
async fn a_day_has_its_allowance(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let last = |last| BegunMessage::Begun { renewals: None, last };
    for (key, expected) in [("k1", last(None)), ("k2", last(Some("message")))] {
        let message = begin(Some((key, "r")), 2);
        let id = message.message.id.clone();
        assert_eq!(db.run(message).await, expected);
        assert_eq!(
            db.run(begin(Some(("k3", "r")), 9)).await,
            BegunMessage::Busy,
            "one message after another, and no key"
        );
        assert!(db.run(settle(&id, JobStatus::Sent, Verdict::Sent)).await);
    }
    for _ in 0..2 {
        assert_eq!(db.run(begin(Some(("k3", "r")), 2)).await, BegunMessage::UsedUp("message"), "and no key is kept");
    }
    let both = |small| Spend { allowances: vec![allowance("message", 3), allowance("phone", small)] };
    assert_eq!(db.run(both(0)).await, Spent::UsedUp("phone"));
    assert_eq!(db.run(both(1)).await, Spent::Counted { last: Some("phone") }, "what was refused was not counted");
    assert_eq!(db.run(both(9)).await, Spent::UsedUp("message"));
    assert_eq!(db.run(SweepSpending { before: DAY_NO }).await, 0);
    assert_eq!(db.run(SweepSpending { before: DAY_NO + 1 }).await, 2);
    assert_eq!(db.run(both(9)).await, Spent::Counted { last: None });
}

#[rstest]
#[tokio::test]
async fn who_is_forgotten_is_in_no_message(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let recipient = |who: &str| IsRecipient { app_id: MINI.into(), who: who.into() };
    assert!(!db.store.read(recipient("person")).await.unwrap());
    db.run(subscribe()).await;
    assert!(db.store.read(recipient("person")).await.unwrap() && !db.store.read(recipient("nobody")).await.unwrap());
    let message = begin(None, 9);
    let id = message.message.id.clone();
    db.run(message).await;
    db.run(settle(&id, JobStatus::Sent, Verdict::Sent)).await;
    pushed(&db, Effect::ForgetPerson { who: "person".into() }).await;
    let stored = found(&db, &id).await;
    assert_eq!((stored.openid, stored.content, stored.answer), (None, None, None));
}
