//! What happens around every handler, in one service around the router.
//!
//! In: request id, client address, preflights, refusals that need no handler, the gate. Out: security headers, CORS, metrics,
//! one log line. Between them a deadline and a net for panics. Ten layers would say the same and box a future each, and a
//! layer of the router is one box more for each request; this is a service around it, because the hot routes cost little more
//! than a bare handler and should stay so. Which route a request is for it finds out [itself](super::route_table).

use std::any::Any;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::response::{IntoResponse, Response};
use axum::routing::future::RouteFuture;
use futures_util::future::BoxFuture;
use http::header::CONNECTION;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode};
use tokio::time::Sleep;
use tower::Service;
use tracing::Span;

use super::client_ip::client_ip;
use super::cors::{self, Verdict};
use super::current::{self, Current};
use super::gate::{Entry, Permit};
use super::metrics::label;
use super::request_id::{RequestId, X_REQUEST_ID};
use super::route_table::{Kind, Route, RouteTable};
use super::{ApiError, caller, headers};
use crate::AppState;
use crate::listener::Answers;

/// Answers slower than this are told at `info`, however good they are.
const SLOW: std::time::Duration = std::time::Duration::from_secs(1);

/// Facts about a request that any handler may ask for.
#[derive(Debug, Clone)]
pub struct RequestContext {
    /// The id in the answer, the header and the log.
    pub request_id: RequestId,
    /// The client's address, seen through the trusted proxies.
    pub client_ip: IpAddr,
}

impl<S: Sync> FromRequestParts<S> for RequestContext {
    type Rejection = ApiError;

    async fn from_request_parts(_parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        let context = current::with(|request| request.map(|request| request.context.clone()));
        context.ok_or_else(|| ApiError::internal("the edge layer is missing"))
    }
}

/// All routes with everything around them: what a [listener](crate::listener::serve) serves. Copied for every request, so it
/// is one pointer.
#[derive(Clone)]
pub struct Edge(Arc<EdgeInner>);

struct EdgeInner {
    /// Always ready, as routers are.
    router: Router,
    routes: RouteTable,
    state: AppState,
}

impl Edge {
    /// The edge around `router`; `routes` are the templates of its paths.
    pub(crate) fn around(router: Router, routes: RouteTable, state: AppState) -> Self {
        Self(Arc::new(EdgeInner { router, routes, state }))
    }
}

impl std::fmt::Debug for Edge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Edge").finish_non_exhaustive()
    }
}

impl Service<Request<Body>> for Edge {
    type Response = Response;
    type Error = Infallible;
    type Future = EdgeFuture;

    fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
        self.answer_to(request, peer.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)))
    }
}

impl Answers for Edge {
    type Answer = EdgeFuture;

    fn answer(&self, request: Request<Body>, peer: SocketAddr) -> Self::Answer {
        self.answer_to(request, peer.ip())
    }
}

impl Edge {
    fn answer_to(&self, request: Request<Body>, peer: IpAddr) -> EdgeFuture {
        let state = &self.0.state;
        let edge = state.edge();
        let settings = state.settings();
        let request_id = edge.request_ids.for_request(request.headers());
        let client_ip = client_ip(peer, request.headers(), &settings.trusted_proxies);
        let context = RequestContext { request_id, client_ip };
        let current = Arc::new(Current { state: state.clone(), context });
        let request_id = &current.context.request_id;
        let route = self.0.routes.of(request.uri().path());
        let method = request.method().clone();
        let preflight = cors::is_preflight(&method, request.headers());
        let verdict = settings.cors.verdict(request.headers());
        let span = tracing::info_span!(
            "http.request",
            request_id = request_id.as_str(),
            method = label(&method),
            route = route.label()
        );

        let stage = if preflight && verdict.allows() {
            Stage::answer(StatusCode::NO_CONTENT.into_response())
        } else if request.uri().query().is_some_and(has_key_in_query) {
            Stage::refused(&current, key_in_query())
        } else if let Some(name) = caller::repeated(request.headers()) {
            Stage::refused(&current, credential_twice(name))
        } else {
            self.admit(request, route.kind(), &current, &span)
        };
        EdgeFuture {
            stage,
            deadline: None,
            rest: Some(Rest { current, route, method, verdict, preflight, span, begun: Instant::now() }),
        }
    }

