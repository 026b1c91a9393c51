//! `SCAN`: a follower scanned a parametric QR code.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Receiving_event_pushes.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// A follower scanned a parametric QR code.
///
/// Who does not follow yet causes a `subscribe` with the scene instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Scan {
    /// Its scene, a number or a text.
    pub scene: String,
    /// Its ticket; its picture can be fetched with it.
    pub ticket: Option<String>,
}

impl Body for Scan {
    const NAMES: &'static [&'static str] = &["SCAN"];
}

impl Read for Scan {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self { scene: field.read("EventKey")?, ticket: field.read("Ticket")? })
    }
}

#[cfg(test)]
mod tests {
    use super::Scan;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "SCAN",
            "<EventKey><![CDATA[123123]]></EventKey><Ticket><![CDATA[TICKET]]></Ticket>",
            &Scan { scene: "123123".into(), ticket: Some("TICKET".into()) },
            r#"{"scene":"123123","ticket":"TICKET"}"#,
        );
    }
}
