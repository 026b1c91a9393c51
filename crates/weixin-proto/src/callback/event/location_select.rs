//! `location_select`: a place was chosen by a menu button.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Custom_Menu_Push_Events.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// A place was chosen by a menu button.
///
/// The place itself follows as a message.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LocationSelect {
    /// The `key` of the button.
    pub event_key: String,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// How far the map was zoomed in.
    pub scale: Option<f64>,
    /// The address.
    pub label: Option<String>,
    /// The name of the place, as WeChat's users know it.
    pub poiname: Option<String>,
}

impl Body for LocationSelect {
    const NAMES: &'static [&'static str] = &["location_select"];
}

impl Read for LocationSelect {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        let info = field.inside("SendLocationInfo")?;
        Ok(Self {
            event_key: field.read("EventKey")?,
            latitude: info.read("Location_X")?,
            longitude: info.read("Location_Y")?,
            scale: info.read("Scale")?,
            label: info.read("Label")?,
            poiname: info.read("Poiname")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::LocationSelect;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "location_select",
            "<EventKey><![CDATA[6]]></EventKey><SendLocationInfo><Location_X><![CDATA[23.5]]></Location_X>\
             <Location_Y><![CDATA[113.25]]></Location_Y><Scale><![CDATA[15]]></Scale>\
             <Label><![CDATA[广州市海珠区客村艺苑路 106号]]></Label><Poiname><![CDATA[]]></Poiname></SendLocationInfo>",
            &LocationSelect {
                event_key: "6".into(),
                latitude: 23.5,
                longitude: 113.25,
                scale: Some(15.0),
                label: Some("广州市海珠区客村艺苑路 106号".into()),
                poiname: None,
            },
            r#"{"event_key":"6","latitude":23.5,"longitude":113.25,"scale":15.0,"label":"广州市海珠区客村艺苑路 106号","poiname":null}"#,
        );
    }
}
