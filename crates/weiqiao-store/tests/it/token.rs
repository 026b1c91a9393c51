use rstest::rstest;
use weiqiao_model::AppId;
use weiqiao_store::facts::job::{HoldLane, ReleaseHold, SettleJob};
use weiqiao_store::facts::token::{
    ClaimTokenFetch, FailTokenFetch, FindToken, FreeTokenFetches, RejectToken, ReleaseTokenFetch, StoreToken,
    StoredToken, TokenClaim, TokenStored,
};

use crate::job;
use crate::job_outcome::failed as failed_try;
use crate::support::{Db, Engine, HOUR, MINI, MINUTE, NOW, OFFICIAL, SECOND, together};

const LEASE: i64 = 30 * SECOND;

/// Whoever asks beside the one that [`granted`] asks for.
fn claim(seen_generation: i64, now: i64) -> ClaimTokenFetch {
    ClaimTokenFetch {
        app_id: AppId::new(OFFICIAL),
        kind: "access".into(),
        seen_generation,
        is_dead: false,
        owner: "instance-2".into(),
        lease_ms: LEASE,
        now,
    }
}

fn store(seen_generation: i64, fence: i64, mark: u8, now: i64) -> StoreToken {
    StoreToken {
        app_id: AppId::new(OFFICIAL),
        kind: "access".into(),
        seen_generation,
        fence,
        sealed: vec![mark; 600],
        expires_at: now + 2 * HOUR,
        replaced_outside: false,
        now,
    }
}

async fn find(db: &Db) -> Option<StoredToken> {
    db.store.read(FindToken { app_id: AppId::new(OFFICIAL), kind: "access".into() }).await.unwrap()
}

async fn granted(db: &Db, seen_generation: i64, now: i64) -> i64 {
    match db.run(ClaimTokenFetch { owner: "instance-1".into(), ..claim(seen_generation, now) }).await {
        TokenClaim::Granted { fence } => fence,
        other => panic!("not granted: {other:?}"),
    }
}

async fn stored(db: &Db, command: StoreToken) -> StoredToken {
    match db.run(command).await {
        TokenStored::Stored(token) => token,
        other => panic!("not stored: {other:?}"),
    }
}

