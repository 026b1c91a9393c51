//! Handing on: the same request a webhook makes.

use std::time::{Duration, Instant};

use reqwest::Client;
use reqwest::header::CONTENT_TYPE;
use url::Url;
use weiqiao_app::webhook::{Event, WebhookSecret, signature};
use weiqiao_model::{Clock as _, SystemClock};

/// How long the receiver may take.
const LIMIT: Duration = Duration::from_secs(15);

pub(super) struct Forward {
    http: Client,
    url: Url,
    secret: Option<WebhookSecret>,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Forwarded {
    /// The status, or why there is none.
    pub(super) status: Result<u16, &'static str>,
    /// Milliseconds.
    pub(super) ms: u128,
}

impl Forward {
    pub(super) fn new(url: Url, secret: Option<WebhookSecret>) -> Result<Self, reqwest::Error> {
        let http = Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).timeout(LIMIT).build();
        Ok(Self { http: http.map_err(reqwest::Error::without_url)?, url, secret })
    }

    /// Hands a push on, without what only the stream says.
    pub(super) async fn send(&self, data: &str) -> Forwarded {
        let began = Instant::now();
        let status = self.post(data).await;
        Forwarded { status, ms: began.elapsed().as_millis() }
    }

    async fn post(&self, data: &str) -> Result<u16, &'static str> {
        let event: Event = serde_json::from_str(data).map_err(|_| "no event")?;
        let body = serde_json::to_vec(&event).map_err(|_| "no event")?;
        let at = SystemClock.now_ms().div_euclid(1000);
        let mut request = self.http.post(self.url.clone()).header(CONTENT_TYPE, "application/json");
        request = request.header("webhook-id", &event.id).header("webhook-timestamp", at);
        if let Some(secret) = &self.secret {
            request =
                request.header("webhook-signature", signature(std::slice::from_ref(secret), &event.id, at, &body));
        }
        let answer = request.body(body).send().await;
        answer.map(|answer| answer.status().as_u16()).map_err(|error| match () {
            () if error.is_timeout() => "timeout",
            () if error.is_connect() => "no connection",
            () => "broken off",
        })
    }
}
