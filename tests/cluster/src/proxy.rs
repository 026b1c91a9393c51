//! A wire between two programs that can be slow, stand still, or be cut.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::sleep;

/// What a wire does now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wire {
    /// Passes everything on.
    Up,
    /// Passes everything on after this long, in each direction of it half.
    Slow(Duration),
    /// Takes everything and passes nothing on, until it is up again.
    Still,
    /// Breaks all connections, and nobody listens.
    Cut,
}

/// A listener on a port of its own that leads somewhere else.
pub struct Proxy {
    pub address: SocketAddr,
    wire: watch::Sender<Wire>,
    task: JoinHandle<()>,
}

impl Proxy {
    pub async fn to(target: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (wire, seen) = watch::channel(Wire::Up);
        let task = tokio::spawn(listen(Some(listener), address, target, seen));
        Self { address, wire, task }
    }

    /// Changes what it does. After a cut, new connections are refused within a moment.
    pub fn set(&self, wire: Wire) {
        self.wire.send_replace(wire);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
        self.wire.send_replace(Wire::Cut);
    }
}

async fn listen(
    mut listener: Option<TcpListener>,
    address: SocketAddr,
    target: SocketAddr,
    mut wire: watch::Receiver<Wire>,
) {
    loop {
        let cut = *wire.borrow_and_update() == Wire::Cut;
        if cut {
            // Only a closed socket refuses.
            listener = None;
            if wire.changed().await.is_err() {
                return;
            }
            continue;
        }
        let socket = match &listener {
            Some(socket) => socket,
            None => match TcpListener::bind(address).await {
                Ok(socket) => listener.insert(socket),
                Err(_) => {
                    sleep(Duration::from_millis(10)).await;
                    continue;
                }
            },
        };
        tokio::select! {
            changed = wire.changed() => if changed.is_err() { return },
            accepted = socket.accept() => if let Ok((outer, _)) = accepted {
                tokio::spawn(carry(outer, target, wire.clone()));
            },
        }
    }
}

async fn carry(outer: TcpStream, target: SocketAddr, wire: watch::Receiver<Wire>) {
    let mut cut = wire.clone();
    let both = async {
        let Ok(inner) = TcpStream::connect(target).await else { return };
        let _ = (outer.set_nodelay(true), inner.set_nodelay(true));
        let ((outer_in, outer_out), (inner_in, inner_out)) = (outer.into_split(), inner.into_split());
        // One side that ended ends the other, in order: what was said before is still passed on.
        let _ = tokio::join!(pass(outer_in, inner_out, wire.clone()), pass(inner_in, outer_out, wire));
    };
    tokio::select! {
        () = both => {}
        () = async { drop(cut.wait_for(|wire| *wire == Wire::Cut).await) } => {}
    }
}

async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut wire: watch::Receiver<Wire>) -> io::Result<()> {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let length = from.read(&mut buffer).await?;
        if length == 0 {
            return to.shutdown().await;
        }
        let now = *wire.borrow();
        if let Wire::Slow(by) = now {
            sleep(by / 2).await;
        }
        let passes = wire.wait_for(|wire| *wire != Wire::Still).await.is_ok();
        if !passes {
            return Ok(());
        }
        to.write_all(&buffer[..length]).await?;
    }
}
