//! `/sns/…`: persons. Web login, website login and mini-program login.
//!
//! The tokens here belong to one person and have nothing to do with the account's access token.

mod access_token;
mod auth;
mod jscode2session;
mod refresh_token;
mod userinfo;

pub use self::access_token::{ExchangeCode, OAuthToken};
pub use self::auth::CheckOAuthToken;
pub use self::jscode2session::{CodeToSession, MiniSession};
pub use self::refresh_token::{RefreshOAuthToken, RefreshedOAuthToken};
pub use self::userinfo::{FetchUserProfile, UserProfile};
