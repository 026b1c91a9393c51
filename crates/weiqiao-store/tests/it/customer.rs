use rstest::rstest;
use weiqiao_model::{JobStatus, Verdict};
use weiqiao_store::StoreErrorKind;
use weiqiao_store::facts::action::{ListActions, NewAction, SubmitAction, SubmittedAction};
use weiqiao_store::facts::advisor::{AdvisorRule, ListAdvisors, SaveAdvisor};
use weiqiao_store::facts::inbox::Effect;
use weiqiao_store::facts::job::{
    AttemptResult, ClaimJobs, ClaimedJob, FindJob, ListJobs, NewJob, SettleJob, StartAttempt, SweepJobs,
};
use weiqiao_store::facts::lead::{ListLeads, NewLead, StoredLead};
use weiqiao_store::facts::notification::{
    FindNotification, ListNotifications, NotificationResult, SettleNotification, StoredNotification,
};
use weiqiao_store::facts::subscription::{
    ListSubscriptions, SaveSubscription, SavedSubscription, StoredSubscription, SubscriptionChange, SubscriptionEvent,
};

use crate::support::{DAY, Db, Engine, HOUR, MINI, NOW, SECOND, id, pushed, together};

const TEMPLATE: &str = "template";

fn text() -> String {
    id::<weiqiao_model::id::kind::Job>().into_string()
}

pub(crate) fn subscribe(advisor: &str, who: &str, subscribed: bool, now: i64) -> SaveSubscription {
    SaveSubscription {
        id: text(),
        app_id: MINI.into(),
        advisor_id: advisor.into(),
        template_id: TEMPLATE.into(),
        who: vec![who.into()],
        openid: b"sealed".to_vec(),
        subscribed,
        data: subscribed.then(|| b"data".to_vec()),
        rule: AdvisorRule::SelfRegistered,
        most: 3,
        now,
    }
}

pub(crate) async fn saved(db: &Db, save: SaveSubscription) -> StoredSubscription {
    match db.run(save).await {
        SavedSubscription::Saved(row) => *row,
        other => panic!("{other:?}"),
    }
}

fn lead(phone: &str) -> NewLead {
    let id = text();
    NewLead {
        numbers: vec!["CUS1".into(), format!("CUS{}", id.replace('-', ""))],
        id,
        app_id: MINI.into(),
        phone_indexes: vec![phone.into(), format!("old {phone}")],
        phone: b"phone".to_vec(),
        name: b"name".to_vec(),
        openid_index: Some("customer".into()),
        openid: Some(b"openid".to_vec()),
        source: "其他".into(),
        contract_status: "待定".into(),
        level: "B类".into(),
        remarks: "x".into(),
        advisor_id: "a1".into(),
    }
}

pub(crate) fn submit(phone: Option<&str>) -> SubmitAction {
    let id = text();
    SubmitAction {
        action: NewAction {
            id: id.clone(),
            app_id: MINI.into(),
            advisor_id: "a1".into(),
            kind: "view_resume".into(),
            customer_index: "customer".into(),
            detail: b"detail".to_vec(),
        },
        lead: phone.map(lead),
        job: NewJob {
            id,
            kind: "subscribe_message",
            account: MINI.into(),
            serial_key: None,
            origin: None,
            payload: b"payload".to_vec(),
            run_at: NOW,
            expires_at: NOW + DAY,
            created_at: NOW,
        },
        known_advisor: false,
        now: NOW,
    }
}

fn done(submitted: &Option<SubmittedAction>) -> (&str, Option<&StoredLead>, bool) {
    let SubmittedAction { action, lead, .. } = submitted.as_ref().unwrap();
    (&action.id, lead.as_ref(), action.lead_created)
}

pub(crate) async fn notifications(db: &Db) -> Vec<StoredNotification> {
    db.store.read(ListNotifications { page: 1, page_size: 100, ..Default::default() }).await.unwrap().items
}

