use rstest::rstest;
use rusqlite::Connection;
use weiqiao_model::{Rng as _, SeededRng};
use weiqiao_store::facts::audit::{
    AuditBreak, AuditHash, AuditStretch, Audited, ChainKey, CountAudit, EnsureAuditKey, ListAudit, NewAudit,
    RecordAudit, ReplaceAuditKey, VerifyAudit,
};
use weiqiao_store::facts::setting::{FindSetting, PutOnce, PutSettingOnce};
use weiqiao_store::{Store, StoreErrorKind};

use crate::support::{Db, Engine, NOW, raw, together};

fn key() -> ChainKey {
    ChainKey::new([7; 32])
}

fn deed(number: i64) -> NewAudit {
    NewAudit {
        id: format!("id-{number}"),
        at: NOW + number,
        actor_kind: if number % 2 == 0 { "staff" } else { "key" },
        actor_id: format!("actor-{}", number % 3),
        deed: if number % 5 == 0 { "logout" } else { "login" },
        target_kind: "staff",
        target_id: format!("target-{number}"),
        request_id: (number % 4 != 0).then(|| format!("req-{number}")),
        detail: vec![1, 2, 3, u8::try_from(number % 250).unwrap()],
        before: (number % 3 == 0).then(|| "00ff".to_owned()),
        after: None,
        chain_key: key(),
    }
}

async fn begun(engine: Engine) -> Option<Db> {
    let db = Db::fresh(engine).await?;
    assert_eq!(db.run(EnsureAuditKey { sealed: b"sealed".to_vec(), now: NOW }).await, b"sealed");
    Some(db)
}

async fn verify(store: &Store) -> Option<AuditBreak> {
    verify_with(store, key(), 7).await.broken
}

async fn verify_with(store: &Store, key: ChainKey, limit: u32) -> AuditStretch {
    let mut after: Option<(i64, AuditHash)> = None;
    loop {
        let stretch = store.read(VerifyAudit { after, limit, key: key.clone() }).await.unwrap();
        if stretch.end || stretch.broken.is_some() {
            return stretch;
        }
        after = Some(stretch.good);
    }
}

