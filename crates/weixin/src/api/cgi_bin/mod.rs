//! `/cgi-bin/…`

pub mod callback;
mod clear_quota;
mod console;
pub mod customservice;
mod get_api_domain_ip;
mod get_current_autoreply_info;
mod get_current_selfmenu_info;
mod getcallbackip;
pub mod material;
pub mod media;
pub mod menu;
pub mod message;
pub mod openapi;
pub mod qrcode;
pub mod shorten;
pub mod tags;
pub mod template;
pub mod ticket;
pub mod token;
pub mod user;
pub mod wxaapp;

pub use self::clear_quota::ClearQuota;
pub use self::console::ConsoleArticle;
pub use self::get_api_domain_ip::{GetApiDomainIp, IpList};
pub use self::get_current_autoreply_info::{AutoReplies, AutoReply, GetAutoReplies, Keyword, KeywordRule};
pub use self::get_current_selfmenu_info::{CurrentButton, CurrentButtons, CurrentMenu, GetCurrentMenu};
pub use self::getcallbackip::GetCallbackIp;
