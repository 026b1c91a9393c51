//! `guide_qrcode_scan_event`: somebody scanned the QR code of a shopping guide.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Shopping_Guide/guide-account/shopping-guide.onGuideCreateQrCode.html>

use serde::Serialize;

use crate::OpenId;
use crate::callback::{Body, Field, FieldError, Read};

/// Somebody scanned the QR code of a shopping guide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GuideQrcodeScan {
    /// The guide, by WeChat name.
    pub qrcode_guide_account: Option<String>,
    /// The guide, when bound by openid.
    pub qrcode_guide_openid: Option<OpenId>,
    /// Who scanned.
    pub openid: OpenId,
    /// 1 the guide is gone, 2 bound now, 3 was bound before, 4 is bound to another guide.
    pub action: i64,
    /// What was noted in the QR code.
    pub qrcode_info: Option<String>,
}

impl Body for GuideQrcodeScan {
    const NAMES: &'static [&'static str] = &["guide_qrcode_scan_event"];
}

impl Read for GuideQrcodeScan {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        let scan = field.inside("GuideScanEvent")?;
        Ok(Self {
            qrcode_guide_account: scan.read("qrcode_guide_account")?,
            qrcode_guide_openid: scan.read("qrcode_guide_openid")?,
            openid: scan.read("openid")?,
            action: scan.read("action")?,
            qrcode_info: scan.read("qrcode_info")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::GuideQrcodeScan;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "guide_qrcode_scan_event",
            "<GuideScanEvent><qrcode_guide_account><![CDATA[guide1]]></qrcode_guide_account>\
             <qrcode_guide_openid><![CDATA[oGUIDE]]></qrcode_guide_openid>\
             <openid><![CDATA[oABCD]]></openid><action>2</action>\
             <qrcode_info><![CDATA[info]]></qrcode_info></GuideScanEvent>",
            &GuideQrcodeScan {
                qrcode_guide_account: Some("guide1".into()),
                qrcode_guide_openid: Some("oGUIDE".into()),
                openid: "oABCD".into(),
                action: 2,
                qrcode_info: Some("info".into()),
            },
            r#"{"qrcode_guide_account":"guide1","qrcode_guide_openid":"oGUIDE","openid":"oABCD","action":2,"qrcode_info":"info"}"#,
        );
    }
}