    /// Lets the request in, queues it, or turns it away. Health is always let in: a busy service is not a dead one.
    fn admit(&self, request: Request<Body>, kind: Kind, current: &Arc<Current>, span: &Span) -> Stage {
        let edge = self.0.state.edge();
        let gate = match kind {
            Kind::Health => return self.handle(request, None, current, span),
            // WeChat waits five seconds and then tells the person that the service is broken: callbacks do not queue behind
            // others.
            Kind::Callback => &edge.callback_gate,
            Kind::Other => &edge.gate,
        };
        match gate.enter() {
            Entry::Now(permit) => self.handle(request, Some(permit), current, span),
            Entry::Later(waiting) => {
                let mut router = self.0.router.clone();
                Stage::Queued {
                    queued: Box::pin(async move {
                        let Some(_permit) = waiting.turn().await else { return overloaded().into_response() };
                        let Ok(response) = router.call(request).await;
                        response
                    }),
                }
            }
            Entry::Never => {
                metrics::counter!("http_requests_shed_total").increment(1);
                Stage::refused(current, overloaded())
            }
        }
    }

    fn handle(&self, request: Request<Body>, permit: Option<Permit>, current: &Arc<Current>, span: &Span) -> Stage {
        let called =
            span.in_scope(|| std::panic::catch_unwind(AssertUnwindSafe(|| self.0.router.clone().call(request))));
        match called {
            Ok(running) => Stage::Running { running, permit },
            Err(panic) => Stage::refused(current, span.in_scope(|| panicked(&*panic))),
        }
    }
}

/// Whether an API key stands in the query, where every log on the way would keep it.
fn has_key_in_query(query: &str) -> bool {
    // Every one of the names has a K: most queries are seen at one glance to have none of them.
    if !query.bytes().fold(false, |found, byte| found | byte.eq_ignore_ascii_case(&b'k')) {
        return false;
    }
    query.as_bytes().split(|byte| *byte == b'&').any(|pair| {
        ["api_key", "apikey", "api-key", "x-api-key"].iter().any(|bad| {
            let (name, rest) = pair.split_at_checked(bad.len()).unwrap_or_default();
            matches!(rest, [] | [b'=', ..]) && name.eq_ignore_ascii_case(bad.as_bytes())
        })
    })
}

fn key_in_query() -> ApiError {
    ApiError::bad_request("API_KEY_IN_QUERY", "请求参数错误: API Key 不能放在网址中，请使用 X-Api-Key 请求头")
        .hint("网址会留在代理和浏览器的日志里；这个 Key 已经暴露，请吊销并重新创建")
}

fn credential_twice(name: &'static str) -> ApiError {
    ApiError::bad_request("CREDENTIAL_AMBIGUOUS", format!("请求参数错误: 请求头 {name} 出现了多次"))
        .hint("不同的程序会取其中不同的一个，因此一个都不采用；请检查客户端和中间的代理，只保留一个")
}

fn overloaded() -> ApiError {
    ApiError::unavailable("OVERLOADED", "服务繁忙，请稍后再试")
}

fn timed_out() -> ApiError {
    ApiError::unavailable("REQUEST_TIMEOUT", "请求处理超时，请稍后再试")
}

/// A panic fails one request: it is logged, counted, and answered like any other bug.
fn panicked(panic: &(dyn Any + Send)) -> ApiError {
    let text = panic
        .downcast_ref::<&'static str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no text");
    metrics::counter!("http_panics_total").increment(1);
    ApiError::internal(format_args!("a handler panicked: {text}"))
}

