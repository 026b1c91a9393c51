//! `location`: somebody sent a place.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Receiving_standard_messages.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// Somebody sent a place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Location {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// How far the map was zoomed in.
    pub scale: Option<f64>,
    /// The address.
    pub label: String,
}

impl Body for Location {
    const NAMES: &'static [&'static str] = &["location"];
}

impl Read for Location {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            latitude: field.read("Location_X")?,
            longitude: field.read("Location_Y")?,
            scale: field.read("Scale")?,
            label: field.read("Label")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Location;
    use crate::callback::message::Message;
    use crate::callback::testing::message;
    use crate::callback::{Inbound, Kind, Limits};

    #[test]
    fn the_documented_push() {
        message(
            "location",
            "<Location_X>23.134521</Location_X><Location_Y>113.358803</Location_Y><Scale>20.5</Scale>\
             <Label><![CDATA[广州市海珠区]]></Label>",
            &Location {
                latitude: 23.134521, longitude: 113.358803, scale: Some(20.5), label: "广州市海珠区".into()
            },
            r#"{"latitude":23.134521,"longitude":113.358803,"scale":20.5,"label":"广州市海珠区"}"#,
        );
    }

    #[test]
    fn a_place_without_coordinates_is_none() {
        let push = "<xml><MsgType>location</MsgType><Location_X>23.1</Location_X><Label>x</Label></xml>";
        let inbound = Inbound::parse(push, &Limits::default()).unwrap();
        assert_eq!(inbound.kind, Kind::Message(Message::Other("location".into())));
        assert_eq!(inbound.problem().unwrap().to_string(), "the field `Location_Y` is missing");
    }
}
