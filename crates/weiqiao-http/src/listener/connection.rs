//! One connection: hyper's http1 state machine around what answers.

use std::convert::Infallible;
use std::future::{Future, Ready, poll_fn};
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
use http::header::{CONNECTION, CONTENT_TYPE, EXPECT, HOST, TRANSFER_ENCODING};
use http::{HeaderValue, Request, Response, StatusCode, Version};
use http_body::{Body as HttpBody, Frame, SizeHint};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::Service;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::Sleep;
use tokio_util::sync::CancellationToken;
use weiqiao_model::crash_point;

use super::guard::{Guard, Phase};
use super::leftover::{Leftover, Rest};
use super::{Drain, ListenerSettings};

/// What a listener can serve: the [edge](crate::Edge), or any router.
pub trait Answers: Clone + Send + 'static {
    /// The answer to one request.
    type Answer: Future<Output = Result<Response<Body>, Infallible>> + Send;

    /// Answers a request that came from `peer`.
    fn answer(&self, request: Request<Body>, peer: SocketAddr) -> Self::Answer;
}

impl Answers for Router {
    type Answer = RouteFuture<Infallible>;

    fn answer(&self, mut request: Request<Body>, peer: SocketAddr) -> Self::Answer {
        request.extensions_mut().insert(ConnectInfo(peer));
        tower::Service::call(&mut self.clone(), request)
    }
}

/// Everything a new connection needs.
pub(super) struct Connections<S> {
    service: S,
    builder: http1::Builder,
    settings: Arc<ListenerSettings>,
    closing: Drain,
    cut: CancellationToken,
}

impl<S: Answers> Connections<S> {
    pub(super) fn new(service: S, settings: ListenerSettings, closing: Drain, cut: CancellationToken) -> Self {
        let mut builder = http1::Builder::new();
        builder
            // The guard keeps this deadline, and the others that hyper does not know.
            .header_read_timeout(None)
            .max_headers(settings.max_headers)
            .max_buf_size(settings.max_head_bytes)
            .half_close(false)
            .keep_alive(true);
        Self { service, builder, settings: Arc::new(settings), closing, cut }
    }

