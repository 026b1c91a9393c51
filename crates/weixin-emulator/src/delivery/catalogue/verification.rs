//! The yearly verification of an account.

use super::Default::Now;
use super::{Field, Kind, event, field, text};

const AREA: &str = "account verification";

const EXPIRES: &[Field] = &[field("ExpiredTime", Now)];
const FAILED: &[Field] = &[field("FailTime", Now), text("FailReason", "资料不完整")];

pub(super) const KINDS: &[Kind] = &[
    event(AREA, "qualification_verify_success", EXPIRES).of_platform(),
    event(AREA, "qualification_verify_fail", FAILED).of_platform(),
    event(AREA, "naming_verify_success", EXPIRES).of_platform(),
    event(AREA, "naming_verify_fail", FAILED).of_platform(),
    event(AREA, "annual_renew", EXPIRES).of_platform(),
    event(AREA, "verify_expired", EXPIRES).of_platform(),
];
