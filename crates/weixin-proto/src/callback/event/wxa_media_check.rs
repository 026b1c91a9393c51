//! `wxa_media_check`: the result of an asynchronous content check.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/api-backend/open-api/sec-check/security.mediaCheckAsync.html>

use serde::Serialize;

use crate::AppId;
use crate::callback::{Body, Field, FieldError, Read};

/// The result of an asynchronous content check, within 30 minutes of asking for it.
///
/// The sender is an account of WeChat's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WxaMediaCheck {
    /// The mini program.
    pub app_id: Option<AppId>,
    /// The `trace_id` that asking for it gave.
    pub trace_id: String,
    /// 2; `None` of the first version.
    pub version: Option<i64>,
    /// The result holds only when this is 0; -1008: the file could not be fetched.
    pub errcode: Option<i64>,
    /// The same in words.
    pub errmsg: Option<String>,
    /// The result.
    pub result: Option<MediaVerdict>,
    /// What each of the checks found.
    pub detail: Vec<MediaDetail>,
    /// The result in the first version.
    pub isrisky: Option<bool>,
    /// `errcode` in the first version: 0 is right.
    pub status_code: Option<i64>,
}

/// The result as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MediaVerdict {
    /// `risky`, `pass` or `review`.
    pub suggest: String,
    /// 100 harmless, 20001 politics, 20002 pornography, 20006 crime, 21000 other.
    pub label: Option<i64>,
}

/// What one check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MediaDetail {
    /// Which check, such as `content_model`.
    pub strategy: Option<String>,
    /// The finding holds only when this is 0.
    pub errcode: Option<i64>,
    /// `risky`, `pass` or `review`.
    pub suggest: Option<String>,
    /// As in [`MediaVerdict`].
    pub label: Option<i64>,
    /// How sure it is, 0 to 100.
    pub prob: Option<i64>,
}

impl Body for WxaMediaCheck {
    const NAMES: &'static [&'static str] = &["wxa_media_check"];
}

impl Read for WxaMediaCheck {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            app_id: field.read("appid")?,
            trace_id: field.read("trace_id")?,
            version: field.read("version")?,
            errcode: field.read("errcode")?,
            errmsg: field.read("errmsg")?,
            result: field.read("result")?,
            detail: field.read("detail")?,
            isrisky: field.read("isrisky")?,
            status_code: field.read("status_code")?,
        })
    }
}

impl Read for MediaVerdict {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self { suggest: field.read("suggest")?, label: field.read("label")? })
    }
}

impl Read for MediaDetail {
    fn read(item: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            strategy: item.read("strategy")?,
            errcode: item.read("errcode")?,
            suggest: item.read("suggest")?,
            label: item.read("label")?,
            prob: item.read("prob")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{MediaDetail, MediaVerdict, WxaMediaCheck};
    use crate::callback::testing::{event, json};

    fn checked() -> WxaMediaCheck {
        WxaMediaCheck {
            app_id: Some("wx1111111111111111".into()),
            trace_id: "60f96f1d-3845297a-1976a3ae".into(),
            version: Some(2),
            errcode: Some(0),
            errmsg: Some("ok".into()),
            result: Some(MediaVerdict { suggest: "pass".into(), label: Some(100) }),
            detail: vec![MediaDetail {
                strategy: Some("content_model".into()),
                errcode: Some(0),
                suggest: Some("pass".into()),
                label: Some(100),
                prob: Some(90),
            }],
            isrisky: None,
            status_code: None,
        }
    }

    #[test]
    fn the_documented_json() {
        json(
            r#"{"ToUserName":"gh_1","FromUserName":"o1","CreateTime":1626959646,"MsgType":"event","Event":"wxa_media_check",
            "appid":"wx1111111111111111","trace_id":"60f96f1d-3845297a-1976a3ae","version":2,
            "detail":[{"strategy":"content_model","errcode":0,"suggest":"pass","label":100,"prob":90}],
            "errcode":0,"errmsg":"ok","result":{"suggest":"pass","label":100}}"#,
            &checked(),
        );
    }

    #[test]
    fn the_same_in_xml() {
        event(
            "wxa_media_check",
            "<appid><![CDATA[wx1111111111111111]]></appid><trace_id><![CDATA[60f96f1d-3845297a-1976a3ae]]></trace_id>\
             <version>2</version><detail><strategy><![CDATA[content_model]]></strategy><errcode>0</errcode>\
             <suggest><![CDATA[pass]]></suggest><label>100</label><prob>90</prob></detail><errcode>0</errcode>\
             <errmsg><![CDATA[ok]]></errmsg><result><suggest><![CDATA[pass]]></suggest><label>100</label></result>",
            &checked(),
            r#"{"app_id":"wx1111111111111111","trace_id":"60f96f1d-3845297a-1976a3ae","version":2,"errcode":0,"errmsg":"ok","result":{"suggest":"pass","label":100},"detail":[{"strategy":"content_model","errcode":0,"suggest":"pass","label":100,"prob":90}],"isrisky":null,"status_code":null}"#,
        );
    }

    #[test]
    fn the_first_version() {
        let first = WxaMediaCheck {
            version: None,
            errcode: None,
            errmsg: None,
            result: None,
            detail: vec![],
            isrisky: Some(true),
            status_code: Some(4_294_966_288),
            ..checked()
        };
        json(
            r#"{"MsgType":"event","Event":"wxa_media_check","isrisky":1,"extra_info_json":"",
            "appid":"wx1111111111111111","trace_id":"60f96f1d-3845297a-1976a3ae","status_code":4294966288}"#,
            &first,
        );
    }
}
