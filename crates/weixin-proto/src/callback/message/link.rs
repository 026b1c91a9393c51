//! `link`: somebody sent a link.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Receiving_standard_messages.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// Somebody sent a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Link {
    /// The headline.
    pub title: String,
    /// A few words about it.
    pub description: String,
    /// Where it leads.
    pub url: String,
}

impl Body for Link {
    const NAMES: &'static [&'static str] = &["link"];
}

impl Read for Link {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self { title: field.read("Title")?, description: field.read("Description")?, url: field.read("Url")? })
    }
}

#[cfg(test)]
mod tests {
    use super::Link;
    use crate::callback::testing::message;

    #[test]
    fn the_documented_push() {
        message(
            "link",
            "<Title><![CDATA[官网]]></Title><Description><![CDATA[公众平台官网链接]]></Description>\
             <Url><![CDATA[http://a.cn/?b=1]]></Url>",
            &Link {
                title: "官网".into(), description: "公众平台官网链接".into(), url: "http://a.cn/?b=1".into()
            },
            r#"{"title":"官网","description":"公众平台官网链接","url":"http://a.cn/?b=1"}"#,
        );
    }
}
