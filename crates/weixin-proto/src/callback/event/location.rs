//! `LOCATION`: where a follower is.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Receiving_event_pushes.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// Where a follower is.
///
/// On entering the chat, or every five seconds while it is open, as set in the console. Not the message
/// `location`, which somebody sent on purpose.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Location {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// Within how many metres.
    pub precision: f64,
}

impl Body for Location {
    const NAMES: &'static [&'static str] = &["LOCATION"];
}

impl Read for Location {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            latitude: field.read("Latitude")?,
            longitude: field.read("Longitude")?,
            precision: field.read("Precision")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Location;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "LOCATION",
            "<Latitude>23.137466</Latitude><Longitude>113.352425</Longitude>\
             <Precision>119.38504</Precision>",
            &Location { latitude: 23.137466, longitude: 113.352425, precision: 119.38504 },
            r#"{"latitude":23.137466,"longitude":113.352425,"precision":119.38504}"#,
        );
    }
}
