//! `giftcard_user_accept`: somebody took a gift card.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Cards_and_Offer/gift_card.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// Somebody took a gift card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GiftcardUserAccept {
    /// The page it was bought on.
    pub page_id: String,
    /// The order.
    pub order_id: String,
    /// Whether it was offered to a group.
    pub is_chat_room: Option<bool>,
}

impl Body for GiftcardUserAccept {
    const NAMES: &'static [&'static str] = &["giftcard_user_accept"];
}

impl Read for GiftcardUserAccept {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            page_id: field.read("PageId")?,
            order_id: field.read("OrderId")?,
            is_chat_room: field.read("IsChatRoom")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::GiftcardUserAccept;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "giftcard_user_accept",
            "<PageId><![CDATA[PAGE]]></PageId><OrderId><![CDATA[Z1]]></OrderId><IsChatRoom>0</IsChatRoom>",
            &GiftcardUserAccept { page_id: "PAGE".into(), order_id: "Z1".into(), is_chat_room: Some(false) },
            r#"{"page_id":"PAGE","order_id":"Z1","is_chat_room":false}"#,
        );
    }
}
