//! Texts that people give and others read.

use crate::error::{AppError, Result};
use crate::redirect::is_invisible;

/// A text of so many characters without blanks around it and without control characters; lines where that is allowed.
pub(super) fn fit<'a>(
    field: &'static str,
    text: &'a str,
    characters: std::ops::RangeInclusive<usize>,
    lines: bool,
) -> Result<&'a str> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c));
    if !characters.contains(&text.chars().count()) {
        let (least, most) = (characters.start(), characters.end());
        return Err(AppError::field(field, "length", format!("{field} 必须为 {least} 到 {most} 个字符")));
    }
    if text.chars().any(|character| character.is_control() && !(lines && matches!(character, '\n' | '\r' | '\t'))) {
        return Err(AppError::field(field, "format", format!("{field} 含有控制字符")));
    }
    Ok(text)
}

/// What people call something: 1 to 100 characters in one line.
pub(super) fn name(text: &str) -> Result<&str> {
    fit("name", text, 1..=100, false)
}
