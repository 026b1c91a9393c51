//! What the codec costs beside a bare axum handler on the same body, in the same run.
//!
//! `cargo bench -p weixin-proto --bench http`. The codec path alone: verify, decrypt, parse, reply, encrypt; nothing is
//! stored. The bare handler gives the same body back, so about as many bytes travel.
//!
//! 64 connections. Serving process and load process take turns on one core: on two, what it costs to wake the other one
//! would depend on who is faster. What counts is the CPU time of the serving process for one request, and its ratio to
//! the bare handler's in the same round.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]
#![allow(clippy::print_stdout, clippy::disallowed_methods, missing_docs, dead_code, unreachable_pub)]

mod support;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest as _, Request, State};
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use axum::routing::post;
use tokio::net::TcpListener;
use weixin_proto::callback::message::Text;
use weixin_proto::callback::reply::{Address, Reply};
use weixin_proto::callback::{Of, Query, Receiver};

use support::{APP, Served, TOKEN, key, middle, myself, now_s};

/// The production binary's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ROUNDS: u64 = 7;
const REQUESTS: u64 = 40_000;
/// How many times a bare handler's CPU the codec may cost.
const GOALS: [(&str, f64); 2] = [("plain", 1.35), ("safe", 1.7)];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("--serve") => serve(&arguments[1]),
        Some("--load") => support::load(&arguments[1..]),
        // Not when test runners ask for the tests in here.
        _ if arguments.iter().any(|argument| argument == "--bench") => measure(),
        _ => {}
    }
}

fn measure() {
    let served = |name| Served::start(myself(0, &["--serve", name]));
    let (bare, codecs) = (served("bare"), GOALS.map(|(mode, _)| served(mode)));
    println!("codec alone, 64 connections, CPU of the serving process for one request:");
    for ((mode, goal), codec) in GOALS.iter().zip(&codecs) {
        let mut rounds = Vec::new();
        for number in 0..=ROUNDS {
            let once = |served: &Served| {
                let round = support::round(served, 0, *mode == "safe", number * REQUESTS, REQUESTS);
                std::thread::sleep(support::PAUSE);
                1e6 / round.per_cpu_second
            };
            rounds.push((once(&bare), once(codec)));
        }
        // The first one warms up.
        let rounds = &rounds[1..];
        let bare = middle(rounds.iter().map(|(bare, _)| *bare));
        let own = middle(rounds.iter().map(|(_, own)| *own));
        let ratio = middle(rounds.iter().map(|(bare, own)| own / bare));
        println!("  {mode:<6} bare {bare:>6.2} µs   codec {own:>6.2} µs   ratio {ratio:.2} (goal ≤ {goal})");
    }
}

fn serve(name: &str) {
    let codec = |receiver: Receiver| Router::new().route("/wx", post(answer)).with_state(Arc::new(receiver));
    let router = match name {
        "plain" => codec(Receiver::plain(APP.into(), TOKEN.into())),
        "safe" => codec(Receiver::safe(APP.into(), TOKEN.into(), key())),
        _ => Router::new().route("/wx", post(|body: Bytes| async { body })),
    };
    std::thread::spawn(support::until_stdin_ends);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("{}", listener.local_addr().unwrap().port());
        axum::serve(listener, router).await.unwrap();
    });
}

/// From the bytes of the request to the bytes of the answer, with a clock and with chance.
async fn answer(State(receiver): State<Arc<Receiver>>, mut request: Request) -> Response {
    let uri = std::mem::take(request.uri_mut());
    let body = Bytes::from_request(request, &()).await.unwrap();
    let query = Query::parse(uri.query().unwrap()).unwrap();
    let now_s = now_s();
    let opened = receiver.open(&query, &body, now_s).unwrap();
    let text = Text::of(&opened.inbound).unwrap();
    let reply = Reply::text(["你说：", &text.content].concat());
    let reply = reply.write(&Address::answering(&opened.inbound, now_s), opened.format()).unwrap();
    let mut random = [0; 16];
    if opened.is_encrypted() {
        rand::Rng::fill_bytes(&mut rand::rng(), &mut random);
    }
    let sealed = receiver.seal(&opened, reply, now_s, &query.nonce, random).unwrap();
    let mut response = Response::new(Body::from(sealed));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/xml; charset=utf-8"));
    response
}
