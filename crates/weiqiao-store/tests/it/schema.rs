//! The schema, and how it comes to be.

use std::collections::BTreeSet;

use rstest::rstest;
use rusqlite::Connection;
use weiqiao_store::facts::staff::CountStaff;
use weiqiao_store::{Store, StoreErrorKind};

use crate::support::{Db, Engine, raw};

#[rstest]
#[tokio::test]
async fn migrating_twice_is_migrating_once(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::empty(engine).await else { return };
    assert_eq!(db.store.schema_version().await.unwrap(), None);
    db.store.migrate().await.unwrap();
    db.store.migrate().await.unwrap();
    assert_eq!(db.store.schema_version().await.unwrap(), Some(Store::latest_schema_version()));
    assert_eq!(db.store.read(CountStaff).await.unwrap(), 0);
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn instances_that_start_together_migrate_once(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::empty(engine).await else { return };
    let mut starting = tokio::task::JoinSet::new();
    for _ in 0..6 {
        let store = db.another().await;
        starting.spawn(async move { store.migrate().await });
    }
    for outcome in starting.join_all().await {
        outcome.unwrap();
    }
    assert_eq!(db.store.schema_version().await.unwrap(), Some(Store::latest_schema_version()));
}

/// Changes refinery's table past the store.
async fn tamper(db: &Db, sql: &str) {
    match db.store.engine() {
        "sqlite" => {
            db.store.close().await;
            Connection::open(db.path()).unwrap().execute_batch(sql).unwrap();
        }
        _ => raw(db.postgres_url()).await.batch_execute(sql).await.unwrap(),
    }
}

#[rstest]
#[tokio::test]
async fn a_database_of_a_newer_program_is_refused(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    let newer = "INSERT INTO refinery_schema_history (version, name, applied_on, checksum) \
                 VALUES (999, 'future', '2031-01-01T00:00:00Z', '1')";
    tamper(&db, newer).await;
    let refusal = Store::open(&db.config).await.unwrap_err();
    assert_eq!(refusal.kind(), StoreErrorKind::SchemaNewer);
    assert!(refusal.to_string().contains("version 999"), "{refusal}");
}

#[rstest]
#[tokio::test]
async fn a_migration_that_was_edited_afterwards_is_noticed(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = Db::fresh(engine).await else { return };
    tamper(&db, "UPDATE refinery_schema_history SET checksum = '1' WHERE version = 1").await;
    let store = Store::open(&db.config).await.unwrap();
    let refusal = store.migrate().await.unwrap_err();
    assert_eq!(refusal.kind(), StoreErrorKind::Config);
    assert!(refusal.to_string().contains("V1__foundation"), "{refusal}");
}

type Lines = BTreeSet<String>;

fn sqlite_schema(connection: &Connection) -> Lines {
    let all = |sql: &str| -> Vec<Vec<String>> {
        let mut statement = connection.prepare(sql).unwrap();
        let width = statement.column_count();
        let rows = statement.query_map([], |row| {
            (0..width).map(|index| row.get::<_, rusqlite::types::Value>(index)).collect::<Result<Vec<_>, _>>()
        });
        rows.unwrap().map(|row| row.unwrap().iter().map(text).collect()).collect()
    };
    let tables = "SELECT name, strict FROM pragma_table_list WHERE type = 'table' AND schema = 'main' \
                  AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'refinery%'";
    let mut lines = Lines::new();
    for table in all(tables) {
        let (table, strict) = (&table[0], &table[1]);
        assert_eq!(strict, "1", "{table} is not STRICT");
        for column in all(&format!("SELECT name, type, \"notnull\", pk FROM pragma_table_info('{table}')")) {
            let kind = match column[1].as_str() {
                "INTEGER" => "bigint",
                "BLOB" => "bytea",
                "TEXT" => "text",
                other => panic!("{table}.{}: {other}", column[0]),
            };
            lines.insert(format!("column {table}.{} {kind} not null {}", column[0], column[2] == "1"));
            if column[3] != "0" {
                lines.insert(format!("key {table} {} {}", column[3], column[0]));
            }
        }
        let indexes = format!("SELECT name, \"unique\", partial FROM pragma_index_list('{table}') WHERE origin = 'c'");
        for index in all(&indexes) {
            let columns = all(&format!("SELECT name FROM pragma_index_info('{}') ORDER BY seqno", index[0]));
            let columns = columns.concat().join(",");
            lines.insert(format!("index {} on {table} ({columns}) unique {} partial {}", index[0], index[1], index[2]));
        }
        for key in all(&format!("SELECT \"from\", \"table\", \"to\" FROM pragma_foreign_key_list('{table}')")) {
            lines.insert(format!("reference {table}.{} -> {}.{}", key[0], key[1], key[2]));
        }
    }
    lines
}

fn text(value: &rusqlite::types::Value) -> String {
    match value {
        rusqlite::types::Value::Text(text) => text.clone(),
        rusqlite::types::Value::Integer(number) => number.to_string(),
        other => panic!("{other:?}"),
    }
}

async fn postgres_schema(client: &tokio_postgres::Client) -> Lines {
    let queries = [
        "SELECT format('column %s.%s %s not null %s', table_name, column_name, data_type, is_nullable = 'NO') \
         FROM information_schema.columns WHERE table_schema = current_schema() AND table_name NOT LIKE 'refinery%'",
        "SELECT format('key %s %s %s', table_name, ordinal_position, column_name) \
         FROM information_schema.key_column_usage JOIN information_schema.table_constraints \
         USING (constraint_schema, constraint_name, table_name) \
         WHERE constraint_schema = current_schema() AND constraint_type = 'PRIMARY KEY' \
         AND table_name NOT LIKE 'refinery%'",
        "SELECT format('index %s on %s (%s) unique %s partial %s', i.relname, t.relname, \
         string_agg(a.attname, ',' ORDER BY position), indisunique::int, (indpred IS NOT NULL)::int) \
         FROM pg_index JOIN pg_class i ON i.oid = indexrelid JOIN pg_class t ON t.oid = indrelid \
         CROSS JOIN LATERAL unnest(indkey) WITH ORDINALITY AS k (number, position) \
         JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number \
         WHERE t.relnamespace = current_schema()::regnamespace AND NOT indisprimary AND t.relname NOT LIKE 'refinery%' \
         GROUP BY i.relname, t.relname, indisunique, indpred IS NOT NULL",
        "SELECT format('reference %s.%s -> %s.%s', t.relname, a.attname, f.relname, b.attname) FROM pg_constraint c \
         JOIN pg_class t ON t.oid = conrelid JOIN pg_class f ON f.oid = confrelid \
         JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = conkey[1] \
         JOIN pg_attribute b ON b.attrelid = f.oid AND b.attnum = confkey[1] \
         WHERE contype = 'f' AND connamespace = current_schema()::regnamespace",
    ];
    let mut lines = Lines::new();
    for query in queries {
        for row in client.query(query, &[]).await.unwrap() {
            let line: String = row.get(0);
            lines.insert(line.replace("not null t", "not null true").replace("not null f", "not null false"));
        }
    }
    lines
}

#[tokio::test]
async fn both_engines_have_the_same_schema() {
    let Some(postgres) = Db::fresh(Engine::Postgres).await else { return };
    let sqlite = Db::fresh(Engine::Sqlite).await.unwrap();
    sqlite.store.close().await;
    let client = raw(postgres.postgres_url()).await;
    let on_sqlite = sqlite_schema(&Connection::open(sqlite.path()).unwrap());
    let on_postgres = postgres_schema(&client).await;
    let only = |one: &Lines, other: &Lines| one.difference(other).cloned().collect::<Vec<_>>();
    assert_eq!(only(&on_sqlite, &on_postgres), Vec::<String>::new(), "only on SQLite");
    assert_eq!(only(&on_postgres, &on_sqlite), Vec::<String>::new(), "only on Postgres");
    assert!(on_sqlite.len() > 120, "{}", on_sqlite.len());

    let loose = "SELECT table_name || '.' || column_name FROM information_schema.columns \
                 WHERE table_schema = current_schema() AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C' \
                 AND table_name NOT LIKE 'refinery%'";
    let loose: Vec<String> = client.query(loose, &[]).await.unwrap().iter().map(|row| row.get(0)).collect();
    assert_eq!(loose, Vec::<String>::new(), "texts that sort by a language");
}
