//! The public listener: one hyper http1 connection per socket, every wait bounded.
//!
//! `axum::serve` has no read timeout at all, so a socket that sends nothing lives for ever. Here each wait has
//! an end: the first byte and the rest of the head, the pause between two requests, the body, a reader that
//! stopped reading. See [`ListenerSettings`] for the figures and [`guard`] for how they are kept.
//!
//! HTTP/2 is not spoken: TLS ends at the proxy, and an http2 preface is refused at once.

mod connection;
mod drain;
mod guard;
mod leftover;
mod places;
mod settings;

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use self::connection::{Answers, BodyTimeout};
pub use self::drain::Drain;
pub use self::settings::ListenerSettings;

use self::connection::Connections;
use self::places::Places;

/// How many connections the kernel may hold for us before they are accepted.
const BACKLOG: u32 = 1024;

/// How long to wait when the process is out of file handles before accepting again.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Opens the listening socket: address reuse on, 1,024 waiting connections.
///
/// # Errors
///
/// What the operating system said, for example that the port is taken.
pub fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Serves `service` until `drain` begins and the last request is answered.
///
/// Stopping has three steps: readiness goes off and answers carry `Connection: close` while new connections are
/// still taken (`linger`, so that a load balancer can notice); then no new connection is taken, idle ones are
/// closed and running requests finish; after `grace` whatever is left is cut.
///
/// Returns the number of connections that had to be cut.
pub async fn serve<S: Answers>(listener: TcpListener, service: S, settings: ListenerSettings, drain: Drain) -> usize {
    let places = Places::new(&settings);
    let closing = Drain::new();
    let cut = CancellationToken::new();
    let tasks = TaskTracker::new();
    let linger = settings.linger;
    let grace = settings.grace;
    let connections = Connections::new(service, settings, closing.clone(), cut.clone());

    let stop_accepting = async {
        drain.begun().await;
        tokio::time::sleep(linger).await;
    };
    tokio::pin!(stop_accepting);
    loop {
        tokio::select! {
            biased;
            () = &mut stop_accepting => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => accept(stream, peer, &places, &connections, &tasks),
                Err(error) => refuse(&error).await,
            },
        }
    }
    take_the_last(listener, |stream, peer| accept(stream, peer, &places, &connections, &tasks));
    closing.begin();
    tasks.close();
    if tokio::time::timeout(grace, tasks.wait()).await.is_ok() {
        return 0;
    }
    let left = tasks.len();
    tracing::warn!(connections = left, "the drain time is over: cutting the connections that are left");
    cut.cancel();
    tasks.wait().await;
    left
}

/// Closes the listener, and takes those whom the kernel has connected by then: closing it would reset them.
fn take_the_last(listener: TcpListener, mut take: impl FnMut(TcpStream, SocketAddr)) {
    // It does not block: without another connection there is an error.
    let Ok(listener) = listener.into_std() else { return };
    while let Ok((stream, peer)) = listener.accept() {
        match stream.set_nonblocking(true).and_then(|()| TcpStream::from_std(stream)) {
            Ok(stream) => take(stream, peer),
            Err(error) => tracing::debug!(%error, "a connection could not be taken"),
        }
    }
}

fn accept<S: Answers>(
    stream: TcpStream,
    peer: SocketAddr,
    places: &Places,
    connections: &Connections<S>,
    tasks: &TaskTracker,
) {
    let Some(place) = places.take(peer.ip()) else {
        metrics::counter!("http_connections_refused_total").increment(1);
        return;
    };
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY could not be set");
    }
    let connection = connections.run(stream, peer);
    tasks.spawn(async move {
        connection.await;
        drop(place);
    });
}

/// A failed `accept` concerns one connection, except when handles or memory ran out: then a pause lets some go.
async fn refuse(error: &io::Error) {
    let of_one_connection = matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset
    );
    if !of_one_connection {
        tracing::error!(%error, "cannot accept connections; trying again");
        tokio::time::sleep(ACCEPT_PAUSE).await;
    }
}
