//! `secvod_audit_event`: a series of films was decided on.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/server/event_push/mini_drama/drama_review_status_event.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// A series of films was decided on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SecvodAudit {
    /// The series. What was decided about each film has to be asked for.
    pub drama_id: String,
    /// What was decided; 3 is approval.
    pub status: Option<i64>,
    /// What about: 0 handed in, 1 handed in again, 2 films replaced, 3 its description changed.
    pub audit_type: Option<i64>,
    /// When it was handed in, in seconds since 1970.
    pub create_time: Option<i64>,
    /// When it was decided, in seconds since 1970.
    pub audit_time: Option<i64>,
}

impl Body for SecvodAudit {
    const NAMES: &'static [&'static str] = &["secvod_audit_event"];
}

impl Read for SecvodAudit {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        let audit = field.inside("audit_event")?;
        let detail = audit.inside("audit_detail")?;
        Ok(Self {
            drama_id: audit.read("drama_id")?,
            status: detail.read("status")?,
            audit_type: detail.read("audit_type")?,
            create_time: detail.read("create_time")?,
            audit_time: detail.read("audit_time")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::SecvodAudit;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "secvod_audit_event",
            "<audit_event><drama_id>20001</drama_id><audit_detail><status>3</status><audit_type>0</audit_type>\
             <create_time>1686252550</create_time><audit_time>1686262550</audit_time></audit_detail></audit_event>",
            &SecvodAudit {
                drama_id: "20001".into(),
                status: Some(3),
                audit_type: Some(0),
                create_time: Some(1_686_252_550),
                audit_time: Some(1_686_262_550),
            },
            r#"{"drama_id":"20001","status":3,"audit_type":0,"create_time":1686252550,"audit_time":1686262550}"#,
        );
    }
}