pub(crate) async fn subscription(db: &Db) -> StoredSubscription {
    let list = ListSubscriptions { page: 1, page_size: 10, ..Default::default() };
    db.store.read(list).await.unwrap().items.remove(0)
}

pub(crate) async fn notified(db: &Db) -> bool {
    db.store.read(ListActions { page: 1, page_size: 1, ..Default::default() }).await.unwrap().items[0].notified
}

/// Takes the only due job up and begins a try.
pub(crate) async fn begin(db: &Db, now: i64) -> (ClaimedJob, i64) {
    let claim = ClaimJobs {
        kind: "subscribe_message".into(),
        account: MINI.into(),
        owner: "w".into(),
        lease_ms: 30 * SECOND,
        probe_ms: SECOND,
        limit: 10,
        now,
    };
    let job = db.run(claim).await.jobs.remove(0);
    let start = StartAttempt { id: job.id.clone(), fence: job.fence, owner: "w".into(), now };
    let n = db.run(start).await.unwrap();
    (job, n)
}

pub(crate) fn settled(
    (job, n): &(ClaimedJob, i64),
    status: JobStatus,
    verdict: Verdict,
    result: NotificationResult,
) -> SettleNotification {
    let attempt = AttemptResult { verdict, http_status: None, errcode: None, errmsg: None, answer: None };
    let settle = SettleJob {
        id: job.id.clone(),
        fence: job.fence,
        n: *n,
        status,
        next_at: (!status.is_finished()).then_some(NOW + HOUR),
        counts: true,
        attempt: Some(attempt),
        errcode: None,
        error: None,
        reference: (status == JobStatus::Sent).then(|| "77".into()),
        hold: None,
        free: None,
        now: NOW + SECOND,
    };
    SettleNotification { settle, result }
}

/// WeChat pushes an event.
pub(crate) async fn event(db: &Db, change: SubscriptionChange, at: i64) {
    let event = SubscriptionEvent { who: vec!["li".into()], template_id: TEMPLATE.into(), change, at };
    pushed(db, Effect::Subscription(event)).await;
}

