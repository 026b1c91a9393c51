//! Opening a page: read the request, meet a fault, write the ledger.

use std::sync::Arc;

use axum::response::Response;
use http::header::LOCATION;

use super::notice;
use crate::engine::{Engine, PageFault, Request, Seen, Visit};
use crate::http::{in_words, respond};

/// A visit that met no fault.
pub(crate) struct Opened {
    engine: Arc<Engine>,
    visit: Visit,
}

/// Begins a visit; a fault answers at once.
pub(crate) async fn open(engine: &Arc<Engine>, request: Request) -> Result<Opened, Response> {
    let mut visit = engine.begin_visit(request);
    if !visit.delay.is_zero() {
        tokio::time::sleep(visit.delay).await;
    }
    let opened = |visit| Opened { engine: Arc::clone(engine), visit };
    match visit.fault.take() {
        None => Ok(opened(visit)),
        Some(PageFault::Error(error)) => {
            let response = notice::refused(&error);
            Err(opened(visit).close(response, error.errcode, &error.text))
        }
        Some(PageFault::Raw(outcome)) => {
            let status = if outcome.reset { 0 } else { outcome.status };
            engine.end_visit(visit, Seen { status, ..Seen::default() });
            Err(respond(outcome).await)
        }
    }
}

/// Reads an HTTP request and begins a visit with it.
pub(crate) async fn open_http(
    engine: &Arc<Engine>,
    request: axum::extract::Request,
) -> Result<(Opened, Vec<(String, String)>), Response> {
    let query = request.uri().query().unwrap_or_default();
    let query: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let opened = open(engine, in_words(request).await?).await?;
    Ok((opened, query))
}

impl Opened {
    /// The visitor's User-Agent.
    pub(crate) fn user_agent(&self) -> &str {
        self.visit.user_agent()
    }

    /// Ends the visit with this response.
    pub(crate) fn close(self, response: Response, errcode: i64, text: &str) -> Response {
        let target = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
        let seen = Seen { status: response.status().as_u16(), errcode, answer: target.unwrap_or(text).to_owned() };
        self.engine.end_visit(self.visit, seen);
        response
    }
}
