//! The named login instances: `/auths/loginTypes/{name}/…`. Their clients know bare JSON, no envelope.

pub(super) mod access_token;
pub(super) mod callback;
pub(super) mod config;
pub(super) mod login;
pub(super) mod refresh_token;
pub(super) mod user_info;

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse as _, Response};
use http::HeaderMap;
use http::request::Parts;
use serde::Deserialize;
use utoipa::ToSchema;
use weiqiao_app::Caller;
use weiqiao_app::usecase::login_instance::Server;
use weiqiao_model::ApiScope;

use crate::AppState;
use crate::engine::bare::BareError;
use crate::engine::{Field, Input, MaybeCaller, RequestContext};
use crate::pages::html::asks_for_page;
use crate::pages::{MessagePage, told};

/// Who it is about: a code, or somebody who logged in before.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct WhoRequest {
    /// The code; good once, for five minutes.
    #[schema(example = "0c3aBcDeFgHiJkLmNoPqRsTuVwXyZ012")]
    code: Option<String>,
    /// In place of a code: the openid of somebody who logged in before. Their token is renewed first when it is stale.
    #[schema(example = "oLVPpjqs9BhvzwPj5A-vTYAX3GLc")]
    openid: Option<String>,
}

impl Input for WhoRequest {
    const NAME: &'static str = "WhoRequest";
    const FIELDS: &'static [Field] = &[Field::text("code", "Code").max(512), Field::text("openid", "Openid").max(128)];
}

/// A server that may ask: with an API key of scope `login:exchange`, in open mode also without one.
pub(crate) struct Asking(Server);

impl FromRequestParts<AppState> for Asking {
    type Rejection = BareError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, BareError> {
        let MaybeCaller(caller) = MaybeCaller::from_request_parts(parts, state).await?;
        if state.app().auth_mode().is_strict() {
            caller.demand_scope(ApiScope::LoginExchange)?;
        }
        Ok(Self(match &caller {
            Caller::ApiKey(key) => Server::with_key(key.id.as_ref().map_or(key.name.as_str(), |id| id.as_str())),
            _ => Server::anonymous(),
        }))
    }
}

/// A failed step of a login: a page for whoever asks for one, with a way to begin again, bare JSON for the rest.
pub(super) fn failed(
    state: &AppState,
    context: &RequestContext,
    headers: &HeaderMap,
    error: BareError,
    again: Option<String>,
) -> Response {
    if !asks_for_page(headers) {
        return error.into_response();
    }
    let page = MessagePage {
        status: error.status(),
        title: "登录没有完成",
        text: &told(state, error.api()),
        english: "The login was not completed. Please start again from the page you came from.",
        action: again.map(|address| (address, "重新登录 Log in again")),
        request_id: &context.request_id,
    };
    let mut answer = page.into_response();
    error.api().say_when(answer.headers_mut());
    answer
}
