//! Pictures of codes that open a page of a mini program.
//!
//! The answer is the picture; a refusal is JSON.

mod getwxacode;
mod getwxacodeunlimit;

use serde::Serialize;

pub use self::getwxacode::GetCode;
pub use self::getwxacodeunlimit::GetUnlimitedCode;

/// The longest picture taken, in bytes. A code of 1280 pixels has a few hundred KiB.
pub(in crate::api) const LONGEST_FILE: usize = 4 * 1024 * 1024;

/// Which version of a mini program is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum EnvVersion {
    /// The released one.
    #[default]
    Release,
    /// The one on trial.
    Trial,
    /// The one in development.
    Develop,
}

/// A colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Colour {
    /// Red.
    pub r: u8,
    /// Green.
    pub g: u8,
    /// Blue.
    pub b: u8,
}

/// How a round code looks. What is `None` is left to WeChat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct CodeStyle {
    /// Which version it opens.
    pub env_version: EnvVersion,
    /// Side in pixels, 280–1280; WeChat takes 430.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// WeChat chooses the colour of the lines after the picture in the middle.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_color: Option<bool>,
    /// Colour of the lines, unless WeChat chooses; black.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line_color: Option<Colour>,
    /// A transparent ground.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_hyaline: Option<bool>,
}
