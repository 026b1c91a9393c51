//! Whole actions of customers, and the notifications that follow from them.
//!
//! `cargo bench -p weiqiao-http --bench action` measures, on SQLite (`synchronous=FULL`) and, when
//! `WEIQIAO_TEST_POSTGRES_URL` is set, on Postgres:
//!
//! - `POST /api/customer/action` over loopback sockets, 64 connections, every one with a new phone for an advisor who
//!   subscribed: action, lead, job and notification in one commit. Beside it, in turns, three rows of the same sizes and
//!   nothing else: through the store's waist by 64 callers (on SQLite they share commits; on Postgres once with a transaction
//!   each and once sharing them), on SQLite behind a bare axum handler too, and by services on Express, one commit per request, with better-sqlite3 or pg, and on Flask with
//!   SQLite. Each of them has one core with all its threads, the load process has the other. Without `scripts/setup.sh test` those
//!   two are not there;
//! - notifications: as many jobs as recipients, all due, worked off by the product's worker against a WeChat that only
//!   answers, without and with the pace that WeChat is spared by (50 a second for one mini program).
//!
//! With `--serve sqlite` and `--load`, as this program calls itself, one side can be run alone under a profiler.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]
#![allow(clippy::print_stdout, clippy::disallowed_methods, missing_docs, dead_code, unreachable_pub)]

#[path = "action/bare.rs"]
mod bare;
#[path = "action/drain.rs"]
mod drain;
#[path = "action/raw.rs"]
mod raw;
#[path = "action/serving.rs"]
mod serving;
#[path = "../../weixin-proto/benches/support/mod.rs"]
mod support;
#[path = "../src/testing/mod.rs"]
mod testing;

use std::path::{Path, PathBuf};

use support::{Round, Served, middle, myself, on_core};

/// The production binary's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ROUNDS: u64 = 5;
/// A round lasts a few seconds for each of them.
const OURS: u64 = 16_000;
const THEIRS: u64 = 4_000;
const NOTIFICATIONS: u64 = 4_000;
/// Enough to see the pace behind its burst of one second.
const PACED: u64 = 200;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("--serve") => serving::alone(&arguments[1]),
        Some("--load") => serving::load(&arguments[1..]),
        Some("--bare") => bare::alone(),
        Some("--raw") => raw::alone(&arguments[1..]),
        Some("--wechat") => drain::wechat(),
        Some("--drain") => drain::alone(&arguments[1..]),
        // Not when test runners ask for the tests in here.
        _ if arguments.iter().any(|argument| argument == "--bench") => measure(),
        _ => {}
    }
}

fn measure() {
    actions_on_sqlite();
    notifications("sqlite");
    match serving::postgres_url() {
        Some(_) => {
            actions_on_postgres();
            notifications("postgres");
        }
        None => println!("Postgres: skipped (set WEIQIAO_TEST_POSTGRES_URL)"),
    }
}

fn actions_on_sqlite() {
    let ours = Served::start(myself(0, &["--serve", "sqlite"]));
    let mut raw = Served::start(myself(0, &["--raw", "sqlite"]));
    let bare = Served::start(myself(0, &["--bare"]));
    let (express, flask) = (express(None), flask());
    let mut rounds: [Vec<Round>; 5] = Default::default();
    for number in 0..=ROUNDS {
        rounds[0].push(whole(&ours, number * OURS, OURS));
        rounds[1].push(callers(&mut raw));
        rounds[2].extend(express.as_ref().map(|express| whole(express, number * THEIRS, THEIRS)));
        rounds[3].extend(flask.as_ref().map(|flask| whole(flask, number * THEIRS, THEIRS)));
        rounds[4].push(whole(&bare, number * OURS, OURS));
    }
    // The first one warms up.
    let [ours, raw, express, flask, bare] = rounds.map(|rounds| rounds.into_iter().skip(1).collect::<Vec<_>>());
    println!("durable actions, SQLite FULL, one core, 64 at once:");
    tell("whole HTTP actions", &ours);
    tell("the same three rows, raw group commit", &raw);
    compare("whole to raw", (&ours, &raw), 0.5);
    tell("the same three rows, bare axum handler", &bare);
    for (who, theirs) in [("Express", express), ("Flask", flask)] {
        if theirs.is_empty() {
            println!("  {who}: skipped (run scripts/setup.sh test)");
            continue;
        }
        tell(&format!("{who}, one commit per request"), &theirs);
        compare(&format!("whole to {who}"), (&ours, &theirs), 10.0);
        let most = middle(bare.iter().zip(&theirs).map(|(bare, theirs)| bare.per_second / theirs.per_second));
        println!("  {:<42} {most:>8.2}", format!("bare handler to {who}"));
    }
}

