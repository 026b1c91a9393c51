//! `user_consume_card`: a card was used up.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Cards_and_Offer/Coupons_Vouchers_and_Cards_Event_Push_Messages.html>

use serde::Serialize;

use crate::OpenId;
use crate::callback::{Body, Field, FieldError, Read};

/// A card was used up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UserConsumeCard {
    /// The kind of card.
    pub card_id: String,
    /// The one card of that kind.
    pub user_card_code: String,
    /// Where: `FROM_API`, `FROM_MP` or `FROM_MOBILE_HELPER`.
    pub consume_source: Option<String>,
    /// The shop, by its number.
    pub location_id: Option<String>,
    /// The shop, by its name.
    pub location_name: Option<String>,
    /// By whom.
    pub staff_open_id: Option<OpenId>,
    /// The code that was typed.
    pub verify_code: Option<String>,
    /// The amount that was typed.
    pub remark_amount: Option<String>,
    /// What was noted.
    pub outer_str: Option<String>,
}

impl Body for UserConsumeCard {
    const NAMES: &'static [&'static str] = &["user_consume_card"];
}

impl Read for UserConsumeCard {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            card_id: field.read("CardId")?,
            user_card_code: field.read("UserCardCode")?,
            consume_source: field.read("ConsumeSource")?,
            location_id: field.read("LocationId")?,
            location_name: field.read("LocationName")?,
            staff_open_id: field.read("StaffOpenId")?,
            verify_code: field.read("VerifyCode")?,
            remark_amount: field.read("RemarkAmount")?,
            outer_str: field.read("OuterStr")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::UserConsumeCard;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "user_consume_card",
            "<CardId><![CDATA[pFS7Fjg8kV1IdDz01r4SQwMkuCKc]]></CardId>\
             <UserCardCode><![CDATA[226009850808]]></UserCardCode>\
             <ConsumeSource><![CDATA[FROM_API]]></ConsumeSource>\
             <LocationName><![CDATA[门店]]></LocationName><StaffOpenId><![CDATA[oSTAFF]]></StaffOpenId>\
             <OuterStr><![CDATA[xxxxx]]></OuterStr>",
            &UserConsumeCard {
                card_id: "pFS7Fjg8kV1IdDz01r4SQwMkuCKc".into(),
                user_card_code: "226009850808".into(),
                consume_source: Some("FROM_API".into()),
                location_id: None,
                location_name: Some("门店".into()),
                staff_open_id: Some("oSTAFF".into()),
                verify_code: None,
                remark_amount: None,
                outer_str: Some("xxxxx".into()),
            },
            r#"{"card_id":"pFS7Fjg8kV1IdDz01r4SQwMkuCKc","user_card_code":"226009850808","consume_source":"FROM_API","location_id":null,"location_name":"门店","staff_open_id":"oSTAFF","verify_code":null,"remark_amount":null,"outer_str":"xxxxx"}"#,
        );
    }
}
