//! What people see: small pages of our own, and the demo.
//!
//! A page is fixed text in which every variable part is escaped; it has one style sheet, no script, and names
//! WeChat's error only where that helps the reader. The demo page is built in `web/apps/demo` and embedded.

pub(crate) mod assets;
pub(crate) mod demo;
pub(crate) mod html;
pub(crate) mod message;

pub(crate) use self::message::MessagePage;
