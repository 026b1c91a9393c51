use rstest::rstest;
use weiqiao_model::AppId;
use weiqiao_store::facts::code::{ClaimCode, CodeClaim, CodeOutcome, ReleaseCode, SettleCode, SweepCodes};

use crate::support::{Db, Engine, MINI, MINUTE, NOW, OFFICIAL, SECOND, together};

fn claim(browser: Option<&str>) -> ClaimCode {
    ClaimCode {
        code_hash: "hash-of-code".into(),
        app_id: AppId::new(OFFICIAL),
        kind: "oauth".into(),
        browser_hash: browser.map(str::to_owned),
        reuse_ms: MINUTE,
        ttl_ms: 10 * MINUTE,
        now: NOW,
    }
}

fn settle(outcome: CodeOutcome) -> SettleCode {
    SettleCode { code_hash: "hash-of-code".into(), outcome }
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_at_once_one_may_exchange_the_code(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let instances = [db.store.clone(), db.another().await, db.another().await];
    let claims = together(&instances, 60, |number| claim(Some(["mine", "theirs"][number % 2]))).await;
    let claims: Vec<_> = claims.into_iter().map(Result::unwrap).collect();
    assert_eq!(claims.iter().filter(|claim| **claim == CodeClaim::New).count(), 1);
    assert_eq!(claims.iter().filter(|claim| matches!(claim, CodeClaim::Mine { .. })).count(), 29);
    assert_eq!(claims.iter().filter(|claim| **claim == CodeClaim::Foreign).count(), 30);
}

#[rstest]
#[tokio::test]
async fn the_same_browser_gets_the_same_result_for_a_minute(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(db) = Db::fresh(engine).await else { return };
    assert_eq!(db.run(claim(Some("mine"))).await, CodeClaim::New);
    let pending = CodeClaim::Mine { outcome: CodeOutcome::Pending, claimed_at: NOW };
    assert_eq!(db.run(claim(Some("mine"))).await, pending);
    assert!(!db.run(settle(CodeOutcome::Pending)).await);
    assert!(db.run(settle(CodeOutcome::Done(vec![1, 2, 3]))).await);
    assert!(!db.run(settle(CodeOutcome::Failed(vec![4]))).await, "the first outcome stays");

    let at = |now, browser| ClaimCode { now, ..claim(browser) };
    let done = CodeClaim::Mine { outcome: CodeOutcome::Done(vec![1, 2, 3]), claimed_at: NOW };
    assert_eq!(db.run(at(NOW + MINUTE - 1, Some("mine"))).await, done);
    assert_eq!(db.run(at(NOW + MINUTE, Some("mine"))).await, CodeClaim::Foreign);
    assert_eq!(db.run(at(NOW + SECOND, Some("theirs"))).await, CodeClaim::Foreign);
    assert_eq!(db.run(at(NOW + SECOND, None)).await, CodeClaim::Foreign);
    let other_kind = ClaimCode { kind: "mini".into(), ..claim(Some("mine")) };
    assert_eq!(db.run(other_kind).await, CodeClaim::Foreign);
    let other_account = ClaimCode { app_id: AppId::new(MINI), ..claim(Some("mine")) };
    assert_eq!(db.run(other_account).await, CodeClaim::Foreign);
}

#[rstest]
#[tokio::test]
async fn callers_without_a_browser_are_never_the_same(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    assert_eq!(db.run(claim(None)).await, CodeClaim::New);
    assert_eq!(db.run(claim(None)).await, CodeClaim::Foreign);
}

#[rstest]
#[tokio::test]
async fn a_refusal_is_the_same_for_everybody_who_waits(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    db.run(claim(Some("mine"))).await;
    assert!(db.run(settle(CodeOutcome::Failed(b"40029".to_vec()))).await);
    let refused = CodeClaim::Mine { outcome: CodeOutcome::Failed(b"40029".to_vec()), claimed_at: NOW };
    assert_eq!(db.run(claim(Some("mine"))).await, refused);
}

#[rstest]
#[tokio::test]
async fn a_code_that_never_left_is_given_back(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let release = || ReleaseCode { code_hash: "hash-of-code".into() };
    db.run(claim(Some("mine"))).await;
    assert!(db.run(release()).await);
    assert_eq!(db.run(claim(Some("theirs"))).await, CodeClaim::New);
    db.run(settle(CodeOutcome::Done(vec![1]))).await;
    assert!(!db.run(release()).await, "WeChat has seen it");
}

#[rstest]
#[tokio::test]
async fn results_go_after_a_minute_and_hashes_after_ten(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    db.run(claim(Some("mine"))).await;
    db.run(settle(CodeOutcome::Done(vec![1]))).await;
    let sweep = |now| SweepCodes { now, limit: 100 };
    assert_eq!(db.run(sweep(NOW + MINUTE)).await, 0);
    let still = CodeClaim::Mine { outcome: CodeOutcome::Done(vec![1]), claimed_at: NOW };
    assert_eq!(db.run(claim(Some("mine"))).await, still);

    assert_eq!(db.run(sweep(NOW + MINUTE + 1)).await, 0);
    assert_eq!(db.run(claim(Some("mine"))).await, CodeClaim::Foreign, "the result is gone");
    assert_eq!(db.run(sweep(NOW + 10 * MINUTE)).await, 0);
    assert_eq!(db.run(claim(Some("theirs"))).await, CodeClaim::Foreign, "the hash is still known");
    assert_eq!(db.run(sweep(NOW + 10 * MINUTE + 1)).await, 1);
    assert_eq!(db.run(claim(Some("theirs"))).await, CodeClaim::New);
}
