//! `trade_manage_remind_shipping`: an order has been paid and waits for its shipment to be reported.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/platform-capabilities/business-capabilities/order-shipping/order-shipping.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// An order has been paid and waits for its shipment to be reported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TradeManageRemindShipping {
    /// WeChat Pay's number of the order.
    pub transaction_id: String,
    /// The merchant.
    pub merchant_id: Option<String>,
    /// The sub-merchant.
    pub sub_merchant_id: Option<String>,
    /// The merchant's own number of the order.
    pub merchant_trade_no: Option<String>,
    /// When it was paid, in seconds since 1970.
    pub pay_time: Option<i64>,
    /// What WeChat says about it.
    pub msg: Option<String>,
}

impl Body for TradeManageRemindShipping {
    const NAMES: &'static [&'static str] = &["trade_manage_remind_shipping"];
}

impl Read for TradeManageRemindShipping {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            transaction_id: field.read("transaction_id")?,
            merchant_id: field.read("merchant_id")?,
            sub_merchant_id: field.read("sub_merchant_id")?,
            merchant_trade_no: field.read("merchant_trade_no")?,
            pay_time: field.read("pay_time")?,
            msg: field.read("msg")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::TradeManageRemindShipping;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "trade_manage_remind_shipping",
            "<transaction_id><![CDATA[42000020212023112332159214xx]]></transaction_id>\
             <merchant_id><![CDATA[1230000109]]></merchant_id>\
             <merchant_trade_no><![CDATA[T1]]></merchant_trade_no><pay_time>1700000000</pay_time>\
             <msg><![CDATA[请尽快发货]]></msg>",
            &TradeManageRemindShipping {
                transaction_id: "42000020212023112332159214xx".into(),
                merchant_id: Some("1230000109".into()),
                sub_merchant_id: None,
                merchant_trade_no: Some("T1".into()),
                pay_time: Some(1_700_000_000),
                msg: Some("请尽快发货".into()),
            },
            r#"{"transaction_id":"42000020212023112332159214xx","merchant_id":"1230000109","sub_merchant_id":null,"merchant_trade_no":"T1","pay_time":1700000000,"msg":"请尽快发货"}"#,
        );
    }
}
