//! `user_authorize_invoice`: somebody allowed an invoice to be made out, or it failed.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/WeChat_Invoice/E_Invoice/Vendor_API_List.html>

use serde::Serialize;

use crate::AppId;
use crate::callback::{Body, Field, FieldError, Read};

/// Somebody allowed an invoice to be made out, or it failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UserAuthorizeInvoice {
    /// The order it was allowed for.
    pub succ_order_id: Option<String>,
    /// The order it failed for.
    pub fail_order_id: Option<String>,
    /// The account it was allowed for.
    pub app_id: Option<AppId>,
    /// Where: `web`, `app`, `wxa` or `wap`.
    pub source: Option<String>,
}

impl Body for UserAuthorizeInvoice {
    const NAMES: &'static [&'static str] = &["user_authorize_invoice"];
}

impl Read for UserAuthorizeInvoice {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            succ_order_id: field.read("SuccOrderId")?,
            fail_order_id: field.read("FailOrderId")?,
            app_id: field.read_any(&["AuthorizeAppId", "AppId"])?,
            source: field.read("Source")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::UserAuthorizeInvoice;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "user_authorize_invoice",
            "<SuccOrderId><![CDATA[O1]]></SuccOrderId>\
             <AuthorizeAppId><![CDATA[wx1111111111111111]]></AuthorizeAppId>\
             <Source><![CDATA[web]]></Source>",
            &UserAuthorizeInvoice {
                succ_order_id: Some("O1".into()),
                fail_order_id: None,
                app_id: Some("wx1111111111111111".into()),
                source: Some("web".into()),
            },
            r#"{"succ_order_id":"O1","fail_order_id":null,"app_id":"wx1111111111111111","source":"web"}"#,
        );
    }
}
