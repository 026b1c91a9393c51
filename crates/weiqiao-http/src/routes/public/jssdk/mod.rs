//! Signing pages for the JS-SDK.

pub(super) mod config;
pub(super) mod share;

use serde::Serialize;
use utoipa::ToSchema;
use weiqiao_app::usecase::jssdk::JsSdkConfig;
use weixin_proto::AppId;

/// What `wx.config` needs, under the names it uses. The signed string spells two of them differently; that is
/// WeChat's doing.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SignedPage {
    /// The account the page belongs to.
    #[schema(value_type = String, example = "wx1111111111111111")]
    app_id: AppId,
    /// Epoch seconds, as signed.
    #[schema(example = 1_757_062_690_i64)]
    timestamp: i64,
    /// 16 letters and digits, as signed.
    #[schema(example = "Wm3WZYTPz0wzccnW")]
    nonce_str: String,
    /// SHA-1, lower-case hex.
    #[schema(example = "0f9de62fce790f9a083d5c99e95740ceb90c27ed")]
    signature: String,
}

impl From<JsSdkConfig> for SignedPage {
    fn from(signed: JsSdkConfig) -> Self {
        let JsSdkConfig { app_id, timestamp, nonce_str, signature, .. } = signed;
        Self { app_id, timestamp, nonce_str, signature }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use serde_json::Value;
    use weixin_proto::sign::jssdk_signature;

    use crate::testing::World;

    /// The answer holds exactly the four fields, and WeChat would accept the signature for `page`.
    pub(crate) async fn assert_signed(world: &World, signed: &Value, page: &str) {
        let fields: Vec<_> = signed.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(fields, ["appId", "nonceStr", "signature", "timestamp"]);
        assert_eq!(signed["appId"], World::OFFICIAL);
        let nonce = signed["nonceStr"].as_str().unwrap();
        assert!(nonce.len() == 16 && nonce.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{nonce}");
        let timestamp = signed["timestamp"].as_i64().unwrap();
        assert_eq!(timestamp, world.now_s());
        let ticket = world.jsapi_ticket().await;
        let expected = jssdk_signature(&ticket, nonce, timestamp, page);
        assert_eq!(signed["signature"], expected, "{page}");
    }
}
