//! `trade_manage_remind_access_api`: a mini program is asked to report its shipments.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/platform-capabilities/business-capabilities/order-shipping/order-shipping.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// A mini program is asked to report its shipments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TradeManageRemindAccessApi {
    /// What WeChat says about it.
    pub msg: Option<String>,
}

impl Body for TradeManageRemindAccessApi {
    const NAMES: &'static [&'static str] = &["trade_manage_remind_access_api"];
}

impl Read for TradeManageRemindAccessApi {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self { msg: field.read("msg")? })
    }
}

#[cfg(test)]
mod tests {
    use super::TradeManageRemindAccessApi;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "trade_manage_remind_access_api",
            "<msg><![CDATA[请接入发货信息管理服务]]></msg>",
            &TradeManageRemindAccessApi { msg: Some("请接入发货信息管理服务".into()) },
            r#"{"msg":"请接入发货信息管理服务"}"#,
        );
    }
}
