//! Every statement of every fact, found in the sources, is prepared on both engines.
//!
//! Nobody has to register a statement: whatever `const` text begins with a statement's verb is one.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use tokio_postgres::types::Type;

use crate::support::{Db, Engine, raw};

#[derive(Debug)]
struct Statement {
    /// `token/store_token.rs STORE`
    origin: String,
    sql: String,
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The value of a text literal at the beginning of `source`, and what comes after it.
fn literal(source: &str) -> (String, &str) {
    let mut text = String::new();
    let mut characters = source.strip_prefix('"').unwrap().char_indices();
    while let Some((index, character)) = characters.next() {
        match character {
            '"' => return (text, &source[index + 2..]),
            '\\' => match characters.next().unwrap().1 {
                // A continued line: blanks at its beginning do not count.
                '\n' => {
                    let blanks = characters.as_str().len() - characters.as_str().trim_start().len();
                    characters.by_ref().take(blanks).for_each(drop);
                }
                escaped @ ('"' | '\\' | '\'') => text.push(escaped),
                other => panic!("escape {other:?}"),
            },
            other => text.push(other),
        }
    }
    panic!("a text without end: {source}")
}

/// The value of `"…"`, `concat!(…)` or `name!()` at the beginning of `source`.
fn expression(source: &str, macros: &BTreeMap<String, String>) -> String {
    let source = source.trim_start();
    if source.starts_with('"') {
        return literal(source).0;
    }
    if let Some(mut rest) = source.strip_prefix("concat!(") {
        let mut text = String::new();
        loop {
            rest = rest.trim_start().trim_start_matches(',').trim_start();
            if rest.starts_with(')') {
                return text;
            }
            if rest.starts_with('"') {
                let (part, after) = literal(rest);
                text.push_str(&part);
                rest = after;
            } else {
                let (name, after) = rest.split_once("!()").unwrap_or_else(|| panic!("{rest}"));
                text.push_str(macros.get(name).unwrap_or_else(|| panic!("macro {name}")));
                rest = after;
            }
        }
    }
    panic!("neither a text nor concat!: {source}")
}

/// `macro_rules! name { () => { "…" }; }`, as far as this file has them.
fn macros(source: &str) -> BTreeMap<String, String> {
    source
        .split("macro_rules! ")
        .skip(1)
        .filter_map(|rest| {
            let (name, body) = rest.split_once(" {").unwrap();
            let text = body.split_once("=> {").unwrap().1.trim_start();
            // Others make whole columns: what comes of those is run by the tests of sealed columns.
            let is_text = text.starts_with('"') || text.starts_with("concat!(");
            is_text.then(|| (name.to_owned(), expression(text, &BTreeMap::new())))
        })
        .collect()
}

fn statements() -> Vec<Statement> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/facts");
    let mut files = Vec::new();
    sources(&folder, &mut files);
    let mut found = Vec::new();
    for file in files {
        let source = fs::read_to_string(&file).unwrap();
        let mut known = macros(&fs::read_to_string(file.with_file_name("mod.rs")).unwrap());
        known.extend(macros(&source));
        let origin = file.strip_prefix(&folder).unwrap().display().to_string();
        let only_reads = source.contains("impl Query for") && !source.contains("impl Command for");
        for declaration in source.split("const ").skip(1) {
            let Some((name, value)) = declaration.split_once(": &str =") else { continue };
            if name.contains(char::is_whitespace) {
                continue;
            }
            let sql = expression(value, &known);
            assert!(!only_reads || sql.starts_with("SELECT "), "{origin} {name}: a query that writes");
            found.push(Statement { origin: format!("{origin} {name}"), sql });
        }
    }
    found
}

#[test]
fn all_statements_are_found() {
    let found = statements();
    assert!(found.len() >= 60, "{}", found.len());
    for statement in &found {
        let verb = statement.sql.split(' ').next().unwrap();
        assert!(["SELECT", "INSERT", "UPDATE", "DELETE"].contains(&verb), "{statement:?}");
        assert!(!statement.sql.contains("  ") && !statement.sql.contains('\n'), "{statement:?}");
    }
    let store = found.iter().find(|statement| statement.origin == "token/store_token.rs STORE").unwrap();
    assert!(store.sql.ends_with(
        "RETURNING generation, sealed, expires_at, fetched_at, fetch_count, replaced_outside, dead_generation"
    ));
}

