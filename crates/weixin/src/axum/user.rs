//! The person who is logged in.

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::{Deserialize, Serialize};
use weixin_proto::{OpenId, UnionId};

/// Somebody who logged in through WeChat. An extractor for handlers behind
/// [`RequireWechatLogin`](super::RequireWechatLogin).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WechatUser {
    /// Who it is to the account.
    pub openid: OpenId,
    /// Who it is across the accounts of one open-platform group, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unionid: Option<UnionId>,
    /// Any characters but control characters: escape it in HTML. Empty after a silent login.
    #[serde(default)]
    pub nickname: String,
    /// Address of the portrait; empty without one.
    #[serde(default)]
    pub headimgurl: String,
}

impl<S: Sync> FromRequestParts<S> for WechatUser {
    type Rejection = (StatusCode, &'static str);

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        let missing = (StatusCode::INTERNAL_SERVER_ERROR, "the layer RequireWechatLogin is missing on this route");
        parts.extensions.get::<Self>().cloned().ok_or(missing)
    }
}
