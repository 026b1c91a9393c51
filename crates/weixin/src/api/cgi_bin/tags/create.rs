//! `POST /cgi-bin/tags/create`
//!
//! A new tag for followers. An account has at most 100.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/User_Management/User_Tag_Management.html>

use serde::Serialize;

use super::TagAnswer;
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Makes a tag.
#[derive(Debug, Clone, Serialize)]
pub struct CreateTag {
    /// The tag to be.
    pub tag: NewTag,
}

/// A tag without a number.
#[derive(Debug, Clone, Serialize)]
pub struct NewTag {
    /// 1 to 30 characters (45158) that no other tag has (45157).
    pub name: String,
}

impl CreateTag {
    /// A tag of this name.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { tag: NewTag { name: name.into() } }
    }
}

impl Endpoint for CreateTag {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/cgi-bin/tags/create",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: false,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/User_Management/User_Tag_Management.html",
    };
    type Response = TagAnswer;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, body, line};

    #[test]
    fn the_documented_call() {
        let request = CreateTag::new("广东");
        assert_eq!(line(&request), "POST /cgi-bin/tags/create?access_token=ACCESS_TOKEN");
        assert_eq!(body(&request), json!({"tag": {"name": "广东"}}));
        let tag = answer(&request, r#"{"tag":{"id":134,"name":"广东"}}"#).unwrap().tag;
        assert_eq!((tag.id, tag.name.as_str()), (134, "广东"));
        assert_nothing_is_no_success(&request);
    }
}
