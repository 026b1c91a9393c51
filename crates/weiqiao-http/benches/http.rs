//! What our hot routes cost beside a bare axum handler, in the same run.
//!
//! `cargo bench -p weiqiao-http` measures twice:
//!
//! - over loopback sockets, the load coming from a second process: requests per CPU-second of *this* process (all its
//!   threads, the database's readers too), and the ratios to a bare handler, under `axum::serve` and behind our listener;
//! - in process, with criterion: one request through the router, without sockets.
//!
//! SQLite, coordination in process, the emulated WeChat (asked once for the ticket), the machine's own clock and chance.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]
#![allow(missing_docs, dead_code, unreachable_pub)]

#[path = "../src/testing/mod.rs"]
mod testing;

use std::net::SocketAddr;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use criterion::Criterion;
use http::Request;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tower::ServiceExt as _;
use weiqiao_app::AuthMode;
use weiqiao_http::Edge;
use weiqiao_http::listener::{Drain, ListenerSettings, bind, serve};

use testing::World;

/// The production binary's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const CONNECTIONS: usize = 64;
/// The machine is never quite still: every subject is measured in turn, in several rounds, and the middle one counts.
const ROUNDS: usize = 7;
const ROUND: Duration = Duration::from_secs(1);

/// One kind of request.
struct Subject {
    name: &'static str,
    answers: Answers,
    path: String,
    headers: Vec<(&'static str, String)>,
}

#[derive(Clone)]
enum Answers {
    /// A bare router under `axum::serve`, as axum's own examples do it, without our listener.
    UnderAxum(Router),
    /// A bare router behind our listener.
    Bare(Router),
    Ours(Edge),
}

impl Subject {
    fn head(&self) -> String {
        let headers: String = self.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        format!("GET {} HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n{headers}\r\n", self.path)
    }

