//! `poi_check_notify`: a shop was decided on.
//!
//! WeChat's page about it is gone; the fields are as they have been seen.

use serde::Serialize;

use crate::callback::words::words;
use crate::callback::{Body, Field, FieldError, Read};

words! {
    /// How a shop was decided on.
    PoiResult {
        /// Approved.
        Succ = "succ",
        /// Refused.
        Fail = "fail",
    }
}

/// A shop was decided on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PoiCheckNotify {
    /// Our id of it.
    pub uniq_id: Option<String>,
    /// WeChat's id of it.
    pub poi_id: Option<String>,
    /// How.
    pub result: PoiResult,
    /// Why it was refused.
    pub msg: Option<String>,
}

impl Body for PoiCheckNotify {
    const NAMES: &'static [&'static str] = &["poi_check_notify"];
}

impl Read for PoiCheckNotify {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            uniq_id: field.read("UniqId")?,
            poi_id: field.read("PoiId")?,
            result: field.read("Result")?,
            msg: field.read("Msg")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{PoiCheckNotify, PoiResult};
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "poi_check_notify",
            "<UniqId><![CDATA[123adb]]></UniqId><PoiId><![CDATA[123123]]></PoiId>\
             <Result><![CDATA[fail]]></Result><Msg><![CDATA[xxxxxx]]></Msg>",
            &PoiCheckNotify {
                uniq_id: Some("123adb".into()),
                poi_id: Some("123123".into()),
                result: PoiResult::Fail,
                msg: Some("xxxxxx".into()),
            },
            r#"{"uniq_id":"123adb","poi_id":"123123","result":"fail","msg":"xxxxxx"}"#,
        );
    }
}
