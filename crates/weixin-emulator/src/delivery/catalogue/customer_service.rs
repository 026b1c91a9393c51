//! Sessions with members of staff.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Customer_Service/Session_control.html>

use super::Default::NoText;
use super::{Kind, event, field, text};

const AREA: &str = "customer service";

pub(super) const KINDS: &[Kind] = &[
    event(AREA, "kf_create_session", &[text("KfAccount", "staff@account")]),
    event(AREA, "kf_close_session", &[text("KfAccount", "staff@account"), field("CloseType", NoText)]),
    event(AREA, "kf_switch_session", &[text("FromKfAccount", "staff@account"), text("ToKfAccount", "other@account")]),
];
