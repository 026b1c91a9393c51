//! `ShakearoundUserShake`: somebody shook their phone near one of our beacons.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Shake_Nearby/Shake_Event_Notifications.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// Somebody shook their phone near one of our beacons.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ShakearoundUserShake {
    /// The one whose page was shown.
    pub chosen_beacon: Beacon,
    /// Others nearby, five at most.
    pub around_beacons: Vec<Beacon>,
}

/// A beacon, and how far away it was.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Beacon {
    /// Its group.
    pub uuid: String,
    /// Its larger number.
    pub major: Option<i64>,
    /// Its smaller number.
    pub minor: Option<i64>,
    /// Metres.
    pub distance: Option<f64>,
}

impl Body for ShakearoundUserShake {
    const NAMES: &'static [&'static str] = &["ShakearoundUserShake"];
}

impl Read for ShakearoundUserShake {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            chosen_beacon: field.read("ChosenBeacon")?,
            around_beacons: field.list("AroundBeacons/AroundBeacon").map(Read::read).collect::<Result<_, _>>()?,
        })
    }
}

impl Read for Beacon {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            uuid: field.read("Uuid")?,
            major: field.read("Major")?,
            minor: field.read("Minor")?,
            distance: field.read("Distance")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Beacon, ShakearoundUserShake};
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        let beacon = |uuid: &str, major, distance| Beacon {
            uuid: uuid.into(),
            major: Some(major),
            minor: Some(2),
            distance: Some(distance),
        };
        event(
            "ShakearoundUserShake",
            "<ChosenBeacon><Uuid><![CDATA[U1]]></Uuid><Major>1</Major><Minor>2</Minor><Distance>0.057</Distance>\
             </ChosenBeacon><AroundBeacons><AroundBeacon><Uuid><![CDATA[U2]]></Uuid><Major>3</Major><Minor>2</Minor>\
             <Distance>166.816</Distance></AroundBeacon><AroundBeacon><Uuid><![CDATA[U3]]></Uuid><Major>4</Major>\
             <Minor>2</Minor><Distance>15.013</Distance></AroundBeacon></AroundBeacons>",
            &ShakearoundUserShake {
                chosen_beacon: beacon("U1", 1, 0.057),
                around_beacons: vec![beacon("U2", 3, 166.816), beacon("U3", 4, 15.013)],
            },
            r#"{"chosen_beacon":{"uuid":"U1","major":1,"minor":2,"distance":0.057},"around_beacons":[{"uuid":"U2","major":3,"minor":2,"distance":166.816},{"uuid":"U3","major":4,"minor":2,"distance":15.013}]}"#,
        );
    }
}
