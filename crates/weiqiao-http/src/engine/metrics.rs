//! Counting requests, by route template, method and status: never by path, so the number of series is bounded.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use http::header::CONTENT_TYPE;
use http::{Method, StatusCode};
use metrics::{Counter, Histogram};
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};

const REQUESTS: &str = "http_requests_total";
const DURATION: &str = "http_request_duration_seconds";
/// Bounds of the duration buckets, in seconds.
const BUCKETS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 15.0];

/// The route label of requests that met no route.
pub(super) const UNMATCHED: &str = "unmatched";

/// The numbers of one route. Handles are looked up once and kept: a look-up per request would cost more than
/// many a handler.
pub(super) struct RouteMetrics {
    route: Arc<str>,
    usual: OnceLock<Usual>,
}

/// The method that the route was asked with first.
struct Usual {
    method: Method,
    duration: Histogram,
    /// Made at the first good answer: a series that never counted anything is noise.
    ok: OnceLock<Counter>,
}

impl RouteMetrics {
    /// The numbers of the route with this template.
    pub(super) fn of(template: &str) -> Self {
        Self { route: Arc::from(template), usual: OnceLock::new() }
    }

    /// The label of the route.
    pub(super) fn route(&self) -> &str {
        &self.route
    }

    /// Counts one answered request.
    pub(super) fn count(&self, method: &Method, status: StatusCode, took: Duration) {
        let route = &self.route;
        let usual = self.usual.get_or_init(|| Usual {
            method: method.clone(),
            duration: duration(route, method),
            ok: OnceLock::new(),
        });
        if usual.method == *method {
            usual.duration.record(took);
            if status == StatusCode::OK {
                usual.ok.get_or_init(|| counter(route, method, status)).increment(1);
                return;
            }
        } else {
            duration(route, method).record(took);
        }
        counter(route, method, status).increment(1);
    }
}

fn counter(route: &Arc<str>, method: &Method, status: StatusCode) -> Counter {
    metrics::counter!(
        REQUESTS, "route" => Arc::clone(route), "method" => label(method), "status" => status.as_u16().to_string()
    )
}

fn duration(route: &Arc<str>, method: &Method) -> Histogram {
    metrics::histogram!(DURATION, "route" => Arc::clone(route), "method" => label(method))
}

/// Method names are a closed list too: a client may invent them.
pub(super) fn label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}

/// A Prometheus recorder with our buckets, ready to be installed by the binary.
///
/// # Errors
///
/// Never with the figures above; the exporter's type wants it.
pub fn recorder() -> Result<PrometheusBuilder, BuildError> {
    PrometheusBuilder::new()
        .set_buckets_for_metric(metrics_exporter_prometheus::Matcher::Full(DURATION.to_owned()), &BUCKETS)
}

/// The router of the metrics listener: `GET /metrics` in the Prometheus text format. It belongs on an address of
/// its own; the public router answers 404 there.
pub fn metrics_router(handle: PrometheusHandle) -> Router {
    Router::new().route("/metrics", get(render)).with_state(handle)
}

async fn render(State(handle): State<PrometheusHandle>) -> ([(http::HeaderName, &'static str); 1], String) {
    // Samples wait in buffers until somebody looks; looking folds them into the buckets.
    handle.run_upkeep();
    ([(CONTENT_TYPE, "text/plain; version=0.0.4")], handle.render())
}
