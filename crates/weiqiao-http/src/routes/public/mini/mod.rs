//! Logging in through WeChat, from a mini program.

pub(super) mod decrypt;
pub(super) mod openid;
pub(super) mod phone;
pub(super) mod token;

use serde::Deserialize;
use utoipa::ToSchema;
use weiqiao_app::usecase::mini::{Device, MiniLogin, MiniLoginAnswer, mini_login};

use crate::AppState;
use crate::engine::visitor::Visitor;
use crate::engine::{ApiError, Field, Input, RequestContext};

/// What `wx.login` gave.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct MiniLoginRequest {
    /// The code; good once, for five minutes.
    #[schema(example = "0e1aBcDeFgHiJkLmNoPqRsTuVwXyZ012")]
    code: String,
}

impl Input for MiniLoginRequest {
    const NAME: &'static str = "MiniLoginRequest";
    const FIELDS: &'static [Field] = &[Field::text("code", "Code").required().max(512)];
}

async fn log_in(
    state: &AppState,
    context: &RequestContext,
    visitor: Visitor,
    account: Option<&str>,
    request: &MiniLoginRequest,
) -> Result<MiniLoginAnswer, ApiError> {
    let ip = context.client_ip.to_string();
    let device = Device { session: visitor.browser.session, ip: Some(&ip), user_agent: visitor.user_agent.as_deref() };
    Ok(mini_login(state.app(), MiniLogin { account, code: &request.code, device }).await?)
}
