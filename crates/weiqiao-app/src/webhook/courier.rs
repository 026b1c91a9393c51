//! The client: one delivery, one answer.

use std::error::Error as StdError;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER};

use super::guard::{check_url, is_public};
use super::{Endpoint, signature};

/// As much of an answer is read, in bytes.
const LONGEST_ANSWER: usize = 64 * 1024;
/// As much of an answer is kept for people, in bytes.
pub const LONGEST_SHOWN: usize = 1024;

/// Turns a name into addresses.
pub trait Lookup: Send + Sync + 'static {
    /// The addresses of a name.
    fn lookup(&self, name: String) -> Pin<Box<dyn Future<Output = std::io::Result<Vec<IpAddr>>> + Send>>;
}

/// As the operating system has it.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemLookup;

impl Lookup for SystemLookup {
    fn lookup(&self, name: String) -> Pin<Box<dyn Future<Output = std::io::Result<Vec<IpAddr>>> + Send>> {
        Box::pin(async move { Ok(tokio::net::lookup_host((name, 0)).await?.map(|address| address.ip()).collect()) })
    }
}

/// Delivers events: no redirects, no proxy, nothing inside, an end to every wait and every answer.
#[derive(Clone)]
pub struct Courier {
    http: reqwest::Client,
    allow_private: bool,
}

impl Courier {
    /// Sets the client up.
    ///
    /// # Errors
    ///
    /// When TLS cannot be set up.
    pub fn new(allow_private: bool, lookup: Arc<dyn Lookup>) -> Result<Self, reqwest::Error> {
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .http1_only()
            .dns_resolver(Arc::new(Guarded { lookup, allow_private }))
            .connect_timeout(Duration::from_secs(5))
            // An address that was looked at is not used much longer than it was looked at.
            .pool_idle_timeout(Duration::from_secs(30))
            .pool_max_idle_per_host(4)
            .user_agent(concat!("weiqiao/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(reqwest::Error::without_url)?;
        Ok(Self { http, allow_private })
    }

    /// Delivers one event and waits for the answer, as long as `limit`.
    pub async fn deliver(&self, endpoint: &Endpoint, id: &str, body: &[u8], now_ms: i64, limit: Duration) -> Delivery {
        let began = Instant::now();
        let mut delivery = Delivery::default();
        let trying = async {
            check_url(&endpoint.url, self.allow_private).map_err(|bad| bad.to_string())?;
            let at = now_ms.div_euclid(1000);
            let request = self
                .http
                .post(endpoint.url.clone())
                .header(CONTENT_TYPE, "application/json")
                .header("webhook-id", id)
                .header("webhook-timestamp", at)
                .header("webhook-signature", signature(&endpoint.secrets(now_ms), id, at, body))
                .body(body.to_vec());
            let mut response = request.send().await.map_err(|error| explain(&error))?;
            delivery.status = Some(response.status().as_u16());
            let pause = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
            delivery.retry_after = pause.map(Duration::from_secs);
            delivery.content_type = response.headers().get(CONTENT_TYPE).and_then(media_type);
            while delivery.answer.len() < LONGEST_ANSWER {
                // What is cut off is no failure: the status has said everything.
                let Ok(Some(chunk)) = response.chunk().await else { break };
                delivery
                    .answer
                    .extend_from_slice(chunk.get(..LONGEST_ANSWER - delivery.answer.len()).unwrap_or(&chunk));
            }
            Ok::<(), String>(())
        };
        let error = match tokio::time::timeout(limit, trying).await {
            Ok(outcome) => outcome.err(),
            Err(_) => Some(format!("接收端在 {} 秒内没有答复", limit.as_secs())),
        };
        delivery.error = error.filter(|_| delivery.status.is_none());
        delivery.took = began.elapsed();
        delivery
    }
}

impl fmt::Debug for Courier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Courier").field("allow_private", &self.allow_private).finish_non_exhaustive()
    }
}

/// What came of a delivery.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Delivery {
    /// The HTTP status, when there was one.
    pub status: Option<u16>,
    /// The answer, at most 64 KiB of it.
    pub answer: Vec<u8>,
    /// What the answer is said to be, such as `text/html`.
    pub content_type: Option<String>,
    /// How long the endpoint asked to be left alone.
    pub retry_after: Option<Duration>,
    /// How long it took.
    pub took: Duration,
    /// Why there was no status, for people. No address, no secret.
    pub error: Option<String>,
}

