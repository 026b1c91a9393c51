//! What people see: small pages of our own, and the demo.
//!
//! A page is fixed text in which every variable part is escaped; it has one style sheet, no inline script, and names
//! WeChat's error only where that helps the reader. The demo page is built in `web/apps/demo` and embedded.

pub(crate) mod assets;
mod confirm;
pub(crate) mod console;
pub(crate) mod demo;
mod emulated;
mod failure;
mod front;
pub(crate) mod html;
mod me;
pub(crate) mod message;
mod qr;

pub(crate) use self::confirm::ConfirmPage;
pub(crate) use self::emulated::{is_emulated, phone_policy};
pub(crate) use self::failure::told;
pub(crate) use self::front::FrontPage;
pub(crate) use self::me::MePage;
pub(crate) use self::message::MessagePage;
pub(crate) use self::qr::QrPage;
