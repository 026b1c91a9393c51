//! What the HTTP side needs to be told, as plain data. The binary fills it from the configuration.

use std::time::Duration;

use ipnet::IpNet;
use url::Url;

pub use crate::engine::cors::Cors;

/// Settings of the router. See [`ListenerSettings`](crate::listener::ListenerSettings) for the sockets.
#[derive(Debug, Clone)]
pub struct HttpSettings {
    /// How browsers reach us. Decides the cookies' names and flags, HSTS, and which origin is ours.
    pub public_url: Url,
    /// Which other sites' pages may read our answers.
    pub cors: Cors,
    /// Whether callers are limited per address and session.
    pub rate_limits: bool,
    /// Networks whose `X-Forwarded-For` counts.
    pub trusted_proxies: Vec<IpNet>,
    /// Longest request body, in bytes (256 KiB).
    pub body_limit: usize,
    /// Longest time one request may take before it is answered 503 (15 s).
    pub request_timeout: Duration,
    /// Most requests worked on at once (512).
    pub most_working: usize,
    /// Most requests waiting for their turn; further ones are answered 503 at once (512).
    pub most_waiting: usize,
    /// WeChat's JS-SDK script that our pages load: WeChat's own, or the emulator's.
    pub js_sdk_script_url: Url,
    /// Codes of `MP_verify_<code>.txt` files that are served, with the folder in front when it is not the root: `shop/AbC123`.
    pub mp_verify: Vec<String>,
}

impl HttpSettings {
    /// Settings with the documented defaults: no CORS, no rate limits, no proxies, WeChat's own script.
    #[must_use]
    pub fn new(public_url: Url, js_sdk_script_url: Url) -> Self {
        Self {
            public_url,
            cors: Cors::Off,
            rate_limits: false,
            trusted_proxies: Vec::new(),
            body_limit: 256 * 1024,
            request_timeout: Duration::from_secs(15),
            most_working: 512,
            most_waiting: 512,
            js_sdk_script_url,
            mp_verify: Vec::new(),
        }
    }

    /// Whether browsers reach us by https.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.public_url.scheme() == "https"
    }
}

/// Where WeChat serves the JS-SDK script.
pub const WECHAT_JS_SDK_SCRIPT: &str = "https://res.wx.qq.com/open/js/jweixin-1.6.0.js";