#[rstest]
#[tokio::test]
async fn a_subscription_is_one_row_that_remembers(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let first = saved(&db, subscribe("a1", "li", true, NOW)).await;
    assert!(first.is_active() && first.credits == 1);
    let off = saved(&db, subscribe("a1", "li", false, NOW + SECOND)).await;
    assert_eq!((off.id.as_str(), off.subscribed, off.subscribed_at), (first.id.as_str(), false, Some(NOW)));
    assert_eq!((off.unsubscribed_at, off.data.as_deref()), (Some(NOW + SECOND), Some(&b"data"[..])));
    for number in 0..9 {
        saved(&db, subscribe("a1", "li", true, NOW + number * SECOND)).await;
    }
    assert_eq!(subscription(&db).await.credits, 3, "no more than may be counted");
    // Indexed with another key now.
    let rotated = SaveSubscription { who: vec!["new li".into(), "li".into()], ..subscribe("a1", "", true, NOW) };
    assert_eq!(saved(&db, rotated).await.id, first.id);
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_advisor_belongs_to_one_person(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let known = |advisor, who| SaveSubscription { rule: AdvisorRule::Known, ..subscribe(advisor, who, true, NOW) };
    assert_eq!(db.run(known("a1", "li")).await, SavedSubscription::AdvisorUnknown);
    let staff = |openid_index| SaveAdvisor { app_id: MINI.into(), id: "a1".into(), openid_index, now: NOW };
    db.run(staff(None)).await;
    let all = together(std::slice::from_ref(&db.store), 8, |number| known("a1", ["li", "eve"][number % 2])).await;
    let kept = all.into_iter().filter_map(|saved| match saved.unwrap() {
        SavedSubscription::Saved(row) => Some(row.openid_index),
        _ => None,
    });
    let kept: Vec<_> = kept.collect();
    assert!(kept.len() == 4 && kept.iter().all(|who| *who == kept[0]), "whoever was first: {kept:?}");
    db.run(staff(Some("li".into()))).await;
    assert_eq!(db.run(known("a1", "eve")).await, SavedSubscription::AdvisorTaken);
    saved(&db, known("a1", "li")).await;
    saved(&db, SaveSubscription { rule: AdvisorRule::Vouched, ..subscribe("a1", "eve", true, NOW) }).await;
    let advisors = db.store.read(ListAdvisors { page: 1, page_size: 9, ..Default::default() }).await.unwrap();
    assert_eq!((advisors.total, advisors.items[0].bound, advisors.items[0].source.as_str()), (1, true, "staff"));
    let active = || async {
        let active = ListSubscriptions { active: Some(true), page: 1, page_size: 9, ..Default::default() };
        db.store.read(active).await.unwrap().total
    };
    assert_eq!(active().await, 2);
    db.run(staff(Some("li".into()))).await;
    assert_eq!(active().await, 1, "an advisor's own stay");
    db.run(staff(Some("bob".into()))).await;
    assert_eq!(active().await, 0, "who is no longer the advisor hears of no customer");
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_phone_is_one_lead(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    saved(&db, subscribe("a1", "li", true, NOW)).await;
    let instances = [db.store.clone(), db.another().await];
    let all = together(&instances, 50, |_| submit(Some("138"))).await;
    let all: Vec<_> = all.into_iter().map(Result::unwrap).collect();
    let first = done(&all[0]).1.unwrap().id.clone();
    assert!(all.iter().all(|one| done(one).1.unwrap().id == first));
    assert_eq!(all.iter().filter(|one| done(one).2).count(), 1);
    assert_eq!(notifications(&db).await.len(), 50, "each owes one");
    // The first number is taken, and what was indexed with an earlier key is found.
    let other = db.run(submit(Some("139"))).await;
    assert!(done(&other).2 && done(&other).1.unwrap().number != "CUS1");
    let rotated = lead("new");
    let rotated = NewLead { phone_indexes: vec!["new".into(), "138".into()], ..rotated };
    let again = db.run(SubmitAction { lead: Some(rotated), ..submit(None) }).await;
    assert_eq!((done(&again).1.unwrap().id.as_str(), done(&again).2), (first.as_str(), false));
    let leads = db.store.read(ListLeads { page: 1, page_size: 9, ..Default::default() }).await.unwrap();
    assert_eq!(leads.total, 2);
}

#[rstest]
#[tokio::test]
async fn what_an_action_owes_has_its_id(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    saved(&db, subscribe("a1", "li", true, NOW)).await;
    let id = db.run(submit(None)).await.unwrap().action.id;
    db.run(submit(None)).await.unwrap();
    let of = |origin: &str| ListJobs { origin: Some(origin.to_owned()), page: 1, page_size: 10, ..Default::default() };
    let found = db.store.read(of(&format!("action:{id}"))).await.unwrap();
    let [job] = &found.items[..] else { panic!("{found:?}") };
    assert_eq!((found.total, &job.id, job.origin.clone()), (1, &id, Some(format!("action:{id}"))));
    for none in ["action", "action:", "action:nothing", &id] {
        assert_eq!(db.store.read(of(none)).await.unwrap().total, 0, "{none}");
    }
    let owed = ListNotifications { action_id: Some(id.clone()), page: 1, page_size: 10, ..Default::default() };
    let owed = db.store.read(owed).await.unwrap();
    assert_eq!((owed.total, &owed.items[0].id, owed.items[0].action_id.as_ref()), (1, &id, Some(&id)));
    let wrong = SubmitAction { job: submit(None).job, ..submit(None) };
    assert_eq!(db.store.run(wrong).await.unwrap_err().kind(), StoreErrorKind::Internal);
}

#[rstest]
#[tokio::test]
async fn whom_a_server_names_first_owns_the_advisor(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let vouched = |who| SaveSubscription { rule: AdvisorRule::Vouched, ..subscribe("a1", who, true, NOW) };
    let known = |who| SaveSubscription { rule: AdvisorRule::Known, ..subscribe("a1", who, true, NOW) };
    let staff = SaveAdvisor { app_id: MINI.into(), id: "a1".into(), openid_index: None, now: NOW };
    db.run(staff).await;
    saved(&db, vouched("li")).await;
    assert_eq!(db.run(known("eve")).await, SavedSubscription::AdvisorTaken);
    saved(&db, known("li")).await;
    // A server speaks for all of them.
    saved(&db, vouched("another")).await;
    assert_eq!(db.run(known("another")).await, SavedSubscription::AdvisorTaken);
}

#[rstest]
#[tokio::test]
async fn an_advisor_nobody_knows_gets_no_action(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let unknown = SubmitAction { known_advisor: true, ..submit(Some("138")) };
    assert_eq!(db.run(unknown).await, None);
    assert_eq!(db.store.read(ListLeads { page: 1, page_size: 9, ..Default::default() }).await.unwrap().total, 0);
}

#[rstest]
#[tokio::test]
async fn what_was_sent_is_counted_and_what_is_spent_stops(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    saved(&db, subscribe("a1", "li", true, NOW)).await;
    db.run(submit(None)).await;
    let job = begin(&db, NOW).await;
    let owed = db.store.read(FindNotification { id: job.0.id.clone() }).await.unwrap().unwrap();
    assert_eq!((owed.kind.as_str(), owed.recipient.as_ref().unwrap().renewals), ("view_resume", 0));
    assert!(db.run(settled(&job, JobStatus::Sent, Verdict::Sent, NotificationResult::Plain)).await);
    assert!(notified(&db).await);
    assert_eq!(subscription(&db).await.credits, 0);
    // The event about it counts nothing again.
    event(&db, SubscriptionChange::Arrived { msgid: "77".into() }, NOW).await;
    event(&db, SubscriptionChange::Given, NOW).await;
    event(&db, SubscriptionChange::Given, NOW).await;
    assert_eq!(subscription(&db).await.credits, 1);

    db.run(submit(None)).await;
    let job = begin(&db, NOW).await;
    saved(&db, subscribe("a1", "li", true, NOW + SECOND)).await;
    let spent = |renewals| NotificationResult::Spent { renewals };
    assert!(db.run(settled(&job, JobStatus::Refused, Verdict::Refused, spent(2))).await);
    assert!(subscription(&db).await.is_active(), "it was renewed in between");
    // By a tap that only an event told, while the message was under way and afterwards.
    for renewed in [3, 4] {
        db.run(submit(None)).await;
        let job = begin(&db, NOW).await;
        if renewed == 3 {
            event(&db, SubscriptionChange::Given, NOW).await;
        }
        assert!(db.run(settled(&job, JobStatus::Refused, Verdict::Refused, spent(renewed))).await);
        assert_eq!(subscription(&db).await.is_active(), renewed == 3);
    }
    event(&db, SubscriptionChange::Given, NOW).await;
    assert!(subscription(&db).await.is_active());
    db.run(submit(None)).await;
    let job = begin(&db, NOW).await;
    assert!(db.run(settled(&job, JobStatus::Refused, Verdict::Refused, spent(5))).await);
    assert!(!subscription(&db).await.is_active());
    let owes = |submitted: Option<SubmittedAction>| submitted.unwrap().owes;
    assert!(!owes(db.run(submit(None)).await), "nothing is owed to whoever cannot be told");
    saved(&db, subscribe("a1", "li", true, NOW + 2 * SECOND)).await;
    assert!(owes(db.run(submit(None)).await));
    assert_eq!(db.run(SweepJobs { before: NOW + DAY, limit: 10 }).await, 5);
    assert_eq!(notifications(&db).await.len(), 1);
}

/// Leave may be given where nobody tells us. What went out on it is nothing that later leave has to pay for.
#[rstest]
#[tokio::test]
async fn what_was_sent_beyond_what_is_known_leaves_no_debt(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
    #[values(0, 1, 2)] told_by_events: usize,
    #[values(true, false)] ours: bool,
) {
    let Some(db) = Db::fresh(engine).await else { return };
    for _ in told_by_events.min(1)..2 {
        saved(&db, subscribe("a1", "li", true, NOW)).await;
    }
    for _ in 0..told_by_events {
        event(&db, SubscriptionChange::Given, NOW).await;
    }
    let known = if told_by_events == 1 { 1 } else { 2 };
    assert_eq!(subscription(&db).await.credits, known);
    for number in 1..=8 {
        if ours {
            db.run(submit(None)).await;
            let job = begin(&db, NOW).await;
            assert!(db.run(settled(&job, JobStatus::Sent, Verdict::Sent, NotificationResult::Plain)).await);
        } else {
            // Somebody else sends in the name of this mini program.
            event(&db, SubscriptionChange::Arrived { msgid: format!("other {number}") }, NOW).await;
        }
        assert_eq!(subscription(&db).await.credits, (known - number).max(0));
    }
    for credits in 1..=2 {
        assert_eq!(saved(&db, subscribe("a1", "li", true, NOW)).await.credits, credits);
        // The event about the same leave gives nothing more.
        event(&db, SubscriptionChange::Given, NOW).await;
        assert_eq!(subscription(&db).await.credits, credits);
    }
    event(&db, SubscriptionChange::Given, NOW).await;
    assert_eq!(subscription(&db).await.credits, 3);
}

#[rstest]
#[tokio::test]
async fn an_event_ends_an_uncertainty(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
    #[values(true, false)] before: bool,
) {
    let Some(db) = Db::fresh(engine).await else { return };
    saved(&db, subscribe("a1", "li", true, NOW)).await;
    db.run(submit(None)).await;
    let job = begin(&db, NOW).await;
    let arrived = || SubscriptionChange::Arrived { msgid: "88".into() };
    if before {
        event(&db, arrived(), NOW).await;
    }
    db.run(settled(&job, JobStatus::Uncertain, Verdict::Uncertain, NotificationResult::Plain)).await;
    if !before {
        assert_eq!(notifications(&db).await[0].status, JobStatus::Uncertain);
        event(&db, arrived(), NOW).await;
    }
    let found = db.store.read(FindJob { id: job.0.id.clone() }).await.unwrap().unwrap().job;
    assert_eq!((found.status, found.reference.as_deref(), found.next_at), (JobStatus::Sent, Some("88"), None));
    assert!(notified(&db).await);
    assert_eq!(subscription(&db).await.credits, 0);
    event(&db, SubscriptionChange::Lost { msgid: "88".into(), errcode: 5, words: "lost".into() }, NOW).await;
    assert_eq!(notifications(&db).await[0].status, JobStatus::Dead);
    assert!(!notified(&db).await);
}

#[rstest]
#[tokio::test]
async fn who_is_forgotten_leaves_nothing_personal(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    saved(&db, subscribe("a1", "li", true, NOW)).await;
    db.run(submit(Some("138"))).await;
    event(&db, SubscriptionChange::Withdrawn, NOW - SECOND).await;
    assert_eq!(subscription(&db).await.credits, 1, "an event from before counts for nothing");
    event(&db, SubscriptionChange::Withdrawn, NOW).await;
    assert_eq!(subscription(&db).await.credits, 0);
    for who in ["li", "customer"] {
        pushed(&db, Effect::ForgetPerson { who: who.into() }).await;
    }
    let id = notifications(&db).await.remove(0).id;
    let owed = db.store.read(FindNotification { id }).await.unwrap().unwrap();
    assert_eq!((owed.recipient, owed.detail), (None, None));
    let leads = db.store.read(ListLeads { page: 1, page_size: 9, ..Default::default() }).await.unwrap();
    assert_eq!(leads.items[0].openid, None);
}
