//! A clock, a sleeper and a WeChat that do what the test says.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use weixin::{Account, AppId, AppSecret, Client, ClientBuilder, Clock, Rng, Sleeper, TokenMode};

/// The start of every test, 2026-01-01 00:00 in Beijing.
pub(crate) const START_MS: i64 = 1_767_196_800_000;

/// A clock moved by hand.
#[derive(Clone)]
pub(crate) struct ManualClock(Arc<AtomicI64>);

impl ManualClock {
    pub(crate) fn new() -> Self {
        Self(Arc::new(AtomicI64::new(START_MS)))
    }

    pub(crate) fn advance(&self, by: Duration) {
        self.0.fetch_add(i64::try_from(by.as_millis()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// Does not sleep: notes the pause and moves the clock.
#[derive(Clone)]
pub(crate) struct NotedSleeper {
    pub(crate) pauses: Arc<Mutex<Vec<Duration>>>,
    clock: ManualClock,
}

impl Sleeper for NotedSleeper {
    fn sleep(&self, pause: Duration) -> BoxFuture<'static, ()> {
        self.pauses.lock().unwrap().push(pause);
        self.clock.advance(pause);
        Box::pin(std::future::ready(()))
    }
}

/// Always the same byte.
pub(crate) struct ConstantRng(pub(crate) u8);

impl Rng for ConstantRng {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.fill(self.0);
    }
}

/// A client of a stub, with its clock and its pauses.
pub(crate) struct Bench {
    pub(crate) client: Client,
    pub(crate) clock: ManualClock,
    pub(crate) sleeper: NotedSleeper,
    pub(crate) stub: Stub,
    pub(crate) account: Account,
}

impl Bench {
    pub(crate) async fn new(handler: impl Fn(Request) -> Reply + Send + Sync + 'static) -> Self {
        Self::with(Stub::start(handler).await, |builder| builder)
    }

    pub(crate) fn with(stub: Stub, set: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Self {
        let clock = ManualClock::new();
        let sleeper = NotedSleeper { pauses: Arc::default(), clock: clock.clone() };
        let builder = Client::builder()
            .all_bases(stub.url().parse().unwrap())
            .clock(Arc::new(clock.clone()))
            .sleeper(Arc::new(sleeper.clone()))
            .rng(Arc::new(ConstantRng(0x80)));
        let client = set(builder).build().unwrap();
        Self { client, clock, sleeper, stub, account: account() }
    }

    pub(crate) fn pauses(&self) -> Vec<Duration> {
        self.sleeper.pauses.lock().unwrap().clone()
    }
}

/// An account whose secret must never be seen.
pub(crate) fn account() -> Account {
    Account::new(AppId::new("wx1111111111111111"), AppSecret::new("CANARYSECRET"))
}

pub(crate) fn classic() -> Account {
    account().token_mode(TokenMode::Classic)
}

/// A request as the stub read it.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// The target as it stood in the first line.
    pub(crate) target: String,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Request {
    /// The path alone, also of the absolute form a proxy gets.
    pub(crate) fn path(&self) -> &str {
        let target = self
            .target
            .split_once("://")
            .map_or(self.target.as_str(), |(_, rest)| rest.get(rest.find('/').unwrap()..).unwrap());
        target.split('?').next().unwrap()
    }

    pub(crate) fn query(&self, name: &str) -> Option<String> {
        let url = url::Url::parse("http://stub").unwrap().join(&self.target).unwrap();
        url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }

    pub(crate) fn access_token(&self) -> String {
        self.query("access_token").unwrap_or_default()
    }

    /// Whether this asks for an access token, either way.
    pub(crate) fn is_token_fetch(&self) -> bool {
        matches!(self.path(), "/cgi-bin/token" | "/cgi-bin/stable_token")
    }
}

/// What the stub does with a request.
pub(crate) enum Reply {
    /// Status 200 with this body, as `text/plain`, as WeChat does.
    Text(String),
    /// A status with a body.
    Status(u16, &'static str),
    /// These bytes, then the connection is closed.
    Bytes(Vec<u8>),
    /// The connection is reset.
    Reset,
    /// Nothing, until the client goes away.
    Silence,
    /// Another reply once the gate is open.
    Gated(Gate, Box<Reply>),
}

pub(crate) fn text(body: impl Into<String>) -> Reply {
    Reply::Text(body.into())
}

/// `{"access_token":…}` for two hours.
pub(crate) fn token(value: impl std::fmt::Display) -> Reply {
    text(format!(r#"{{"access_token":"{value}","expires_in":7200}}"#))
}

pub(crate) fn refusal(errcode: i64, errmsg: &str) -> Reply {
    text(format!(r#"{{"errcode":{errcode},"errmsg":"{errmsg} rid: 6aac005a-01bfdbee-79769285"}}"#))
}

/// The answer most tests ask for.
pub(crate) fn ip_list() -> Reply {
    text(r#"{"ip_list":["127.0.0.1"]}"#)
}

/// Holds replies back until it is opened, and knows how many wait.
#[derive(Clone)]
pub(crate) struct Gate {
    waiting: Arc<watch::Sender<usize>>,
    open: Arc<Semaphore>,
}

impl Gate {
    pub(crate) fn new() -> Self {
        Self { waiting: Arc::new(watch::Sender::new(0)), open: Arc::new(Semaphore::new(0)) }
    }

    pub(crate) async fn wait_for(&self, requests: usize) {
        self.waiting.subscribe().wait_for(|waiting| *waiting >= requests).await.unwrap();
    }

    pub(crate) fn waiting(&self) -> usize {
        *self.waiting.borrow()
    }

    pub(crate) fn open(&self) {
        self.open.add_permits(Semaphore::MAX_PERMITS / 2);
    }

    async fn pass(&self) {
        self.waiting.send_modify(|waiting| *waiting += 1);
        let _open = self.open.acquire().await.unwrap();
    }
}

/// A listener on a free port that answers as the test says.
pub(crate) struct Stub {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Request>>>,
    connections: Arc<AtomicUsize>,
    open: Arc<AtomicUsize>,
    task: tokio::task::JoinHandle<()>,
}

type Handler = Arc<dyn Fn(Request) -> Reply + Send + Sync>;

impl Stub {
    pub(crate) async fn start(handler: impl Fn(Request) -> Reply + Send + Sync + 'static) -> Self {
        Self::start_at("127.0.0.1:0", handler).await
    }

    pub(crate) async fn start_at(at: &str, handler: impl Fn(Request) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(at).await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen: Arc<Mutex<Vec<Request>>> = Arc::default();
        let (connections, open): (Arc<AtomicUsize>, Arc<AtomicUsize>) = Default::default();
        let handler: Handler = Arc::new(handler);
        let task = tokio::spawn({
            let (seen, connections, open) = (seen.clone(), connections.clone(), open.clone());
            async move {
                while let Ok((stream, _)) = listener.accept().await {
                    connections.fetch_add(1, Ordering::SeqCst);
                    open.fetch_add(1, Ordering::SeqCst);
                    let (serving, open) = (serve(stream, seen.clone(), handler.clone()), open.clone());
                    tokio::spawn(async move {
                        serving.await;
                        open.fetch_sub(1, Ordering::SeqCst);
                    });
                }
            }
        });
        Self { address, seen, connections, open, task }
    }

    /// Replies in this order, to business calls only; tokens are `T1`, `T2`, …
    pub(crate) async fn scripted(replies: impl IntoIterator<Item = Reply>) -> Self {
        let replies = Mutex::new(replies.into_iter().collect::<VecDeque<_>>());
        let fetched = AtomicUsize::new(0);
        Self::start(move |request| {
            if request.is_token_fetch() {
                return token(format_args!("T{}", fetched.fetch_add(1, Ordering::SeqCst) + 1));
            }
            replies.lock().unwrap().pop_front().expect("more calls than the script has replies")
        })
        .await
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// Connections that are open now.
    pub(crate) fn open(&self) -> usize {
        self.open.load(Ordering::SeqCst)
    }

    pub(crate) fn seen(&self) -> Vec<Request> {
        self.seen.lock().unwrap().clone()
    }

    /// How often a path was called.
    pub(crate) fn calls(&self, path: &str) -> usize {
        self.seen().iter().filter(|request| request.path() == path).count()
    }

    pub(crate) fn token_fetches(&self) -> usize {
        self.seen().iter().filter(|request| request.is_token_fetch()).count()
    }

    pub(crate) fn business_calls(&self) -> usize {
        self.seen().iter().filter(|request| !request.is_token_fetch()).count()
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

impl Drop for Stub {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut stream: TcpStream, seen: Arc<Mutex<Vec<Request>>>, handler: Handler) {
    while let Some(request) = read(&mut stream).await {
        seen.lock().unwrap().push(request.clone());
        let mut reply = handler(request);
        while let Reply::Gated(gate, inner) = reply {
            gate.pass().await;
            reply = *inner;
        }
        match reply {
            Reply::Text(body) => {
                let head =
                    format!("HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: {}\r\n\r\n", body.len());
                if stream.write_all(format!("{head}{body}").as_bytes()).await.is_err() {
                    return;
                }
            }
            Reply::Status(status, body) => {
                let head = format!(
                    "HTTP/1.1 {status} X\r\nlocation: /elsewhere\r\ncontent-type: text/html\r\ncontent-length: {}\r\n\r\n",
                    body.len()
                );
                if stream.write_all(format!("{head}{body}").as_bytes()).await.is_err() {
                    return;
                }
            }
            Reply::Bytes(bytes) => {
                let _ = stream.write_all(&bytes).await;
                let _ = stream.shutdown().await;
                return;
            }
            Reply::Reset => {
                stream.set_zero_linger().unwrap();
                return;
            }
            Reply::Silence => {
                let _ = stream.read(&mut [0]).await;
                return;
            }
            Reply::Gated(..) => unreachable!("opened above"),
        }
    }
}

async fn read(stream: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..head_end].to_vec()).unwrap();
    let length = head
        .lines()
        .filter_map(|line| line.split_once(": "))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .map_or(0, |(_, value)| value.parse().unwrap());
    while bytes.len() < head_end + 4 + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    let body = String::from_utf8(bytes[head_end + 4..head_end + 4 + length].to_vec()).unwrap();
    let mut first = head.lines().next()?.split(' ');
    let (method, target) = (first.next()?.to_owned(), first.next()?.to_owned());
    Some(Request { method, target, head, body })
}

/// A call that must not be sent twice.
pub(crate) fn clear_quota() -> weixin::api::cgi_bin::ClearQuota {
    weixin::api::cgi_bin::ClearQuota { appid: AppId::new("wx1111111111111111") }
}

/// Gives the other tasks their turns until something is true; fails after a minute.
pub(crate) async fn until<F: Future<Output = bool>>(condition: impl Fn() -> F) {
    let waiting = async {
        while !condition().await {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), waiting).await.expect("it never became true");
}
