//! `POST /cgi-bin/material/del_material`
//!
//! Deletes permanent material. What menus or automatic answers use cannot be deleted (48005).
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Asset_Management/Deleting_Permanent_Assets.html>

use serde::Serialize;
use weixin_proto::MediaId;

use crate::api::Done;
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Deletes permanent material.
#[derive(Debug, Clone, Serialize)]
pub struct DeleteMaterial {
    /// Its id.
    pub media_id: MediaId,
}

impl Endpoint for DeleteMaterial {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/cgi-bin/material/del_material",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: false,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Asset_Management/Deleting_Permanent_Assets.html",
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
        let request = DeleteMaterial { media_id: "MEDIA_ID".into() };
        assert_eq!(line(&request), "POST /cgi-bin/material/del_material?access_token=ACCESS_TOKEN");
        assert_eq!(body(&request), json!({"media_id": "MEDIA_ID"}));
        answer(&request, r#"{"errcode":0,"errmsg":"ok"}"#).unwrap();
        assert_nothing_is_no_success(&request);
    }
}
