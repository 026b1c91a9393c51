//! Who asks. The routes find out; the use cases decide.

use std::sync::Arc;

use weiqiao_model::{ApiScope, OpenId};

use crate::error::{AppError, Result, code};
use crate::usecase::api_key::ApiKeyContext;
use crate::usecase::session::SessionContext;
use crate::usecase::staff::{Permission, StaffContext};

/// Who asks.
#[derive(Debug, Clone)]
pub enum Caller {
    /// Nobody we know.
    Anonymous,
    /// Somebody who logged in through WeChat.
    User(Arc<SessionContext>),
    /// A member of staff.
    Staff(Arc<StaffContext>),
    /// Another program.
    ApiKey(Arc<ApiKeyContext>),
    /// Somebody at the command line of the server: who can read the database and its key may do everything anyway.
    Cli,
}

impl Caller {
    /// The session of a person, if that is who asks.
    ///
    /// # Errors
    ///
    /// `Unauthorized` for strangers, `Forbidden` for staff and API keys.
    pub fn user(&self) -> Result<&Arc<SessionContext>> {
        match self {
            Self::User(session) => Ok(session),
            Self::Anonymous => Err(AppError::unauthorized()),
            Self::Staff(_) | Self::ApiKey(_) | Self::Cli => {
                Err(AppError::forbidden(code::FORBIDDEN, "这个接口只对微信登录的用户开放")
                    .with_hint("员工令牌和 API Key 不是某个用户的会话；请使用该用户登录时得到的 token。"))
            }
        }
    }

    /// A member of staff, if that is who asks.
    ///
    /// # Errors
    ///
    /// `Unauthorized` for strangers, `Forbidden` for people and API keys.
    pub fn staff(&self) -> Result<&Arc<StaffContext>> {
        match self {
            Self::Staff(staff) => Ok(staff),
            Self::Anonymous => Err(AppError::unauthorized()),
            Self::ApiKey(_) => Err(AppError::forbidden(code::FORBIDDEN, "这个接口只对员工开放，API Key 不能调用")),
            Self::Cli => Err(AppError::forbidden(code::FORBIDDEN, "这个接口只对员工开放")),
            Self::User(_) => Err(not_for_people()),
        }
    }

    /// Whether this is the person behind `openid`.
    #[must_use]
    pub fn is_person(&self, openid: &OpenId) -> bool {
        matches!(self, Self::User(session) if session.openid == *openid)
    }

    /// Demands a member of staff with this permission, or an API key with this scope (`admin` covers every scope).
    ///
    /// # Errors
    ///
    /// `Unauthorized` for strangers, `Forbidden` for people, and when the right is missing.
    pub fn demand(&self, permission: Permission, scope: ApiScope) -> Result<()> {
        match self {
            Self::Staff(staff) if staff.may(permission) => Ok(()),
            Self::Staff(_) => Err(AppError::forbidden(code::FORBIDDEN, "没有权限执行此操作")),
            Self::ApiKey(key) => key.demand(scope),
            Self::Cli => Ok(()),
            Self::User(_) => Err(not_for_people()),
            Self::Anonymous => Err(AppError::unauthorized()),
        }
    }

    /// Demands an API key with this scope.
    ///
    /// # Errors
    ///
    /// `Unauthorized` for strangers, `Forbidden` for people and staff, and with code `SCOPE_MISSING` when the scope is
    /// missing.
    pub fn demand_scope(&self, scope: ApiScope) -> Result<()> {
        match self {
            Self::ApiKey(key) => key.demand(scope),
            Self::Cli => Ok(()),
            Self::Staff(_) => Err(AppError::forbidden(code::FORBIDDEN, "这个接口只接受 API Key")
                .with_hint(format!("请使用带有 scope「{scope}」的 API Key 调用。"))),
            Self::User(_) => Err(not_for_people()),
            Self::Anonymous => Err(AppError::unauthorized()),
        }
    }

    /// Demands a member of staff with this permission.
    ///
    /// # Errors
    ///
    /// `Unauthorized` for strangers, `Forbidden` for people, API keys, and when the permission is missing.
    pub fn demand_staff(&self, permission: Permission) -> Result<()> {
        if self.staff()?.may(permission) {
            return Ok(());
        }
        Err(AppError::forbidden(code::FORBIDDEN, "没有权限执行此操作"))
    }
}

/// A person's session at a door for staff and programs.
fn not_for_people() -> AppError {
    AppError::forbidden(code::FORBIDDEN, "这个接口不对微信登录的用户开放")
        .with_hint("请使用员工令牌（POST /api/auth/login），或带有相应权限的 API Key。")
}
