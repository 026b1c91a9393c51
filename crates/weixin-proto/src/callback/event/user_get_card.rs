//! `user_get_card`: somebody got a card.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Cards_and_Offer/Coupons_Vouchers_and_Cards_Event_Push_Messages.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};
use crate::{OpenId, UnionId};

/// Somebody got a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UserGetCard {
    /// The kind of card.
    pub card_id: String,
    /// The one card of that kind.
    pub user_card_code: String,
    /// Whether it was a gift.
    pub is_give_by_friend: Option<bool>,
    /// From whom.
    pub friend_user_name: Option<OpenId>,
    /// Its code before it was given away.
    pub old_user_card_code: Option<String>,
    /// Where it was got, as a number.
    pub outer_id: Option<String>,
    /// The same as a text.
    pub outer_str: Option<String>,
    /// Whether they had deleted it before.
    pub is_restore_member_card: Option<bool>,
    /// Whether a friend recommended it.
    pub is_recommend_by_friend: Option<bool>,
    /// The same person in the open-platform group.
    pub union_id: Option<UnionId>,
}

impl Body for UserGetCard {
    const NAMES: &'static [&'static str] = &["user_get_card"];
}

impl Read for UserGetCard {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            card_id: field.read("CardId")?,
            user_card_code: field.read("UserCardCode")?,
            is_give_by_friend: field.read("IsGiveByFriend")?,
            friend_user_name: field.read("FriendUserName")?,
            old_user_card_code: field.read("OldUserCardCode")?,
            outer_id: field.read("OuterId")?,
            outer_str: field.read("OuterStr")?,
            is_restore_member_card: field.read("IsRestoreMemberCard")?,
            is_recommend_by_friend: field.read("IsRecommendByFriend")?,
            union_id: field.read("UnionId")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::UserGetCard;
    use crate::callback::testing::event;
    use crate::callback::{Inbound, Limits, Of};

    #[test]
    fn the_documented_push() {
        event(
            "user_get_card",
            "<CardId><![CDATA[pFS7Fjg8kV1IdDz01r4SQwMkuCKc]]></CardId>\
             <UserCardCode><![CDATA[226009850808]]></UserCardCode><IsGiveByFriend>1</IsGiveByFriend>\
             <FriendUserName><![CDATA[oFRIEND]]></FriendUserName>\
             <OldUserCardCode><![CDATA[226009850807]]></OldUserCardCode><OuterId>0</OuterId>\
             <OuterStr><![CDATA[12b]]></OuterStr><IsRestoreMemberCard>0</IsRestoreMemberCard>\
             <IsRecommendByFriend>0</IsRecommendByFriend>",
            &UserGetCard {
                card_id: "pFS7Fjg8kV1IdDz01r4SQwMkuCKc".into(),
                user_card_code: "226009850808".into(),
                is_give_by_friend: Some(true),
                friend_user_name: Some("oFRIEND".into()),
                old_user_card_code: Some("226009850807".into()),
                outer_id: Some("0".into()),
                outer_str: Some("12b".into()),
                is_restore_member_card: Some(false),
                is_recommend_by_friend: Some(false),
                union_id: None,
            },
            r#"{"card_id":"pFS7Fjg8kV1IdDz01r4SQwMkuCKc","user_card_code":"226009850808","is_give_by_friend":true,"friend_user_name":"oFRIEND","old_user_card_code":"226009850807","outer_id":"0","outer_str":"12b","is_restore_member_card":false,"is_recommend_by_friend":false,"union_id":null}"#,
        );
    }

    #[test]
    fn white_space_around_cdata_is_layout() {
        let push = "<xml><FromUserName> <![CDATA[oABCD]]> </FromUserName><MsgType> <![CDATA[event]]> </MsgType>\
                    <Event> <![CDATA[user_get_card]]> </Event><CardId> <![CDATA[p1]]> </CardId>\
                    <UserCardCode>\n<![CDATA[2]]>\n</UserCardCode><FriendUserName> <![CDATA[]]> </FriendUserName></xml>";
        let inbound = Inbound::parse(push, &Limits::default()).unwrap();
        let card = UserGetCard::of(&inbound).unwrap();
        assert_eq!((card.card_id.as_str(), card.user_card_code.as_str(), &card.friend_user_name), ("p1", "2", &None));
    }
}
