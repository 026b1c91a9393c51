use rstest::rstest;
use weiqiao_model::AppId;
use weiqiao_store::facts::follower::{Followed, Left, ListFollowers, StoredFollower};
use weiqiao_store::facts::identity::FindIdentity;
use weiqiao_store::facts::inbox::{
    AcceptCallback, AcknowledgeCallback, BeginCallback, ClaimReply, Decision, Effect, FindDecision, FindInbox,
    FinishCallback, Finished, Late, ListInbox, ListRecent, ListUndecided, NewPush, Outcome, Patience, Receipt,
    RenewCallback, SendHeld, SweepInbox, TakeOverCallback,
};
use weiqiao_store::facts::job::{ListJobs, NewJob};
use weiqiao_store::facts::login::RecordLogin;
use weiqiao_store::facts::session::FindSession;

use crate::auth_record;
use crate::support::{DAY, Db, Engine, MINUTE, NOW, OFFICIAL, SECOND, id, login, together};

fn push(key: &str) -> NewPush {
    NewPush {
        id: id::<weiqiao_model::id::kind::Job>().into_string(),
        app_id: OFFICIAL.into(),
        account: "official".into(),
        dedup_key: key.into(),
        body: b"sealed body".to_vec(),
        kind: "message",
        msg_type: "text".into(),
        event: None,
        who: Some("who-1".into()),
        form: "safe xml".into(),
        sent_at: NOW - SECOND,
        received_at: NOW,
    }
}

/// It came then; its id was made then too.
fn came(push: &mut NewPush, received_at: i64) {
    let clock = weiqiao_model::ManualClock::at(received_at);
    push.id = weiqiao_model::new_id::<weiqiao_model::id::kind::Job>(&clock, &weiqiao_model::OsRng).into_string();
    push.received_at = received_at;
}

fn job() -> NewJob {
    NewJob {
        id: id::<weiqiao_model::id::kind::Job>().into_string(),
        kind: "webhook",
        account: "-".into(),
        serial_key: None,
        origin: Some("inbox:1".into()),
        payload: b"sealed".to_vec(),
        run_at: NOW,
        expires_at: NOW + DAY,
        created_at: NOW,
    }
}

fn outcome(reply: Option<&[u8]>) -> Outcome {
    Outcome {
        reply: reply.map(<[u8]>::to_vec),
        decided_by: "rule:1".into(),
        decided_at: NOW,
        response_ms: 3,
        jobs: vec![job()],
    }
}

fn accept(key: &str) -> AcceptCallback {
    AcceptCallback { push: push(key), outcome: outcome(Some(b"reply")), effects: Vec::new() }
}

fn begin(key: &str) -> BeginCallback {
    BeginCallback { push: push(key), jobs: Vec::new(), effects: Vec::new(), lease_until: NOW + 6 * SECOND }
}

fn finish(id: &str, fence: i64, reply: Option<&[u8]>, waiting: bool) -> FinishCallback {
    FinishCallback {
        id: id.to_owned(),
        fence,
        outcome: outcome(reply),
        waiting,
        late: Late { decided_by: "late rule:1".into(), jobs: vec![job()] },
        patience: Patience { deliveries: 3, within_ms: 15 * SECOND, pause_ms: SECOND },
    }
}

