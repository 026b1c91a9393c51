//! `POST /api/wechat/phone`: a mini program brings what the phone-number button gave.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weiqiao_app::usecase::mini::phone_number;

use super::super::login::exchange::AccountQuery;
use crate::AppState;
use crate::engine::limit::Login;
use crate::engine::{ApiError, ApiJson, ApiQuery, Envelope, Failure, Field, Input, KnownCaller, Limited, Success};

/// What the phone-number button gave.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct PhoneRequest {
    /// The code of `getPhoneNumber`; good once, for five minutes. The code of `wx.login` is another kind.
    #[schema(example = "e31968a7f94cc5ee25fafc2aef2773f0bb8c3937b22520eb8ee345274d00c144")]
    code: String,
}

impl Input for PhoneRequest {
    const NAME: &'static str = "PhoneRequest";
    const FIELDS: &'static [Field] = &[Field::text("code", "Code").required().max(512)];
}

/// A phone number.
#[derive(Serialize, ToSchema)]
pub(crate) struct PhoneBody {
    /// The number; foreign ones with their country code.
    #[schema(example = "13800138000")]
    phone_number: String,
    /// The number without country code.
    #[schema(example = "13800138000")]
    pure_phone_number: String,
    /// The country code.
    #[schema(example = "86")]
    country_code: String,
}

/// Exchanges the code of a phone-number button.
#[utoipa::path(
    post, path = "/api/wechat/phone", tag = "mini program", operation_id = "mini_phone", params(AccountQuery),
    request_body = PhoneRequest,
    responses(
        (status = 200, description = "the number", body = Success<PhoneBody>),
        (status = 400, description = "no code", body = Failure),
        (status = 401, description = "strict mode: no session", body = Failure),
        (status = 429, description = "too many today, of this person or of all", body = Failure),
        (status = 500, description = "WeChat refused the code", body = Failure),
    ),
    security((), ("session" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Login>,
    KnownCaller(caller): KnownCaller,
    ApiQuery(AccountQuery { account }): ApiQuery<AccountQuery>,
    ApiJson(request): ApiJson<PhoneRequest>,
) -> Result<Envelope<PhoneBody>, ApiError> {
    let phone = phone_number(state.app(), &caller, account.as_deref(), &request.code).await?;
    Ok(Envelope::of(PhoneBody {
        phone_number: phone.phone_number,
        pure_phone_number: phone.pure_phone_number,
        country_code: phone.country_code,
    }))
}
