//! `/cgi-bin/openapi/…`: what WeChat counts and remembers about our calls.

mod quota_get;
mod rid_get;

pub use self::quota_get::{ApiQuota, GetQuota, Quota, RateLimit};
pub use self::rid_get::{GetRid, RecordedRequest, RidRecord};
