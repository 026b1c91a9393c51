//! The named login instances: a login by its own name, and what the servers behind it may ask.
//!
//! A person logs in by [`start_instance_login`] and [`complete_instance_login`]: the same states, codes and sessions as
//! every web login. A server that was given a code asks by [`instance_token`] and [`instance_user`]; both share one
//! exchange of that code. What WeChat granted is kept in the [`AuthRecord`], sealed, and renewed before it is used.

mod access_token;
mod complete;
mod grant;
mod record;
mod refresh_token;
mod start;
mod user_info;

use std::fmt;

use serde::{Deserialize, Serialize};
use weixin_proto::secret::serialize_exposed;
use weixin_proto::{AccessTokenValue, OpenId, RefreshTokenValue};

pub use access_token::{current_token, instance_token};
pub use complete::complete_instance_login;
pub use record::{AuthProfile, AuthRecord, auth_record};
pub(crate) use record::{Granted, keep_grant};
pub use refresh_token::refresh_instance_token;
pub(crate) use start::{OWN_PAGE, instance_url};
pub use start::{StartInstanceLogin, start_instance_login};
pub use user_info::{InstanceUser, current_user, instance_user};

use crate::digest::digest;
use crate::instances::LoginInstance;

/// A person's token, as WeChat gave it. For servers only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstanceToken {
    /// The person's token.
    #[serde(serialize_with = "serialize_exposed")]
    pub access_token: AccessTokenValue,
    /// Seconds it still lives.
    pub expires_in: i64,
    /// Renews it, for 30 days after the login.
    #[serde(serialize_with = "serialize_exposed")]
    pub refresh_token: RefreshTokenValue,
    /// The person, as the account sees them.
    pub openid: OpenId,
    /// What the person agreed to, separated by commas.
    pub scope: String,
}

/// Which server asks. Whoever brings a code again within a minute gets the same answer, everybody else a refusal.
#[derive(Clone)]
pub struct Server(String);

impl Server {
    /// A server with this API key.
    #[must_use]
    pub fn with_key(id: &str) -> Self {
        Self(digest("server with key", &[id]))
    }

    /// A server that shows nothing, in open mode: all of these are one.
    #[must_use]
    pub fn anonymous() -> Self {
        Self(digest("server without key", &[]))
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Server")
    }
}

/// A state belongs to one instance, also when two have the same appid: the name goes into the hash it is stored by.
fn bound_state(instance: &LoginInstance, state: &str) -> String {
    format!("{}/{state}", instance.name)
}
