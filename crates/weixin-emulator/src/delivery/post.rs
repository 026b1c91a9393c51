//! One HTTP call to the service, measured by real time and given up after the limit.

use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE, PRAGMA, USER_AGENT};
use tokio::time::Instant;
use url::Url;

/// The longest answer that is read.
const MOST_BYTES: usize = 1024 * 1024;

/// What came of a call.
pub(crate) struct Got {
    /// Status and body, or why there is none.
    pub(crate) answer: Result<(u16, Vec<u8>), String>,
    /// Real milliseconds.
    pub(crate) ms: u64,
}

/// A client that behaves as WeChat does: straight, without following redirects.
pub(crate) fn client() -> Result<reqwest::Client, String> {
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        // Shorter than any server keeps one, so that a connection is never used while it is being closed.
        .pool_idle_timeout(Duration::from_secs(2))
        .build()
        .map_err(|error| format!("no HTTP client: {error}"))
}

/// Posts a body, or asks with GET when there is none.
pub(crate) async fn call(
    client: &reqwest::Client,
    url: Url,
    body: Option<(&'static str, String)>,
    limit: Duration,
) -> Got {
    let started = Instant::now();
    let request = match body {
        Some((content_type, body)) => client.post(url).header(CONTENT_TYPE, content_type).body(body),
        None => client.get(url),
    };
    let request = request.header(USER_AGENT, "Mozilla/4.0").header(ACCEPT, "*/*").header(PRAGMA, "no-cache");
    let answer = match tokio::time::timeout(limit, read(request)).await {
        Ok(answer) => answer,
        Err(_) => Err(format!("no whole answer within {} ms", limit.as_millis())),
    };
    Got { answer, ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX) }
}

async fn read(request: reqwest::RequestBuilder) -> Result<(u16, Vec<u8>), String> {
    let mut response = request.send().await.map_err(|error| in_words(&error))?;
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| in_words(&error))? {
        if body.len() + chunk.len() > MOST_BYTES {
            return Err(format!("the answer is longer than {MOST_BYTES} bytes"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok((response.status().as_u16(), body))
}

/// The error and its causes; without the address, which is in the report.
fn in_words(error: &reqwest::Error) -> String {
    let what = if error.is_connect() { "no connection" } else { "the connection broke" };
    let mut text = what.to_owned();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
