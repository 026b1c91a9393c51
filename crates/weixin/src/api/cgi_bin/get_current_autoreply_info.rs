//! `GET /cgi-bin/get_current_autoreply_info`
//!
//! The automatic answers set in the console: when somebody follows, when somebody writes, and by keyword.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Getting_Rules_for_Auto_Replies.html>

use serde::{Deserialize, Serialize};
use weixin_proto::json::de;

use super::console::{ConsoleArticle, listed};
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Asks for the automatic answers.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct GetAutoReplies {}

/// The automatic answers.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct AutoReplies {
    /// Whether new followers are answered.
    #[serde(deserialize_with = "de::boolish")]
    pub is_add_friend_reply_open: bool,
    /// Whether messages are answered.
    #[serde(deserialize_with = "de::boolish")]
    pub is_autoreply_open: bool,
    /// To new followers.
    #[serde(default)]
    pub add_friend_autoreply_info: Option<AutoReply>,
    /// To messages no keyword is in.
    #[serde(default)]
    pub message_default_autoreply_info: Option<AutoReply>,
    /// By keyword.
    #[serde(default, rename = "keyword_autoreply_info", deserialize_with = "listed")]
    pub keyword_rules: Vec<KeywordRule>,
}

/// One answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct AutoReply {
    /// `text`, `img`, `voice`, `video` or `news`.
    #[serde(default, rename = "type", deserialize_with = "de::text")]
    pub kind: String,
    /// The text, the media id, or the address of a video.
    #[serde(default, deserialize_with = "de::text")]
    pub content: String,
    /// The articles of `news`.
    #[serde(default, deserialize_with = "listed")]
    pub news_info: Vec<ConsoleArticle>,
}

/// Keywords and what they are answered with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct KeywordRule {
    /// Its name in the console.
    #[serde(default, deserialize_with = "de::text")]
    pub rule_name: String,
    /// When it was made, in seconds since the Unix epoch.
    #[serde(default, deserialize_with = "de::int")]
    pub create_time: i64,
    /// `reply_all`, or `random_one` of the answers.
    #[serde(default, deserialize_with = "de::text")]
    pub reply_mode: String,
    /// The keywords.
    #[serde(default, deserialize_with = "de::list")]
    pub keyword_list_info: Vec<Keyword>,
    /// The answers.
    #[serde(default, deserialize_with = "de::list")]
    pub reply_list_info: Vec<AutoReply>,
}

/// A keyword.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Keyword {
    /// `text`.
    #[serde(default, rename = "type", deserialize_with = "de::text")]
    pub kind: String,
    /// `contain`, or `equal`.
    #[serde(default, deserialize_with = "de::text")]
    pub match_mode: String,
    /// The keyword.
    #[serde(default, deserialize_with = "de::text")]
    pub content: String,
}

impl Endpoint for GetAutoReplies {
    const SPEC: Spec = Spec {
        method: Method::Get,
        path: "/cgi-bin/get_current_autoreply_info",
        auth: Auth::AccessToken,
        encoding: Encoding::None,
        repeatable: true,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Getting_Rules_for_Auto_Replies.html",
    };
    type Response = AutoReplies;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, line};

    #[test]
    fn the_documented_call() {
        assert_eq!(line(&GetAutoReplies {}), "GET /cgi-bin/get_current_autoreply_info?access_token=ACCESS_TOKEN");
        let replies = answer(
            &GetAutoReplies {},
            r#"{"is_add_friend_reply_open":1,"is_autoreply_open":1,
                "add_friend_autoreply_info":{"type":"text","content":"Thanks for your attention!"},
                "message_default_autoreply_info":{"type":"text","content":"Hello, this is autoreply!"},
                "keyword_autoreply_info":{"list":[{"rule_name":"autoreply-news","create_time":1423028166,
                "reply_mode":"reply_all","keyword_list_info":[{"type":"text","match_mode":"contain","content":"news测试"}],
                "reply_list_info":[{"type":"news","news_info":{"list":[{"title":"it's news","author":"jim","digest":"it's digest",
                "show_cover":1,"cover_url":"http://mmbiz.qpic.cn/0","content_url":"http://mp.weixin.qq.com/s",
                "source_url":"http://www.url.com"}]}},{"type":"text","content":"hello!text!"}]}]}}"#,
        )
        .unwrap();
        assert!(replies.is_add_friend_reply_open && replies.is_autoreply_open);
        assert_eq!(replies.add_friend_autoreply_info.unwrap().content, "Thanks for your attention!");
        let rule = &replies.keyword_rules[0];
        assert_eq!((rule.reply_mode.as_str(), rule.create_time), ("reply_all", 1_423_028_166));
        assert_eq!(
            (rule.keyword_list_info[0].match_mode.as_str(), rule.keyword_list_info[0].content.as_str()),
            ("contain", "news测试")
        );
        assert!(rule.reply_list_info[0].news_info[0].show_cover);
        assert_eq!(rule.reply_list_info[1].content, "hello!text!");
        assert_nothing_is_no_success(&GetAutoReplies {});
    }

    #[test]
    fn an_account_without_any_says_so() {
        let none = answer(&GetAutoReplies {}, r#"{"is_add_friend_reply_open":0,"is_autoreply_open":0}"#).unwrap();
        assert!(!none.is_autoreply_open && none.add_friend_autoreply_info.is_none() && none.keyword_rules.is_empty());
    }
}
