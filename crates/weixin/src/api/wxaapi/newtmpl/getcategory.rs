//! `GET /wxaapi/newtmpl/getcategory`
//!
//! Lists the categories of the account; the library is ordered by these.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Subscription_Messages/api.html>

use serde::{Deserialize, Serialize};
use weixin_proto::json::de;

use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Asks for the categories.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct ListCategories {}

/// The categories of the account.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Categories {
    /// These.
    #[serde(deserialize_with = "de::list")]
    pub data: Vec<Category>,
}

/// One category.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Category {
    /// Its number.
    #[serde(deserialize_with = "de::int")]
    pub id: i64,
    /// Its name.
    pub name: String,
}

impl Endpoint for ListCategories {
    const SPEC: Spec = Spec {
        method: Method::Get,
        path: "/wxaapi/newtmpl/getcategory",
        auth: Auth::AccessToken,
        encoding: Encoding::None,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Subscription_Messages/api.html",
    };
    type Response = Categories;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, line};

    #[test]
    fn the_documented_call() {
        let request = ListCategories {};
        assert_eq!(line(&request), "GET /wxaapi/newtmpl/getcategory?access_token=ACCESS_TOKEN");
        let categories = answer(&request, r#"{"errcode":0,"errmsg":"ok","data":[{"id":616,"name":"公交"}]}"#).unwrap();
        assert_eq!(categories.data, [Category { id: 616, name: "公交".into() }]);
        assert_nothing_is_no_success(&request);
    }
}
