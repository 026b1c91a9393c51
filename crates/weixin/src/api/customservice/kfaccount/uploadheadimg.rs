//! `POST /customservice/kfaccount/uploadheadimg`
//!
//! Gives a member of staff a picture.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Customer_Service/Customer_Service_Management.html>

use serde::Serialize;

use crate::api::Done;
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};
use crate::{File, Part};

/// Sets a picture. Refused with 40005 when it is no JPEG, 40009 when it is too large.
#[derive(Debug, Clone, Serialize)]
pub struct SetStaffPicture {
    /// Who, as `test1@kftest`.
    pub kf_account: String,
    /// A JPEG, best 640 × 640 pixels, at most 5 MB.
    #[serde(skip)]
    pub picture: File,
}

impl Endpoint for SetStaffPicture {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/customservice/kfaccount/uploadheadimg",
        auth: Auth::AccessToken,
        encoding: Encoding::Multipart,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Customer_Service/Customer_Service_Management.html",
    };
    type Response = Done;

    fn parts(&self) -> Vec<Part<'_>> {
        vec![self.picture.as_media()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, form, line};

    #[test]
    fn the_documented_call() {
        let picture = File::new("head.jpg", "image/jpeg", "pixels");
        let request = SetStaffPicture { kf_account: "test1@test".into(), picture };
        assert_eq!(
            line(&request),
            "POST /customservice/kfaccount/uploadheadimg?kf_account=test1%40test&access_token=ACCESS_TOKEN"
        );
        assert!(
            form(&request).contains("form-data; name=\"media\"; filename=\"head.jpg\"\r\nContent-Type: image/jpeg")
        );
        answer(&request, r#"{"errcode":0,"errmsg":"ok"}"#).unwrap();
        assert_nothing_is_no_success(&request);
    }
}
