//! A little service that takes callbacks. It reads them with the reader of `weixin-proto`, which shares no code with
//! what composes them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use tokio::net::TcpListener;
use tokio::sync::{Notify, Semaphore};
use tokio::task::AbortHandle;
use weixin_emulator::{CallbackSettings, Emulator};
use weixin_proto::AesKey;
use weixin_proto::callback::reply::{Address, Reply};
use weixin_proto::callback::{Opened, Query, Receiver};

pub(crate) const TOKEN: &str = "AAAAA";
pub(crate) const KEY: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";

/// One request.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) query: BTreeMap<String, String>,
    pub(crate) content_type: String,
    pub(crate) body: String,
}

/// What to do with it.
pub(crate) enum Answer {
    Body(u16, String),
    /// Not before the test says so.
    Hold,
    /// Drop the connection.
    Drop,
}

pub(crate) fn body(text: impl Into<String>) -> Answer {
    Answer::Body(200, text.into())
}

type Decide = Arc<dyn Fn(usize, &Seen) -> Answer + Send + Sync>;

#[derive(Clone)]
struct Shared {
    seen: Arc<Mutex<Vec<Seen>>>,
    came: Arc<Notify>,
    gate: Arc<Semaphore>,
    decide: Decide,
}

pub(crate) struct Service {
    pub(crate) url: String,
    shared: Shared,
    task: AbortHandle,
}

impl Drop for Service {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Service {
    /// `decide` gets the number of the request, from 0.
    pub(crate) async fn new(decide: impl Fn(usize, &Seen) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/wx?own=1", listener.local_addr().unwrap());
        let shared = Shared {
            seen: Arc::default(),
            came: Arc::default(),
            gate: Arc::new(Semaphore::new(0)),
            decide: Arc::new(decide),
        };
        let router = Router::new().fallback(handle).with_state(shared.clone());
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() }).abort_handle();
        Self { url, shared, task }
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.shared.seen.lock().unwrap().clone()
    }

    /// Waits until so many requests have come.
    pub(crate) async fn until(&self, requests: usize) -> Vec<Seen> {
        loop {
            let came = self.shared.came.notified();
            if self.seen().len() >= requests {
                return self.seen();
            }
            came.await;
        }
    }

    /// Lets held requests be answered.
    pub(crate) fn release(&self) {
        self.shared.gate.add_permits(100);
    }

    /// Makes it the callback address of an account.
    pub(crate) fn attach(&self, emulator: &Emulator, account: &str, mode: &str, format: &str) {
        emulator.set_callback(
            account,
            CallbackSettings {
                url: Some(self.url.clone()),
                token: Some(TOKEN.into()),
                aes_key: Some(KEY.into()),
                mode: Some(mode.into()),
                format: Some(format.into()),
            },
        );
    }
}

async fn handle(State(shared): State<Shared>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let query = parts.uri.query().unwrap_or_default();
    let seen = Seen {
        method: parts.method.to_string(),
        query: form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
        content_type: parts.headers.get("content-type").map_or("", |value| value.to_str().unwrap()).to_owned(),
        body: String::from_utf8(to_bytes(body, 1 << 20).await.unwrap().to_vec()).unwrap(),
    };
    let n = {
        let mut all = shared.seen.lock().unwrap();
        all.push(seen.clone());
        all.len() - 1
    };
    shared.came.notify_waiters();
    match (shared.decide)(n, &seen) {
        Answer::Body(status, text) => Response::builder().status(status).body(Body::from(text)).unwrap(),
        Answer::Hold => {
            let _gate = shared.gate.acquire().await.unwrap();
            Response::new(Body::from("success"))
        }
        Answer::Drop => {
            let broken = futures_util::stream::iter([Err::<bytes::Bytes, _>(std::io::Error::other("dropped"))]);
            Response::builder().header("content-length", "10").body(Body::from_stream(broken)).unwrap()
        }
    }
}

/// The reader of another hand.
pub(crate) fn reader(app_id: &str, mode: &str) -> Receiver {
    let key = AesKey::parse(KEY).unwrap();
    match mode {
        "plain" => Receiver::plain(app_id.into(), TOKEN.into()),
        "compatible" => Receiver::compatible(app_id.into(), TOKEN.into(), key),
        _ => Receiver::safe(app_id.into(), TOKEN.into(), key),
    }
}

pub(crate) fn opened(seen: &Seen, app_id: &str, mode: &str) -> Opened {
    let query = Query::from_pairs(seen.query.iter().map(|(name, value)| (name.as_str(), value.as_str()))).unwrap();
    let now_s = seen.query["timestamp"].parse().unwrap();
    reader(app_id, mode).open(&query, seen.body.as_bytes(), now_s).unwrap()
}

/// Answers with a text, sealed as the account's mode wants it.
pub(crate) fn say(seen: &Seen, app_id: &str, mode: &str, text: &str) -> Answer {
    answer(seen, app_id, mode, &Reply::text(text))
}

pub(crate) fn answer(seen: &Seen, app_id: &str, mode: &str, reply: &Reply) -> Answer {
    let opened = opened(seen, app_id, mode);
    let written = reply.write(&Address::answering(&opened.inbound, 1_714_037_060), opened.format()).unwrap();
    body(reader(app_id, mode).seal(&opened, written, 1_714_037_060, "n0nce", [7; 16]).unwrap())
}
