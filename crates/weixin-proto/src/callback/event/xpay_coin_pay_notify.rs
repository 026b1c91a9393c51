//! `xpay_coin_pay_notify`: coins were paid and have to be credited.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/platform-capabilities/business-capabilities/virtual-payment.html>

use serde::Serialize;

use crate::OpenId;
use crate::callback::{Body, Field, FieldError, Read};

/// Coins were paid and have to be credited.
///
/// WeChat wants `{"ErrCode":0,"ErrMsg":"success"}` (or the same in XML) for an answer, and repeats the push otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct XpayCoinPayNotify {
    /// Who paid.
    pub open_id: OpenId,
    /// Our number of the order.
    pub out_trade_no: String,
    /// 0 for real, 1 in the sandbox.
    pub env: i64,
    /// The merchant's number of the payment.
    pub mch_order_no: Option<String>,
    /// WeChat Pay's number of it.
    pub transaction_id: Option<String>,
    /// When it was paid, in seconds since 1970.
    pub paid_time: Option<i64>,
    /// How many.
    pub quantity: Option<i64>,
    /// The price without discounts, in fen.
    pub orig_price: Option<i64>,
    /// What was paid, in fen.
    pub actual_price: Option<i64>,
    /// What was given with the order.
    pub attach: Option<String>,
}

impl Body for XpayCoinPayNotify {
    const NAMES: &'static [&'static str] = &["xpay_coin_pay_notify"];
}

impl Read for XpayCoinPayNotify {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        let (pay, info) = (field.unwrapped("WeChatPayInfo"), field.unwrapped("CoinInfo"));
        Ok(Self {
            open_id: field.read("OpenId")?,
            out_trade_no: field.read("OutTradeNo")?,
            env: field.read("Env")?,
            mch_order_no: pay.read("MchOrderNo")?,
            transaction_id: pay.read("TransactionId")?,
            paid_time: pay.read("PaidTime")?,
            quantity: info.read("Quantity")?,
            orig_price: info.read("OrigPrice")?,
            actual_price: info.read("ActualPrice")?,
            attach: info.read("Attach")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::XpayCoinPayNotify;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "xpay_coin_pay_notify",
            "<OpenId>oABCD</OpenId><OutTradeNo>T1</OutTradeNo><Env>0</Env><WeChatPayInfo><MchOrderNo>M1</MchOrderNo>\
             <TransactionId>W1</TransactionId><PaidTime>1700000000</PaidTime></WeChatPayInfo>\
             <CoinInfo><Quantity>2</Quantity><OrigPrice>200</OrigPrice><ActualPrice>150</ActualPrice>\
             <Attach>a</Attach></CoinInfo>",
            &XpayCoinPayNotify {
                open_id: "oABCD".into(),
                out_trade_no: "T1".into(),
                env: 0,
                mch_order_no: Some("M1".into()),
                transaction_id: Some("W1".into()),
                paid_time: Some(1_700_000_000),
                quantity: Some(2),
                orig_price: Some(200),
                actual_price: Some(150),
                attach: Some("a".into()),
            },
            r#"{"open_id":"oABCD","out_trade_no":"T1","env":0,"mch_order_no":"M1","transaction_id":"W1","paid_time":1700000000,"quantity":2,"orig_price":200,"actual_price":150,"attach":"a"}"#,
        );
    }
}
