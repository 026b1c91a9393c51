//! `POST /cgi-bin/message/custom/send`
//!
//! Says something to a person who was in touch: five times in 48 hours after their message, three times in the minute
//! after a click, a scan or a follow. Later it is 45015, too often 45047.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Service_Center_messages.html>

use serde::{Serialize, Serializer};
use weixin_proto::OpenId;

use super::CustomMessage;
use crate::api::Done;
use crate::endpoint::{Auth, Encoding, Endpoint, Method, Spec};

/// Sends a customer-service message.
#[derive(Debug, Clone)]
pub struct SendCustomMessage {
    /// Who is to receive it.
    pub touser: OpenId,
    /// What it holds.
    pub message: CustomMessage,
    /// As which member of staff; `None`: as the account itself.
    pub customservice: Option<Sender>,
    /// Marks words of a machine.
    pub aimsgcontext: Option<AiContext>,
    /// The sub-merchant it comes from, for platforms that have some.
    pub businessid: Option<i64>,
}

/// A member of staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sender {
    /// The account, as `test1@kftest`.
    pub kf_account: String,
}

/// Where the words come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct AiContext {
    /// 1: a grey line below says that a third party's machine wrote this. 0: none.
    pub is_ai_msg: u8,
}

impl SendCustomMessage {
    /// A message of the account itself.
    #[must_use]
    pub fn new(touser: OpenId, message: CustomMessage) -> Self {
        Self { touser, message, customservice: None, aimsgcontext: None, businessid: None }
    }
}

impl Serialize for SendCustomMessage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Wire<'a> {
            touser: &'a OpenId,
            msgtype: &'static str,
            #[serde(flatten)]
            message: &'a CustomMessage,
            #[serde(skip_serializing_if = "Option::is_none")]
            customservice: &'a Option<Sender>,
            #[serde(skip_serializing_if = "Option::is_none")]
            aimsgcontext: Option<AiContext>,
            #[serde(skip_serializing_if = "Option::is_none")]
            businessid: Option<i64>,
        }
        let Self { touser, message, customservice, aimsgcontext, businessid } = self;
        let (msgtype, aimsgcontext, businessid) = (message.msgtype(), *aimsgcontext, *businessid);
        Wire { touser, msgtype, message, customservice, aimsgcontext, businessid }.serialize(serializer)
    }
}

impl Endpoint for SendCustomMessage {
    const SPEC: Spec = Spec {
        method: Method::Post,
        path: "/cgi-bin/message/custom/send",
        auth: Auth::AccessToken,
        encoding: Encoding::Json,
        repeatable: false,
        doc: "https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Service_Center_messages.html",
    };
    type Response = Done;
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::{Article, MenuItem, MiniProgramCard, MusicMessage, VideoMessage};
    use super::*;
    use crate::api::testing::{answer, assert_nothing_is_no_success, body, line};

    fn request(message: CustomMessage) -> SendCustomMessage {
        SendCustomMessage::new("OPENID".into(), message)
    }

    #[test]
    fn the_documented_call() {
        let hello = request(CustomMessage::text("Hello World"));
        assert_eq!(line(&hello), "POST /cgi-bin/message/custom/send?access_token=ACCESS_TOKEN");
        assert_eq!(body(&hello), json!({"touser": "OPENID", "msgtype": "text", "text": {"content": "Hello World"}}));
        let signed = SendCustomMessage {
            customservice: Some(Sender { kf_account: "test1@kftest".into() }),
            aimsgcontext: Some(AiContext { is_ai_msg: 1 }),
            businessid: Some(7),
            ..hello.clone()
        };
        let signed = body(&signed);
        assert_eq!(signed["customservice"], json!({"kf_account": "test1@kftest"}));
        assert_eq!((&signed["aimsgcontext"], &signed["businessid"]), (&json!({"is_ai_msg": 1}), &json!(7)));
        answer(&hello, r#"{"errcode":0,"errmsg":"ok"}"#).unwrap();
        assert_nothing_is_no_success(&hello);
    }

    #[test]
    fn every_documented_type() {
        let text = String::from;
        let media = || "MEDIA_ID".into();
        let messages: [(CustomMessage, Value); 11] = [
            (CustomMessage::Image { media_id: media() }, json!({"image": {"media_id": "MEDIA_ID"}})),
            (CustomMessage::Voice { media_id: media() }, json!({"voice": {"media_id": "MEDIA_ID"}})),
            (
                CustomMessage::Video(VideoMessage {
                    media_id: media(),
                    thumb_media_id: media(),
                    title: Some(text("TITLE")),
                    description: None,
                }),
                json!({"video": {"media_id": "MEDIA_ID", "thumb_media_id": "MEDIA_ID", "title": "TITLE"}}),
            ),
            (
                CustomMessage::Music(MusicMessage {
                    title: None,
                    description: Some(text("MUSIC_DESCRIPTION")),
                    music_url: text("MUSIC_URL"),
                    hq_music_url: text("HQ_MUSIC_URL"),
                    thumb_media_id: media(),
                }),
                json!({"music": {"description": "MUSIC_DESCRIPTION", "musicurl": "MUSIC_URL",
                    "hqmusicurl": "HQ_MUSIC_URL", "thumb_media_id": "MEDIA_ID"}}),
            ),
            (
                CustomMessage::News {
                    articles: [Article {
                        title: text("Happy Day"),
                        description: text("Is Really A Happy Day"),
                        url: text("URL"),
                        pic_url: text("PIC_URL"),
                    }],
                },
                json!({"news": {"articles": [{"title": "Happy Day", "description": "Is Really A Happy Day",
                    "url": "URL", "picurl": "PIC_URL"}]}}),
            ),
            (CustomMessage::MpNews { media_id: media() }, json!({"mpnews": {"media_id": "MEDIA_ID"}})),
            (CustomMessage::MpNewsArticle { article_id: text("ID") }, json!({"mpnewsarticle": {"article_id": "ID"}})),
            (
                CustomMessage::MsgMenu {
                    head_content: text("满意吗？"),
                    list: vec![MenuItem { id: text("101"), content: text("满意") }],
                    tail_content: text("欢迎再次光临"),
                },
                json!({"msgmenu": {"head_content": "满意吗？", "list": [{"id": "101", "content": "满意"}],
                    "tail_content": "欢迎再次光临"}}),
            ),
            (CustomMessage::WxCard { card_id: text("123") }, json!({"wxcard": {"card_id": "123"}})),
            (
                CustomMessage::MiniProgramPage(MiniProgramCard {
                    title: text("title"),
                    app_id: Some("appid".into()),
                    page_path: text("pagepath"),
                    thumb_media_id: "thumb_media_id".into(),
                }),
                json!({"miniprogrampage": {"title": "title", "appid": "appid", "pagepath": "pagepath",
                    "thumb_media_id": "thumb_media_id"}}),
            ),
            (
                CustomMessage::Link {
                    title: text("Happy Day"),
                    description: text("D"),
                    url: text("URL"),
                    thumb_url: text("THUMB_URL"),
                },
                json!({"link": {"title": "Happy Day", "description": "D", "url": "URL", "thumb_url": "THUMB_URL"}}),
            ),
        ];
        for (message, mut expected) in messages {
            expected["touser"] = json!("OPENID");
            expected["msgtype"] = json!(message.msgtype());
            assert_eq!(body(&request(message)), expected);
        }
    }
}
