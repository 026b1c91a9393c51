//! What is answered, as rules, synchronous webhooks and the store write it down.

use std::borrow::Cow;

use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};
use weixin_proto::callback::Inbound;
use weixin_proto::callback::reply::{Reply, ReplyError, ReplyProblem};

use crate::error::FieldProblem;

/// A reply, or the decision to give none.
///
/// ```json
/// {"type": "text", "content": "你好"}
/// {"type": "transfer", "kf_account": "kf1@shop"}
/// {"type": "none"}
/// ```
///
/// `type` is `text`, `image`, `voice`, `video`, `music`, `news`, `transfer` or `none`; the fields are those of
/// [`weixin_proto::callback::reply`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum ReplySpec {
    /// Nothing is said, on purpose.
    #[default]
    None,
    /// This is said.
    Reply(Reply),
}

/// The type words, with the fields each has; a `*` marks one that has to be there.
const TYPES: [(&str, &[&str]); 8] = [
    ("text", &["content*"]),
    ("image", &["media_id*"]),
    ("voice", &["media_id*"]),
    ("video", &["media_id*", "title", "description", "thumb_media_id"]),
    ("music", &["thumb_media_id*", "title", "description", "music_url", "hq_music_url"]),
    ("news", &["articles*"]),
    ("transfer", &["kf_account"]),
    ("none", &[]),
];

const ARTICLE: &[&str] = &["title*", "description", "pic_url", "url"];

const NOT_ID: &str = "不是微信的 ID：含有空白或非 ASCII 字符";

/// WeChat's own word for `transfer`, which is understood too.
const TRANSFER: &str = "transfer_customer_service";

impl ReplySpec {
    /// Reads it, with every limit checked. Problems name the field below `at`, such as `reply.articles[2].title`.
    ///
    /// # Errors
    ///
    /// What is wrong, in Chinese.
    pub fn from_json(at: &'static str, value: &Value) -> Result<Self, FieldProblem> {
        let Value::Object(fields) = value else { return Err(problem(at, "type", "必须是 JSON 对象")) };
        let word = match fields.get("type") {
            Some(Value::String(word)) if word == TRANSFER => "transfer",
            Some(Value::String(word)) => word,
            _ => return Err(problem(format!("{at}.type"), "required", "不能为空")),
        };
        let Some((_, known)) = TYPES.iter().find(|(name, _)| *name == word) else {
            let words: Vec<_> = TYPES.iter().map(|(name, _)| *name).collect();
            return Err(problem(format!("{at}.type"), "oneof", format!("只能是 {}", words.join("、"))));
        };
        check_fields(at, fields, known, word)?;
        if let Some(Value::Array(articles)) = fields.get("articles") {
            for (number, article) in articles.iter().enumerate() {
                let at = format!("{at}.articles[{number}]");
                let Value::Object(fields) = article else { return Err(problem(at, "type", "必须是 JSON 对象")) };
                check_fields(&at, fields, ARTICLE, "news")?;
            }
        }
        let spec: Self =
            serde_json::from_value(value.clone()).map_err(|_| problem(at, "format", "不是可以识别的回复"))?;
        if let Self::Reply(reply) = &spec {
            reply.check().map_err(|error| limit(at, &error))?;
        }
        Ok(spec)
    }

    /// What is said, when anything is.
    #[must_use]
    pub const fn reply(&self) -> Option<&Reply> {
        match self {
            Self::None => None,
            Self::Reply(reply) => Some(reply),
        }
    }

    /// The word of its type.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Reply(Reply::TransferCustomerService(_)) => "transfer",
            Self::Reply(reply) => reply.name(),
        }
    }

    /// Whether WeChat would take it as an answer to this push.
    ///
    /// # Errors
    ///
    /// Names the field and what is wrong with it.
    pub fn check_for(&self, inbound: &Inbound) -> Result<(), ReplyError> {
        self.reply().map_or(Ok(()), |reply| reply.check_for(inbound))
    }
}

impl<R: Into<Reply>> From<R> for ReplySpec {
    fn from(reply: R) -> Self {
        Self::Reply(reply.into())
    }
}

impl Serialize for ReplySpec {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut value = match self {
            Self::None => serde_json::json!({}),
            Self::Reply(reply) => serde_json::to_value(reply).map_err(S::Error::custom)?,
        };
        if let Value::Object(fields) = &mut value {
            fields.insert("type".to_owned(), self.word().into());
            fields.retain(|_, value| !value.is_null());
        }
        value.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for ReplySpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut fields = Map::<String, Value>::deserialize(deserializer)?;
        match fields.get("type").and_then(Value::as_str) {
            Some("none") => return Ok(Self::None),
            Some("transfer") => drop(fields.insert("type".to_owned(), TRANSFER.into())),
            _ => {}
        }
        fields.retain(|_, value| !value.is_null());
        serde_json::from_value(Value::Object(fields)).map(Self::Reply).map_err(D::Error::custom)
    }
}

