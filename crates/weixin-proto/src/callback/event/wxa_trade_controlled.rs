//! `wxa_trade_controlled`: the trade of a mini program was restricted.
//!
//! <https://developers.weixin.qq.com/miniprogram/security/basic/listen.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// The trade of a mini program was restricted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WxaTradeControlled {
    /// What WeChat says about it.
    pub msg: Option<String>,
}

impl Body for WxaTradeControlled {
    const NAMES: &'static [&'static str] = &["wxa_trade_controlled"];
}

impl Read for WxaTradeControlled {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self { msg: field.read("msg")? })
    }
}

#[cfg(test)]
mod tests {
    use super::WxaTradeControlled;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "wxa_trade_controlled",
            "<msg><![CDATA[账号交易被管控]]></msg>",
            &WxaTradeControlled { msg: Some("账号交易被管控".into()) },
            r#"{"msg":"账号交易被管控"}"#,
        );
    }
}
