//! Login codes that were seen: each is exchanged with WeChat once, whatever browsers and instances do.

mod claim_code;
mod release_code;
mod settle_code;
mod sweep_codes;

pub use claim_code::{ClaimCode, CodeClaim, CodeOutcome};
pub use release_code::ReleaseCode;
pub use settle_code::SettleCode;
pub use sweep_codes::SweepCodes;
