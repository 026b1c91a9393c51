//! Whole callbacks: what one core answers beside a library that stores nothing, and a storm of copies.
//!
//! `cargo bench -p weiqiao-http --bench callback` measures:
//!
//! - a push through the real listener and router to its reply, with its durable row on SQLite (`synchronous=FULL`),
//!   against the echo of co-wechat on Koa, which stores nothing. Each serving process has one core with all its threads,
//!   the load process has the other; 64 connections, every push another one. Without `scripts/setup.sh test` co-wechat
//!   is not there, and only ours is measured;
//! - 500 pushes a second, each delivered three times in any order within ten seconds, at a fixed rate: how long answers
//!   take from the moment they were due, and that everything happened once. On SQLite, and on Postgres when
//!   `WEIQIAO_TEST_POSTGRES_URL` is set.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]
#![allow(clippy::print_stdout, clippy::disallowed_methods, missing_docs, dead_code, unreachable_pub)]

#[path = "../../weixin-proto/benches/support/mod.rs"]
mod support;
#[path = "../src/testing/mod.rs"]
mod testing;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use weiqiao_app::AuthMode;
use weiqiao_app::callback::AccountCallback;
use weiqiao_app::usecase::webhook::{EndpointDraft, create_endpoint};
use weiqiao_http::listener::{Drain, ListenerSettings, bind, serve};
use weiqiao_model::AccountName;
use weiqiao_store::StoreConfig;
use weiqiao_store::facts::inbox::ListInbox;
use weiqiao_store::facts::job::ListJobs;
use weixin_proto::callback::Mode;

use support::{APP, KEY, OURS, Round, Served, TOKEN, key, middle, myself, now_s, on_core};
use testing::World;

/// The production binary's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ROUNDS: u64 = 5;
const REQUESTS: u64 = 20_000;
/// How many times the rate of co-wechat.
const GOALS: [(&str, f64); 2] = [("plain", 1.3), ("safe", 2.0)];

/// Pushes of the storm, each delivered three times, over ten seconds.
const PUSHES: u64 = 5_000;
const COPIES: u64 = 3;
const STORM: Duration = Duration::from_secs(10);

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("--serve") => serve_alone(&arguments[1]),
        Some("--load") => support::load(&arguments[1..]),
        Some("--storm") => storm_load(&arguments[1..]),
        // Not when test runners ask for the tests in here.
        _ if arguments.iter().any(|argument| argument == "--bench") => {
            GOALS.iter().for_each(|(mode, goal)| against_co_wechat(mode, *goal));
            storm("SQLite", None);
            let url = std::env::var_os("WEIQIAO_TEST_POSTGRES_URL").and_then(|url| url.into_string().ok());
            match url.filter(|url| !url.is_empty()) {
                Some(url) => storm("Postgres", Some(StoreConfig::Postgres { url, pool_size: 16 })),
                None => println!("storm on Postgres: skipped (set WEIQIAO_TEST_POSTGRES_URL)"),
            }
        }
        _ => {}
    }
}

fn against_co_wechat(mode: &str, goal: f64) {
    let safe = mode == "safe";
    let ours = Served::start(myself(0, &["--serve", mode]));
    let theirs = co_wechat(safe);
    let (mut our_rounds, mut their_rounds) = (Vec::new(), Vec::new());
    for number in 0..=ROUNDS {
        let once = |served: &Served| {
            let round = support::round(served, 1, safe, 1 + number * REQUESTS, REQUESTS);
            std::thread::sleep(support::PAUSE);
            round
        };
        our_rounds.push(once(&ours));
        their_rounds.extend(theirs.as_ref().map(once));
    }
    println!(
        "whole callback, {mode}, one core, 64 connections (by the clock; by the CPU time of the serving process):"
    );
    // The first one warms up.
    tell("weiqiao, SQLite FULL", &our_rounds[1..]);
    if their_rounds.is_empty() {
        println!("  co-wechat: skipped (run scripts/setup.sh test)");
        return;
    }
    tell("co-wechat on Koa, no storage", &their_rounds[1..]);
    let pairs = || our_rounds.iter().zip(&their_rounds).skip(1);
    let clock = middle(pairs().map(|(ours, theirs)| ours.per_second / theirs.per_second));
    let cpu = middle(pairs().map(|(ours, theirs)| ours.per_cpu_second / theirs.per_cpu_second));
    println!("  {:<30} {clock:>9.2}           {cpu:>9.2}      (goal ≥ {goal})", "ratio");
}

