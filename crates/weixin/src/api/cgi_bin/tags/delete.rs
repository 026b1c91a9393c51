//! `POST /cgi-bin/tags/delete`
//!
//! Deletes a tag and takes it from everybody. One that more than 100,000 people have must be taken from some first (45057).
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/User_Management/User_Tag_Management.html>

use serde::Serialize;

use crate::api::Done;
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Deletes a tag.
#[derive(Debug, Clone, Serialize)]
pub struct DeleteTag {
    /// The tag.
    pub tag: TagNumber,
}

/// A tag by its number.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct TagNumber {
    /// 45159 for an unknown one, 45058 for 0, 1 and 2, WeChat's own.
    pub id: i64,
}

impl DeleteTag {
    /// The tag of this number.
    #[must_use]
    pub fn new(id: i64) -> Self {
        Self { tag: TagNumber { id } }
    }
}

impl Endpoint for DeleteTag {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/cgi-bin/tags/delete",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: false,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/User_Management/User_Tag_Management.html",
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
        let request = DeleteTag::new(134);
        assert_eq!(line(&request), "POST /cgi-bin/tags/delete?access_token=ACCESS_TOKEN");
        assert_eq!(body(&request), json!({"tag": {"id": 134}}));
        answer(&request, r#"{"errcode":0,"errmsg":"ok"}"#).unwrap();
        assert_nothing_is_no_success(&request);
    }
}
