//! `/sns/…`

pub(crate) mod auth;
mod credentials;
pub(crate) mod jscode2session;
pub(crate) mod oauth2;
pub(crate) mod userinfo;
