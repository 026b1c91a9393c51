//! `update_member_card`: the points or the balance of a member card changed.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Cards_and_Offer/Coupons_Vouchers_and_Cards_Event_Push_Messages.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// The points or the balance of a member card changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UpdateMemberCard {
    /// The kind of card.
    pub card_id: String,
    /// The one card of that kind.
    pub user_card_code: String,
    /// By how many points.
    pub modify_bonus: Option<i64>,
    /// By how much money, in fen.
    pub modify_balance: Option<i64>,
}

impl Body for UpdateMemberCard {
    const NAMES: &'static [&'static str] = &["update_member_card"];
}

impl Read for UpdateMemberCard {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            card_id: field.read("CardId")?,
            user_card_code: field.read("UserCardCode")?,
            modify_bonus: field.read("ModifyBonus")?,
            modify_balance: field.read("ModifyBalance")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::UpdateMemberCard;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "update_member_card",
            "<CardId><![CDATA[pFS7Fjg8kV1IdDz01r4SQwMkuCKc]]></CardId>\
             <UserCardCode><![CDATA[226009850808]]></UserCardCode><ModifyBonus>-3</ModifyBonus>\
             <ModifyBalance>0</ModifyBalance>",
            &UpdateMemberCard {
                card_id: "pFS7Fjg8kV1IdDz01r4SQwMkuCKc".into(),
                user_card_code: "226009850808".into(),
                modify_bonus: Some(-3),
                modify_balance: Some(0),
            },
            r#"{"card_id":"pFS7Fjg8kV1IdDz01r4SQwMkuCKc","user_card_code":"226009850808","modify_bonus":-3,"modify_balance":0}"#,
        );
    }
}