#[tokio::test]
async fn every_statement_is_understood_by_sqlite_and_finds_its_rows_by_an_index() {
    /// They look at everything, and nobody waits for them.
    const MAY_SCAN: &[&str] = &[
        "action/list_actions.rs COUNT",
        "advisor/list_advisors.rs COUNT",
        "api_key/list_api_keys.rs LIST",
        "audit/list_audit.rs COUNT",
        "audit/list_audit.rs NEWEST",
        "follower/list_followers.rs COUNT",
        "identity/list_users.rs COUNT",
        "identity/list_users.rs NEWEST",
        "identity/list_users.rs NEWEST_LOGIN",
        "identity/list_users.rs OLDEST",
        "identity/list_users.rs OLDEST_LOGIN",
        "inbox/list_inbox.rs COUNT",
        // The front of a queue, which it has read by an index.
        "job/claim_jobs.rs READY",
        "job/count_jobs.rs DUE",
        "job/due_lanes.rs LANES",
        "job/list_holds.rs LIST",
        "job/list_jobs.rs COUNT",
        "job/list_jobs.rs LIST",
        "lead/export_leads.rs COUNT",
        "lead/list_leads.rs COUNT",
        "lead/list_leads.rs FIRST_FOLLOWED",
        "lead/list_leads.rs FIRST_LEVEL",
        "lead/list_leads.rs FIRST_PLANNED",
        "lead/list_leads.rs LAST_FOLLOWED",
        "lead/list_leads.rs LAST_LEVEL",
        "lead/list_leads.rs LAST_PLANNED",
        "notification/list_notifications.rs COUNT",
        "overview/read_overview.rs ATTEMPTS",
        "rule/list_rules.rs LIST",
        "rule/save_rule.rs ADD",
        "staff/change_staff.rs LOCK_ADMINS",
        "staff/change_staff.rs OTHER_ADMINS",
        "staff/count_staff.rs COUNT",
        "staff/list_staff.rs COUNT",
        "subscription/list_subscriptions.rs COUNT",
        "token/free_token_fetches.rs FREE",
        "webhook/create_endpoint.rs ADD",
        "webhook/list_endpoints.rs LIST",
    ];
    /// In the plan only: SQLite would look for sessions that wait for this identity if it had let any in without one.
    const NEVER_RUNS: (&str, &str) = ("login/record_login.rs UPSERT", "SCAN session");
    let db = Db::fresh(Engine::Sqlite).await.unwrap();
    db.store.close().await;
    let connection = Connection::open(db.path()).unwrap();
    for Statement { origin, sql } in statements() {
        connection.prepare(&sql).unwrap_or_else(|error| panic!("{origin}: {error}"));
        let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let parameters = vec![rusqlite::types::Null; plan.parameter_count()];
        let steps = plan.query_map(rusqlite::params_from_iter(parameters), |row| row.get::<_, String>(3)).unwrap();
        for step in steps.map(Result::unwrap) {
            let scans = step.starts_with("SCAN ") && !step.contains(" INDEX ") && !step.contains("CONSTANT ROW");
            let may = MAY_SCAN.contains(&origin.as_str()) || (origin.as_str(), step.as_str()) == NEVER_RUNS;
            assert!(!scans || may, "{origin}: {step}");
        }
    }
}

#[tokio::test]
async fn every_statement_is_understood_by_postgres_with_our_four_types() {
    let Some(db) = Db::fresh(Engine::Postgres).await else { return };
    let client = raw(db.postgres_url()).await;
    for Statement { origin, sql } in statements() {
        let prepared = client.prepare(&sql).await.unwrap_or_else(|error| panic!("{origin}: {:?}", error.as_db_error()));
        let known = [Type::INT8, Type::TEXT, Type::BYTEA];
        for kind in prepared.params() {
            assert!(known.contains(kind), "{origin}: a parameter of type {kind}, cast it");
        }
        for column in prepared.columns() {
            let counted = *column.type_() == Type::INT4;
            assert!(known.contains(column.type_()) || counted, "{origin}: a column of type {}", column.type_());
        }
    }
}