fn actions_on_postgres() {
    let ours = Served::start(myself(0, &["--serve", "postgres"]));
    let mut each = Served::start(myself(0, &["--raw", "postgres"]));
    let mut shared = Served::start(myself(0, &["--raw", "postgres", "shared"]));
    let express = express(serving::postgres_url());
    let mut rounds: [Vec<Round>; 4] = Default::default();
    for number in 0..=ROUNDS {
        rounds[0].push(whole(&ours, number * OURS, OURS));
        rounds[1].push(callers(&mut each));
        rounds[2].push(callers(&mut shared));
        rounds[3].extend(express.as_ref().map(|express| whole(express, number * THEIRS, THEIRS)));
    }
    let [ours, each, shared, express] = rounds.map(|rounds| rounds.into_iter().skip(1).collect::<Vec<_>>());
    println!("durable actions, Postgres, each client process on one core, 64 at once:");
    tell("whole HTTP actions", &ours);
    tell("three rows alone, one transaction each", &each);
    tell("three rows alone, sharing transactions", &shared);
    compare("sharing to one transaction each", (&shared, &each), 2.0);
    if express.is_empty() {
        println!("  Express: skipped (run scripts/setup.sh test)");
        return;
    }
    tell("Express, one transaction per request", &express);
    compare("whole to Express", (&ours, &express), 2.0);
}

/// Lets the load process send actions that nobody has sent before.
fn whole(served: &Served, first: u64, count: u64) -> Round {
    let (address, first, number) = (served.address.to_string(), first.to_string(), count.to_string());
    let round = support::round_by(served, myself(1, &["--load", &address, &first, &number]), count);
    std::thread::sleep(support::PAUSE);
    round
}

/// Lets a process that calls the store itself do as many.
fn callers(served: &mut Served) -> Round {
    let before = served.cpu_seconds();
    let answer = served.ask(&OURS.to_string());
    std::thread::sleep(support::PAUSE);
    Round::read(&answer, OURS, served.cpu_seconds() - before)
}

fn tell(who: &str, rounds: &[Round]) {
    let clock = middle(rounds.iter().map(|round| round.per_second));
    let cpu = middle(rounds.iter().map(|round| round.per_cpu_second));
    let p99 = middle(rounds.iter().map(|round| round.p99_ms));
    println!("  {who:<42} {clock:>8.0} /s   {cpu:>8.0} /CPU-s   p99 {p99:>6.1} ms");
}

fn compare(what: &str, (ours, theirs): (&[Round], &[Round]), goal: f64) {
    let pairs = || ours.iter().zip(theirs);
    let clock = middle(pairs().map(|(ours, theirs)| ours.per_second / theirs.per_second));
    let cpu = middle(pairs().map(|(ours, theirs)| ours.per_cpu_second / theirs.per_cpu_second));
    println!("  {what:<42} {clock:>8.2}      {cpu:>8.2}   (goal ≥ {goal})");
}

fn notifications(engine: &str) {
    let wechat = Served::start(myself(1, &["--wechat"]));
    let port = wechat.address.port().to_string();
    for (pace, count) in [("unpaced", NOTIFICATIONS), ("paced", PACED)] {
        let mut worker = Served::start(myself(0, &["--drain", engine, &port, pace]));
        let rounds = if pace == "paced" { 1 } else { 3 };
        let drained: Vec<Round> = (0..rounds)
            .map(|_| {
                let answer = worker.ask(&count.to_string());
                let [seconds, spent] = drain::read(&answer);
                let count = f64::from(u32::try_from(count).unwrap());
                Round { per_second: count / seconds, per_cpu_second: count / spent, p99_ms: 0.0 }
            })
            .collect();
        let clock = middle(drained.iter().map(|round| round.per_second));
        let cpu = middle(drained.iter().map(|round| round.per_cpu_second));
        println!("notifications drained, {engine}, {pace}, {count} recipients: {clock:.0} /s, {cpu:.0} /CPU-s");
    }
}

/// The service somebody else would write on Flask, when it is installed.
fn flask() -> Option<Served> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let python = root.join("target/tools/foreign/python");
    if !python.join("bin/waitress-serve").exists() {
        return None;
    }
    let mut command = on_core(0, python.join("bin/python"));
    command.arg(root.join("tests/foreign/flask_actions.py"));
    Some(Served::start(command))
}

/// The service somebody else would write on Express, when it is installed; on Postgres when an address is given.
fn express(postgres: Option<String>) -> Option<Served> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let modules = root.join("target/tools/foreign/node_modules");
    let driver = if postgres.is_some() { "pg" } else { "better-sqlite3/build" };
    if !modules.join(driver).exists() {
        return None;
    }
    let own = root.join("target/tools/node/node_modules/.bin/node");
    let mut command = on_core(0, if own.exists() { own } else { PathBuf::from("node") });
    command.env("NODE_PATH", modules).env("NODE_ENV", "production");
    command.arg(root.join("tests/foreign/express_actions.js")).args(postgres);
    Some(Served::start(command))
}
