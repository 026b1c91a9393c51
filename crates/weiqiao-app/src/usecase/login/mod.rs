//! Web login: to WeChat for consent, back with a code, and the code into a session — once.
//!
//! Two flows share everything but where WeChat sends the browser:
//!
//! | flow | WeChat returns to | then |
//! |---|---|---|
//! | [`Flow::Page`] | our `/wechat/callback` | [`complete_web_login`], and on to the page that was asked for |
//! | [`Flow::Redirect`] | the front end's own page | the page posts the code: [`login_with_code`] |
//!
//! What keeps a login honest:
//!
//! - a *state* of 32 random characters, stored as a hash with the account, the flow and the hash of the browser's cookie;
//!   taken once, within ten minutes, by that browser only;
//! - a *code* is claimed by its hash before it is exchanged, so of any number of posts, on any number of instances, one
//!   exchanges it; the same browser gets the same answer for 60 seconds, everybody else a refusal;
//! - an answer is given *again* only while its session lasts, and never over another session that the browser has by then.
//!   Who posts needs the same code; WeChat's own second callback may carry another one.

mod browser;
mod complete_web_login;
mod exchange;
mod login_with_code;
pub(crate) mod once;
mod start_web_login;
mod state;

use std::fmt;

use serde::{Deserialize, Serialize};
use weiqiao_model::SessionId;

pub(crate) use browser::session_evidence;
pub use browser::{Browser, BrowserCookie};
pub use complete_web_login::{WebLoginEnd, WechatReturn, complete_web_login};
pub(crate) use complete_web_login::{come_back, login_page};
pub(crate) use exchange::{REFRESH_LIFE_MS, impatient, read_profile, snapshot_user};
pub(crate) use login_with_code::check_code;
pub use login_with_code::{CodeLogin, login_with_code};
pub(crate) use start_web_login::{Begin, STATE_CHARACTERS, begin};
pub use start_web_login::{StartLogin, StartedLogin, start_web_login};

use crate::usecase::user::UserInfo;

/// Where WeChat sends the browser after consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// To our callback, which logs in and goes on to the page (`GET /wechat/auth`).
    Page,
    /// Straight to the front end's page, which posts the code (`GET /api/wechat/authorize-url`).
    Redirect,
    /// To the callback of a login instance, which does as [`Flow::Page`].
    Instance,
}

impl Flow {
    /// The word it is stored by.
    const fn word(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Redirect => "redirect",
            Self::Instance => "instance",
        }
    }
}

/// Somebody is logged in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginAnswer {
    /// Who, as WeChat just said.
    pub user_info: UserInfo,
    /// The session token.
    pub token: String,
    /// When token and session end, epoch seconds.
    pub expires_at: i64,
    /// Our id of the person.
    pub user_id: String,
    /// The session.
    pub session_id: SessionId,
    /// Whether this person was seen for the first time by this account.
    pub first_login: bool,
    /// Whether the login is known to have begun in the browser that asks: its state came back with the cookie it is bound to.
    /// Found out for each answer, never kept. Without it somebody else may have made that browser ask, with a code of theirs.
    #[serde(skip)]
    pub began_here: bool,
}

impl once::BeganSession for LoginAnswer {
    fn session_id(&self) -> Option<&SessionId> {
        Some(&self.session_id)
    }
}

impl fmt::Debug for LoginAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoginAnswer")
            .field("user_id", &self.user_id)
            .field("session_id", &self.session_id)
            .field("first_login", &self.first_login)
            .finish_non_exhaustive()
    }
}

/// How long a state is good, milliseconds.
pub const STATE_TTL_MS: i64 = 10 * 60 * 1000;
/// How long the same browser gets the same answer, milliseconds.
pub const REUSE_MS: i64 = 60 * 1000;
/// How many states one browser may have at a time.
const LIVE_STATES: u32 = 5;
