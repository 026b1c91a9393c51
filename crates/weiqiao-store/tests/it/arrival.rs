//! WeChat's events about messages that arrived bring numbers; whose they are, answers say, and where none came the time.

use rstest::rstest;
use weiqiao_model::{JobStatus, Verdict};
use weiqiao_store::facts::inbox::Effect;
use weiqiao_store::facts::job::{ClaimedJob, FindJob, SweepLeases};
use weiqiao_store::facts::notification::{FindNotification, NotificationResult, SettleNotification};
use weiqiao_store::facts::subscription::SubscriptionChange;

use crate::customer::{begin, event, saved, settled, submit, subscribe, subscription};
use crate::support::{DAY, Db, Engine, HOUR, MINUTE, NOW, SECOND, pushed};

type Begun = (ClaimedJob, i64);

/// How many messages there is leave for.
const LEAVE: i64 = 3;

/// An advisor with that leave, and so many actions to be told of.
async fn owing(db: &Db, actions: usize) {
    for turn in 0..LEAVE {
        saved(db, subscribe("a1", "li", true, NOW + turn)).await;
    }
    for _ in 0..actions {
        db.run(submit(None)).await;
    }
}

/// A message in doubt, and the next one to the same person under way.
async fn one_in_doubt_and_one_under_way(db: &Db) -> (Begun, Begun) {
    owing(db, 2).await;
    let first = begin(db, NOW).await;
    assert!(db.run(ended(&first, JobStatus::Uncertain, None)).await);
    (first, begin(db, NOW).await)
}

fn ended(job: &Begun, status: JobStatus, msgid: Option<&str>) -> SettleNotification {
    let verdict = match status {
        JobStatus::Sent => Verdict::Sent,
        JobStatus::Uncertain => Verdict::Uncertain,
        _ => Verdict::Refused,
    };
    let mut end = settled(job, status, verdict, NotificationResult::Plain);
    end.settle.reference = msgid.map(str::to_owned);
    end
}

async fn arrived(db: &Db, msgid: &str) {
    arrived_at(db, msgid, NOW).await;
}

async fn arrived_at(db: &Db, msgid: &str, at: i64) {
    event(db, SubscriptionChange::Arrived { msgid: msgid.into() }, at).await;
}

/// What became of it, and its number.
async fn end_of(db: &Db, (job, _): &Begun) -> (JobStatus, Option<String>) {
    let found = db.store.read(FindJob { id: job.id.clone() }).await.unwrap().unwrap().job;
    (found.status, found.reference)
}

fn sent(msgid: &str) -> (JobStatus, Option<String>) {
    (JobStatus::Sent, Some(msgid.to_owned()))
}

/// Numbers that wait for an answer.
async fn waiting(db: &Db, (job, _): &Begun) -> Option<String> {
    db.store.read(FindNotification { id: job.id.clone() }).await.unwrap().unwrap().arrived
}

#[rstest]
#[tokio::test]
async fn the_number_of_a_message_under_way_is_not_that_of_one_in_doubt(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
    #[values(true, false)] twice: bool,
) {
    let Some(db) = Db::fresh(engine).await else { return };
    let (first, second) = one_in_doubt_and_one_under_way(&db).await;
    for _ in 0..=usize::from(twice) {
        arrived(&db, "2").await;
    }
    assert_eq!(waiting(&db, &second).await.as_deref(), Some("2"));
    assert_eq!(end_of(&db, &first).await, (JobStatus::Uncertain, None), "nobody knows yet whose it is");
    assert!(db.run(ended(&second, JobStatus::Sent, Some("2"))).await);
    assert_eq!(end_of(&db, &second).await, sent("2"));
    assert_eq!(end_of(&db, &first).await, (JobStatus::Uncertain, None));
    assert_eq!((waiting(&db, &second).await, subscription(&db).await.credits), (None, LEAVE - 1));
    arrived(&db, "2").await;
    assert_eq!(end_of(&db, &first).await, (JobStatus::Uncertain, None), "also when it is told again");
    assert_eq!(subscription(&db).await.credits, LEAVE - 1);
}

#[rstest]
#[tokio::test]
async fn a_late_number_finds_the_message_in_doubt(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
    #[values(JobStatus::Sent, JobStatus::Refused, JobStatus::Retrying)] second_ends: JobStatus,
) {
    let Some(db) = Db::fresh(engine).await else { return };
    let (first, second) = one_in_doubt_and_one_under_way(&db).await;
    arrived(&db, "1").await;
    let number = (second_ends == JobStatus::Sent).then_some("2");
    assert!(db.run(ended(&second, second_ends, number)).await);
    assert_eq!(end_of(&db, &first).await, sent("1"));
    assert_eq!(end_of(&db, &second).await, (second_ends, number.map(str::to_owned)));
    assert_eq!(subscription(&db).await.credits, if number.is_some() { LEAVE - 2 } else { LEAVE - 1 });
}

#[rstest]
#[tokio::test]
async fn both_numbers_come_before_the_answer(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let (first, second) = one_in_doubt_and_one_under_way(&db).await;
    arrived(&db, "2").await;
    arrived(&db, "1").await;
    assert!(db.run(ended(&second, JobStatus::Sent, Some("2"))).await);
    assert_eq!((end_of(&db, &first).await, end_of(&db, &second).await), (sent("1"), sent("2")));
    assert_eq!((waiting(&db, &second).await, subscription(&db).await.credits), (None, LEAVE - 2));
}

