//! Sends bytes and gets bytes, and knows whether a request left.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use url::Url;

use super::answer::lost;
use super::call::Call;
use super::resolve::{Adapter, Resolver};
use super::tls;
use crate::Error;
use crate::endpoint::Method;
use crate::error::{ErrorKind, Instead, Retry};
use crate::security::{Protected, Signed};

/// A certificate that is not good does not get better in a second.
const BAD_CERTIFICATE_REST: Duration = Duration::from_secs(60);
/// The longest answer that is read, in bytes. WeChat's are a thousandth of that.
const LONGEST_ANSWER: usize = 1024 * 1024;

/// How long connections are shared by new calls, in milliseconds. With the longest call after it no connection grows older than
/// two minutes, and a host that has moved is found within one.
const SHARED_MS: i64 = 60_000;
/// The longest head of an answer, in headers.
const MOST_HEADERS: usize = 64;

/// The HTTP client: no redirects, no proxy from the environment, no compression, no connection that is old.
pub(crate) struct Transport {
    settings: TransportSettings,
    tls: rustls::ClientConfig,
    pool: Mutex<Pool>,
}

/// Connections that new calls share.
struct Pool {
    http: reqwest::Client,
    since_ms: i64,
}

/// What came back.
pub(crate) struct Received {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    /// The name WeChat gives a file.
    pub(crate) filename: Option<String>,
    pub(crate) body: Bytes,
    /// What a protected answer brings beside its body.
    pub(crate) signed: Option<Signed>,
}

/// How the HTTP client is set up.
pub(crate) struct TransportSettings {
    pub(crate) api_base: Url,
    pub(crate) proxy: Option<Url>,
    pub(crate) connect_timeout: Duration,
    pub(crate) transfer_timeout: Duration,
    pub(crate) resolver: Option<Arc<dyn Resolver>>,
}

impl Transport {
    pub(crate) fn new(
        settings: TransportSettings,
        tls: rustls::ClientConfig,
        now_ms: i64,
    ) -> Result<Self, reqwest::Error> {
        let pool = Mutex::new(Pool { http: http_client(&settings, &tls)?, since_ms: now_ms });
        Ok(Self { settings, tls, pool })
    }

    /// The client with connections that are young enough. Calls under way keep theirs to their end.
    fn http(&self, now_ms: i64) -> reqwest::Client {
        let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        if !(0..SHARED_MS).contains(&now_ms.saturating_sub(pool.since_ms)) {
            match http_client(&self.settings, &self.tls) {
                Ok(http) => *pool = Pool { http, since_ms: now_ms },
                Err(error) => tracing::warn!(%error, "connections cannot be renewed; the old ones serve on"),
            }
        }
        pool.http.clone()
    }

    /// One try: the answer as it came.
    pub(crate) async fn exchange(
        &self,
        call: &Call<'_>,
        access_token: Option<&str>,
        protected: Option<&Protected>,
        limit: Duration,
        now_ms: i64,
    ) -> Result<Received, Error> {
        let url = call.url(&self.settings.api_base, access_token);
        let http = self.http(now_ms);
        let request = match call.method {
            Method::Get => http.get(url),
            Method::Post => http.post(url),
        };
        let request = protected
            .iter()
            .flat_map(|protected| &protected.headers)
            .fold(request, |request, (name, value)| request.header(*name, value));
        let request = match protected.map(|protected| &protected.body).or(call.body.as_ref()) {
            Some(body) => request.header(CONTENT_TYPE, &*call.content_type).body(body.clone()),
            None => request,
        };
        let limit = if call.is_transfer() { self.settings.transfer_timeout } else { limit };
        let request = request.timeout(limit);
        let response = request.send().await.map_err(|error| broken(call, error))?;
        let status = response.status().as_u16();
        let header = |name: &str| {
            response.headers().get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
        };
        let content_type = header(CONTENT_TYPE.as_str()).unwrap_or_default();
        let filename = header(CONTENT_DISPOSITION.as_str()).and_then(|value| filename(&value));
        let signed = header("wechatmp-signature").map(|signature| Signed {
            signature,
            app_id: header("wechatmp-appid").unwrap_or_default(),
            timestamp: header("wechatmp-timestamp").unwrap_or_default(),
            serial: header("wechatmp-serial").unwrap_or_default(),
            deprecated: header("wechatmp-serial-deprecated").zip(header("wechatmp-signature-deprecated")),
        });
        Ok(Received { status, content_type, filename, body: read_body(call, response).await?, signed })
    }
}

