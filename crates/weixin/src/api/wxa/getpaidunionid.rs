//! `GET /wxa/getpaidunionid`
//!
//! The unionid of a person who paid, without their asking for it. For five minutes after the payment.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-info/basic-info/getPaidUnionid.html>

use serde::{Deserialize, Serialize};
use weixin_proto::{OpenId, UnionId};

use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};
use crate::wire::filled_id;

/// Asks for the unionid of a person who paid.
#[derive(Debug, Clone, Serialize)]
pub struct GetPaidUnionId {
    /// The person.
    pub openid: OpenId,
    /// Which payment.
    #[serde(flatten)]
    pub payment: Payment,
}

/// A payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Payment {
    /// By WeChat's number.
    Transaction {
        /// The number.
        transaction_id: String,
    },
    /// By the merchant's number.
    Order {
        /// The merchant.
        mch_id: String,
        /// The number.
        out_trade_no: String,
    },
}

/// The unionid.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PaidUnionId {
    /// Never empty.
    #[serde(deserialize_with = "filled_id")]
    pub unionid: UnionId,
}

impl Endpoint for GetPaidUnionId {
    const SPEC: Spec = Spec {
        method: Method::Get,
        path: "/wxa/getpaidunionid",
        auth: Auth::AccessToken,
        encoding: Encoding::Query,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-info/basic-info/getPaidUnionid.html",
    };
    type Response = PaidUnionId;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, line};

    #[test]
    fn the_documented_call() {
        let order = Payment::Order { mch_id: "MCH".into(), out_trade_no: "NO".into() };
        let request = GetPaidUnionId { openid: "OPENID".into(), payment: order };
        assert_eq!(
            line(&request),
            "GET /wxa/getpaidunionid?mch_id=MCH&openid=OPENID&out_trade_no=NO&access_token=ACCESS_TOKEN"
        );
        let transaction = Payment::Transaction { transaction_id: "T".into() };
        let by_number = GetPaidUnionId { openid: "OPENID".into(), payment: transaction };
        assert_eq!(
            line(&by_number),
            "GET /wxa/getpaidunionid?openid=OPENID&transaction_id=T&access_token=ACCESS_TOKEN"
        );
        let paid = answer(&request, r#"{"unionid":"oTmHYjg-tElZ68xxxxxxxxhy1Rgk","errcode":0,"errmsg":"ok"}"#).unwrap();
        assert_eq!(paid.unionid.as_str(), "oTmHYjg-tElZ68xxxxxxxxhy1Rgk");
        assert!(answer(&request, r#"{"unionid":"","errcode":0}"#).is_err());
        assert_nothing_is_no_success(&request);
    }
}
