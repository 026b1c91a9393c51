//! `user_pay_from_pay_cell`: somebody paid with a card.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Cards_and_Offer/Coupons_Vouchers_and_Cards_Event_Push_Messages.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// Somebody paid with a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UserPayFromPayCell {
    /// The kind of card.
    pub card_id: String,
    /// The one card of that kind.
    pub user_card_code: String,
    /// WeChat Pay's number of the payment.
    pub trans_id: Option<String>,
    /// The shop; 0 when there is none.
    pub location_id: Option<String>,
    /// What was paid, in fen.
    pub fee: Option<i64>,
    /// The price before discounts, in fen.
    pub original_fee: Option<i64>,
}

impl Body for UserPayFromPayCell {
    const NAMES: &'static [&'static str] = &["user_pay_from_pay_cell"];
}

impl Read for UserPayFromPayCell {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            card_id: field.read("CardId")?,
            user_card_code: field.read("UserCardCode")?,
            trans_id: field.read("TransId")?,
            location_id: field.read("LocationId")?,
            fee: field.read("Fee")?,
            original_fee: field.read("OriginalFee")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::UserPayFromPayCell;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "user_pay_from_pay_cell",
            "<CardId><![CDATA[pFS7Fjg8kV1IdDz01r4SQwMkuCKc]]></CardId>\
             <UserCardCode><![CDATA[226009850808]]></UserCardCode>\
             <TransId><![CDATA[10022403432015000000000]]></TransId><LocationId>291710000</LocationId>\
             <Fee>10000</Fee><OriginalFee>11000</OriginalFee>",
            &UserPayFromPayCell {
                card_id: "pFS7Fjg8kV1IdDz01r4SQwMkuCKc".into(),
                user_card_code: "226009850808".into(),
                trans_id: Some("10022403432015000000000".into()),
                location_id: Some("291710000".into()),
                fee: Some(10000),
                original_fee: Some(11000),
            },
            r#"{"card_id":"pFS7Fjg8kV1IdDz01r4SQwMkuCKc","user_card_code":"226009850808","trans_id":"10022403432015000000000","location_id":"291710000","fee":10000,"original_fee":11000}"#,
        );
    }
}
