//! Signing a page for the JS-SDK.

use serde::Serialize;
use weixin_proto::{AppId, sign};

use crate::env::random_alphanumeric;
use crate::{Account, Client, Error, TokenKind};

/// The four values of `wx.config`, under the names it expects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct JsSdkConfig {
    /// The account the page belongs to.
    pub app_id: AppId,
    /// Seconds since the Unix epoch.
    pub timestamp: i64,
    /// 16 characters of `[A-Za-z0-9]`.
    pub nonce_str: String,
    /// SHA-1 in lower-case hex.
    pub signature: String,
}

impl Client {
    /// Signs the page at `url` for the JS-SDK.
    ///
    /// `url` is what the browser has in its address bar, byte for byte: `location.href`, with or without its fragment,
    /// which is cut. Which hosts may be signed for is the caller's decision.
    ///
    /// <https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/JS-SDK.html>
    ///
    /// # Errors
    ///
    /// When `url` is not an http(s) address, or no ticket can be had.
    pub async fn sign_js_sdk(&self, account: &Account, url: &str) -> Result<JsSdkConfig, Error> {
        let has_scheme = ["http://", "https://"].iter().any(|scheme| {
            url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)) && url.len() > scheme.len()
        });
        if !has_scheme {
            return Err(Error::config("sign_js_sdk", "the page must be an absolute http or https address"));
        }
        let ticket = self.token(account, TokenKind::JsapiTicket).await?;
        let timestamp = self.engine().clock().now_ms().div_euclid(1000);
        let nonce_str = random_alphanumeric(self.engine().rng(), 16);
        let signature = sign::jssdk_signature(ticket.value.expose(), &nonce_str, timestamp, url);
        Ok(JsSdkConfig { app_id: account.app_id().clone(), timestamp, nonce_str, signature })
    }
}
