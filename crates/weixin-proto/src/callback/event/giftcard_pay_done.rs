//! `giftcard_pay_done`: somebody bought a gift card.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Cards_and_Offer/gift_card.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// Somebody bought a gift card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GiftcardPayDone {
    /// The page it was bought on.
    pub page_id: String,
    /// The order.
    pub order_id: String,
}

impl Body for GiftcardPayDone {
    const NAMES: &'static [&'static str] = &["giftcard_pay_done"];
}

impl Read for GiftcardPayDone {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self { page_id: field.read("PageId")?, order_id: field.read("OrderId")? })
    }
}

#[cfg(test)]
mod tests {
    use super::GiftcardPayDone;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "giftcard_pay_done",
            "<PageId><![CDATA[PAGE]]></PageId><OrderId><![CDATA[Z1]]></OrderId>",
            &GiftcardPayDone { page_id: "PAGE".into(), order_id: "Z1".into() },
            r#"{"page_id":"PAGE","order_id":"Z1"}"#,
        );
    }
}
