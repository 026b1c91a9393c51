//! `VIEW`: a menu button with a link was pressed.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Custom_Menu_Push_Events.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// A menu button with a link was pressed.
///
/// The page opens without us; an answer is not shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct View {
    /// The link.
    pub event_key: String,
    /// Which menu; tells conditional menus apart.
    pub menu_id: Option<String>,
}

impl Body for View {
    const NAMES: &'static [&'static str] = &["VIEW"];
}

impl Read for View {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self { event_key: field.read("EventKey")?, menu_id: field.read_any(&["MenuId", "MenuID"])? })
    }
}

#[cfg(test)]
mod tests {
    use super::View;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "VIEW",
            "<EventKey><![CDATA[http://a.cn/?b=1]]></EventKey><MenuId><![CDATA[MENU]]></MenuId>",
            &View { event_key: "http://a.cn/?b=1".into(), menu_id: Some("MENU".into()) },
            r#"{"event_key":"http://a.cn/?b=1","menu_id":"MENU"}"#,
        );
    }
}
