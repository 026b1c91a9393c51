//! Sends bytes and gets bytes, and knows whether a request left.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::CONTENT_TYPE;
use url::Url;

use super::answer::lost;
use super::call::Call;
use crate::Error;
use crate::endpoint::Method;
use crate::error::{ErrorKind, Retry};

/// The longest answer that is read, in bytes. WeChat's are a thousandth of that.
const LONGEST_ANSWER: usize = 1024 * 1024;

/// The HTTP client: no redirects, no proxy from the environment, no compression.
pub(crate) struct Transport {
    http: reqwest::Client,
    api_base: Url,
}

/// How the HTTP client is set up.
pub(crate) struct TransportSettings {
    pub(crate) api_base: Url,
    pub(crate) proxy: Option<Url>,
    pub(crate) connect_timeout: Duration,
    pub(crate) timeout: Duration,
}

impl Transport {
    pub(crate) fn new(settings: TransportSettings) -> Result<Self, reqwest::Error> {
        let mut builder = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .http1_only()
            .connect_timeout(settings.connect_timeout)
            .timeout(settings.timeout)
            .pool_idle_timeout(Duration::from_secs(30))
            .user_agent(concat!("weixin/", env!("CARGO_PKG_VERSION")));
        if let Some(proxy) = settings.proxy {
            builder = builder.proxy(reqwest::Proxy::all(proxy).map_err(reqwest::Error::without_url)?);
        }
        Ok(Self { http: builder.build().map_err(reqwest::Error::without_url)?, api_base: settings.api_base })
    }

    /// One try: the status and the body.
    pub(crate) async fn exchange(&self, call: &Call<'_>, access_token: Option<&str>) -> Result<(u16, Bytes), Error> {
        let url = call.url(&self.api_base, access_token);
        let request = match call.method {
            Method::Get => self.http.get(url),
            Method::Post => self.http.post(url),
        };
        let request = match &call.body {
            Some(body) => request.header(CONTENT_TYPE, "application/json; charset=utf-8").body(body.clone()),
            None => request,
        };
        let response = request.send().await.map_err(|error| broken(call, error))?;
        let status = response.status().as_u16();
        Ok((status, read_body(call, response).await?))
    }
}

async fn read_body(call: &Call<'_>, mut response: reqwest::Response) -> Result<Bytes, Error> {
    let too_long = || lost(call, "the answer is longer than 1 MiB");
    if response.content_length().is_some_and(|length| length > LONGEST_ANSWER as u64) {
        return Err(too_long());
    }
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| broken(call, error))? {
        if body.len().saturating_add(chunk.len()) > LONGEST_ANSWER {
            return Err(too_long());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// Classifies a failed exchange. The error of the HTTP client names the URL; it is kept without it.
fn broken(call: &Call<'_>, error: reqwest::Error) -> Error {
    let error = error.without_url();
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
        return Error::new(call.endpoint(), ErrorKind::NotSent(why.into()), Retry::After(pause)).with_source(error);
    }
    let why = if error.is_timeout() { "no answer within the time limit" } else { "the connection broke off" };
    lost(call, why).with_source(error)
}
