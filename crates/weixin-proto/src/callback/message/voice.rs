//! `voice`: somebody spoke.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Receiving_standard_messages.html>

use serde::Serialize;

use crate::MediaId;
use crate::callback::{Body, Field, FieldError, Read};

/// Somebody spoke.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Voice {
    /// Its temporary id, good for three days.
    pub media_id: MediaId,
    /// `amr`, `speex` and others.
    pub format: String,
    /// The same in 16 kHz.
    pub media_id_16k: Option<MediaId>,
    /// What was understood, when speech recognition is switched on.
    pub recognition: Option<String>,
}

impl Body for Voice {
    const NAMES: &'static [&'static str] = &["voice"];
}

impl Read for Voice {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            media_id: field.read("MediaId")?,
            format: field.read("Format")?,
            media_id_16k: field.read("MediaId16K")?,
            recognition: field.read_any(&["Recognition", "Recongnition"])?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Voice;
    use crate::callback::testing::message;

    #[test]
    fn the_documented_push() {
        message(
            "voice",
            "<MediaId><![CDATA[MEDIA]]></MediaId><Format><![CDATA[amr]]></Format>\
             <MediaId16K><![CDATA[MEDIA16]]></MediaId16K><Recognition><![CDATA[你好]]></Recognition>",
            &Voice {
                media_id: "MEDIA".into(),
                format: "amr".into(),
                media_id_16k: Some("MEDIA16".into()),
                recognition: Some("你好".into()),
            },
            r#"{"media_id":"MEDIA","format":"amr","media_id_16k":"MEDIA16","recognition":"你好"}"#,
        );
    }

    #[test]
    fn without_recognition() {
        let voice = Voice { media_id: "M".into(), format: "speex".into(), media_id_16k: None, recognition: None };
        let json = r#"{"media_id":"M","format":"speex","media_id_16k":null,"recognition":null}"#;
        message("voice", "<MediaId>M</MediaId><Format>speex</Format><Recognition></Recognition>", &voice, json);
    }

    #[test]
    fn the_old_spelling() {
        let xml = "<MediaId>M</MediaId><Format>amr</Format><Recongnition>好</Recongnition>";
        let voice =
            Voice { media_id: "M".into(), format: "amr".into(), media_id_16k: None, recognition: Some("好".into()) };
        message("voice", xml, &voice, r#"{"media_id":"M","format":"amr","media_id_16k":null,"recognition":"好"}"#);
    }
}
