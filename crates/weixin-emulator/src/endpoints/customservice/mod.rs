//! `/customservice/…`: the staff of customer service and their conversations.

pub(crate) mod kfaccount;
pub(crate) mod kfsession;
pub(crate) mod msgrecord;

use serde_json::Value;

use crate::answer::Refusal;
use crate::endpoints::text;
use crate::refusals;
use crate::state::service_desk::SessionError;
use crate::state::staff::StaffError;

/// WeChat's number of what is wrong with the staff.
#[allow(clippy::needless_pass_by_value, reason = "for map_err")]
pub(crate) fn refusal(error: StaffError) -> Refusal {
    refusals::coded(error as i64)
}

fn session_refusal(error: SessionError) -> Refusal {
    refusals::coded(error as i64)
}

/// The member of staff a body names: 65416 when it names none.
fn kf_account(body: &Value) -> Result<&str, Refusal> {
    text(body, "kf_account").ok_or_else(wrong_parameter)
}

/// 65416.
fn wrong_parameter() -> Refusal {
    refusals::coded(65416)
}