#[rstest]
#[tokio::test]
async fn deeds_are_chained_listed_and_verified(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = begun(engine).await else { return };
    assert_eq!(verify(&db.store).await, None, "an empty chain is good");
    for number in 1..=20 {
        db.run(RecordAudit(deed(number))).await;
    }
    let stretch = verify_with(&db.store, key(), 7).await;
    assert_eq!((stretch.broken, stretch.good.0), (None, 20));
    assert_eq!(db.store.read(CountAudit).await.unwrap(), Some(stretch.good));
    let foreign = verify_with(&db.store, ChainKey::new([8; 32]), 100).await;
    assert_eq!(foreign.broken, Some(AuditBreak::Altered(1)), "without the key nobody makes a chain that fits");

    let page = db.store.read(ListAudit { page: 2, page_size: 6, ..ListAudit::default() }).await.unwrap();
    assert_eq!((page.total, page.items.len(), page.items[0].n), (20, 6, 14));
    let of = async |list: ListAudit| db.store.read(ListAudit { page_size: 50, ..list }).await.unwrap().total;
    assert_eq!(of(ListAudit { deed: Some("logout".into()), ..ListAudit::default() }).await, 4);
    assert_eq!(of(ListAudit { actor_kind: Some("staff".into()), ..ListAudit::default() }).await, 10);
    assert_eq!(of(ListAudit { actor_id: Some("actor-1".into()), ..ListAudit::default() }).await, 7);
    assert_eq!(of(ListAudit { target_id: Some("target-3".into()), ..ListAudit::default() }).await, 1);
    assert_eq!(of(ListAudit { target_kind: Some("lead".into()), ..ListAudit::default() }).await, 0);
    assert_eq!(of(ListAudit { request_id: Some("req-5".into()), ..ListAudit::default() }).await, 1);
    let range = ListAudit { since: Some(NOW + 3), until: Some(NOW + 5), ..ListAudit::default() };
    assert_eq!(of(range).await, 2);
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parallel_deeds_make_one_chain(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = begun(engine).await else { return };
    let answers = together(&[db.store.clone(), db.another().await], 60, |number| {
        RecordAudit(deed(i64::try_from(number).unwrap()))
    })
    .await;
    assert!(answers.iter().all(Result::is_ok));
    let stretch = verify_with(&db.store, key(), 1000).await;
    assert_eq!((stretch.broken, stretch.good.0), (None, 60));
}

#[rstest]
#[tokio::test]
async fn a_deed_and_its_entry_are_one_commit(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let put = |name: &str| PutSettingOnce { name: name.to_owned(), value: vec![1], now: NOW };
    let written = |answer: &PutOnce| answer.written;
    let headless = db.store.run(Audited::new(put("a"), deed(1), written)).await.unwrap_err();
    assert_eq!(headless.kind(), StoreErrorKind::Corrupt);
    assert_eq!(db.store.read(FindSetting { name: "a".into() }).await.unwrap(), None, "not written, not done");

    db.run(EnsureAuditKey { sealed: b"one".to_vec(), now: NOW }).await;
    assert_eq!(db.run(EnsureAuditKey { sealed: b"two".to_vec(), now: NOW }).await, b"one", "the first key counts");
    db.run(Audited::new(put("a"), deed(1), written)).await;
    db.run(Audited::new(put("a"), deed(2), written)).await;
    assert_eq!(db.store.read(CountAudit).await.unwrap().unwrap().0, 1, "nothing happened the second time");
    assert!(db.run(ReplaceAuditKey { old: b"one".to_vec(), new: b"three".to_vec() }).await);
    assert!(!db.run(ReplaceAuditKey { old: b"one".to_vec(), new: b"four".to_vec() }).await);
    assert_eq!(verify(&db.store).await, None);
}

#[rstest]
#[case::gone("DELETE FROM audit WHERE n = 4", AuditBreak::Missing(4, 4))]
#[case::first_gone("DELETE FROM audit WHERE n <= 2", AuditBreak::Missing(1, 2))]
#[case::last_gone("DELETE FROM audit WHERE n = 10", AuditBreak::Missing(10, 10))]
#[case::all_gone("DELETE FROM audit", AuditBreak::Missing(1, 10))]
#[case::edited("UPDATE audit SET deed = 'login' WHERE n = 5", AuditBreak::Altered(5))]
#[case::renumbered("UPDATE audit SET n = 11 WHERE n = 10", AuditBreak::Missing(10, 10))]
#[case::in_front("UPDATE audit SET n = 0 WHERE n = 1", AuditBreak::Altered(0))]
#[case::end_moved("UPDATE audit_head SET n = 9", AuditBreak::Surplus(10))]
#[case::end_gone("DELETE FROM audit_head", AuditBreak::HeadMissing)]
#[tokio::test]
async fn what_was_done_to_the_chain_is_told(
    #[case] sql: &str,
    #[case] found: AuditBreak,
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(db) = begun(engine).await else { return };
    for number in 1..=10 {
        db.run(RecordAudit(deed(number))).await;
    }
    match engine {
        Engine::Sqlite => Connection::open(db.path()).unwrap().execute_batch(sql).unwrap(),
        Engine::Postgres => raw(db.postgres_url()).await.batch_execute(sql).await.unwrap(),
    }
    assert_eq!(verify(&db.store).await, Some(found));
}

/// T-81, G-41: whatever single row is edited or deleted, in whatever column, it is found, and where.
#[tokio::test]
async fn a_thousand_random_edits_are_all_found() {
    const ROWS: i64 = 40;
    const TEXTS: [&str; 8] =
        ["id", "actor_kind", "actor_id", "deed", "target_kind", "target_id", "request_id", "before_digest"];
    let db = begun(Engine::Sqlite).await.unwrap();
    for number in 1..=ROWS {
        db.run(RecordAudit(deed(number))).await;
    }
    let connection = Connection::open(db.path()).unwrap();
    // The edits need not survive a power cut, and a disk is slow.
    connection.execute_batch("PRAGMA synchronous = OFF; CREATE TEMP TABLE kept AS SELECT * FROM audit").unwrap();
    let rng = SeededRng::new(81);
    let mut found = 0;
    for _ in 0..1_000 {
        let mut dice = [0; 4];
        rng.fill(&mut dice);
        let n = 1 + i64::from(dice[0]) % ROWS;
        let sql = match dice[1] % 12 {
            0 | 1 => format!("DELETE FROM audit WHERE n = {n}"),
            2 => format!("UPDATE audit SET at = at + {} WHERE n = {n}", 1 + i64::from(dice[2])),
            3 => format!("UPDATE audit SET detail = CAST(detail || x'{:02x}' AS BLOB) WHERE n = {n}", dice[2]),
            4 => format!("UPDATE audit SET hash = x'{:064x}' WHERE n = {n}", dice[2]),
            5 => format!("UPDATE audit SET after_digest = '{:02x}' WHERE n = {n}", dice[2]),
            _ => {
                let column = TEXTS[usize::from(dice[2]) % TEXTS.len()];
                format!("UPDATE audit SET {column} = coalesce({column}, '') || '{}' WHERE n = {n}", dice[3])
            }
        };
        assert_eq!(connection.execute(&sql, []).unwrap(), 1, "{sql}");
        let expected = if sql.starts_with("DELETE") { AuditBreak::Missing(n, n) } else { AuditBreak::Altered(n) };
        found += usize::from(verify_with(&db.store, key(), 1000).await.broken == Some(expected));
        connection
            .execute_batch(&format!(
                "DELETE FROM audit WHERE n = {n}; INSERT INTO audit SELECT * FROM kept WHERE n = {n}"
            ))
            .unwrap();
    }
    println!("{found} of 1,000 edits found");
    assert_eq!(found, 1_000);
    assert_eq!(verify(&db.store).await, None);
}