fn tell(who: &str, rounds: &[Round]) {
    let clock = middle(rounds.iter().map(|round| round.per_second));
    let cpu = middle(rounds.iter().map(|round| round.per_cpu_second));
    println!("  {who:<30} {clock:>9.0} /s        {cpu:>9.0} /CPU-s");
}

/// co-wechat on Koa, when it is installed.
fn co_wechat(safe: bool) -> Option<Served> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let modules = root.join("target/tools/foreign/node_modules");
    if !modules.exists() {
        return None;
    }
    let own = root.join("target/tools/node/node_modules/.bin/node");
    let mut command = on_core(0, if own.exists() { own } else { PathBuf::from("node") });
    let mut settings = serde_json::json!({ "token": TOKEN, "app_id": APP });
    if safe {
        settings["aes_key"] = KEY.into();
    }
    command.env("NODE_PATH", modules).env("NODE_ENV", "production");
    command.arg(root.join("tests/foreign/co_wechat_service.js")).arg(settings.to_string());
    Some(Served::start(command))
}

async fn world(mode: Mode, store: Option<StoreConfig>) -> World {
    let world = World::with(AuthMode::Open, "http://localhost:3001/", |plan| {
        plan.real = true;
        plan.store = store;
        plan.app.webhook.allow_private = true;
        plan.app.callback.accounts.push(AccountCallback {
            account: AccountName::new("official").unwrap(),
            mode,
            token: TOKEN.into(),
            previous_tokens: Vec::new(),
            aes_key: (mode != Mode::Plain).then(key),
            previous_aes_keys: Vec::new(),
            original_id: Some(OURS.into()),
        });
    })
    .await;
    // co-wechat repeats what was said; a rule says as much.
    let rule = serde_json::json!({
        "match": { "on": "text" }, "reply": { "type": "text", "content": format!("你说：{}", support::CONTENT) },
    });
    post(&world, "/api/admin/rules", &rule).await;
    world
}

async fn post(world: &World, path: &str, json: &serde_json::Value) {
    let call = world.request("POST", path).api_key(World::API_KEY).json(&json.to_string());
    call.send().await.is(http::StatusCode::CREATED);
}

fn runtime(threads: usize) -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build().unwrap()
}

/// Listens as production does; gives the port.
fn listen(runtime: &Runtime, world: &World) -> u16 {
    let _inside = runtime.enter();
    let listener = bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let port = listener.local_addr().unwrap().port();
    runtime.spawn(serve(listener, world.router.clone(), ListenerSettings::default(), Drain::new()));
    port
}

/// The serving process of a comparison.
fn serve_alone(mode: &str) {
    let runtime = runtime(1);
    let mode = if mode == "safe" { Mode::Safe } else { Mode::Plain };
    let world = runtime.block_on(world(mode, None));
    println!("{}", listen(&runtime, &world));
    support::until_stdin_ends();
}

/// Everything is delivered three times, and happens once.
fn storm(engine: &str, store: Option<StoreConfig>) {
    let runtime = runtime(2);
    let world = runtime.block_on(world(Mode::Safe, store));
    let since = now_s() * 1000;
    // Somebody is told of each push: a job, made in the same commit.
    let webhook = EndpointDraft {
        name: "storm".to_owned(),
        url: "http://127.0.0.1:9/storm".to_owned(),
        account: None,
        events: vec!["wechat.message.*".to_owned()],
        enabled: true,
        synchronous: false,
    };
    runtime.block_on(create_endpoint(&world.app, weiqiao_app::Actor::Cli, webhook)).unwrap();
    let port = listen(&runtime, &world).to_string();
    let output = myself(1, &["--storm", &port]).stderr(Stdio::inherit()).output().unwrap();
    assert!(output.status.success(), "the load process failed");
    print!("storm on {engine}: {}", String::from_utf8(output.stdout).unwrap());
    let (rows, copies, jobs) = runtime.block_on(happened(&world, since));
    println!("  {rows} rows of {PUSHES} pushes, {copies} deliveries counted, {jobs} jobs made");
    assert_eq!((rows, copies, jobs), (PUSHES, PUSHES * COPIES, PUSHES), "not everything happened once");
}

