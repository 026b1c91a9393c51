//! `/cgi-bin/…`

pub(crate) mod callback;
pub(crate) mod clear_quota;
mod credentials;
pub(crate) mod customservice;
pub(crate) mod get_api_domain_ip;
pub(crate) mod get_current_autoreply_info;
pub(crate) mod get_current_selfmenu_info;
pub(crate) mod getcallbackip;
pub(crate) mod material;
pub(crate) mod media;
pub(crate) mod menu;
pub(crate) mod message;
pub(crate) mod openapi;
mod people;
pub(crate) mod qrcode;
pub(crate) mod shorten;
pub(crate) mod stable_token;
pub(crate) mod tags;
pub(crate) mod template;
pub(crate) mod ticket;
pub(crate) mod token;
pub(crate) mod user;
pub(crate) mod wxaapp;
