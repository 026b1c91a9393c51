//! `/cgi-bin/message/…`: what accounts say to people.

pub mod custom;
mod data;
pub mod subscribe;
pub mod template;

pub use self::data::{MiniProgramTarget, TemplateData, TemplateValue};
