//! One connection: hyper's http1 state machine around the router.

use std::convert::Infallible;
use std::future::{Future, Ready};
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::routing::future::RouteFuture;
use bytes::Bytes;
use futures_util::future::Either;
use http::header::{CONNECTION, CONTENT_TYPE, HOST, TRANSFER_ENCODING};
use http::{HeaderValue, Request, Response, StatusCode, Version};
use http_body::{Body as HttpBody, Frame, SizeHint};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::Service;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::Sleep;
use tokio_util::sync::CancellationToken;
use tower::Service as _;

use super::ListenerSettings;
use super::guard::{Guard, Phase};

/// Everything a new connection needs.
#[derive(Clone)]
pub(super) struct Connections {
    router: Router,
    builder: http1::Builder,
    settings: Arc<ListenerSettings>,
    closing: CancellationToken,
    cut: CancellationToken,
}

impl Connections {
    pub(super) fn new(
        router: Router,
        settings: ListenerSettings,
        closing: CancellationToken,
        cut: CancellationToken,
    ) -> Self {
        let mut builder = http1::Builder::new();
        builder
            // The guard keeps this deadline, and the others that hyper does not know.
            .header_read_timeout(None)
            .max_headers(settings.max_headers)
            .max_buf_size(settings.max_head_bytes)
            .half_close(false)
            .keep_alive(true);
        Self { router, builder, settings: Arc::new(settings), closing, cut }
    }

    /// Runs one connection to its end.
    pub(super) fn run(&self, stream: TcpStream, peer: SocketAddr) -> impl Future<Output = ()> + Send + 'static {
        let settings = &self.settings;
        let phase = Arc::new(Phase::new(settings.head_timeout, settings.idle_timeout));
        let socket = TokioIo::new(Guard::new(stream, Arc::clone(&phase), settings.write_stall));
        let requests = Requests { router: self.router.clone(), phase, peer, body_timeout: settings.body_timeout };
        let connection = self.builder.serve_connection(socket, requests);
        let (closing, cut) = (self.closing.clone(), self.cut.clone());
        async move {
            let mut connection = pin!(connection);
            let ended = tokio::select! {
                ended = connection.as_mut() => ended,
                () = closing.cancelled() => {
                    connection.as_mut().graceful_shutdown();
                    tokio::select! {
                        ended = connection.as_mut() => ended,
                        () = cut.cancelled() => return,
                    }
                }
            };
            if let Err(error) = ended {
                tracing::trace!(%error, "connection ended early");
            }
        }
    }
}

/// The service of one connection.
struct Requests {
    router: Router,
    phase: Arc<Phase>,
    peer: SocketAddr,
    body_timeout: Duration,
}

type Answer = Either<RouteFuture<Infallible>, Ready<Result<Response<Body>, Infallible>>>;

impl Service<Request<Incoming>> for Requests {
    type Response = Response<Tracked>;
    type Error = Infallible;
    type Future = Answering;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        self.phase.busy();
        let phase = Arc::clone(&self.phase);
        let close = must_close(&request);
        if !has_one_host(&request) {
            let answer = std::future::ready(Ok(bad_request()));
            return Answering { answer: Either::Right(answer), phase: Some(phase), close: true };
        }
        let (mut parts, incoming) = request.into_parts();
        parts.extensions.insert(ConnectInfo(self.peer));
        let body =
            if incoming.is_end_stream() { Body::empty() } else { Body::new(Timed::new(incoming, self.body_timeout)) };
        let answer = self.router.clone().call(Request::from_parts(parts, body));
        Answering { answer: Either::Left(answer), phase: Some(phase), close }
    }
}

/// RFC 9112 §3.2: an HTTP/1.1 request without exactly one `Host` is refused.
fn has_one_host<B>(request: &Request<B>) -> bool {
    let mut hosts = request.headers().get_all(HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(_), None) => true,
        (None, None) => request.version() < Version::HTTP_11,
        _ => false,
    }
}

/// Framings that proxies disagree about get their answer, and then the connection ends: nothing that was
/// smuggled behind them is ever read as a request.
fn must_close<B>(request: &Request<B>) -> bool {
    request.version() < Version::HTTP_11 || request.headers().contains_key(TRANSFER_ENCODING)
}

fn bad_request() -> Response<Body> {
    let mut response = Response::new(Body::from("bad request: exactly one Host header is required\n"));
    *response.status_mut() = StatusCode::BAD_REQUEST;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    response
}

pin_project_lite::pin_project! {
    /// The router's answer, its body tracked so that the connection knows when it is idle again.
    struct Answering {
        #[pin]
        answer: Answer,
        phase: Option<Arc<Phase>>,
        close: bool,
    }
}

impl Future for Answering {
    type Output = Result<Response<Tracked>, Infallible>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let Ok(mut response) = ready!(this.answer.poll(cx));
        if *this.close {
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        let phase = this.phase.take();
        Poll::Ready(Ok(response.map(|body| Tracked { body, phase })))
    }
}

/// An answer's body that tells the connection when it is done.
struct Tracked {
    body: Body,
    phase: Option<Arc<Phase>>,
}

impl HttpBody for Tracked {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        Pin::new(&mut self.get_mut().body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Tracked {
    fn drop(&mut self) {
        if let Some(phase) = &self.phase {
            phase.idle();
        }
    }
}

/// The body did not arrive in time. Found as the source of a body error.
#[derive(Debug, thiserror::Error)]
#[error("the request body did not arrive in time")]
pub struct BodyTimeout;

pin_project_lite::pin_project! {
    /// A request body that has to be complete by a deadline; the clock starts when someone first waits for it.
    struct Timed {
        #[pin]
        body: Incoming,
        wait: Duration,
        #[pin]
        timer: Option<Sleep>,
    }
}

impl Timed {
    fn new(body: Incoming, wait: Duration) -> Self {
        Self { body, wait, timer: None }
    }
}

impl HttpBody for Timed {
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let mut this = self.project();
        if let Poll::Ready(frame) = this.body.poll_frame(cx) {
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        if this.timer.is_none() {
            this.timer.set(Some(tokio::time::sleep(*this.wait)));
        }
        if let Some(timer) = this.timer.as_pin_mut() {
            ready!(timer.poll(cx));
        }
        Poll::Ready(Some(Err(BodyTimeout.into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
