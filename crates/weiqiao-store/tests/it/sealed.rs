//! Every sealed column is known, and its values are found and replaced by the key they were sealed with.

use std::collections::BTreeSet;

use rstest::rstest;
use rusqlite::Connection;
use weiqiao_store::Store;
use weiqiao_store::facts::auth_record::FindAuthRecord;
use weiqiao_store::facts::login::RecordLogin;
use weiqiao_store::facts::sealed::{
    CountStale, FindStale, ReplaceSealed, Resealed, Row, SealedColumn, StaleValue, columns,
};
use weiqiao_store::facts::setting::{FindSetting, PutSettingOnce, ReplaceSetting};

use crate::support::{Db, Engine, NOW, OFFICIAL, login};

/// Bytes that nobody seals: what is in them needs no master key to be of use to nobody.
const NOT_SEALED: &[(&str, &str)] = &[
    // The wrapped data keys, and which of them everything was sealed with.
    ("setting", "value"),
    // Hashes.
    ("api_key", "hash"),
    ("audit", "hash"),
    ("audit_head", "hash"),
    // Sealed with a key of the chain's own: its hashes cover the sealed bytes.
    ("audit", "detail"),
];

const OLD: [u8; 4] = *b"old!";
const NEW: [u8; 4] = *b"new!";

fn value(key: [u8; 4], text: &str) -> Vec<u8> {
    [&[1][..], &key, text.as_bytes()].concat()
}

fn column(table: &str, column: &str) -> &'static SealedColumn {
    columns().iter().find(|known| (known.table, known.column) == (table, column)).unwrap()
}

async fn stale(store: &Store, column: &'static SealedColumn, after: [&str; 2], limit: u32) -> Vec<StaleValue> {
    let after = after.map(str::to_owned);
    store.read(FindStale { column, key_id: NEW, after, limit }).await.unwrap()
}

#[tokio::test]
async fn every_column_of_bytes_is_sealed_anew_or_known_not_to_be() {
    let db = Db::fresh(Engine::Sqlite).await.unwrap();
    db.store.close().await;
    let connection = Connection::open(db.path()).unwrap();
    let mut tables = connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").unwrap();
    let tables: Vec<String> = tables.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let mut stored = BTreeSet::new();
    for table in tables.iter().filter(|name| !name.starts_with("refinery")) {
        let mut info = connection.prepare(&format!("PRAGMA table_info({table})")).unwrap();
        let info = info.query_map([], |row| Ok((row.get::<_, String>(1)?, row.get::<_, String>(2)?))).unwrap();
        for (name, kind) in info.map(Result::unwrap) {
            if kind == "BLOB" {
                stored.insert((table.clone(), name));
            }
        }
    }
    let known = columns().iter().map(|column| (column.table, column.column)).chain(NOT_SEALED.iter().copied());
    let known: BTreeSet<_> = known.map(|(table, column)| (table.to_owned(), column.to_owned())).collect();
    assert_eq!(stored, known, "facts/sealed/columns.rs lists what is sealed");
}

#[rstest]
#[tokio::test]
async fn every_statement_runs_and_finds_nothing_in_nothing(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    for column in columns() {
        assert_eq!(db.store.read(CountStale { column, key_id: NEW }).await.unwrap(), 0, "{column:?}");
        assert!(stale(&db.store, column, ["", ""], 10).await.is_empty(), "{column:?}");
        let key = [String::new(), String::new()];
        let values = vec![Resealed { key, old: value(OLD, "x"), new: value(NEW, "x") }];
        assert_eq!(db.run(ReplaceSealed { column, values }).await, 0, "{column:?}");
    }
    assert!(
        db.store.read(FindAuthRecord { app_id: OFFICIAL.into(), openid_index: "x".into() }).await.unwrap().is_none()
    );
}

#[rstest]
#[tokio::test]
async fn values_of_an_earlier_key_are_found_page_by_page_and_replaced_once(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(db) = Db::fresh(engine).await else { return };
    for number in 0..7 {
        let key = if number == 3 { NEW } else { OLD };
        let openid = value(key, &format!("openid {number}"));
        let session_key = Some(value(OLD, "session key"));
        db.run(RecordLogin { openid, session_key, ..login(&format!("o-{number}")) }).await;
    }
    let openids = column("identity", "openid");
    assert_eq!(db.store.read(CountStale { column: openids, key_id: NEW }).await.unwrap(), 6);
    let mut after = [String::new(), String::new()];
    let mut found = Vec::new();
    loop {
        let page = stale(&db.store, openids, [&after[0], &after[1]], 2).await;
        let Some(last) = page.last() else { break };
        after.clone_from(&last.key);
        found.extend(page);
    }
    assert_eq!(found.len(), 6);
    let mut rows: Vec<_> = found.iter().map(|stale| (stale.row.as_str(), stale.app_id.as_str())).collect();
    rows.sort_unstable();
    assert_eq!(rows[0], ("index of o-0", OFFICIAL));

    let reseal = |stale: &StaleValue| {
        let mut new = stale.sealed.clone();
        new[1..5].copy_from_slice(&NEW);
        Resealed { key: stale.key.clone(), old: stale.sealed.clone(), new }
    };
    let mut values: Vec<_> = found.iter().map(reseal).collect();
    values[0].old = value(OLD, "what it was before somebody logged in again");
    assert_eq!(db.run(ReplaceSealed { column: openids, values: values.clone() }).await, 5, "the newer value stays");
    assert_eq!(db.run(ReplaceSealed { column: openids, values }).await, 0, "done is done");
    assert_eq!(db.store.read(CountStale { column: openids, key_id: NEW }).await.unwrap(), 1);

    // A place that is known through another table.
    let keys = stale(&db.store, column("session_key", "sealed"), ["", ""], 10).await;
    assert_eq!(keys.len(), 7);
    assert!(keys.iter().all(|stale| stale.row.starts_with("index of o-") && stale.app_id == OFFICIAL), "{keys:?}");
}

#[tokio::test]
async fn places_are_made_as_the_application_makes_them() {
    assert_eq!(column("subscription", "openid").row, Row::Pair);
    assert_eq!(column("account_token", "sealed").row, Row::BeforeSign);
    assert_eq!(column("webhook_endpoint", "previous_secret").place, "secret");
}

#[rstest]
#[tokio::test]
async fn a_setting_is_replaced_only_by_who_has_seen_it(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    db.run(PutSettingOnce { name: "ring".into(), value: b"1".to_vec(), now: NOW }).await;
    let replace = |seen: &[u8], value: &[u8]| ReplaceSetting {
        name: "ring".into(),
        seen: seen.to_vec(),
        value: value.to_vec(),
        audit: None,
    };
    assert!(db.run(replace(b"1", b"2")).await);
    assert!(!db.run(replace(b"1", b"3")).await, "another instance was faster");
    assert_eq!(db.store.read(FindSetting { name: "ring".into() }).await.unwrap().unwrap(), b"2");
}
