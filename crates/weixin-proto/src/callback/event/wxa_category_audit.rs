//! `wxa_category_audit`: a new category of a mini program was decided on.
//!
//! <https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/category/wxa_category_audit.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// A new category of a mini program was decided on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WxaCategoryAudit {
    /// 2 refused, 3 approved.
    pub ret: i64,
    /// The first level of the category.
    pub first: Option<i64>,
    /// The second level.
    pub second: Option<i64>,
    /// Why it was refused.
    pub reason: Option<String>,
}

impl Body for WxaCategoryAudit {
    const NAMES: &'static [&'static str] = &["wxa_category_audit"];
}

impl Read for WxaCategoryAudit {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            ret: field.read("ret")?,
            first: field.read("first")?,
            second: field.read("second")?,
            reason: field.read("reason")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::WxaCategoryAudit;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "wxa_category_audit",
            "<ret>3</ret><first>1</first><second>2</second>",
            &WxaCategoryAudit { ret: 3, first: Some(1), second: Some(2), reason: None },
            r#"{"ret":3,"first":1,"second":2,"reason":null}"#,
        );
    }
}
