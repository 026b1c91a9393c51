//! `card_not_pass_check`: a kind of card was refused.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Cards_and_Offer/Coupons_Vouchers_and_Cards_Event_Push_Messages.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// A kind of card was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CardNotPassCheck {
    /// The kind of card.
    pub card_id: String,
    /// Why.
    pub refuse_reason: Option<String>,
}

impl Body for CardNotPassCheck {
    const NAMES: &'static [&'static str] = &["card_not_pass_check"];
}

impl Read for CardNotPassCheck {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self { card_id: field.read("CardId")?, refuse_reason: field.read("RefuseReason")? })
    }
}

#[cfg(test)]
mod tests {
    use super::CardNotPassCheck;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "card_not_pass_check",
            "<CardId><![CDATA[pFS7Fjg8kV1IdDz01r4SQwMkuCKc]]></CardId>\
             <RefuseReason><![CDATA[非法代制]]></RefuseReason>",
            &CardNotPassCheck {
                card_id: "pFS7Fjg8kV1IdDz01r4SQwMkuCKc".into(),
                refuse_reason: Some("非法代制".into()),
            },
            r#"{"card_id":"pFS7Fjg8kV1IdDz01r4SQwMkuCKc","refuse_reason":"非法代制"}"#,
        );
    }
}
