//! `subscribe`: somebody follows the account.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Receiving_event_pushes.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// Somebody follows the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Subscribe {
    /// The scene of the parametric QR code that was scanned to follow; `None` for every other way.
    pub scene: Option<String>,
    /// The ticket of that QR code; its picture can be fetched with it.
    pub ticket: Option<String>,
    /// `EventKey` as it came: `qrscene_` and the scene, or something else, as after a payment.
    pub event_key: Option<String>,
}

impl Body for Subscribe {
    const NAMES: &'static [&'static str] = &["subscribe"];
}

impl Read for Subscribe {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        let event_key: Option<String> = field.read("EventKey")?;
        let scene = event_key.as_deref().and_then(|key| key.strip_prefix("qrscene_")).map(str::to_owned);
        Ok(Self { scene, ticket: field.read("Ticket")?, event_key })
    }
}

#[cfg(test)]
mod tests {
    use super::Subscribe;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        let nothing = Subscribe { scene: None, ticket: None, event_key: None };
        let json = r#"{"scene":null,"ticket":null,"event_key":null}"#;
        event("subscribe", "", &nothing, json);
        event("subscribe", "<EventKey><![CDATA[]]></EventKey>", &nothing, json);
    }

    #[test]
    fn by_a_qr_code() {
        event(
            "subscribe",
            "<EventKey><![CDATA[qrscene_123123]]></EventKey><Ticket><![CDATA[TICKET]]></Ticket>",
            &Subscribe {
                scene: Some("123123".into()),
                ticket: Some("TICKET".into()),
                event_key: Some("qrscene_123123".into()),
            },
            r#"{"scene":"123123","ticket":"TICKET","event_key":"qrscene_123123"}"#,
        );
    }

    #[test]
    fn another_key_is_no_scene() {
        event(
            "subscribe",
            "<EventKey>last_trade_no_4200</EventKey>",
            &Subscribe { scene: None, ticket: None, event_key: Some("last_trade_no_4200".into()) },
            r#"{"scene":null,"ticket":null,"event_key":"last_trade_no_4200"}"#,
        );
    }
}
