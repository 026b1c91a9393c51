//! `/sns/oauth2/…`

pub(crate) mod access_token;
pub(crate) mod refresh_token;
