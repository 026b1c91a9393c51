//! `user_gifting_card`: somebody gave a card away.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Cards_and_Offer/Coupons_Vouchers_and_Cards_Event_Push_Messages.html>

use serde::Serialize;

use crate::OpenId;
use crate::callback::{Body, Field, FieldError, Read};

/// Somebody gave a card away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UserGiftingCard {
    /// The kind of card.
    pub card_id: String,
    /// The one card of that kind.
    pub user_card_code: String,
    /// To whom.
    pub friend_user_name: Option<OpenId>,
    /// Whether it came back because nobody took it.
    pub is_return_back: Option<bool>,
    /// Whether it was offered to a group.
    pub is_chat_room: Option<bool>,
}

impl Body for UserGiftingCard {
    const NAMES: &'static [&'static str] = &["user_gifting_card"];
}

impl Read for UserGiftingCard {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            card_id: field.read("CardId")?,
            user_card_code: field.read("UserCardCode")?,
            friend_user_name: field.read("FriendUserName")?,
            is_return_back: field.read("IsReturnBack")?,
            is_chat_room: field.read("IsChatRoom")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::UserGiftingCard;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "user_gifting_card",
            "<CardId><![CDATA[pFS7Fjg8kV1IdDz01r4SQwMkuCKc]]></CardId>\
             <UserCardCode><![CDATA[226009850808]]></UserCardCode>\
             <FriendUserName><![CDATA[oFRIEND]]></FriendUserName><IsReturnBack>0</IsReturnBack>\
             <IsChatRoom>1</IsChatRoom>",
            &UserGiftingCard {
                card_id: "pFS7Fjg8kV1IdDz01r4SQwMkuCKc".into(),
                user_card_code: "226009850808".into(),
                friend_user_name: Some("oFRIEND".into()),
                is_return_back: Some(false),
                is_chat_room: Some(true),
            },
            r#"{"card_id":"pFS7Fjg8kV1IdDz01r4SQwMkuCKc","user_card_code":"226009850808","friend_user_name":"oFRIEND","is_return_back":false,"is_chat_room":true}"#,
        );
    }
}
