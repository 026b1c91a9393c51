//! `user_del_card`: somebody deleted a card.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Cards_and_Offer/Coupons_Vouchers_and_Cards_Event_Push_Messages.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// Somebody deleted a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UserDelCard {
    /// The kind of card.
    pub card_id: String,
    /// The one card of that kind.
    pub user_card_code: String,
}

impl Body for UserDelCard {
    const NAMES: &'static [&'static str] = &["user_del_card"];
}

impl Read for UserDelCard {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self { card_id: field.read("CardId")?, user_card_code: field.read("UserCardCode")? })
    }
}

#[cfg(test)]
mod tests {
    use super::UserDelCard;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "user_del_card",
            "<CardId><![CDATA[pFS7Fjg8kV1IdDz01r4SQwMkuCKc]]></CardId>\
             <UserCardCode><![CDATA[226009850808]]></UserCardCode>",
            &UserDelCard { card_id: "pFS7Fjg8kV1IdDz01r4SQwMkuCKc".into(), user_card_code: "226009850808".into() },
            r#"{"card_id":"pFS7Fjg8kV1IdDz01r4SQwMkuCKc","user_card_code":"226009850808"}"#,
        );
    }
}
