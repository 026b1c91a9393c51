//! How it is with the tokens of every account, and with WeChat.

use std::time::Duration;

use weiqiao_model::AccountKind;
use weiqiao_store::facts::job::{JobHold, ListHolds};
use weiqiao_store::facts::token::{FindTokenState, TokenState};
use weixin::{Reachability, TokenKind};

use crate::App;
use crate::accounts::Account;
use crate::error::Result;
use crate::hint::{self, Call};
use crate::tokens::{SharedTokenSource, Told};

/// Tokens, holds and the way to WeChat.
#[derive(Debug, Clone)]
pub struct TokenHealth {
    /// How WeChat has been answering this instance.
    pub wechat: Reachability,
    /// Every account.
    pub accounts: Vec<AccountTokens>,
}

/// One account.
#[derive(Debug, Clone)]
pub struct AccountTokens {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: AccountKind,
    /// Its appid.
    pub app_id: String,
    /// Its access token, and the tickets that were ever asked for.
    pub tokens: Vec<KnownToken>,
    /// Which of its jobs have to wait, and why.
    pub holds: Vec<HeldJobs>,
}

/// How one token is.
#[derive(Debug, Clone)]
pub struct KnownToken {
    /// `access`, `jsapi_ticket` or `card_ticket`.
    pub kind: TokenKind,
    /// In a word.
    pub standing: Standing,
    /// What the store knows of it.
    pub state: TokenState,
    /// What WeChat refused last, unless it has given a token since.
    pub last_error: Option<LastError>,
}

/// How a token is, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// None was ever asked for.
    None,
    /// It works, as far as is known.
    Good,
    /// It is over, or WeChat refuses it; the next call fetches another.
    Expired,
    /// Fetching fails, or WeChat refuses what it gives: nothing is fetched for a while.
    Resting,
    /// As before, and the next call tries.
    Failing,
}

/// What WeChat refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastError {
    /// WeChat's number.
    pub errcode: i64,
    /// WeChat's text without the request id.
    pub errmsg: String,
    /// When, epoch milliseconds.
    pub at: i64,
    /// Cause and next step, in Chinese.
    pub hint: String,
}

/// Jobs of the account that have to wait.
#[derive(Debug, Clone)]
pub struct HeldJobs {
    /// Why, and until when.
    pub hold: JobHold,
    /// Cause and next step, in Chinese, where WeChat gave a number.
    pub hint: Option<String>,
}

impl Standing {
    /// The word people see.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Good => "good",
            Self::Expired => "expired",
            Self::Resting => "resting",
            Self::Failing => "failing",
        }
    }

    fn of(state: &TokenState, now: i64) -> Self {
        if state.failures > 0 || (state.rejections > 0 && state.retry_at > now) {
            return if state.retry_at > now { Self::Resting } else { Self::Failing };
        }
        match state.generation {
            0 => Self::None,
            newest if state.expires_at > now && state.dead_generation < newest => Self::Good,
            _ => Self::Expired,
        }
    }
}

const KINDS: [TokenKind; 3] = [TokenKind::Access, TokenKind::JsapiTicket, TokenKind::CardTicket];

/// How it is with the tokens of every account. Fetches nothing and gives no token away.
///
/// # Errors
///
/// `Unavailable` when the database is down.
pub async fn token_health(app: &App) -> Result<TokenHealth> {
    let holds = app.store().read(ListHolds).await?;
    let mut accounts = Vec::new();
    for account in app.accounts().iter() {
        let mut tokens = Vec::new();
        for kind in KINDS {
            tokens.extend(known(app, account, kind).await?);
        }
        let held = holds.iter().filter(|hold| hold.account == account.app_id().as_str()).map(|hold| HeldJobs {
            hint: hold.errcode.map(|errcode| hint::explain(Call::Token, account, errcode, "", None)),
            hold: hold.clone(),
        });
        accounts.push(AccountTokens {
            name: account.name.to_string(),
            kind: account.kind,
            app_id: account.app_id().as_str().to_owned(),
            tokens,
            holds: held.collect(),
        });
    }
    Ok(TokenHealth { wechat: app.weixin().reachability(), accounts })
}

/// `None` for a ticket nobody ever asked for.
async fn known(app: &App, account: &Account, kind: TokenKind) -> Result<Option<KnownToken>> {
    let row = app.token_source().row_name(account.app_id(), kind);
    let find = FindTokenState { app_id: account.app_id().clone(), kind: row.clone() };
    let Some(state) = app.store().read(find).await? else {
        return Ok((kind == TokenKind::Access).then(|| KnownToken {
            kind,
            standing: Standing::None,
            state: unknown(),
            last_error: None,
        }));
    };
    let standing = Standing::of(&state, app.now_ms());
    let last_error = match standing {
        Standing::Resting | Standing::Failing => {
            let rest = u64::try_from(state.retry_at.saturating_sub(app.now_ms())).ok().map(Duration::from_millis);
            last_error(app, account, &row, rest).await
        }
        _ => None,
    };
    Ok(Some(KnownToken { kind, standing, state, last_error }))
}

/// `rest`: how long nothing is fetched.
async fn last_error(app: &App, account: &Account, row: &str, rest: Option<Duration>) -> Option<LastError> {
    let Told { errcode, errmsg, at, path, rid: _ } =
        Told::last(app.coord(), &SharedTokenSource::topic(account.app_id(), row)).await?;
    let errmsg = app.scrubber().clean(&errmsg).into_owned();
    let hint = if hint::is_dead_token(Call::Token, errcode, Some(&path)) {
        hint::explain_dead_token(account, errcode, rest)
    } else {
        hint::explain(Call::Token, account, errcode, &errmsg, None)
    };
    Some(LastError { errcode, errmsg, at, hint })
}

const fn unknown() -> TokenState {
    TokenState {
        generation: 0,
        expires_at: 0,
        fetched_at: 0,
        fetch_count: 0,
        replaced_outside: 0,
        failures: 0,
        rejections: 0,
        rejected_generation: 0,
        dead_generation: 0,
        retry_at: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_for_every_state() {
        let good = TokenState { generation: 1, expires_at: 100, fetch_count: 1, ..unknown() };
        for (state, word) in [
            (unknown(), "none"),
            (good.clone(), "good"),
            (TokenState { expires_at: 50, ..good.clone() }, "expired"),
            (TokenState { dead_generation: 1, ..good.clone() }, "expired"),
            (TokenState { failures: 1, retry_at: 51, ..good.clone() }, "resting"),
            (TokenState { failures: 1, retry_at: 50, ..unknown() }, "failing"),
            (TokenState { rejections: 1, retry_at: 51, ..good.clone() }, "resting"),
            (TokenState { rejections: 1, retry_at: 50, ..good.clone() }, "good"),
        ] {
            assert_eq!(Standing::of(&state, 50).word(), word, "{state:?}");
        }
    }
}
