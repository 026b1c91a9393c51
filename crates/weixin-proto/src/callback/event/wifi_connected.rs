//! `WifiConnected`: somebody joined the Wi-Fi of a shop.
//!
//! WeChat's page about it is gone; the fields are as they have been seen.

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// Somebody joined the Wi-Fi of a shop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WifiConnected {
    /// When, in seconds since 1970.
    pub connect_time: Option<i64>,
    /// Reserved.
    pub expire_time: Option<i64>,
    /// Reserved.
    pub vendor_id: Option<String>,
    /// The shop.
    pub place_id: Option<String>,
    /// The access point, by its MAC address.
    pub device_no: Option<String>,
}

impl Body for WifiConnected {
    const NAMES: &'static [&'static str] = &["WifiConnected"];
}

impl Read for WifiConnected {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            connect_time: field.read("ConnectTime")?,
            expire_time: field.read("ExpireTime")?,
            vendor_id: field.read("VendorId")?,
            place_id: field.read_any(&["PlaceId", "ShopId"])?,
            device_no: field.read("DeviceNo")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::WifiConnected;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "WifiConnected",
            "<ConnectTime>1444000000</ConnectTime><ExpireTime>0</ExpireTime>\
             <VendorId><![CDATA[3001224419]]></VendorId><PlaceId>1234</PlaceId>\
             <DeviceNo><![CDATA[00:1f:7a:ad:5c:a8]]></DeviceNo>",
            &WifiConnected {
                connect_time: Some(1_444_000_000),
                expire_time: Some(0),
                vendor_id: Some("3001224419".into()),
                place_id: Some("1234".into()),
                device_no: Some("00:1f:7a:ad:5c:a8".into()),
            },
            r#"{"connect_time":1444000000,"expire_time":0,"vendor_id":"3001224419","place_id":"1234","device_no":"00:1f:7a:ad:5c:a8"}"#,
        );
    }
}
