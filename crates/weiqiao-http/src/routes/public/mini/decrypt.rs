//! `POST /api/wechat/decrypt`: a mini program brings what WeChat encrypted for its person.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use weiqiao_app::usecase::mini::{EncryptedData, decrypt};

use crate::AppState;
use crate::engine::limit::Login;
use crate::engine::{ApiError, ApiJson, Envelope, Failure, Field, Input, Limited, Success, UserCaller};

/// What `wx.getUserInfo` and its siblings delivered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DecryptRequest {
    /// Base64.
    encrypted_data: String,
    /// Base64 of 16 bytes.
    #[schema(example = "r7BXXKkLb8qrSNn05n0qiA==")]
    iv: String,
    /// WeChat's signature of `rawData`; checked when both are there.
    signature: Option<String>,
    /// What was signed.
    raw_data: Option<String>,
}

impl Input for DecryptRequest {
    const NAME: &'static str = "DecryptRequest";
    const FIELDS: &'static [Field] = &[
        Field::text("encryptedData", "EncryptedData").required().max(65_536),
        Field::text("iv", "Iv").required().max(64),
        Field::text("signature", "Signature").max(128),
        Field::lines("rawData", "RawData").max(16_384),
    ];
}

/// What was encrypted, with its watermark.
#[derive(Serialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = Object)]
pub(crate) struct DecryptedBody(Value);

/// Decrypts with the session key of the caller's last login; whom and when it was made for is checked.
#[utoipa::path(
    post, path = "/api/wechat/decrypt", tag = "mini program", operation_id = "mini_decrypt",
    request_body = DecryptRequest,
    responses(
        (status = 200, description = "what was encrypted", body = Success<DecryptedBody>),
        (status = 400, description = "a field is missing, or it cannot be decrypted", body = Failure),
        (status = 401, description = "no session", body = Failure),
        (status = 404, description = "the session is of no mini program", body = Failure),
    ),
    security(("session" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Login>,
    UserCaller(session): UserCaller,
    ApiJson(request): ApiJson<DecryptRequest>,
) -> Result<Envelope<DecryptedBody>, ApiError> {
    let DecryptRequest { encrypted_data, iv, signature, raw_data } = request;
    let data = EncryptedData { encrypted_data, iv, signature, raw_data };
    Ok(Envelope::of(DecryptedBody(decrypt(state.app(), &session, &data).await?)))
}
