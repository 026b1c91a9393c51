//! `/cgi-bin/…`

pub(crate) mod callback;
pub(crate) mod clear_quota;
mod credentials;
pub(crate) mod get_api_domain_ip;
pub(crate) mod getcallbackip;
pub(crate) mod media;
pub(crate) mod message;
pub(crate) mod openapi;
pub(crate) mod stable_token;
pub(crate) mod ticket;
pub(crate) mod token;
pub(crate) mod user;
