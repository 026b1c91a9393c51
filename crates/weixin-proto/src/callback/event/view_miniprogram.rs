//! `view_miniprogram`: a menu button with a mini program was pressed.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Custom_Menu_Push_Events.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// A menu button with a mini program was pressed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ViewMiniProgram {
    /// The path of the page.
    pub event_key: String,
    /// Which menu; tells conditional menus apart.
    pub menu_id: Option<String>,
}

impl Body for ViewMiniProgram {
    const NAMES: &'static [&'static str] = &["view_miniprogram"];
}

impl Read for ViewMiniProgram {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self { event_key: field.read("EventKey")?, menu_id: field.read_any(&["MenuId", "MenuID"])? })
    }
}

#[cfg(test)]
mod tests {
    use super::ViewMiniProgram;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "view_miniprogram",
            "<EventKey><![CDATA[pages/index/index]]></EventKey><MenuId><![CDATA[MENU]]></MenuId>",
            &ViewMiniProgram { event_key: "pages/index/index".into(), menu_id: Some("MENU".into()) },
            r#"{"event_key":"pages/index/index","menu_id":"MENU"}"#,
        );
    }
}
