//! Durable commands per second: SQLite with FULL sync on a real file, 1, 64 and 256 callers, and one commit per command
//! for comparison; point reads on the same file; the same commands on Postgres when `WEIQIAO_TEST_POSTGRES_URL` is set.
//!
//! Two commands, the smallest and one of the larger: claiming a login's code (a row with three keys) and recording the login
//! of somebody who comes back (a look, a row changed, a row with three keys).
//!
//! Run on a disk that is like the one in production: `cargo bench -p weiqiao-store`. `TMPDIR` chooses the disk.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use rusqlite::Connection;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use weiqiao_model::{AccountName, AppId, OsRng, SessionId, SystemClock, new_id};
use weiqiao_store::facts::code::ClaimCode;
use weiqiao_store::facts::login::{NewSession, RecordLogin};
use weiqiao_store::facts::session::FindSession;
use weiqiao_store::{Command, Store, StoreConfig};

/// The production binary's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const NOW: i64 = 1_757_062_690_123;

/// A login that comes back: finds the person, updates the identity, adds a session.
fn login(person: u64) -> RecordLogin {
    RecordLogin {
        user_id: new_id(&SystemClock, &OsRng),
        identity_id: new_id(&SystemClock, &OsRng),
        app_id: AppId::new("wx1111111111111111"),
        account: AccountName::new("official").unwrap(),
        openid_index: format!("{person:064}"),
        openid: vec![7; 73],
        unionid: None,
        group: None,
        profile: None,
        scope: "snsapi_base".into(),
        session: NewSession { id: new_id(&SystemClock, &OsRng), expires_at: NOW + 86_400_000, device_hash: None },
        oauth_token: None,
        session_key: None,
        now: NOW,
    }
}

/// The `turn`th code of a caller, in no order, as hashes are.
fn claim(caller: u64, turn: u64) -> ClaimCode {
    ClaimCode {
        code_hash: code_hash(caller << 32 | turn),
        app_id: AppId::new("wx1111111111111111"),
        kind: "oauth".into(),
        browser_hash: None,
        reuse_ms: 60_000,
        ttl_ms: 600_000,
        now: NOW,
    }
}

/// A keyed hash is 64 digits.
fn code_hash(number: u64) -> String {
    let part = |salt: u64| {
        (number ^ salt).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29).wrapping_mul(0xbf58_476d_1ce4_e5b9)
    };
    format!("{:016x}{:016x}{:016x}{:016x}", part(0), part(1), part(2), part(3))
}

/// `count` commands from `callers` callers, each waiting for its answer before the next.
async fn run<C>(
    store: &Store,
    callers: u64,
    count: u64,
    command: impl Fn(u64, u64) -> C + Copy + Send + 'static,
) -> Duration
where
    C: Command,
{
    let mut running = JoinSet::new();
    let began = Instant::now();
    for caller in 0..callers {
        let store = store.clone();
        let share = count / callers + u64::from(caller < count % callers);
        running.spawn(async move {
            for turn in 0..share {
                store.run(command(caller, turn)).await.unwrap();
            }
        });
    }
    running.join_all().await;
    began.elapsed()
}

async fn logins(store: &Store, callers: u64, count: u64) -> Duration {
    run(store, callers, count, |caller, turn| login((caller * 31 + turn) % 1_000)).await
}

/// Codes that were never seen before.
async fn claims(store: &Store, callers: u64, count: u64) -> Duration {
    static RUNS: AtomicU64 = AtomicU64::new(1);
    let first = RUNS.fetch_add(1, Ordering::Relaxed) << 10;
    run(store, callers, count, move |caller, turn| claim(first | caller, turn)).await
}

async fn read(store: &Store, sessions: &[SessionId], callers: usize, count: u64) -> Duration {
    let mut running = JoinSet::new();
    let began = Instant::now();
    let share = usize::try_from(count).unwrap() / callers + 1;
    for caller in 0..callers {
        let store = store.clone();
        let sessions: Vec<SessionId> = sessions.iter().skip(caller).step_by(7).cloned().collect();
        running.spawn(async move {
            for id in sessions.iter().cycle().take(share) {
                assert!(store.read(FindSession { id: id.clone() }).await.unwrap().is_some());
            }
        });
    }
    running.join_all().await;
    began.elapsed()
}

/// What a service does without group commit: the statements of a command, with a commit of their own each time, on the same schema.
fn one_by_one(path: &Path, count: u64, statements: impl Fn(&Connection, u64)) -> Duration {
    let connection = Connection::open(path).unwrap();
    connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON").unwrap();
    let began = Instant::now();
    for turn in 0..count {
        connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        statements(&connection, turn);
        connection.execute_batch("COMMIT").unwrap();
    }
    began.elapsed()
}