fn check_fields(at: &str, fields: &Map<String, Value>, known: &[&str], word: &str) -> Result<(), FieldProblem> {
    for (name, value) in fields {
        if name == "type" {
            continue;
        }
        let place = format!("{at}.{name}");
        if !known.iter().any(|known| known.trim_end_matches('*') == name) {
            let place = format!("{at}.{}", FieldProblem::spoken_name(name));
            return Err(problem(place, "unknown", format!("不是 {word} 的字段")));
        }
        match value {
            Value::Array(_) if name == "articles" => {}
            Value::String(id) if name.ends_with("media_id") && !id.bytes().all(|byte| byte.is_ascii_graphic()) => {
                return Err(problem(place, "limit", NOT_ID));
            }
            Value::String(text) if name != "articles" && text.chars().any(is_unseemly) => {
                return Err(problem(place, "format", "含有控制字符"));
            }
            Value::String(_) if name != "articles" => {}
            Value::Null => {}
            _ if name == "articles" => return Err(problem(place, "type", "必须是数组")),
            _ => return Err(problem(place, "type", "必须是字符串")),
        }
    }
    let missing = known.iter().filter_map(|known| known.strip_suffix('*')).find(|name| {
        fields.get(*name).is_none_or(|value| match value {
            Value::String(text) => text.trim().is_empty(),
            Value::Array(items) => items.is_empty(),
            _ => true,
        })
    });
    missing.map_or(Ok(()), |name| Err(problem(format!("{at}.{name}"), "required", "不能为空")))
}

/// Control characters other than those that shape lines: neither a database nor a telephone can do anything with them.
pub(super) fn is_unseemly(character: char) -> bool {
    character.is_control() && !matches!(character, '\n' | '\r' | '\t')
}

/// A limit of WeChat's, in Chinese.
pub(crate) fn limit(at: &str, error: &ReplyError) -> FieldProblem {
    let text = match error.problem() {
        ReplyProblem::Empty => "不能为空".to_owned(),
        ReplyProblem::TooLong { most, found } => format!("有 {found} 字节，微信最多接受 {most} 字节"),
        ReplyProblem::TooMany { most, found } => format!("有 {found} 条，微信在这里最多接受 {most} 条"),
        ReplyProblem::NotId => NOT_ID.to_owned(),
        ReplyProblem::MessagesOnly => "只能用来回复消息，不能回复事件".to_owned(),
        _ => "微信不接受".to_owned(),
    };
    problem(format!("{at}.{}", error.field()), "limit", text)
}

pub(super) fn problem(field: impl Into<Cow<'static, str>>, rule: &'static str, text: impl AsRef<str>) -> FieldProblem {
    let field = field.into();
    FieldProblem { message: format!("{field} {}", text.as_ref()), field, rule }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn refused(value: Value) -> String {
        ReplySpec::from_json("reply", &value).unwrap_err().message
    }

    #[test]
    fn every_type_survives_the_round() {
        for value in [
            json!({"type": "text", "content": "你好 ]]> 😀"}),
            json!({"type": "image", "media_id": "M"}),
            json!({"type": "voice", "media_id": "M"}),
            json!({"type": "video", "media_id": "M", "title": "t"}),
            json!({"type": "video", "media_id": "M", "thumb_media_id": "T"}),
            json!({"type": "music", "thumb_media_id": "T", "music_url": "http://a.cn/1.mp3"}),
            json!({"type": "news", "articles": [{"title": "a", "description": "b", "pic_url": "c", "url": "d"}]}),
            json!({"type": "transfer"}),
            json!({"type": "transfer", "kf_account": "kf1@shop"}),
            json!({"type": "none"}),
        ] {
            let spec = ReplySpec::from_json("reply", &value).unwrap();
            assert_eq!(serde_json::to_value(&spec).unwrap(), value);
            assert_eq!(spec.word(), value["type"]);
            assert_eq!(serde_json::from_value::<ReplySpec>(value).unwrap(), spec);
        }
        let long = json!({"type": "transfer_customer_service"});
        assert_eq!(ReplySpec::from_json("reply", &long).unwrap().word(), "transfer");
    }

    #[test]
    fn what_is_wrong_is_said_by_field() {
        assert_eq!(refused(json!("text")), "reply 必须是 JSON 对象");
        assert_eq!(refused(json!({"content": "a"})), "reply.type 不能为空");
        assert!(refused(json!({"type": "dance"})).starts_with("reply.type 只能是 text、image"));
        assert_eq!(refused(json!({"type": "text"})), "reply.content 不能为空");
        assert_eq!(refused(json!({"type": "text", "content": 1})), "reply.content 必须是字符串");
        assert_eq!(refused(json!({"type": "text", "content": "a\u{0}b"})), "reply.content 含有控制字符");
        let articles = json!([{"title": "a\u{0}"}]);
        assert_eq!(refused(json!({"type": "news", "articles": articles})), "reply.articles[0].title 含有控制字符");
        assert_eq!(refused(json!({"type": "text", "content": "a", "Content": "b"})), "reply.Content 不是 text 的字段");
        assert_eq!(
            refused(json!({"type": "image", "media_id": "a b"})),
            "reply.media_id 不是微信的 ID：含有空白或非 ASCII 字符"
        );
        assert_eq!(refused(json!({"type": "news", "articles": [{}]})), "reply.articles[0].title 不能为空");
        let nine = vec![json!({"title": "a"}); 9];
        assert_eq!(
            refused(json!({"type": "news", "articles": nine})),
            "reply.articles 有 9 条，微信在这里最多接受 8 条"
        );
        let long = "微".repeat(683);
        assert_eq!(
            refused(json!({"type": "text", "content": long})),
            "reply.content 有 2049 字节，微信最多接受 2048 字节"
        );
    }
}