impl Delivery {
    /// Why it does not count as taken, for people; nothing when it does.
    #[must_use]
    pub fn problem(&self) -> Option<String> {
        match self.status {
            Some(200..=299) => None,
            Some(status @ 300..=399) => Some(format!("接收端返回 {status} 重定向；不跟随重定向，请填写最终地址")),
            Some(status) => Some(format!("接收端返回 {status}")),
            None => Some(self.error.clone().unwrap_or_else(|| "没有收到答复".to_owned())),
        }
    }
}

/// A media type without its parameters, when it looks like one: people read it.
fn media_type(value: &HeaderValue) -> Option<String> {
    let kind = value.to_str().ok()?.split(';').next()?.trim();
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"/+-._".contains(&byte);
    ((1..=64).contains(&kind.len()) && kind.bytes().all(fits)).then(|| kind.to_ascii_lowercase())
}

/// Leaves out addresses inside.
struct Guarded {
    lookup: Arc<dyn Lookup>,
    allow_private: bool,
}

/// A name that only leads inside.
#[derive(Debug, thiserror::Error)]
#[error("the name leads to an address inside")]
struct Inside;

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let (looking, allow_private) = (self.lookup.lookup(name.as_str().to_owned()), self.allow_private);
        Box::pin(async move {
            let found = looking.await?;
            let any = !found.is_empty();
            let allowed = found.into_iter().filter(move |address| allow_private || is_public(*address));
            let allowed: Vec<_> = allowed.map(|address| SocketAddr::new(address, 0)).collect();
            if allowed.is_empty() && any {
                return Err(Inside.into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

/// Why there is no answer, without the address.
fn explain(error: &reqwest::Error) -> String {
    let mut next: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(cause) = next {
        if cause.is::<Inside>() {
            return "域名解析到本机或内网地址，不允许投递（WEBHOOK_ALLOW_PRIVATE=off）".to_owned();
        }
        next = cause.source();
    }
    let why = if error.is_timeout() {
        "连接接收端超时"
    } else if error.is_connect() {
        "无法连接接收端：域名、端口或证书有问题"
    } else {
        "与接收端的连接中断"
    };
    why.to_owned()
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use tokio::net::TcpListener;

    use super::*;

    /// Gives one list of addresses after another, as a name does that is set up to deceive; then the last one for ever.
    struct Deceiver(Mutex<Vec<Vec<IpAddr>>>);

    impl Lookup for Deceiver {
        fn lookup(&self, _: String) -> Pin<Box<dyn Future<Output = std::io::Result<Vec<IpAddr>>> + Send>> {
            let mut answers = self.0.lock().unwrap();
            let answer = if answers.len() > 1 { answers.remove(0) } else { answers[0].clone() };
            Box::pin(async move { Ok(answer) })
        }
    }

    fn courier(answers: &[&[&str]]) -> Courier {
        let parsed = answers.iter().map(|list| list.iter().map(|text| text.parse().unwrap()).collect()).collect();
        Courier::new(false, Arc::new(Deceiver(Mutex::new(parsed)))).unwrap()
    }

    /// T-83: what counts is the address that is connected to, each time.
    #[tokio::test]
    async fn a_name_that_leads_inside_is_not_connected_to() {
        let inside = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = inside.local_addr().unwrap().port();
        let endpoint = Endpoint::at(&format!("https://hooks.example.com:{port}/"));
        for answers in [&[&["127.0.0.1"][..]][..], &[&["10.0.0.8", "::1", "169.254.169.254"]], &[&["::ffff:127.0.0.1"]]]
        {
            let delivery = courier(answers).deliver(&endpoint, "1", b"{}", 0, Duration::from_secs(5)).await;
            assert!(delivery.problem().unwrap().contains("内网"), "{delivery:?}");
        }
        // Of a mixed answer the address inside is left out: nobody answers at the other one.
        let mixed = courier(&[&["127.0.0.1", "192.0.2.1", "203.0.113.9"]]);
        let delivery = mixed.deliver(&endpoint, "1", b"{}", 0, Duration::from_millis(200)).await;
        assert!(delivery.problem().is_some());
        let nobody = tokio::time::timeout(Duration::from_millis(50), inside.accept()).await;
        assert!(nobody.is_err(), "somebody connected");
    }

    #[tokio::test]
    async fn an_address_in_digits_passes_no_resolver_and_is_refused_all_the_same() {
        for url in ["https://127.0.0.1:1/", "https://2130706433/", "https://[::1]/"] {
            let delivery =
                courier(&[&["8.8.8.8"]]).deliver(&Endpoint::at(url), "1", b"", 0, Duration::from_secs(5)).await;
            assert_eq!((delivery.status, delivery.problem().unwrap().contains("内网")), (None, true), "{url}");
        }
    }
}
