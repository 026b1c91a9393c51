//! `news`: articles with picture and link.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Passive_user_reply_message.html>

use serde::{Deserialize, Serialize};

use super::{Body, Field, FieldError, ReplyError, ReplyProblem, Sink};
use crate::callback::Read;
use crate::callback::message::Message;

/// Articles with picture and link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct News {
    /// 1 to 8 of them in answer to an event; in answer to a message, 1.
    pub articles: Vec<Article>,
}

/// One article of [`News`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Article {
    /// The headline. Not empty.
    pub title: String,
    /// A few lines; shown when there is one article only.
    pub description: String,
    /// The picture, JPG or PNG: 360×200 for the first article, 200×200 for the others.
    pub pic_url: String,
    /// Where a tap leads.
    pub url: String,
}

impl News {
    /// Articles at most.
    pub const MOST: usize = 8;

    /// Since October 2018 these messages are answered with one article only.
    pub(super) fn check_for(&self, message: &Message) -> Result<(), ReplyError> {
        let found = self.articles.len();
        let one_only = matches!(
            message,
            Message::Text(_)
                | Message::Image(_)
                | Message::Voice(_)
                | Message::Video(_)
                | Message::Link(_)
                | Message::Location(_)
        );
        if one_only && found > 1 { Err(ReplyProblem::TooMany { most: 1, found }.of("articles")) } else { Ok(()) }
    }
}

impl Body for News {
    const NAME: &'static str = "news";

    fn check(&self) -> Result<(), ReplyError> {
        match self.articles.len() {
            0 => return Err(ReplyProblem::Empty.of("articles")),
            1..=Self::MOST => {}
            found => return Err(ReplyProblem::TooMany { most: Self::MOST, found }.of("articles")),
        }
        match self.articles.iter().position(|article| article.title.trim().is_empty()) {
            Some(at) => Err(ReplyProblem::Empty.of(format!("articles[{at}].title"))),
            None => Ok(()),
        }
    }

    fn write(&self, out: &mut dyn Sink) {
        out.number("ArticleCount", i64::try_from(self.articles.len()).unwrap_or(i64::MAX));
        out.within("Articles", &|out| {
            for article in &self.articles {
                out.within("item", &|out| article.write(out));
            }
        });
    }

    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self { articles: field.inside("Articles")?.read("item")? })
    }
}

impl Article {
    fn write(&self, out: &mut dyn Sink) {
        out.text("Title", &self.title);
        out.text("Description", &self.description);
        out.text("PicUrl", &self.pic_url);
        out.text("Url", &self.url);
    }
}

impl Read for Article {
    fn read(item: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            title: item.read("Title")?,
            description: item.read::<Option<_>>("Description")?.unwrap_or_default(),
            pic_url: item.read::<Option<_>>("PicUrl")?.unwrap_or_default(),
            url: item.read::<Option<_>>("Url")?.unwrap_or_default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Article, News};
    use crate::callback::reply::tests::{answer_to, refused, round};
    use crate::callback::reply::{Reply, ReplyProblem};

    fn news(count: usize) -> News {
        let article = Article {
            title: "题".into(),
            description: "文".into(),
            pic_url: "http://a.cn/1.jpg".into(),
            url: "http://a.cn/1".into(),
        };
        News { articles: vec![article; count] }
    }

    #[test]
    fn the_documented_xml_and_json() {
        round(
            &news(1).into(),
            "<MsgType><![CDATA[news]]></MsgType><ArticleCount>1</ArticleCount><Articles><item>\
             <Title><![CDATA[题]]></Title><Description><![CDATA[文]]></Description>\
             <PicUrl><![CDATA[http://a.cn/1.jpg]]></PicUrl><Url><![CDATA[http://a.cn/1]]></Url></item></Articles>",
            r#""MsgType":"news","ArticleCount":1,"Articles":{"item":{"Title":"题","Description":"文","PicUrl":"http://a.cn/1.jpg","Url":"http://a.cn/1"}}"#,
            r#"{"type":"news","articles":[{"title":"题","description":"文","pic_url":"http://a.cn/1.jpg","url":"http://a.cn/1"}]}"#,
        );
    }

    #[test]
    fn one_to_eight() {
        Reply::from(news(8)).check().unwrap();
        assert_eq!(refused(news(0)), ("articles".into(), ReplyProblem::Empty));
        assert_eq!(refused(news(9)), ("articles".into(), ReplyProblem::TooMany { most: 8, found: 9 }));
    }

    #[test]
    fn every_article_has_a_title() {
        let mut three = news(3);
        three.articles[2].title = " ".into();
        assert_eq!(refused(three), ("articles[2].title".into(), ReplyProblem::Empty));
    }

    #[test]
    fn a_message_is_answered_with_one() {
        let text = "<MsgType>text</MsgType><Content>a</Content>";
        let click = "<MsgType>event</MsgType><Event>CLICK</Event><EventKey>a</EventKey>";
        assert_eq!(answer_to(text, news(1)), Ok(()));
        assert_eq!(answer_to(click, news(8)), Ok(()));
        assert_eq!(answer_to(text, news(2)), Err(("articles".into(), ReplyProblem::TooMany { most: 1, found: 2 })));
    }
}
