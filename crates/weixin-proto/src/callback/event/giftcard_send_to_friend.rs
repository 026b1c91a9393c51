//! `giftcard_send_to_friend`: somebody gave a gift card away.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Cards_and_Offer/gift_card.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// Somebody gave a gift card away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GiftcardSendToFriend {
    /// The page it was bought on.
    pub page_id: String,
    /// The order.
    pub order_id: String,
    /// Whether it was offered to a group.
    pub is_chat_room: Option<bool>,
    /// Whether it came back because nobody took it.
    pub is_return_back: Option<bool>,
}

impl Body for GiftcardSendToFriend {
    const NAMES: &'static [&'static str] = &["giftcard_send_to_friend"];
}

impl Read for GiftcardSendToFriend {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            page_id: field.read("PageId")?,
            order_id: field.read("OrderId")?,
            is_chat_room: field.read("IsChatRoom")?,
            is_return_back: field.read("IsReturnBack")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::GiftcardSendToFriend;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "giftcard_send_to_friend",
            "<PageId><![CDATA[PAGE]]></PageId><OrderId><![CDATA[Z1]]></OrderId><IsChatRoom>1</IsChatRoom>\
             <IsReturnBack>0</IsReturnBack>",
            &GiftcardSendToFriend {
                page_id: "PAGE".into(),
                order_id: "Z1".into(),
                is_chat_room: Some(true),
                is_return_back: Some(false),
            },
            r#"{"page_id":"PAGE","order_id":"Z1","is_chat_room":true,"is_return_back":false}"#,
        );
    }
}