/// Of two in doubt the one is meant that was tried when it arrived, however late WeChat tells.
#[rstest]
#[tokio::test]
async fn of_two_in_doubt_the_one_that_was_tried_at_the_time_is_meant(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
    #[values(0, 1)] arriving: usize,
    #[values(true, false)] early: bool,
) {
    let Some(db) = Db::fresh(engine).await else { return };
    owing(&db, 2).await;
    let first = begin(&db, NOW).await;
    assert!(db.run(ended(&first, JobStatus::Uncertain, None)).await);
    let second = begin(&db, NOW + 9 * SECOND).await;
    let (both, times) = ([&first, &second], [NOW + 999, NOW + 10 * SECOND]);
    // The number waits for the answer of the second, or comes after it.
    if early {
        arrived_at(&db, "1", times[arriving]).await;
    }
    assert!(db.run(ended(&second, JobStatus::Uncertain, None)).await);
    if !early {
        arrived_at(&db, "1", times[arriving]).await;
    }
    assert_eq!(end_of(&db, both[arriving]).await, sent("1"));
    assert_eq!(end_of(&db, both[1 - arriving]).await, (JobStatus::Uncertain, None));
    arrived_at(&db, "2", times[1 - arriving]).await;
    assert_eq!(end_of(&db, both[1 - arriving]).await, sent("2"));
    // Of nobody we know: somebody else sends in the name of this mini program.
    arrived(&db, "3").await;
    assert_eq!(subscription(&db).await.credits, 0);
}

/// "It was there already" brings no number; the event does.
#[rstest]
#[tokio::test]
async fn an_answer_without_a_number_takes_the_one_that_waits(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(db) = Db::fresh(engine).await else { return };
    owing(&db, 1).await;
    let only = begin(&db, NOW).await;
    arrived(&db, "1").await;
    assert!(db.run(ended(&only, JobStatus::Sent, None)).await);
    assert_eq!(end_of(&db, &only).await, sent("1"));
    assert_eq!((waiting(&db, &only).await, subscription(&db).await.credits), (None, LEAVE - 1));
}

#[rstest]
#[tokio::test]
async fn whoever_died_while_sending_left_it_to_the_number(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    owing(&db, 1).await;
    let only = begin(&db, NOW).await;
    arrived(&db, "1").await;
    let sweep = SweepLeases {
        rules: Vec::new(),
        lapsed_by: NOW + DAY,
        but: String::new(),
        reason: "died".into(),
        limit: 9,
        now: NOW + DAY,
    };
    assert!(db.run(sweep).await[0].uncertain);
    assert_eq!(end_of(&db, &only).await, sent("1"));
}

#[rstest]
#[tokio::test]
async fn who_is_forgotten_leaves_no_number(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    owing(&db, 1).await;
    let only = begin(&db, NOW).await;
    arrived(&db, "1").await;
    pushed(&db, Effect::ForgetPerson { who: "li".into() }).await;
    assert_eq!(waiting(&db, &only).await, None);
}

/// The end of a try and the event about it come in the same moment.
#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_end_and_an_event_at_once_miss_nothing(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    for turn in 0..30 {
        saved(&db, subscribe("a1", "li", true, NOW + turn * SECOND)).await;
        db.run(submit(None)).await;
        let one = begin(&db, NOW).await;
        let number = format!("n{turn}");
        let (settled, ()) =
            tokio::join!(db.run(ended(&one, JobStatus::Uncertain, None)), async { arrived(&db, &number).await });
        assert!(settled);
        assert_eq!(end_of(&db, &one).await, sent(&number), "turn {turn}");
        assert_eq!(waiting(&db, &one).await, None);
    }
}

/// WeChat took the second without saying its number: the event about it says nothing of the first, which never arrived.
#[rstest]
#[tokio::test]
async fn a_number_is_that_of_the_message_whose_answer_had_none(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
    #[values(0, 9 * SECOND)] later: i64,
    #[values(true, false)] early: bool,
) {
    let Some(db) = Db::fresh(engine).await else { return };
    owing(&db, 2).await;
    let first = begin(&db, NOW).await;
    assert!(db.run(ended(&first, JobStatus::Uncertain, None)).await);
    let second = begin(&db, NOW + later).await;
    let at = NOW + later + 999;
    if early {
        arrived_at(&db, "2", at).await;
    }
    assert!(db.run(ended(&second, JobStatus::Sent, None)).await);
    if !early {
        arrived_at(&db, "2", at).await;
    }
    assert_eq!(end_of(&db, &second).await, sent("2"));
    assert_eq!(end_of(&db, &first).await, (JobStatus::Uncertain, None));
    assert_eq!(subscription(&db).await.credits, LEAVE - 1);
    arrived_at(&db, "1", at).await;
    assert_eq!(end_of(&db, &first).await, sent("1"));
}

/// Somebody else sends for this mini program: what arrived before a try began, or long after, is not that.
#[rstest]
#[tokio::test]
async fn what_arrived_at_another_time_is_somebody_elses(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
    #[values(-HOUR, -MINUTE, HOUR)] after: i64,
) {
    let Some(db) = Db::fresh(engine).await else { return };
    owing(&db, 1).await;
    let only = begin(&db, NOW).await;
    assert!(db.run(ended(&only, JobStatus::Uncertain, None)).await);
    arrived_at(&db, "9", NOW + after).await;
    assert_eq!(end_of(&db, &only).await, (JobStatus::Uncertain, None));
    assert_eq!(subscription(&db).await.credits, LEAVE - 1, "it used one leave all the same");
    arrived_at(&db, "1", NOW + 999).await;
    assert_eq!(end_of(&db, &only).await, sent("1"));
}
