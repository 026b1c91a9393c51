//! `card_sku_remind`: a kind of card is running out.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Cards_and_Offer/Coupons_Vouchers_and_Cards_Event_Push_Messages.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// A kind of card is running out.
///
/// When 100 are left of more than 200, every 12 hours at most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CardSkuRemind {
    /// The kind of card.
    pub card_id: String,
    /// What WeChat says about it.
    pub detail: Option<String>,
}

impl Body for CardSkuRemind {
    const NAMES: &'static [&'static str] = &["card_sku_remind"];
}

impl Read for CardSkuRemind {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self { card_id: field.read("CardId")?, detail: field.read("Detail")? })
    }
}

#[cfg(test)]
mod tests {
    use super::CardSkuRemind;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "card_sku_remind",
            "<CardId><![CDATA[pFS7Fjg8kV1IdDz01r4SQwMkuCKc]]></CardId><Detail><![CDATA[库存不足]]></Detail>",
            &CardSkuRemind { card_id: "pFS7Fjg8kV1IdDz01r4SQwMkuCKc".into(), detail: Some("库存不足".into()) },
            r#"{"card_id":"pFS7Fjg8kV1IdDz01r4SQwMkuCKc","detail":"库存不足"}"#,
        );
    }
}
