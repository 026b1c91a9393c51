//! `card_pay_order`: an order for card points changed.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Cards_and_Offer/Coupons_Vouchers_and_Cards_Event_Push_Messages.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// An order for card points changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CardPayOrder {
    /// The order.
    pub order_id: String,
    /// `ORDER_STATUS_WAITING`, `ORDER_STATUS_SUCC`, `ORDER_STATUS_FINANCE_SUCC`,
    /// `ORDER_STATUS_QUANTITY_SUCC`, `ORDER_STATUS_HAS_REFUND` and others.
    pub status: String,
    /// When it was made, in seconds since 1970.
    pub create_order_time: Option<i64>,
    /// When it was paid, in seconds since 1970; 0 when it was not.
    pub pay_finish_time: Option<i64>,
    /// What it is for.
    pub desc: Option<String>,
    /// Free points.
    pub free_coin_count: Option<i64>,
    /// Points paid for.
    pub pay_coin_count: Option<i64>,
    /// Free points given back.
    pub refund_free_coin_count: Option<i64>,
    /// Points paid for and given back.
    pub refund_pay_coin_count: Option<i64>,
    /// Such as `ORDER_TYPE_WXPAY`.
    pub order_type: Option<String>,
    /// What WeChat notes about it.
    pub memo: Option<String>,
    /// About its invoice.
    pub receipt_info: Option<String>,
}

impl Body for CardPayOrder {
    const NAMES: &'static [&'static str] = &["card_pay_order"];
}

impl Read for CardPayOrder {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            order_id: field.read("OrderId")?,
            status: field.read("Status")?,
            create_order_time: field.read("CreateOrderTime")?,
            pay_finish_time: field.read("PayFinishTime")?,
            desc: field.read("Desc")?,
            free_coin_count: field.read("FreeCoinCount")?,
            pay_coin_count: field.read("PayCoinCount")?,
            refund_free_coin_count: field.read("RefundFreeCoinCount")?,
            refund_pay_coin_count: field.read("RefundPayCoinCount")?,
            order_type: field.read("OrderType")?,
            memo: field.read("Memo")?,
            receipt_info: field.read("ReceiptInfo")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::CardPayOrder;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "card_pay_order",
            "<OrderId><![CDATA[404091456]]></OrderId>\
             <Status><![CDATA[ORDER_STATUS_FINANCE_SUCC]]></Status>\
             <CreateOrderTime>1472295000</CreateOrderTime><PayFinishTime>0</PayFinishTime>\
             <FreeCoinCount>200</FreeCoinCount><PayCoinCount>0</PayCoinCount>\
             <RefundFreeCoinCount>0</RefundFreeCoinCount><RefundPayCoinCount>0</RefundPayCoinCount>\
             <OrderType><![CDATA[ORDER_TYPE_SYS_ADD]]></OrderType><Memo><![CDATA[开通账户奖励]]></Memo>",
            &CardPayOrder {
                order_id: "404091456".into(),
                status: "ORDER_STATUS_FINANCE_SUCC".into(),
                create_order_time: Some(1_472_295_000),
                pay_finish_time: Some(0),
                desc: None,
                free_coin_count: Some(200),
                pay_coin_count: Some(0),
                refund_free_coin_count: Some(0),
                refund_pay_coin_count: Some(0),
                order_type: Some("ORDER_TYPE_SYS_ADD".into()),
                memo: Some("开通账户奖励".into()),
                receipt_info: None,
            },
            r#"{"order_id":"404091456","status":"ORDER_STATUS_FINANCE_SUCC","create_order_time":1472295000,"pay_finish_time":0,"desc":null,"free_coin_count":200,"pay_coin_count":0,"refund_free_coin_count":0,"refund_pay_coin_count":0,"order_type":"ORDER_TYPE_SYS_ADD","memo":"开通账户奖励","receipt_info":null}"#,
        );
    }
}