fn logins_one_by_one(path: &Path, count: u64) -> Duration {
    one_by_one(path, count, |connection, turn| {
        let openid_index = format!("{:064}", turn % 1_000);
        let (identity, user): (String, String) = connection
            .prepare_cached(
                "SELECT id, user_id FROM identity WHERE app_id = 'wx1111111111111111' AND openid_index = ?1",
            )
            .unwrap()
            .query_row([&openid_index], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap();
        connection
            .prepare_cached("UPDATE identity SET login_at = ?2 WHERE id = ?1")
            .unwrap()
            .execute(rusqlite::params![identity, NOW])
            .unwrap();
        let session: SessionId = new_id(&SystemClock, &OsRng);
        connection
            .prepare_cached(
                "INSERT INTO session (id, kind, subject, identity_id, account, created_at, seen_at, expires_at) \
                 VALUES (?1, 'user', ?2, ?3, 'official', ?4, ?4, ?4)",
            )
            .unwrap()
            .execute(rusqlite::params![session.as_str(), user, identity, NOW])
            .unwrap();
    })
}

fn claims_one_by_one(path: &Path, count: u64) -> Duration {
    static RUNS: AtomicU64 = AtomicU64::new(1);
    let first = RUNS.fetch_add(1, Ordering::Relaxed) << 32;
    one_by_one(path, count, |connection, turn| {
        connection
            .prepare_cached(
                "INSERT INTO code_seen (code_hash, app_id, kind, outcome, claimed_at, reuse_until, expires_at) \
                 VALUES (?1, 'wx1111111111111111', 'oauth', 'pending', ?2, ?2, ?2)",
            )
            .unwrap()
            .execute(rusqlite::params![code_hash(first | turn), NOW])
            .unwrap();
    })
}

/// How many rounds the ratios are taken from.
const ROUNDS: usize = 7;

fn rate(count: u64, took: Duration) -> f64 {
    count as f64 / took.as_secs_f64()
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}

fn commands(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bench.db");
    let open = |path: &Path| {
        let store = runtime.block_on(Store::open(&StoreConfig::Sqlite { path: path.to_owned() })).unwrap();
        runtime.block_on(store.migrate()).unwrap();
        for person in 0..1_000 {
            if person % 250 == 0 {
                runtime.block_on(logins(&store, 64, 1_000));
            }
            runtime.block_on(store.run(login(person))).unwrap();
        }
        store
    };
    let store = open(&path);

    // First the ratios. Rounds take turns, because a disk that others use syncs at very different speeds.
    let alone = folder.path().join("alone.db");
    runtime.block_on(open(&alone).close());
    let mut rounds: [[Vec<f64>; 4]; 2] = Default::default();
    for _ in 0..ROUNDS {
        rounds[0][0].push(rate(400, claims_one_by_one(&alone, 400)));
        rounds[1][0].push(rate(400, logins_one_by_one(&alone, 400)));
        for (index, callers, count) in [(1, 1, 400), (2, 64, 8_000), (3, 256, 16_000)] {
            rounds[0][index].push(rate(count, runtime.block_on(claims(&store, callers, count))));
            rounds[1][index].push(rate(count, runtime.block_on(logins(&store, callers, count))));
        }
    }
    for (name, rounds) in ["claim_code", "record_login"].into_iter().zip(rounds) {
        let [baseline, one, many, most] = rounds.map(median);
        eprintln!(
            "sqlite, {name}, one commit each {baseline:>8.0} per second, median of {ROUNDS} rounds that take turns"
        );
        for (callers, found) in [(1, one), (64, many), (256, most)] {
            eprintln!("sqlite, {name}, {callers:>3} callers     {found:>8.0} per second, {:.1} ×", found / baseline);
        }
    }
    let sessions: Vec<SessionId> =
        (0..1_000).map(|person| runtime.block_on(store.run(login(person))).unwrap().session_id).collect();

    let mut group = criterion.benchmark_group("store");
    group.throughput(Throughput::Elements(1)).sample_size(10);
    for callers in [1, 64, 256] {
        group.bench_function(BenchmarkId::new("sqlite/record_login", callers), |bencher| {
            bencher.iter_custom(|count| runtime.block_on(logins(&store, callers, count)));
        });
        group.bench_function(BenchmarkId::new("sqlite/claim_code", callers), |bencher| {
            bencher.iter_custom(|count| runtime.block_on(claims(&store, callers, count)));
        });
    }
    let alone = &alone;
    group.bench_function("sqlite/record_login/one_by_one", |bencher| {
        bencher.iter_custom(|count| logins_one_by_one(alone, count));
    });
    group.bench_function("sqlite/claim_code/one_by_one", |bencher| {
        bencher.iter_custom(|count| claims_one_by_one(alone, count));
    });
    for callers in [1, 64] {
        group.bench_function(BenchmarkId::new("sqlite/find_session", callers), |bencher| {
            bencher.iter_custom(|count| runtime.block_on(read(&store, &sessions, callers, count)));
        });
    }
    group.finish();
    runtime.block_on(store.close());
    postgres(criterion, &runtime);
}

/// The same on a Postgres, when there is one.
fn postgres(criterion: &mut Criterion, runtime: &Runtime) {
    let url = std::env::var_os("WEIQIAO_TEST_POSTGRES_URL").map(|url| url.into_string().unwrap());
    let Some(url) = url.filter(|url| !url.is_empty()) else {
        eprintln!("postgres: skipped (set WEIQIAO_TEST_POSTGRES_URL)");
        return;
    };
    let schema = format!("weiqiao_bench_{}", std::process::id());
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        client.batch_execute(&format!("CREATE SCHEMA {schema}")).await.unwrap();
    });
    let separator = if url.contains('?') { '&' } else { '?' };
    let url = format!("{url}{separator}options=-csearch_path%3D{schema}");
    let store = runtime
        .block_on(async {
            let store = Store::open(&StoreConfig::Postgres { url, pool_size: 16 }).await?;
            store.migrate().await?;
            for person in 0..1_000 {
                store.run(login(person)).await?;
            }
            Ok::<_, weiqiao_store::StoreError>(store)
        })
        .unwrap();
    let mut group = criterion.benchmark_group("store");
    group.throughput(Throughput::Elements(1)).sample_size(10);
    for callers in [1, 64, 256] {
        group.bench_function(BenchmarkId::new("postgres/record_login", callers), |bencher| {
            bencher.iter_custom(|count| runtime.block_on(logins(&store, callers, count)));
        });
    }
    group.finish();
}

criterion_group!(benches, commands);
criterion_main!(benches);
