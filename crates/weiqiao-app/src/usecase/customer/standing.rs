//! For whom a request of a mini program speaks.

use std::sync::Arc;

use weiqiao_model::{AccountKind, ApiScope, SessionId};

use crate::App;
use crate::accounts::Account;
use crate::caller::Caller;
use crate::error::{AppError, Result, code};
use crate::usecase::session::SessionContext;

/// For whom a request speaks.
#[derive(Debug)]
pub(crate) enum Standing<'a> {
    /// For whoever it names: open mode.
    Anybody,
    /// For whoever it names: another server that may.
    Program,
    /// For one person.
    Person(&'a SessionContext),
}

impl Standing<'_> {
    /// The session that has to go on until what it asks for is written down.
    pub(crate) fn session_id(&self) -> Option<SessionId> {
        match self {
            Self::Person(session) => Some(session.session_id.clone()),
            Self::Anybody | Self::Program => None,
        }
    }
}

/// The mini program a request is about, and for whom it speaks.
///
/// # Errors
///
/// In strict mode `Unauthorized` for strangers and `Forbidden` for staff, for keys without the scope and for sessions of
/// another account.
pub(crate) fn mini_person<'a>(
    app: &'a App,
    caller: &'a Caller,
    account: Option<&str>,
    scope: ApiScope,
) -> Result<(&'a Arc<Account>, Standing<'a>)> {
    if !app.auth_mode().is_strict() {
        return Ok((app.accounts().pick(AccountKind::Mini, account)?, Standing::Anybody));
    }
    match caller {
        Caller::User(session) => {
            let account = app.accounts().pick(AccountKind::Mini, account.or(Some(session.account.as_str())))?;
            if session.app_id != *account.app_id() {
                return Err(AppError::forbidden(code::FORBIDDEN, "这个会话属于另一个账号"));
            }
            Ok((account, Standing::Person(session)))
        }
        Caller::ApiKey(_) | Caller::Staff(_) | Caller::Cli => {
            caller.demand_scope(scope)?;
            Ok((app.accounts().pick(AccountKind::Mini, account)?, Standing::Program))
        }
        Caller::Anonymous => Err(AppError::unauthorized()),
    }
}
