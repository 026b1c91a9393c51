//! `PUBLISHJOBFINISH`: what became of articles that were to be published.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Publish/Callback_on_finish.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// What became of articles that were to be published.
///
/// Older samples of the documentation call it `FREEPUBLISHJOBFINISH`; both are read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PublishJobFinish {
    /// The id that asking for it gave. 64 bits; a text, as the endpoints have it.
    pub publish_id: String,
    /// 0 published, 1 being published, 2 not original, 3 failed, 4 refused by WeChat, 5 deleted by the author
    /// afterwards, 6 banned by WeChat afterwards.
    pub publish_status: i64,
    /// The articles together, once they are published.
    pub article_id: Option<String>,
    /// Where each of them is.
    pub articles: Vec<PublishedArticle>,
    /// Which of them failed, the first being 1.
    pub fail_idx: Vec<i64>,
}

/// Where a published article is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PublishedArticle {
    /// Which article, the first being 1.
    pub idx: i64,
    /// Its permanent address.
    pub article_url: String,
}

impl Body for PublishJobFinish {
    const NAMES: &'static [&'static str] = &["PUBLISHJOBFINISH", "FREEPUBLISHJOBFINISH"];
}

impl Read for PublishJobFinish {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        let info = field.inside("PublishEventInfo")?;
        Ok(Self {
            publish_id: info.read("publish_id")?,
            publish_status: info.read("publish_status")?,
            article_id: info.read("article_id")?,
            articles: info.list("article_detail/item").map(Read::read).collect::<Result<_, _>>()?,
            fail_idx: info.read("fail_idx")?,
        })
    }
}

impl Read for PublishedArticle {
    fn read(item: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self { idx: item.read("idx")?, article_url: item.read("article_url")? })
    }
}

#[cfg(test)]
mod tests {
    use super::{PublishJobFinish, PublishedArticle};
    use crate::callback::testing::event;

    #[test]
    fn the_documented_success() {
        event(
            "PUBLISHJOBFINISH",
            "<PublishEventInfo><publish_id>2247503051</publish_id><publish_status>0</publish_status>\
             <article_id><![CDATA[b5O2OUs25HBxRceL7hfReg-U9QGeq9zQjiDvyWP4Hq4]]></article_id>\
             <article_detail><count>1</count><item><idx>1</idx><article_url><![CDATA[http://a.cn/1]]></article_url>\
             </item></article_detail></PublishEventInfo>",
            &PublishJobFinish {
                publish_id: "2247503051".into(),
                publish_status: 0,
                article_id: Some("b5O2OUs25HBxRceL7hfReg-U9QGeq9zQjiDvyWP4Hq4".into()),
                articles: vec![PublishedArticle { idx: 1, article_url: "http://a.cn/1".into() }],
                fail_idx: vec![],
            },
            r#"{"publish_id":"2247503051","publish_status":0,"article_id":"b5O2OUs25HBxRceL7hfReg-U9QGeq9zQjiDvyWP4Hq4","articles":[{"idx":1,"article_url":"http://a.cn/1"}],"fail_idx":[]}"#,
        );
    }

    #[test]
    fn the_documented_failure() {
        event(
            "PUBLISHJOBFINISH",
            "<PublishEventInfo><publish_id>2247503051</publish_id><publish_status>2</publish_status>\
             <fail_idx>1</fail_idx><fail_idx>2</fail_idx></PublishEventInfo>",
            &PublishJobFinish {
                publish_id: "2247503051".into(),
                publish_status: 2,
                article_id: None,
                articles: vec![],
                fail_idx: vec![1, 2],
            },
            r#"{"publish_id":"2247503051","publish_status":2,"article_id":null,"articles":[],"fail_idx":[1,2]}"#,
        );
    }
}
