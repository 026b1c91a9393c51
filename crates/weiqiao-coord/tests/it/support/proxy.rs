//! A wire between the driver and Redis that can be cut or made to hang.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// What the wire does now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wire {
    /// Passes everything on.
    Up,
    /// Takes everything and passes nothing on: a Redis that is reachable and does not answer.
    Hanging,
    /// Breaks all connections and refuses new ones at once.
    Cut,
}

pub struct Proxy {
    pub url: String,
    wire: watch::Sender<Wire>,
    accepted: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Proxy {
    pub async fn start(redis: &str) -> Self {
        let target: SocketAddr = redis.trim_start_matches("redis://").trim_end_matches('/').parse().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("redis://{}", listener.local_addr().unwrap());
        let (wire, seen) = watch::channel(Wire::Up);
        let accepted = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&accepted);
        let task = tokio::spawn(async move {
            while let Ok((inner, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                if *seen.borrow() != Wire::Cut {
                    tokio::spawn(carry(inner, target, seen.clone()));
                }
            }
        });
        Self { url, wire, accepted, task }
    }

    pub fn set(&self, wire: Wire) {
        self.wire.send_replace(wire);
    }

    /// Connections made to the wire so far.
    pub fn accepted(&self) -> usize {
        self.accepted.load(Ordering::SeqCst)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn carry(inner: TcpStream, target: SocketAddr, seen: watch::Receiver<Wire>) {
    let outer = TcpStream::connect(target).await.unwrap();
    let ((from_inner, to_inner), (from_outer, to_outer)) = (inner.into_split(), outer.into_split());
    tokio::select! {
        () = pump(from_inner, to_outer, seen.clone()) => {}
        () = pump(from_outer, to_inner, seen) => {}
    }
}

async fn pump(
    mut from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    mut seen: watch::Receiver<Wire>,
) {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let read = tokio::select! {
            read = from.read(&mut buffer) => read,
            cut = seen.wait_for(|wire| *wire == Wire::Cut) => return drop(cut),
        };
        let Ok(read @ 1..) = read else { return };
        let Ok(wire) = seen.wait_for(|wire| *wire != Wire::Hanging).await.map(|wire| *wire) else { return };
        if wire == Wire::Cut || to.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
}
