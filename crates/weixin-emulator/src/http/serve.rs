//! The emulator's listener: HTTP/1.1, able to drop a connection with a reset.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tower::ServiceExt;

use super::Abort;

/// Serves until the task is aborted; open connections end with it.
pub(crate) async fn serve(listener: TcpListener, router: Router) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, address)) => {
                    connections.spawn(connection(stream, address, router.clone()));
                }
                // Out of file descriptors, for instance: try again a little later.
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn connection(stream: TcpStream, address: SocketAddr, router: Router) {
    // Answers are small; do not wait for more.
    let _ = stream.set_nodelay(true);
    let dropped = Arc::new(AtomicBool::new(false));
    let marked = Arc::clone(&dropped);
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let (router, marked) = (router.clone(), Arc::clone(&marked));
        async move {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(address));
            let Ok(response) = router.oneshot(request).await;
            if response.extensions().get::<Abort>().is_some() {
                marked.store(true, Ordering::Relaxed);
                return Err(io::Error::other("dropped by a fault"));
            }
            Ok(response)
        }
    });
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(30))
        .serve_connection(TokioIo::new(stream), service);
    let ended = (&mut connection).await;
    if ended.is_err() && dropped.load(Ordering::Relaxed) {
        // Closing without lingering sends a reset instead of an orderly end.
        let _ = connection.into_parts().io.into_inner().set_zero_linger();
    }
}
