//! `user_view_card`: somebody opened a member card.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Cards_and_Offer/Coupons_Vouchers_and_Cards_Event_Push_Messages.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// Somebody opened a member card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UserViewCard {
    /// The kind of card.
    pub card_id: String,
    /// The one card of that kind.
    pub user_card_code: String,
    /// Where the card was got.
    pub outer_str: Option<String>,
}

impl Body for UserViewCard {
    const NAMES: &'static [&'static str] = &["user_view_card"];
}

impl Read for UserViewCard {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            card_id: field.read("CardId")?,
            user_card_code: field.read("UserCardCode")?,
            outer_str: field.read("OuterStr")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::UserViewCard;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "user_view_card",
            "<CardId><![CDATA[pFS7Fjg8kV1IdDz01r4SQwMkuCKc]]></CardId>\
             <UserCardCode><![CDATA[226009850808]]></UserCardCode><OuterStr><![CDATA[12b]]></OuterStr>",
            &UserViewCard {
                card_id: "pFS7Fjg8kV1IdDz01r4SQwMkuCKc".into(),
                user_card_code: "226009850808".into(),
                outer_str: Some("12b".into()),
            },
            r#"{"card_id":"pFS7Fjg8kV1IdDz01r4SQwMkuCKc","user_card_code":"226009850808","outer_str":"12b"}"#,
        );
    }
}
