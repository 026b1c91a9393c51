//! A served router and the raw sockets that talk to it.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::routing::{get, post};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use weiqiao_http::listener::{Drain, ListenerSettings, bind, serve};

/// Nothing in these tests may take longer; a hang fails instead of hanging.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Figures small enough to be waited for.
pub fn quick() -> ListenerSettings {
    ListenerSettings {
        head_timeout: Duration::from_millis(200),
        idle_timeout: Duration::from_millis(400),
        body_timeout: Duration::from_millis(200),
        write_stall: Duration::from_millis(300),
        linger: Duration::ZERO,
        grace: Duration::from_secs(10),
        ..ListenerSettings::default()
    }
}

/// A running listener on a free loopback port.
pub struct Served {
    pub address: SocketAddr,
    pub drain: Drain,
    pub task: JoinHandle<usize>,
}

pub fn serve_with(router: Router, settings: ListenerSettings) -> Served {
    let listener = bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = listener.local_addr().unwrap();
    let drain = Drain::new();
    let task = tokio::spawn(serve(listener, router, settings, drain.clone()));
    Served { address, drain, task }
}

/// `GET /hello`, `POST /echo`, and `POST /refused`, which does not look at the body.
pub fn plain_router() -> Router {
    let refused = post(|| async { (axum::http::StatusCode::TOO_MANY_REQUESTS, "refused") });
    Router::new().route("/hello", get(|| async { "hello" })).route("/refused", refused).route(
        "/echo",
        post(|body: axum::body::Body| async move {
            match axum::body::to_bytes(body, 1 << 20).await {
                Ok(bytes) => (axum::http::StatusCode::OK, bytes),
                Err(error) => (axum::http::StatusCode::BAD_REQUEST, error.to_string().into()),
            }
        }),
    )
}

pub struct Client(pub TcpStream);

impl Client {
    pub async fn to(address: SocketAddr) -> Self {
        Self(TcpStream::connect(address).await.unwrap())
    }

    pub async fn send(&mut self, text: impl AsRef<[u8]>) {
        self.0.write_all(text.as_ref()).await.unwrap();
    }

    /// Everything until the other side closes.
    pub async fn until_closed(&mut self) -> String {
        let mut bytes = Vec::new();
        let read = tokio::time::timeout(PATIENCE, self.0.read_to_end(&mut bytes)).await;
        match read.expect("the connection was not closed") {
            Ok(_) => {}
            // A close with unread bytes on their side arrives as a reset; what was read before it counts.
            Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset),
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Reads until `marker` has been seen.
    pub async fn until(&mut self, marker: &str) -> String {
        let mut text = String::new();
        let mut buffer = [0; 1024];
        while !text.contains(marker) {
            let read = tokio::time::timeout(PATIENCE, self.0.read(&mut buffer)).await.expect("nothing came").unwrap();
            assert_ne!(read, 0, "closed before {marker:?}, after {text:?}");
            text.push_str(&String::from_utf8_lossy(&buffer[..read]));
        }
        text
    }
}