pin_project_lite::pin_project! {
    #[project = StageProjection]
    enum Stage {
        Running { #[pin] running: RouteFuture<Infallible>, permit: Option<Permit> },
        Queued { queued: BoxFuture<'static, Response> },
        Answered { response: Option<Response> },
    }
}

impl Stage {
    fn answer(response: Response) -> Self {
        Self::Answered { response: Some(response) }
    }

    /// An answer that no handler gave.
    fn refused(current: &Arc<Current>, refusal: impl IntoResponse) -> Self {
        let _turn = current::turn_of(current);
        Self::answer(refusal.into_response())
    }
}

/// What is needed when the answer is there.
struct Rest {
    current: Arc<Current>,
    route: Arc<Route>,
    method: Method,
    verdict: Verdict,
    preflight: bool,
    span: Span,
    begun: Instant,
}

pin_project_lite::pin_project! {
    /// One request on its way through the edge.
    pub struct EdgeFuture {
        #[pin]
        stage: Stage,
        // In a box: most answers are there at the first look, and what waits for none should be small.
        deadline: Option<Pin<Box<Sleep>>>,
        rest: Option<Rest>,
    }
}

impl std::fmt::Debug for EdgeFuture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EdgeFuture").finish_non_exhaustive()
    }
}

impl Future for EdgeFuture {
    type Output = Result<Response, Infallible>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let Some(rest) = this.rest.as_ref() else { return Poll::Pending };
        let _turn = current::turn_of(&rest.current);
        let response = {
            let _entered = rest.span.enter();
            match std::panic::catch_unwind(AssertUnwindSafe(|| poll_stage(this.stage.as_mut(), cx))) {
                Ok(Poll::Ready(response)) => response,
                Err(panic) => panicked(&*panic).into_response(),
                Ok(Poll::Pending) => {
                    let wait = rest.current.state.settings().request_timeout;
                    let deadline = this.deadline.get_or_insert_with(|| Box::pin(tokio::time::sleep(wait)));
                    ready!(deadline.as_mut().poll(cx));
                    timed_out().into_response()
                }
            }
        };
        // The handler's future, its permit and its borrow of the request go before the answer leaves.
        this.stage.set(Stage::Answered { response: None });
        match this.rest.take() {
            Some(rest) => Poll::Ready(Ok(rest.finish(response))),
            None => Poll::Pending,
        }
    }
}

fn poll_stage(stage: Pin<&mut Stage>, cx: &mut Context<'_>) -> Poll<Response> {
    match stage.project() {
        StageProjection::Running { running, permit: _ } => running.poll(cx).map(|Ok(response)| response),
        StageProjection::Queued { queued } => queued.as_mut().poll(cx),
        StageProjection::Answered { response } => response.take().map_or(Poll::Pending, Poll::Ready),
    }
}

impl Rest {
    fn finish(self, mut response: Response) -> Response {
        let settings = self.current.state.settings();
        let status = response.status();
        let out = response.headers_mut();
        out.insert(X_REQUEST_ID, self.current.context.request_id.to_header());
        headers::complete(out, settings.is_https());
        self.verdict.write(out, self.preflight);
        if self.current.state.drain().is_draining() {
            out.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        let took = self.begun.elapsed();
        self.route.count(&self.method, status, took);
        let _entered = self.span.enter();
        let (status, ms) = (status.as_u16(), took.as_secs_f64() * 1000.0);
        if took > SLOW || status >= 500 {
            tracing::info!(status, ms, "request answered");
        } else {
            tracing::debug!(status, ms, "request answered");
        }
        response
    }
}

/// What the edge keeps between requests.
pub(crate) struct EdgeShared {
    /// What every answer in the envelope has.
    pub(super) json_headers: HeaderMap,
    pub(crate) request_ids: super::request_id::RequestIds,
    pub(crate) gate: super::gate::Gate,
    pub(crate) callback_gate: super::gate::Gate,
}

impl EdgeShared {
    pub(crate) fn new(
        request_ids: super::request_id::RequestIds,
        gate: super::gate::Gate,
        callback_gate: super::gate::Gate,
        https: bool,
    ) -> Self {
        let mut json_headers = headers::of_json(https);
        // As with the length: every answer gets its own at the end.
        json_headers.insert(X_REQUEST_ID, HeaderValue::from_static(""));
        Self { json_headers, request_ids, gate, callback_gate }
    }
}
