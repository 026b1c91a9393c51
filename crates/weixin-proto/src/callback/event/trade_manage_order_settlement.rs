//! `trade_manage_order_settlement`: an order will be settled, or has been.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/platform-capabilities/business-capabilities/order-shipping/order-shipping.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// An order will be settled, or has been.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TradeManageOrderSettlement {
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
    /// When it was shipped, in seconds since 1970.
    pub shipped_time: Option<i64>,
    /// When it will be settled; only when it has been shipped.
    pub estimated_settlement_time: Option<i64>,
    /// How it was received: 1 confirmed, 2 by lapse of time; only when it has been settled.
    pub confirm_receive_method: Option<i64>,
    /// When it was received; only when it has been settled.
    pub confirm_receive_time: Option<i64>,
    /// When it was settled; only then.
    pub settlement_time: Option<i64>,
}

impl Body for TradeManageOrderSettlement {
    const NAMES: &'static [&'static str] = &["trade_manage_order_settlement"];
}

impl Read for TradeManageOrderSettlement {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            transaction_id: field.read("transaction_id")?,
            merchant_id: field.read("merchant_id")?,
            sub_merchant_id: field.read("sub_merchant_id")?,
            merchant_trade_no: field.read("merchant_trade_no")?,
            pay_time: field.read("pay_time")?,
            shipped_time: field.read("shipped_time")?,
            estimated_settlement_time: field.read("estimated_settlement_time")?,
            confirm_receive_method: field.read("confirm_receive_method")?,
            confirm_receive_time: field.read("confirm_receive_time")?,
            settlement_time: field.read("settlement_time")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::TradeManageOrderSettlement;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "trade_manage_order_settlement",
            "<transaction_id><![CDATA[42000020212023112332159214xx]]></transaction_id>\
             <merchant_id><![CDATA[1230000109]]></merchant_id>\
             <merchant_trade_no><![CDATA[T1]]></merchant_trade_no><pay_time>1700000000</pay_time>\
             <shipped_time>1700000100</shipped_time>\
             <estimated_settlement_time>1700000200</estimated_settlement_time>",
            &TradeManageOrderSettlement {
                transaction_id: "42000020212023112332159214xx".into(),
                merchant_id: Some("1230000109".into()),
                sub_merchant_id: None,
                merchant_trade_no: Some("T1".into()),
                pay_time: Some(1_700_000_000),
                shipped_time: Some(1_700_000_100),
                estimated_settlement_time: Some(1_700_000_200),
                confirm_receive_method: None,
                confirm_receive_time: None,
                settlement_time: None,
            },
            r#"{"transaction_id":"42000020212023112332159214xx","merchant_id":"1230000109","sub_merchant_id":null,"merchant_trade_no":"T1","pay_time":1700000000,"shipped_time":1700000100,"estimated_settlement_time":1700000200,"confirm_receive_method":null,"confirm_receive_time":null,"settlement_time":null}"#,
        );
    }
}
