//! `card_pass_check`: a kind of card was approved.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Cards_and_Offer/Coupons_Vouchers_and_Cards_Event_Push_Messages.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// A kind of card was approved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CardPassCheck {
    /// The kind of card.
    pub card_id: String,
}

impl Body for CardPassCheck {
    const NAMES: &'static [&'static str] = &["card_pass_check"];
}

impl Read for CardPassCheck {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self { card_id: field.read("CardId")? })
    }
}

#[cfg(test)]
mod tests {
    use super::CardPassCheck;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "card_pass_check",
            "<CardId><![CDATA[pFS7Fjg8kV1IdDz01r4SQwMkuCKc]]></CardId>",
            &CardPassCheck { card_id: "pFS7Fjg8kV1IdDz01r4SQwMkuCKc".into() },
            r#"{"card_id":"pFS7Fjg8kV1IdDz01r4SQwMkuCKc"}"#,
        );
    }
}
