//! `POST /customservice/kfaccount/inviteworker`
//!
//! Asks a person, by WeChat name, to stand behind a member of staff. The person agrees on the phone; until then
//! [`ListStaff`](crate::api::cgi_bin::customservice::ListStaff) shows the invitation.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Customer_Service/Customer_Service_Management.html>

use serde::Serialize;

use crate::api::Done;
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Invites a person. Refused with 65407 to 65412: already on the staff, already invited, no such person, too many, an
/// invitation pending, somebody behind the account.
#[derive(Debug, Clone, Serialize)]
pub struct InviteWorker {
    /// Which member of staff, as `test1@kftest`.
    pub kf_account: String,
    /// The person's WeChat name.
    pub invite_wx: String,
}

impl Endpoint for InviteWorker {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/customservice/kfaccount/inviteworker",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: false,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Customer_Service/Customer_Service_Management.html",
    };
    type Response = Done;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, body, line};

    #[test]
    fn the_documented_call() {
        let request = InviteWorker { kf_account: "test1@test".into(), invite_wx: "test_kfwx".into() };
        assert_eq!(line(&request), "POST /customservice/kfaccount/inviteworker?access_token=ACCESS_TOKEN");
        assert_eq!(body(&request), json!({"kf_account": "test1@test", "invite_wx": "test_kfwx"}));
        answer(&request, r#"{"errcode":0,"errmsg":"ok"}"#).unwrap();
        assert_nothing_is_no_success(&request);
    }
}
