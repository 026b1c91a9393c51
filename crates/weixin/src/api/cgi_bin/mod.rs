//! `/cgi-bin/…`

pub mod callback;
mod clear_quota;
mod get_api_domain_ip;
mod getcallbackip;
pub mod media;
pub mod message;
pub mod openapi;
pub mod ticket;
pub mod token;
pub mod user;

pub use self::clear_quota::ClearQuota;
pub use self::get_api_domain_ip::{GetApiDomainIp, IpList};
pub use self::getcallbackip::GetCallbackIp;
