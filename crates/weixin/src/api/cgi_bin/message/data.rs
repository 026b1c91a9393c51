//! What notifications made of templates have in common.

use std::collections::BTreeMap;

use serde::Serialize;
use weixin_proto::AppId;

/// Values by key; the key is that of the template without `.DATA`, as `thing1`.
pub type TemplateData = BTreeMap<String, TemplateValue>;

/// One value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TemplateValue {
    /// The text. Its key says what it may be, for instance at most 20 characters for `thing1`.
    pub value: String,
}

impl<T: Into<String>> From<T> for TemplateValue {
    fn from(value: T) -> Self {
        Self { value: value.into() }
    }
}

/// A page of a mini program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MiniProgramTarget {
    /// The mini program; it must be linked to the account.
    #[serde(rename = "appid")]
    pub app_id: AppId,
    /// The page, query allowed; `None`: the first one.
    #[serde(rename = "pagepath", skip_serializing_if = "Option::is_none")]
    pub page_path: Option<String>,
}
