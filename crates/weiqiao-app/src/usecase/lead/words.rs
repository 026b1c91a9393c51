//! What may be said about a lead.

use crate::error::{AppError, Result};

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