    async fn once(&self) {
        let mut request = Request::get(&self.path);
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let request = request.body(Body::empty()).unwrap();
        let answer = match self.answers.clone() {
            Answers::UnderAxum(router) | Answers::Bare(router) => router.oneshot(request).await,
            Answers::Ours(edge) => edge.oneshot(request).await,
        };
        assert!(answer.unwrap().status().is_success());
    }
}

async fn subjects(world: &World) -> Vec<Subject> {
    let bare = Router::new().route("/bare", get(|| async { "hello" }));
    let token = world.browser().log_in("xiaoming").await;
    let bearer = vec![("authorization", format!("Bearer {token}"))];
    let page = testing::encode("https://m.example.com/list?a=1&b=2");
    let user = format!("/api/user/{}", world.openid("xiaoming"));
    let subject = |name, path: &str, headers| Subject {
        name,
        answers: Answers::Ours(world.router.clone()),
        path: path.to_owned(),
        headers,
    };
    let without = |name, answers| Subject { name, answers, path: "/bare".to_owned(), headers: Vec::new() };
    vec![
        without("bare axum handler under axum::serve", Answers::UnderAxum(bare.clone())),
        without("bare axum handler, our listener", Answers::Bare(bare)),
        subject("GET /livez (the edge alone)", "/livez", Vec::new()),
        subject("GET /wechat/jsconfig", &format!("/wechat/jsconfig?url={page}"), Vec::new()),
        subject("GET /api/user/{openid}", &user, Vec::new()),
        subject("GET /api/user/{openid} + session", &user, bearer.clone()),
        subject("GET /api/me (session check + read)", "/api/me", bearer),
    ]
}

/// CPU time of this process, all threads, in seconds, by the scheduler's own clock: the ticks of `stat` are too coarse.
fn cpu_seconds() -> f64 {
    let spent = std::fs::read_dir("/proc/self/task").unwrap().map(|thread| {
        let stat = std::fs::read_to_string(thread.unwrap().path().join("schedstat")).unwrap_or_default();
        stat.split(' ').next().and_then(|nanoseconds| nanoseconds.parse::<f64>().ok()).unwrap_or_default()
    });
    spent.sum::<f64>() / 1e9
}

/// The serving side on one core, the load on the other: what a thread pays for being moved is not what is asked.
fn keep_to(core: &str) {
    let myself = std::process::id().to_string();
    if std::thread::available_parallelism().is_ok_and(|cores| cores.get() > 1) {
        // Where there is no taskset, the ratios are a little less steady.
        drop(Command::new("taskset").args(["-cp", core, &myself]).output());
    }
}

/// Serves one subject to the second process: requests per CPU-second of ours.
async fn over_sockets(subject: &Subject) -> f64 {
    let listener = bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = listener.local_addr().unwrap();
    let drain = Drain::new();
    let settings = ListenerSettings { linger: Duration::ZERO, ..ListenerSettings::default() };
    let drained = drain.clone();
    let server = match subject.answers.clone() {
        Answers::UnderAxum(router) => tokio::spawn(async move {
            axum::serve(listener, router).await.unwrap();
            0
        }),
        Answers::Bare(router) => tokio::spawn(serve(listener, router, settings, drained)),
        Answers::Ours(edge) => tokio::spawn(serve(listener, edge, settings, drained)),
    };
    let head = subject.head();
    let myself = std::env::current_exe().unwrap();
    let before = cpu_seconds();
    let load = tokio::task::spawn_blocking(move || {
        let output = Command::new(myself).arg("--load").arg(address.to_string()).arg(head).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().parse::<f64>().unwrap()
    });
    let requests = load.await.unwrap();
    let spent = cpu_seconds() - before;
    drain.begin();
    match &subject.answers {
        Answers::UnderAxum(_) => server.abort(),
        Answers::Bare(_) | Answers::Ours(_) => assert_eq!(server.await.unwrap(), 0, "connections were cut"),
    }
    requests / spent
}

/// The second process: as many requests as the other side answers, on kept connections. One thread waits for all of them at
/// once, as load tools do, so that what the serving side pays to wake it does not depend on who is faster.
fn load(address: SocketAddr, head: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let until = Instant::now() + ROUND;
    let head: Arc<[u8]> = head.as_bytes().into();
    let requests: u64 = runtime.block_on(async {
        let connections: Vec<_> =
            (0..CONNECTIONS).map(|_| tokio::spawn(ask(address, Arc::clone(&head), until))).collect();
        let mut requests = 0;
        for connection in connections {
            requests += connection.await.unwrap();
        }
        requests
    });
    println!("{requests}");
}

/// One connection: asks again as soon as it has its answer.
async fn ask(address: SocketAddr, head: Arc<[u8]>, until: Instant) -> u64 {
    let mut socket = TcpStream::connect(address).await.unwrap();
    socket.set_nodelay(true).unwrap();
    let mut buffer = vec![0; 16 * 1024];
    let mut requests = 0;
    while Instant::now() < until {
        socket.write_all(&head).await.unwrap();
        read_answer(&mut socket, &mut buffer).await;
        requests += 1;
    }
    requests
}

async fn read_answer(socket: &mut TcpStream, buffer: &mut [u8]) {
    let mut filled = 0;
    loop {
        let read = socket.read(&mut buffer[filled..]).await.unwrap();
        assert_ne!(read, 0, "closed early");
        filled += read;
        let text = &buffer[..filled];
        let Some(end) = text.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        assert!(text.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(text));
        let head = std::str::from_utf8(&text[..end]).unwrap();
        let length = head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
        if filled >= end + 4 + length.unwrap().1.parse::<usize>().unwrap() {
            return;
        }
    }
}

fn middle(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|argument| argument == "--load") {
        keep_to("1");
        load(arguments[at + 1].parse().unwrap(), &arguments[at + 2]);
        return;
    }
    keep_to("0");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let world = runtime.block_on(World::with(AuthMode::Open, "http://localhost:3001/", |plan| {
        plan.real = true;
    }));
    let subjects = runtime.block_on(subjects(&world));

    if !arguments.iter().any(|argument| argument == "--profile-time") {
        measure_over_sockets(&runtime, &subjects);
    }

    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("in process");
    for subject in &subjects {
        group.bench_function(subject.name, |bencher| bencher.to_async(&runtime).iter(|| subject.once()));
    }
    group.finish();
    criterion.final_summary();
}

fn measure_over_sockets(runtime: &tokio::runtime::Runtime, subjects: &[Subject]) {
    let mut rates = vec![Vec::new(); subjects.len()];
    for _ in 0..ROUNDS {
        for (subject, rates) in subjects.iter().zip(&mut rates) {
            rates.push(runtime.block_on(over_sockets(subject)));
        }
    }
    println!("over loopback sockets, {CONNECTIONS} connections, requests per CPU-second of the serving process:");
    for (subject, own) in subjects.iter().zip(&rates) {
        let beside = |bare: &[f64]| middle(own.iter().zip(bare).map(|(own, bare)| own / bare).collect());
        let (plain, ours) = (beside(&rates[0]), beside(&rates[1]));
        println!(
            "  {:<38} {:>9.0}   ratio {plain:.2}, behind one listener {ours:.2}",
            subject.name,
            middle(own.clone())
        );
    }
}
