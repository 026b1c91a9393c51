//! `POST /wxa/getpluginopenpid`
//!
//! Who a person is to a plugin: exchanges the code of `wx.pluginLogin`, which works once, for five minutes.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-info/basic-info/getPluginOpenPId.html>

use serde::{Deserialize, Serialize};
use weixin_proto::OneTimeCode;

use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Exchanges a plugin's login code.
#[derive(Debug, Clone, Serialize)]
pub struct GetPluginOpenPid {
    /// What `wx.pluginLogin` gave.
    #[serde(serialize_with = "weixin_proto::secret::serialize_exposed")]
    pub code: OneTimeCode,
}

/// Who a person is to the plugin.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PluginOpenPid {
    /// 28 characters; no openid, it is good for nothing else.
    pub openpid: String,
}

impl Endpoint for GetPluginOpenPid {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/wxa/getpluginopenpid",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: false,
        doc: "https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-info/basic-info/getPluginOpenPId.html",
    };
    type Response = PluginOpenPid;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, body, line};

    #[test]
    fn the_documented_call() {
        let request = GetPluginOpenPid { code: "CODE".into() };
        assert_eq!(line(&request), "POST /wxa/getpluginopenpid?access_token=ACCESS_TOKEN");
        assert_eq!(body(&request), json!({"code": "CODE"}));
        assert!(!format!("{request:?}").contains("CODE"));
        let person =
            answer(&request, r#"{"errcode":0,"errmsg":"ok","openpid":"Gxxxxxxxxxxxxxxxxxxxxxxxxxxx"}"#).unwrap();
        assert_eq!(person.openpid.len(), 28);
        assert_nothing_is_no_success(&request);
    }
}
