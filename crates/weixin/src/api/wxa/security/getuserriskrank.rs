//! `POST /wxa/getuserriskrank`
//!
//! How risky a person is, 0–4, before a coupon or an account is given away. Has to be applied for (48001).
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/sec-center/safety-control-capability/getUserRiskRank.html>

use std::fmt;

use serde::{Deserialize, Serialize, Serializer};
use weixin_proto::json::de;
use weixin_proto::{AppId, OpenId};

use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Asks about a person. `Debug` shows neither address nor number.
#[derive(Clone, Serialize)]
pub struct GetUserRiskRank {
    /// The mini program itself.
    pub appid: AppId,
    /// The person; they must have used the mini program in the last two hours (61010).
    pub openid: OpenId,
    /// What they want to do.
    pub scene: RiskScene,
    /// The address their request came from.
    pub client_ip: String,
    /// Their phone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mobile_no: Option<String>,
    /// Their mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_address: Option<String>,
    /// Anything else worth knowing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extended_info: Option<String>,
    /// Only a test, which counts for nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_test: Option<bool>,
}

impl GetUserRiskRank {
    /// This person, wanting to do this, from this address.
    #[must_use]
    pub fn new(appid: AppId, openid: OpenId, scene: RiskScene, client_ip: impl Into<String>) -> Self {
        let (mobile_no, email_address, extended_info, is_test) = (None, None, None, None);
        Self { appid, openid, scene, client_ip: client_ip.into(), mobile_no, email_address, extended_info, is_test }
    }
}

impl fmt::Debug for GetUserRiskRank {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GetUserRiskRank")
            .field("openid", &self.openid)
            .field("scene", &self.scene)
            .finish_non_exhaustive()
    }
}

/// What a person wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RiskScene {
    /// Register.
    Registration,
    /// Take what is given away.
    Promotion,
    /// Publish something.
    Content,
}

impl Serialize for RiskScene {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(match self {
            Self::Registration => 0,
            Self::Promotion => 1,
            Self::Content => 2,
        })
    }
}

/// How risky a person is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct RiskRank {
    /// 0 none, to 4.
    #[serde(deserialize_with = "de::int")]
    pub risk_rank: i64,
    /// The number of this question. WeChat spells it `unoin_id`.
    #[serde(rename = "unoin_id", default, deserialize_with = "de::opt_int")]
    pub request_id: Option<i64>,
}

impl Endpoint for GetUserRiskRank {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/wxa/getuserriskrank",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/sec-center/safety-control-capability/getUserRiskRank.html",
    };
    type Response = RiskRank;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, body, line};

    #[test]
    fn the_documented_call() {
        let registration = RiskScene::Registration;
        let request = GetUserRiskRank {
            mobile_no: Some("12345678".into()),
            is_test: Some(true),
            ..GetUserRiskRank::new(
                "wx311232323".into(),
                "oahdg535ON6vtkUXLdaLVKvzJdmM".into(),
                registration,
                "127.0.0.1",
            )
        };
        assert_eq!(line(&request), "POST /wxa/getuserriskrank?access_token=ACCESS_TOKEN");
        assert_eq!(
            body(&request),
            json!({"appid": "wx311232323", "openid": "oahdg535ON6vtkUXLdaLVKvzJdmM", "scene": 0,
                "client_ip": "127.0.0.1", "mobile_no": "12345678", "is_test": true})
        );
        let shown = format!("{request:?}");
        assert!(!shown.contains("12345678") && !shown.contains("127.0.0.1"), "{shown}");
        assert_eq!(json!([RiskScene::Promotion, RiskScene::Content]), json!([1, 2]));
        let rank = r#"{"errcode":0,"errmsg":"getuserriskrank succ","risk_rank":0,"unoin_id":123456}"#;
        assert_eq!(answer(&request, rank).unwrap(), RiskRank { risk_rank: 0, request_id: Some(123_456) });
        assert_nothing_is_no_success(&request);
    }
}
