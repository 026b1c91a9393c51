//! `secvod_upload_event`: a film was uploaded, or could not be.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/server/event_push/mini_drama/asset_upload_completion_event.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// A film was uploaded, or could not be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SecvodUpload {
    /// The film.
    pub media_id: String,
    /// What was given when it was uploaded.
    pub source_context: Option<String>,
    /// 0 when it was.
    pub errcode: i64,
    /// The same in words.
    pub errmsg: Option<String>,
}

impl Body for SecvodUpload {
    const NAMES: &'static [&'static str] = &["secvod_upload_event"];
}

impl Read for SecvodUpload {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        let upload = field.inside("upload_event")?;
        Ok(Self {
            media_id: upload.read("media_id")?,
            source_context: upload.read("source_context")?,
            errcode: upload.read("errcode")?,
            errmsg: upload.read("errmsg")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::SecvodUpload;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "secvod_upload_event",
            "<upload_event><media_id>20001</media_id>\
             <source_context><![CDATA[abc12232]]></source_context><errcode>0</errcode>\
             <errmsg><![CDATA[OK]]></errmsg></upload_event>",
            &SecvodUpload {
                media_id: "20001".into(),
                source_context: Some("abc12232".into()),
                errcode: 0,
                errmsg: Some("OK".into()),
            },
            r#"{"media_id":"20001","source_context":"abc12232","errcode":0,"errmsg":"OK"}"#,
        );
    }
}