/// Rows, deliveries counted in them, and jobs.
async fn happened(world: &World, since: i64) -> (u64, u64, u64) {
    let (mut rows, mut copies) = (0, 0);
    for page in 1.. {
        let list = ListInbox { since: Some(since), page, page_size: 200, ..ListInbox::default() };
        let found = world.app.store().read(list).await.unwrap();
        rows = found.total;
        copies += found.items.iter().map(|push| u64::try_from(push.copies).unwrap()).sum::<u64>();
        if found.items.is_empty() {
            break;
        }
    }
    let list = ListJobs { since: Some(since), page: 1, page_size: 1, ..ListJobs::default() };
    (rows, copies, world.app.store().read(list).await.unwrap().total)
}

/// The load process of the storm: each delivery at its time, whatever became of those before.
fn storm_load(arguments: &[String]) {
    let address = SocketAddr::from(([127, 0, 0, 1], arguments[0].parse().unwrap()));
    let first = u64::try_from(now_s()).unwrap() * 100_000;
    let pushes: Vec<_> = (0..PUSHES).map(|push| support::request(true, &support::text(first + push))).collect();
    let deliveries: Rc<Vec<_>> = Rc::new(shuffled((0..PUSHES * COPIES).map(|at| at % PUSHES)));
    let pushes = Rc::new(pushes);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut took = tokio::task::LocalSet::new().block_on(&runtime, async {
        let next = Rc::new(std::cell::Cell::new(0));
        let mut sockets = Vec::new();
        for _ in 0..200 {
            sockets.push(support::connect(address).await);
        }
        let begun = Instant::now();
        let running: Vec<_> = sockets
            .into_iter()
            .map(|mut socket| {
                let (pushes, deliveries, next) = (Rc::clone(&pushes), Rc::clone(&deliveries), Rc::clone(&next));
                tokio::task::spawn_local(async move {
                    let mut buffer = vec![0; 16 * 1024];
                    let mut took = Vec::new();
                    while let Some(push) = deliveries.get(next.get()) {
                        let at = u32::try_from(next.get()).unwrap();
                        next.set(next.get() + 1);
                        let due = begun + STORM * at / u32::try_from(PUSHES * COPIES).unwrap();
                        tokio::time::sleep_until(due.into()).await;
                        let request = &pushes[usize::try_from(*push).unwrap()];
                        tokio::io::AsyncWriteExt::write_all(&mut socket, request).await.unwrap();
                        support::read_answer(&mut socket, &mut buffer).await;
                        took.push(due.elapsed());
                    }
                    took
                })
            })
            .collect();
        let mut took = Vec::new();
        for one in running {
            took.extend(one.await.unwrap());
        }
        took
    });
    took.sort();
    let at = |per_mille: usize| took[(took.len() - 1) * per_mille / 1000].as_secs_f64() * 1e3;
    let (p50, p99, p999) = (at(500), at(990), at(999));
    println!("500 pushes/s × 3: p50 {p50:.1} ms, p99 {p99:.1} ms, p99.9 {p999:.1} ms, worst {:.1} ms", at(1000));
    assert!(p999 < 1000.0, "p99.9 is over a second");
}

/// Any order, the same every time.
fn shuffled(values: impl Iterator<Item = u64>) -> Vec<u64> {
    let mut values: Vec<_> = values.collect();
    let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
    for at in (1..values.len()).rev() {
        // xorshift64
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        values.swap(at, usize::try_from(state % (u64::try_from(at).unwrap() + 1)).unwrap());
    }
    values
}
