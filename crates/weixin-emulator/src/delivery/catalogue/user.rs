//! What people decide about their data; somebody who handles data has to act on these.

use super::Default::{AppId, OpenId, UnionId};
use super::{BOTH, Kind, event, field, text};

const AREA: &str = "user";

pub(super) const KINDS: &[Kind] = &[
    event(AREA, "user_info_modified", &[field("OpenID", OpenId), field("UnionID", UnionId), field("AppID", AppId)])
        .on(BOTH)
        .of_platform(),
    event(
        AREA,
        "user_authorization_revoke",
        &[field("OpenID", OpenId), field("AppID", AppId), text("RevokeInfo", "201")],
    )
    .on(BOTH)
    .of_platform(),
    event(AREA, "user_authorization_cancellation", &[field("OpenID", OpenId), field("AppID", AppId)])
        .on(BOTH)
        .of_platform(),
];
