//! A token or ticket that is good for a while.

use serde_json::json;
use weiqiao_model::ApiScope;
use weixin::TokenKind;
use weixin_proto::AccessTokenValue;

use crate::App;
use crate::audit::Deed;
use crate::caller::Caller;
use crate::convert::wechat_error;
use crate::error::{Result, code};
use crate::hint::Call;

/// How long a token that is given out is still good at least, milliseconds.
pub const MIN_LIFE_MS: i64 = 5 * 60 * 1000;

/// A token or ticket for another program.
#[derive(Debug, Clone)]
pub struct CentralToken {
    /// What goes over the wire. One of the two places where it leaves the service.
    pub value: AccessTokenValue,
    /// When WeChat stops accepting it, epoch seconds.
    pub expires_at: i64,
}

/// Reads the token or ticket of an account, renewed when it would end within five minutes. For API keys with the scope
/// `token`.
///
/// # Errors
///
/// `Unauthorized` or `Forbidden` for others, `NotFound` for an unknown account, `WeChat` when there is none to be had.
pub async fn read_token(app: &App, caller: &Caller, account: &str, kind: TokenKind) -> Result<CentralToken> {
    caller.demand_scope(ApiScope::Token)?;
    let account = app.accounts().named(account)?;
    app.token_source().demand_life(account.app_id(), kind, MIN_LIFE_MS);
    let token = app.weixin().token(&account.weixin, kind).await.map_err(|error| {
        wechat_error("获取 access_token 失败", code::WECHAT_API_FAILED, Call::Token, account, &error, None)
    })?;
    let deed = if kind == TokenKind::Access { Deed::TokenRead } else { Deed::TicketRead };
    let detail = json!({ "kind": format!("{kind:?}"), "generation": token.generation });
    // Who was given a token is known before they have it.
    app.record_audit(app.audit_entry(caller, deed, "account", account.name.as_str(), &detail)).await?;
    Ok(CentralToken { value: token.value, expires_at: token.expires_at_ms.div_euclid(1000) })
}