fn http_client(settings: &TransportSettings, tls: &rustls::ClientConfig) -> Result<reqwest::Client, reqwest::Error> {
    let mut builder = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .http1_only()
        .http1_max_headers(MOST_HEADERS)
        .tls_backend_preconfigured(tls.clone())
        .connect_timeout(settings.connect_timeout)
        .pool_idle_timeout(Duration::from_secs(30))
        .user_agent(concat!("weixin/", env!("CARGO_PKG_VERSION")));
    if let Some(resolver) = &settings.resolver {
        builder = builder.dns_resolver(Adapter(Arc::clone(resolver)));
    }
    if let Some(proxy) = &settings.proxy {
        builder = builder.proxy(reqwest::Proxy::all(proxy.clone()).map_err(reqwest::Error::without_url)?);
    }
    builder.build().map_err(reqwest::Error::without_url)
}

async fn read_body(call: &Call<'_>, mut response: reqwest::Response) -> Result<Bytes, Error> {
    let limit = call.longest_file.unwrap_or(LONGEST_ANSWER);
    let too_long = || lost(call, format!("the answer is longer than {} KiB", limit / 1024));
    if response.content_length().is_some_and(|length| length > limit as u64) {
        return Err(too_long());
    }
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| broken(call, error))? {
        if body.len().saturating_add(chunk.len()) > limit {
            return Err(too_long());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// The name in `attachment; filename="a.jpg"`; empty when it is called a file without a name.
fn filename(disposition: &str) -> Option<String> {
    let mut parameters = disposition.split(';').map(str::trim);
    let is_file = parameters.next().is_some_and(|kind| kind.eq_ignore_ascii_case("attachment"));
    let name = parameters.find_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        key.trim().eq_ignore_ascii_case("filename").then(|| value.trim().trim_matches('"').to_owned())
    });
    name.or_else(|| is_file.then(String::new))
}

/// Classifies a failed exchange. The error of the HTTP client names the URL; it is kept without it.
fn broken(call: &Call<'_>, error: reqwest::Error) -> Error {
    let error = error.without_url();
    if let Some(why) = tls::bad_certificate(&error) {
        // Somebody may stand between us and WeChat. Nothing was said to them, and nothing is said without TLS.
        tracing::error!(endpoint = %call.path, why, "the other side is not WeChat as far as can be told; a person has to look");
        metrics::counter!("weixin_bad_certificates_total").increment(1);
        let bad = Error::new(call.endpoint(), ErrorKind::NotSent(why.into()), Retry::After(BAD_CERTIFICATE_REST));
        return bad.with_instead(Instead::Certificate).caused_by(error);
    }
    if error.is_connect() || error.is_builder() {
        let why = if error.is_dns() {
            "the name of the host was not found"
        } else if error.is_timeout() {
            "no connection within the time limit"
        } else if error.is_builder() {
            "the request could not be built"
        } else {
            "no connection to the host"
        };
        let pause = Duration::from_secs(1);
        let instead = if error.is_dns() { Instead::UnknownHost } else { Instead::NoConnection };
        let not_sent = Error::new(call.endpoint(), ErrorKind::NotSent(why.into()), Retry::After(pause));
        return not_sent.with_instead(instead).caused_by(error);
    }
    let (why, instead) = if error.is_timeout() {
        ("no answer within the time limit", Instead::Silence)
    } else {
        ("the connection broke off", Instead::Break)
    };
    lost(call, why).with_instead(instead).caused_by(error)
}

#[cfg(test)]
mod tests {
    use super::filename;

    #[test]
    fn names_of_files_are_read_as_wechat_writes_them() {
        for (disposition, name) in [
            ("attachment; filename=\"MEDIA_ID.jpg\"", Some("MEDIA_ID.jpg")),
            ("Attachment;FileName=a.amr", Some("a.amr")),
            ("attachment", Some("")),
            ("inline", None),
        ] {
            assert_eq!(filename(disposition).as_deref(), name, "{disposition}");
        }
    }
}