    /// Runs one connection to its end.
    pub(super) fn run(&self, stream: TcpStream, peer: SocketAddr) -> impl Future<Output = ()> + Send + use<S> {
        let settings = &self.settings;
        let phase = Arc::new(Phase::new(settings.head_timeout, settings.idle_timeout));
        let socket = TokioIo::new(Guard::new(stream, Arc::clone(&phase), settings.write_stall));
        let requests = Requests {
            service: self.service.clone(),
            phase: Arc::clone(&phase),
            peer,
            body_timeout: settings.body_timeout,
        };
        let connection = self.builder.serve_connection(socket, requests);
        let (closing, cut) = (self.closing.clone(), self.cut.clone());
        async move {
            let mut connection = pin!(connection);
            let ended = match end_or_closing(connection.as_mut(), &closing).await {
                Some(ended) => ended,
                None => {
                    tokio::select! {
                        ended = close(connection.as_mut(), &phase) => ended,
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

/// How long a connection that has just been made may take to say what it wants, when all are to be closed. Its request may be
/// on its way, and would be met with a reset.
const FIRST_WORD: Duration = Duration::from_millis(300);

/// Finishes what the connection has begun.
async fn close<S: Answers>(mut connection: Pin<&mut Connection<S>>, phase: &Phase) -> hyper::Result<()> {
    if phase.is_new()
        && let Ok(ended) = tokio::time::timeout(FIRST_WORD, connection.as_mut()).await
    {
        return ended;
    }
    connection.as_mut().graceful_shutdown();
    connection.await
}

/// The end of the connection, or `None` when all are to be closed.
async fn end_or_closing<C: Future>(mut connection: Pin<&mut C>, closing: &Drain) -> Option<C::Output> {
    let mut begun = pin!(closing.begun());
    let mut waits = false;
    poll_fn(|cx| {
        if let Poll::Ready(ended) = connection.as_mut().poll(cx) {
            return Poll::Ready(Some(ended));
        }
        // Asked once, the switch wakes this task by itself; asking it at every request would be three locks.
        if !waits || closing.is_draining() {
            waits = true;
            return begun.as_mut().poll(cx).map(|()| None);
        }
        Poll::Pending
    })
    .await
}

type Connection<S> = http1::Connection<TokioIo<Guard<TcpStream>>, Requests<S>>;

/// The service of one connection.
struct Requests<S> {
    service: S,
    phase: Arc<Phase>,
    peer: SocketAddr,
    body_timeout: Duration,
}

type Answer<F> = Either<F, Ready<Result<Response<Body>, Infallible>>>;

impl<S: Answers> Service<Request<Incoming>> for Requests<S> {
    type Response = Response<Tracked>;
    type Error = Infallible;
    type Future = Answering<S::Answer>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        crash_point!("http.request.read");
        self.phase.busy();
        let phase = Arc::clone(&self.phase);
        let close = must_close(&request);
        if !has_one_host(&request) {
            let answer = std::future::ready(Ok(bad_request()));
            return Answering {
                answer: Either::Right(answer),
                phase: Some(phase),
                close: true,
                leftover: None,
                rest: None,
            };
        }
        let (parts, incoming) = request.into_parts();
        let leftover = (!incoming.is_end_stream()).then(Leftover::default);
        // Who asks before sending a body is not to be asked for one that nobody wants.
        let asks_first = parts.headers.contains_key(EXPECT);
        let body = match &leftover {
            None => Body::empty(),
            Some(leftover) => Body::new(Timed::new(incoming, self.body_timeout, leftover.clone())),
        };
        let answer = self.service.answer(Request::from_parts(parts, body), self.peer);
        let leftover = leftover.map(|leftover| (leftover, asks_first));
        Answering { answer: Either::Left(answer), phase: Some(phase), close, leftover, rest: None }
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
    /// The answer, its body tracked so that the connection knows when it is idle again.
    struct Answering<F> {
        #[pin]
        answer: Answer<F>,
        phase: Option<Arc<Phase>>,
        close: bool,
        // Where the request's body is when the handler did not read it to its end, and whether its client waits to be
        // asked for it.
        leftover: Option<(Leftover, bool)>,
        // The answer, while what is left of the body is taken in.
        rest: Option<(Rest, Response<Body>)>,
    }
}

impl<F: Future<Output = Result<Response<Body>, Infallible>>> Future for Answering<F> {
    type Output = Result<Response<Tracked>, Infallible>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        if this.rest.is_none() {
            let Ok(response) = ready!(this.answer.poll(cx));
            let rest = this.leftover.take().and_then(|(leftover, asks_first)| Some((leftover.take()?, asks_first)));
            match rest {
                Some((rest, false)) => *this.rest = Some((rest, response)),
                Some((_, true)) => return Poll::Ready(Ok(finished(response, true, this.phase.take()))),
                None => return Poll::Ready(Ok(finished(response, *this.close, this.phase.take()))),
            }
        }
        let Some((rest, _)) = this.rest.as_mut() else { return Poll::Pending };
        let reusable = ready!(rest.poll_gone(cx));
        let Some((_, response)) = this.rest.take() else { return Poll::Pending };
        Poll::Ready(Ok(finished(response, *this.close || !reusable, this.phase.take())))
    }
}

fn finished(mut response: Response<Body>, close: bool, phase: Option<Arc<Phase>>) -> Response<Tracked> {
    crash_point!("http.answer.made");
    if close {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response.map(|body| Tracked { body, phase })
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
            crash_point!("http.answer.given");
            phase.idle();
        }
    }
}

/// The body did not arrive in time. Found as the source of a body error.
#[derive(Debug, thiserror::Error)]
#[error("the request body did not arrive in time")]
pub struct BodyTimeout;

/// A request body that has to be complete by a deadline; the clock starts when someone first waits for it. Dropped before
/// its end, it leaves the rest.
struct Timed {
    body: Option<Incoming>,
    wait: Duration,
    timer: Option<Pin<Box<Sleep>>>,
    leftover: Leftover,
}

impl Timed {
    fn new(body: Incoming, wait: Duration, leftover: Leftover) -> Self {
        Self { body: Some(body), wait, timer: None, leftover }
    }
}

impl HttpBody for Timed {
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let Some(body) = self.body.as_mut() else { return Poll::Ready(None) };
        if let Poll::Ready(frame) = Pin::new(body).poll_frame(cx) {
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        let wait = self.wait;
        let timer = self.timer.get_or_insert_with(|| Box::pin(tokio::time::sleep(wait)));
        ready!(timer.as_mut().poll(cx));
        Poll::Ready(Some(Err(BodyTimeout.into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map_or_else(SizeHint::default, HttpBody::size_hint)
    }
}

impl Drop for Timed {
    fn drop(&mut self) {
        if let Some(body) = self.body.take() {
            self.leftover.keep(body);
        }
    }
}