#[rstest]
#[tokio::test]
async fn the_first_token_is_fetched_and_seen_by_all(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    assert_eq!(find(&db).await, None);
    let fence = granted(&db, 0, NOW).await;
    assert_eq!(find(&db).await, None, "a lease is no token");
    assert_eq!(db.run(claim(0, NOW + SECOND)).await, TokenClaim::Busy { until: NOW + LEASE });
    let token = stored(&db, store(0, fence, 1, NOW + SECOND)).await;
    assert_eq!((token.generation, token.fetch_count, token.replaced_outside), (1, 1, 0));
    assert_eq!((token.expires_at, token.fetched_at), (NOW + SECOND + 2 * HOUR, NOW + SECOND));
    assert_eq!(find(&db).await, Some(token.clone()));
    assert_eq!(db.run(claim(0, NOW + 2 * SECOND)).await, TokenClaim::Newer(token));
    for (app_id, kind) in [(MINI, "access"), (OFFICIAL, "jsapi")] {
        let other = ClaimTokenFetch { app_id: AppId::new(app_id), kind: kind.into(), ..claim(0, NOW) };
        assert!(matches!(db.run(other).await, TokenClaim::Granted { .. }), "{app_id} {kind} is another token");
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_all_instances_fetches_per_expiry(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let instances = [db.store.clone(), db.another().await, db.another().await];
    for round in 0..10 {
        let now = NOW + round * 2 * HOUR;
        let asks = |number| ClaimTokenFetch { owner: format!("instance-{number}"), ..claim(round, now) };
        let claims = together(&instances, 24, asks).await;
        let fences: Vec<i64> = claims
            .into_iter()
            .filter_map(|claim| match claim.unwrap() {
                TokenClaim::Granted { fence } => Some(fence),
                TokenClaim::Busy { .. } => None,
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(fences.len(), 1, "round {round}");
        let token = stored(&db, store(round, fences[0], 1, now)).await;
        assert_eq!(token.generation, round + 1);
        let late = together(&instances, 12, |_| claim(round, now)).await;
        assert!(late.into_iter().all(|claim| claim.unwrap() == TokenClaim::Newer(token.clone())));
    }
    assert_eq!(find(&db).await.unwrap().fetch_count, 10);
}

#[rstest]
#[tokio::test]
async fn a_holder_who_slept_past_the_lease_cannot_store(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let sleeper = granted(&db, 0, NOW).await;
    assert_eq!(db.run(claim(0, NOW + LEASE - 1)).await, TokenClaim::Busy { until: NOW + LEASE });
    let successor = granted(&db, 0, NOW + LEASE).await;
    assert!(successor > sleeper);

    assert_eq!(db.run(store(0, sleeper, 1, NOW + MINUTE)).await, TokenStored::Refused(None), "before the successor");
    let token = stored(&db, store(0, successor, 2, NOW + MINUTE)).await;
    let late = db.run(store(0, sleeper, 1, NOW + MINUTE)).await;
    assert_eq!(late, TokenStored::Refused(Some(token.clone())), "and after");
    assert_eq!(db.run(store(1, sleeper, 1, NOW + MINUTE)).await, TokenStored::Refused(Some(token.clone())));
    let fail = FailTokenFetch {
        app_id: AppId::new(OFFICIAL),
        kind: "access".into(),
        fence: sleeper,
        cool_downs_ms: vec![HOUR],
        now: NOW + MINUTE,
    };
    assert_eq!(db.run(fail).await, None);
    let release = |fence| ReleaseTokenFetch { app_id: AppId::new(OFFICIAL), kind: "access".into(), fence };
    assert!(!db.run(release(sleeper)).await);
    assert_eq!(find(&db).await, Some(token));
}

#[rstest]
#[tokio::test]
async fn an_older_token_never_overwrites_a_newer_one(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let fence = granted(&db, 0, NOW).await;
    stored(&db, store(0, fence, 1, NOW)).await;
    let fence = granted(&db, 1, NOW + HOUR).await;
    let newest = stored(&db, store(1, fence, 2, NOW + HOUR)).await;
    assert_eq!(newest.generation, 2);
    for seen in [0, 1] {
        let again = db.run(store(seen, fence, 9, NOW + 2 * HOUR)).await;
        assert_eq!(again, TokenStored::Refused(Some(newest.clone())), "seen {seen}");
    }
    // Somebody knows a newer one than the database, which came from a backup: generations go on from there.
    let fence = granted(&db, 7, NOW + 2 * HOUR).await;
    assert_eq!(stored(&db, store(7, fence, 3, NOW + 2 * HOUR)).await.generation, 8);
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_several_stores_with_one_lease_one_wins(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let fence = granted(&db, 0, NOW).await;
    let mark = |number: usize| u8::try_from(number).unwrap();
    let answers =
        together(&[db.store.clone(), db.another().await], 20, |number| store(0, fence, mark(number), NOW)).await;
    let answers: Vec<_> = answers.into_iter().map(Result::unwrap).collect();
    let newest = find(&db).await.unwrap();
    assert_eq!((newest.generation, newest.fetch_count), (1, 1));
    for answer in &answers {
        let (TokenStored::Stored(token) | TokenStored::Refused(Some(token))) = answer else { panic!("{answer:?}") };
        assert_eq!(*token, newest);
    }
    assert_eq!(answers.iter().filter(|answer| matches!(answer, TokenStored::Stored(_))).count(), 1);
}

#[rstest]
#[tokio::test]
async fn a_released_lease_is_free_at_once(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let fence = granted(&db, 0, NOW).await;
    let release = ReleaseTokenFetch { app_id: AppId::new(OFFICIAL), kind: "access".into(), fence };
    assert!(db.run(release).await);
    assert!(granted(&db, 0, NOW).await > fence);
}

#[rstest]
#[tokio::test]
async fn fetches_that_fail_wait_longer_and_longer(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let fail = |fence, now| FailTokenFetch {
        app_id: AppId::new(OFFICIAL),
        kind: "access".into(),
        fence,
        cool_downs_ms: vec![0, SECOND, MINUTE],
        now,
    };
    let mut now = NOW;
    for (failures, wait) in [(1, 0), (2, SECOND), (3, MINUTE), (4, MINUTE)] {
        let fence = granted(&db, 0, now).await;
        let failed = db.run(fail(fence, now)).await.unwrap();
        assert_eq!((failed.failures, failed.retry_at), (failures, now + wait));
        if wait > 0 {
            let early = db.run(claim(0, now + wait - 1)).await;
            assert_eq!(early, TokenClaim::CoolingDown { until: now + wait, failures, rejections: 0 });
        }
        now += wait;
    }
    let fence = granted(&db, 0, now).await;
    stored(&db, store(0, fence, 1, now)).await;
    let fence = granted(&db, 1, now).await;
    assert_eq!(db.run(fail(fence, now)).await.unwrap().failures, 1, "a success starts the count anew");
}

#[rstest]
#[tokio::test]
async fn fresh_tokens_that_are_refused_at_once_stop_the_fetching(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(db) = Db::fresh(engine).await else { return };
    let reject = |generation, now| RejectToken {
        app_id: AppId::new(OFFICIAL),
        kind: "access".into(),
        generation,
        cool_downs_ms: vec![0, 10 * MINUTE],
        now,
    };
    let early = |seen, fence, now| StoreToken { replaced_outside: true, ..store(seen, fence, 1, now) };
    let fence = granted(&db, 0, NOW).await;
    stored(&db, store(0, fence, 1, NOW)).await;
    assert_eq!(db.run(reject(9, NOW)).await, None, "no such token");
    let fence = granted(&db, 1, NOW).await;
    assert_eq!(stored(&db, early(1, fence, NOW)).await.replaced_outside, 1);

    let first = db.run(reject(2, NOW)).await.unwrap();
    assert_eq!((first.rejections, first.retry_at), (1, NOW));
    assert_eq!(db.run(reject(2, NOW)).await, None, "a generation counts once");
    assert_eq!(db.run(reject(1, NOW)).await, None, "it was replaced meanwhile");
    let fence = granted(&db, 2, NOW).await;
    stored(&db, early(2, fence, NOW)).await;
    let second = db.run(reject(3, NOW + SECOND)).await.unwrap();
    assert_eq!((second.rejections, second.retry_at), (2, NOW + SECOND + 10 * MINUTE));
    let cooling = TokenClaim::CoolingDown { until: second.retry_at, failures: 0, rejections: 2 };
    assert_eq!(db.run(claim(3, NOW + 9 * MINUTE)).await, cooling);

    let later = NOW + 2 * HOUR;
    let fence = granted(&db, 3, later).await;
    let token = stored(&db, store(3, fence, 4, later)).await;
    assert_eq!((token.generation, token.replaced_outside, token.fetch_count), (4, 2, 4));
    assert_eq!(db.run(reject(4, later)).await.unwrap().rejections, 1, "a token that lived its time clears the count");
}

#[rstest]
#[tokio::test]
async fn a_new_process_ends_the_leases_of_the_dead_and_not_its_own(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(db) = Db::fresh(engine).await else { return };
    let dead = granted(&db, 0, NOW).await;
    assert_eq!(db.run(FreeTokenFetches { but: "instance-1".into() }).await, 0);
    assert_eq!(db.run(claim(0, NOW + SECOND)).await, TokenClaim::Busy { until: NOW + LEASE });
    assert_eq!(db.run(FreeTokenFetches { but: "instance-2".into() }).await, 1);
    let fence = granted(&db, 0, NOW + SECOND).await;
    assert!(
        matches!(db.run(store(0, dead, 1, NOW + SECOND)).await, TokenStored::Refused(None)),
        "it was not dead at all"
    );
    assert_eq!(stored(&db, store(0, fence, 2, NOW + SECOND)).await.generation, 1);
}

/// What it fetched could not be stored: nobody has to wait for the end of its lease.
#[rstest]
#[tokio::test]
async fn whoever_has_the_lease_gets_it_again(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let first = granted(&db, 0, NOW).await;
    let second = granted(&db, 0, NOW + SECOND).await;
    assert!(second > first);
    assert!(matches!(db.run(claim(0, NOW + SECOND)).await, TokenClaim::Busy { .. }), "others wait");
    assert_eq!(db.run(store(0, first, 1, NOW + SECOND)).await, TokenStored::Refused(None));
    assert_eq!(stored(&db, store(0, second, 2, NOW + SECOND)).await.generation, 1);
}

/// Also when no other can be had, and after a restart: whoever knows nothing learns it with the token.
#[rstest]
#[tokio::test]
async fn a_dead_token_is_known_to_be_dead(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let fence = granted(&db, 0, NOW).await;
    assert!(!stored(&db, store(0, fence, 1, NOW)).await.is_dead);
    let dead = |seen_generation| ClaimTokenFetch { is_dead: true, ..claim(seen_generation, NOW + SECOND) };
    assert!(matches!(db.run(dead(1)).await, TokenClaim::Granted { .. }));
    assert!(find(&db).await.unwrap().is_dead);
    let newer = db.run(claim(0, NOW + 2 * SECOND)).await;
    assert!(matches!(&newer, TokenClaim::Newer(token) if token.is_dead), "{newer:?}");
    let fence = granted(&db, 1, NOW + HOUR).await;
    assert!(!stored(&db, store(1, fence, 2, NOW + HOUR)).await.is_dead);
    db.run(dead(1)).await;
    assert!(!find(&db).await.unwrap().is_dead, "another one was");
}

/// Whoever ends the hold of an account's jobs says that the cause is gone.
#[rstest]
#[tokio::test]
async fn the_end_of_a_hold_ends_the_rest_of_the_token(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let release = ReleaseHold { account: OFFICIAL.into(), kind: job::KIND.into() };
    let failed = FailTokenFetch {
        app_id: AppId::new(OFFICIAL),
        kind: "access".into(),
        fence: granted(&db, 0, NOW).await,
        cool_downs_ms: vec![HOUR],
        now: NOW,
    };
    assert!(db.run(failed).await.is_some());
    assert!(!db.run(release.clone()).await, "nothing is held");
    assert!(matches!(db.run(claim(0, NOW + SECOND)).await, TokenClaim::CoolingDown { .. }));
    job::add(&db, vec![job::job(NOW)]).await;
    let one = job::claimed(&db, "a", NOW).await.remove(0);
    let n = job::start(&db, &one, "a", NOW).await.unwrap();
    let (account, kind, reason) = (OFFICIAL.into(), job::KIND.into(), "account".into());
    let hold = HoldLane { account, kind, reason, errcode: Some(40164), until: NOW + HOUR, failures: 1 };
    db.run(SettleJob { hold: Some(hold), counts: false, ..failed_try(&one, n, NOW, NOW) }).await;
    assert!(db.run(release).await);
    assert!(matches!(db.run(claim(0, NOW + SECOND)).await, TokenClaim::Granted { .. }));
}
