//! A token or ticket that is good for a while.

use serde_json::json;
use weiqiao_model::ApiScope;
use weixin::{Token, TokenKind};
use weixin_proto::AccessTokenValue;

use crate::App;
use crate::accounts::Account;
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

/// Reads the token or ticket of an account: the newest of all instances, renewed when it would end within five minutes. For API
/// keys with the scope `token`.
///
/// # Errors
///
/// `Unauthorized` or `Forbidden` for others, `NotFound` for an unknown account, `WeChat` when there is none to be had,
/// `Unavailable` when the database is down.
pub async fn read_token(app: &App, caller: &Caller, account: &str, kind: TokenKind) -> Result<CentralToken> {
    caller.demand_scope(ApiScope::Token)?;
    let account = app.accounts().named(account)?;
    let token = newest(app, account, kind).await?;
    let deed = if kind == TokenKind::Access { Deed::TokenRead } else { Deed::TicketRead };
    let detail = json!({ "kind": format!("{kind:?}"), "generation": token.generation });
    // Who was given a token is known before they have it.
    app.record_audit(app.audit_entry(caller, deed, "account", account.name.as_str(), &detail)).await?;
    Ok(CentralToken { value: token.value, expires_at: token.expires_at_ms.div_euclid(1000) })
}

/// The token after which the store knows none. Every round brings a newer one, or ends.
async fn newest(app: &App, account: &Account, kind: TokenKind) -> Result<Token> {
    let source = app.token_source();
    source.demand_life(account.app_id(), kind, MIN_LIFE_MS);
    let mut short = None;
    loop {
        let token = app.weixin().token(&account.weixin, kind).await.map_err(|error| {
            wechat_error(app, "获取 access_token 失败", code::WECHAT_API_FAILED, Call::Token, account, &error, None)
        })?;
        let is_short = token.expires_at_ms.saturating_sub(app.now_ms()) < MIN_LIFE_MS;
        if is_short && short != Some(token.generation) {
            // This instance has just learnt of it, and the next round renews it; or WeChat has no other, then that gives it again.
            short = Some(token.generation);
        } else if !source.is_replaced(account.app_id(), kind, &token).await? {
            return Ok(token);
        }
    }
}
