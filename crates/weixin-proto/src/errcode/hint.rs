//! The sentence a person reads when WeChat refused.

use super::ErrCode;

pub(super) fn compose(code: ErrCode, _errmsg: &str) -> String {
    match code.entry() {
        Some(entry) => format!("{}。{}", entry.meaning_zh, entry.next_zh),
        None => format!(
            "微信返回了错误码 {code}，它不在已知的错误码表里。请按错误信息排查，或在微信官方文档中搜索这个错误码。"
        ),
    }
}
