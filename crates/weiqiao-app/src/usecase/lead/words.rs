//! What may be said about a lead.

use crate::error::{AppError, Result};
use crate::redirect::is_invisible;

/// How promising a lead is.
pub const LEVELS: [&str; 6] = ["O类", "A类", "B类", "C类", "D类", "流失"];

/// How far the contract is.
pub const CONTRACT_STATUSES: [&str; 7] = ["待定", "匹配中", "已面试", "已签约", "已退款", "退款/理赔", "流失客户"];

/// How somebody follows up: by telephone, in WeChat, with a text message, in person, by something else.
pub const FOLLOW_UP_KINDS: [&str; 5] = ["call", "wechat", "sms", "visit", "other"];

/// The word as it is in the list.
pub(super) fn one_of(field: &'static str, word: &str, words: &[&'static str]) -> Result<&'static str> {
    words
        .iter()
        .find(|known| **known == word)
        .copied()
        .ok_or_else(|| AppError::field(field, "oneof", format!("{field} 只能是 {}", words.join("、"))))
}

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