async fn jobs(db: &Db) -> u64 {
    db.store.read(ListJobs { page: 1, page_size: 200, ..ListJobs::default() }).await.unwrap().total
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_copies_at_once_one_has_effects_and_all_get_its_answer(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(db) = Db::fresh(engine).await else { return };
    let instances = [db.store.clone(), db.another().await, db.another().await];
    let (pushes, copies) = (60, 3);
    let receipts = together(&instances, pushes * copies, |number| accept(&format!("key {}", number % pushes))).await;
    let receipts: Vec<_> = receipts.into_iter().map(Result::unwrap).collect();
    assert_eq!(receipts.iter().filter(|receipt| **receipt == Receipt::New).count(), pushes);
    for receipt in receipts {
        if let Receipt::Again { decision, .. } = receipt {
            assert_eq!(decision, Decision::Done(Some(b"reply".to_vec())));
        }
    }
    assert_eq!(jobs(&db).await, pushes as u64, "one per push");
    let page = db.store.read(ListInbox { page: 1, page_size: 200, ..ListInbox::default() }).await.unwrap();
    assert_eq!(page.total, pushes as u64);
    assert!(page.items.iter().all(|push| push.copies == 3 && push.done && push.replied));
}

#[rstest]
#[tokio::test]
async fn one_key_is_one_push_within_one_account(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    assert_eq!(db.run(accept("a")).await, Receipt::New);
    let mut elsewhere = accept("a");
    elsewhere.push.app_id = "wx9".into();
    assert_eq!(db.run(elsewhere).await, Receipt::New);
    assert!(matches!(db.run(accept("a")).await, Receipt::Again { .. }));
    assert_eq!(db.run(accept("b")).await, Receipt::New);
}

#[rstest]
#[tokio::test]
async fn a_decision_that_takes_time_is_finished_once_by_the_newest_fence(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(db) = Db::fresh(engine).await else { return };
    let first = begin("a");
    let id = first.push.id.clone();
    assert_eq!(db.run(first).await, Receipt::New);
    let deciding = Decision::Deciding { lease_until: NOW + 6 * SECOND };
    assert_eq!(db.run(begin("a")).await, Receipt::Again { id: id.clone(), decision: deciding.clone() });
    assert_eq!(db.run(accept("a")).await, Receipt::Again { id: id.clone(), decision: deciding });

    let take = |now| TakeOverCallback { id: id.clone(), lease_until: now + 6 * SECOND, now, waiting: false };
    let renew = |fence| RenewCallback { id: id.clone(), fence, lease_until: NOW + 8 * SECOND };
    assert!(db.run(renew(1)).await);
    assert_eq!(db.run(take(NOW + 7 * SECOND)).await, None, "the lease was renewed");
    let undecided = |now| ListUndecided { now, limit: 10 };
    assert_eq!(db.store.read(undecided(NOW + 7 * SECOND)).await.unwrap(), Vec::<String>::new());
    assert_eq!(db.store.read(undecided(NOW + 8 * SECOND)).await.unwrap(), std::slice::from_ref(&id));
    assert_eq!(db.run(take(NOW + 8 * SECOND)).await, Some(2));
    assert_eq!(db.run(take(NOW + 8 * SECOND)).await, None, "somebody else has it");
    assert!(!db.run(renew(1)).await);

    let finish = |fence, reply| finish(&id, fence, reply, true);
    assert_eq!(db.run(finish(1, Some(b"old"))).await, None, "whoever was silent for too long does not count");
    assert_eq!(jobs(&db).await, 0);
    assert_eq!(db.run(finish(2, Some(b"new"))).await, Some(Finished::Given));
    assert_eq!(db.run(finish(2, None)).await, None, "once");
    assert_eq!(jobs(&db).await, 1);
    let decision = db.store.read(FindDecision { id: id.clone() }).await.unwrap();
    assert_eq!(decision, Some(Decision::Done(Some(b"new".to_vec()))));
    assert_eq!(db.run(take(NOW + DAY)).await, None);
    let found = db.store.read(FindInbox { id }).await.unwrap().unwrap();
    assert_eq!((found.listed.decided_by.as_deref(), found.listed.copies), (Some("rule:1"), 3));
    assert_eq!(found.body.as_deref(), Some(&b"sealed body"[..]));
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_nobody_waits_for_is_claimed_or_sent_and_never_both(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(db) = Db::fresh(engine).await else { return };
    let held = |until| Some(Finished::Held { until });
    let send = |id: &str, now| SendHeld { id: id.to_owned(), now, decided_by: "late".into(), jobs: vec![job()] };
    let mut ids = Vec::new();
    for (key, copies, acknowledged, finished) in [
        ("first", 1, false, held(NOW + 15 * SECOND)),
        ("last", 3, false, held(NOW + SECOND)),
        ("told", 1, true, Some(Finished::Late)),
    ] {
        let first = begin(key);
        let id = first.push.id.clone();
        db.run(first).await;
        for _ in 1..copies {
            db.run(begin(key)).await;
        }
        let acknowledge = AcknowledgeCallback { id: id.clone(), response_ms: 4_500 };
        assert!(!acknowledged || db.run(acknowledge.clone()).await);
        assert!(!db.run(ClaimReply { id: id.clone() }).await, "nothing is there yet");
        assert_eq!(db.run(finish(&id, 1, Some(b"reply"), false)).await, finished, "{key}");
        assert!(!db.run(acknowledge).await, "it is decided");
        assert_eq!(db.run(finish(&id, 1, Some(b"reply"), true)).await, None, "once");
        ids.push(id);
    }
    // One of its own for each decision, and one for what was late.
    assert_eq!(jobs(&db).await, 4);
    let listed = db.store.read(FindInbox { id: ids[0].clone() }).await.unwrap().unwrap();
    assert_eq!((listed.listed.done, listed.listed.replied, listed.reply), (false, false, None));
    let again = TakeOverCallback { id: ids[0].clone(), lease_until: NOW + DAY, now: NOW + DAY, waiting: true };
    assert_eq!(db.run(again).await, None, "it is decided");
    assert!(!db.run(send(&ids[0], NOW + 14 * SECOND)).await, "a copy may come");
    let late = ListUndecided { now: NOW + 15 * SECOND, limit: 10 };
    assert_eq!(db.store.read(late).await.unwrap().len(), 2);

    let instances = [db.store.clone(), db.another().await];
    let claims = together(&instances[..1], 10, |_| ClaimReply { id: ids[0].clone() });
    let sends = together(&instances[1..], 10, |_| send(&ids[0], NOW + 15 * SECOND));
    let (claims, sends) = tokio::join!(claims, sends);
    let [claims, sends] = [claims, sends].map(|all| all.into_iter().map(Result::unwrap).filter(|won| *won).count());
    assert_eq!(claims + sends, 1);
    assert_eq!(jobs(&db).await, 4 + sends as u64);
    let decision = db.store.read(FindDecision { id: ids[0].clone() }).await.unwrap();
    assert_eq!(decision, Some(Decision::Done((claims == 1).then(|| b"reply".to_vec()))));
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_who_go_on_one_does(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let first = begin("a");
    let id = first.push.id.clone();
    db.run(first).await;
    let instances = [db.store.clone(), db.another().await];
    let now = NOW + MINUTE;
    let take = |_| TakeOverCallback { id: id.clone(), lease_until: now + SECOND, now, waiting: false };
    let fences: Vec<_> = together(&instances, 20, take).await.into_iter().filter_map(Result::unwrap).collect();
    assert_eq!(fences, [2]);
}

fn follow(at: i64, scene: Option<&str>) -> Effect {
    let scene = scene.map(str::to_owned);
    Effect::Follow(Followed { who: "who-1".into(), openid: b"sealed".to_vec(), scene, at })
}

fn leave(at: i64) -> Effect {
    Effect::Leave(Left { who: "who-1".into(), at })
}

async fn happens(db: &Db, effect: Effect) {
    let key = id::<weiqiao_model::id::kind::Job>().into_string();
    assert_eq!(db.run(AcceptCallback { effects: vec![effect], ..accept(&key) }).await, Receipt::New);
}

async fn follower(db: &Db) -> StoredFollower {
    let mut page = db.store.read(ListFollowers { page: 1, page_size: 10, ..ListFollowers::default() }).await.unwrap();
    assert_eq!(page.total, 1);
    page.items.remove(0)
}

#[rstest]
#[case::in_order(&[0, 1, 2])]
#[case::backwards(&[2, 1, 0])]
#[case::shuffled(&[1, 0, 2])]
#[case::shuffled_otherwise(&[0, 2, 1])]
#[tokio::test]
async fn the_newest_event_says_who_follows(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
    #[case] order: &[usize],
) {
    let Some(db) = Db::fresh(engine).await else { return };
    let effects = [follow(NOW, Some("42")), leave(NOW + SECOND), follow(NOW + MINUTE, Some("43"))];
    for number in order {
        happens(&db, effects[*number].clone()).await;
    }
    let found = follower(&db).await;
    assert!(found.subscribed);
    assert_eq!((found.changed_at, found.subscribed_at), (NOW + MINUTE, Some(NOW + MINUTE)));
    assert_eq!((found.scene.as_deref(), found.openid.as_deref()), (Some("43"), Some(&b"sealed"[..])));
}

#[rstest]
#[tokio::test]
async fn who_leaves_is_forgotten_unless_they_came_back(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let said = accept("said");
    let said_id = said.push.id.clone();
    db.run(said).await;
    happens(&db, follow(NOW + MINUTE, None)).await;
    happens(&db, leave(NOW)).await;
    let body = || async { db.store.read(FindInbox { id: said_id.clone() }).await.unwrap().unwrap().body };
    assert!(follower(&db).await.subscribed, "the older event comes late");
    assert!(body().await.is_some());

    happens(&db, leave(NOW + 2 * MINUTE)).await;
    let found = follower(&db).await;
    assert_eq!((found.subscribed, found.openid), (false, None));
    assert_eq!(body().await, None);
    assert!(matches!(db.run(accept("said")).await, Receipt::Again { decision: Decision::Done(None), .. }));
}

#[rstest]
#[tokio::test]
async fn personal_data_go_when_wechat_says_so(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let logins = [("who-1", "o1"), ("who-2", "o2")]
        .map(|(who, openid)| RecordLogin { openid_index: who.into(), ..login(openid) });
    let sessions = [logins[0].session.id.clone(), logins[1].session.id.clone()];
    for login in logins {
        db.run(login).await;
    }
    let identity = |who: &str| FindIdentity { app_id: AppId::new(OFFICIAL), openid_index: who.to_owned() };
    let who = "who-1".to_owned();
    db.run(auth_record::record("r1", "who-1")).await;
    db.run(auth_record::record("r2", "who-2")).await;
    happens(&db, Effect::ForgetProfile { who: who.clone() }).await;
    assert_eq!(auth_record::find(&db, "who-1").await.unwrap().profile, None);
    let found = db.store.read(identity("who-1")).await.unwrap().unwrap();
    assert_eq!((found.person.profile, found.person.openid), (None, Some(b"o1".to_vec())));
    assert!(db.store.read(FindSession { id: sessions[0].clone() }).await.unwrap().is_some(), "the session goes on");

    happens(&db, follow(NOW, None)).await;
    happens(&db, Effect::ForgetPerson { who }).await;
    assert_eq!(auth_record::find(&db, "who-1").await, None);
    assert!(auth_record::find(&db, "who-2").await.unwrap().profile.is_some(), "somebody else");
    assert!(db.store.read(identity("who-1")).await.unwrap().is_none());
    assert!(db.store.read(FindSession { id: sessions[0].clone() }).await.unwrap().is_none());
    assert_eq!(db.store.read(ListFollowers { page: 1, page_size: 10, ..Default::default() }).await.unwrap().total, 0);
    let page = db.store.read(ListInbox { page: 1, page_size: 10, ..ListInbox::default() }).await.unwrap();
    assert!(page.items.iter().filter(|push| push.replied).count() <= 1, "only the event itself");
    assert!(db.store.read(identity("who-2")).await.unwrap().is_some(), "somebody else");
    assert!(db.store.read(FindSession { id: sessions[1].clone() }).await.unwrap().is_some());
}

#[rstest]
#[tokio::test]
async fn the_list_is_filtered_and_the_old_go(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    for number in 0..5_i64 {
        let mut accept = accept(&number.to_string());
        came(&mut accept.push, NOW + number * MINUTE);
        if number == 3 {
            (accept.push.kind, accept.push.msg_type) = ("event", "event".into());
            accept.push.event = Some("subscribe".into());
        }
        db.run(accept).await;
    }
    let mut undecided = begin("undecided");
    came(&mut undecided.push, NOW);
    db.run(undecided).await;
    let list = |change: fn(&mut ListInbox)| {
        let mut list = ListInbox { page: 1, page_size: 2, ..ListInbox::default() };
        change(&mut list);
        list
    };
    for (change, total) in [
        ((|_| {}) as fn(&mut ListInbox), 6),
        (|list| list.word = Some("subscribe".into()), 1),
        (|list| list.word = Some("text".into()), 5),
        (|list| list.done = Some(false), 1),
        (|list| list.account = Some("shop".into()), 0),
        (|list| list.who = Some("who-1".into()), 6),
        (|list| list.decided_by = Some("rule:1".into()), 5),
        (|list| list.since = Some(NOW + 3 * MINUTE), 2),
        (|list| list.until = Some(NOW + MINUTE), 2),
    ] {
        assert_eq!(db.store.read(list(change)).await.unwrap().total, total);
    }
    let page = db.store.read(list(|list| list.page = 2)).await.unwrap();
    assert_eq!(page.items.len(), 2);
    assert_eq!(page.items[0].received_at, NOW + 2 * MINUTE, "the newest first");

    assert_eq!(db.run(SweepInbox { before: NOW + 2 * MINUTE, limit: 100 }).await, 2, "not what is undecided");
    assert_eq!(db.run(accept("0")).await, Receipt::New);
}

#[rstest]
#[tokio::test]
async fn what_came_lately_is_listed_in_its_order(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let at = |key: &str, received_at: i64| {
        let mut accept = accept(key);
        came(&mut accept.push, received_at);
        accept
    };
    let mut elsewhere = begin("c");
    (elsewhere.push.app_id, elsewhere.push.account) = ("wx9".into(), "shop".into());
    came(&mut elsewhere.push, NOW + 2 * SECOND);
    let second = at("b", NOW + SECOND);
    let id = second.push.id.clone();
    db.run(elsewhere).await;
    db.run(second).await;
    db.run(at("a", NOW)).await;
    let list = |since, account: Option<&str>| ListRecent { since, account: account.map(str::to_owned), limit: 10 };
    let recent = db.store.read(list(NOW + SECOND, None)).await.unwrap();
    let seen: Vec<_> = recent.iter().map(|push| (push.account.as_str(), push.done, push.received_at)).collect();
    assert_eq!(seen, [("official", true, NOW + SECOND), ("shop", false, NOW + 2 * SECOND)]);
    assert_eq!(
        (recent[0].id.as_str(), recent[0].msg_type.as_str(), recent[0].event.clone()),
        (id.as_str(), "text", None)
    );
    assert_eq!(db.store.read(list(NOW, Some("official"))).await.unwrap().len(), 2);
    assert_eq!(db.store.read(ListRecent { limit: 1, ..list(0, None) }).await.unwrap()[0].received_at, NOW);
}
