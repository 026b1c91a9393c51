//! The text of any errcode, for faults that name only a number.

use weixin_proto::errcode::ErrCode;

/// WeChat's text for a code; `system error` when nobody has seen one.
pub(crate) fn of(errcode: i64) -> String {
    ErrCode(errcode).entry().map_or("system error", |entry| entry.errmsg).to_owned()
}
