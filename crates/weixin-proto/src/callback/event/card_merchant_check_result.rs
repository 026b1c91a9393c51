//! `card_merchant_check_result`: a sub-merchant for cards was decided on.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Cards_and_Offer/Coupons_Vouchers_and_Cards_Event_Push_Messages.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// A sub-merchant for cards was decided on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CardMerchantCheckResult {
    /// The sub-merchant.
    pub merchant_id: String,
    /// Whether it was approved.
    pub is_pass: bool,
    /// Why it was refused.
    pub reason: Option<String>,
}

impl Body for CardMerchantCheckResult {
    const NAMES: &'static [&'static str] = &["card_merchant_check_result"];
}

impl Read for CardMerchantCheckResult {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            merchant_id: field.read("MerchantId")?,
            is_pass: field.read("IsPass")?,
            reason: field.read("Reason")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::CardMerchantCheckResult;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "card_merchant_check_result",
            "<MerchantId>12345</MerchantId><IsPass>1</IsPass>",
            &CardMerchantCheckResult { merchant_id: "12345".into(), is_pass: true, reason: None },
            r#"{"merchant_id":"12345","is_pass":true,"reason":null}"#,
        );
    }
}
