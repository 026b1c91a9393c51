//! A customer-service message: an answer that came too late to be a reply.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use weiqiao_store::facts::job::NewJob;
use weixin::api::cgi_bin::message::custom::{Article, CustomMessage, MusicMessage, SendCustomMessage, VideoMessage};
use weixin_proto::callback::reply::{Reply, Video};
use weixin_proto::{AppId, OpenId};

use super::{JobKind, OnUncertain, Outcome, Plan, Policy, SCHEDULE, Task, Wanted};
use crate::App;
use crate::decide::ReplySpec;
use crate::error::Result;

/// Says something to a person who was in touch within the last 48 hours. At most once after an uncertainty: WeChat has no
/// way to ask whether it arrived.
#[derive(Debug)]
pub struct SendCustomerMessage;

/// What is said to whom.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Message {
    /// To whom.
    pub openid: OpenId,
    /// What.
    pub reply: ReplySpec,
}

/// How long after a person's message something may be said.
const WINDOW: Duration = Duration::from_secs(48 * 3_600);

/// Plans what a reply says as customer-service messages. Nothing for a reply that says nothing; several for several
/// articles, because WeChat takes one in a message. What cannot be one ([`never_late`]) is planned too: its job is refused,
/// visibly.
///
/// # Errors
///
/// A bug.
pub fn plan_late_reply(
    app: &App,
    app_id: &AppId,
    openid: &OpenId,
    reply: &ReplySpec,
    origin: Option<String>,
) -> Result<Vec<NewJob>> {
    let key = app.vault().fingerprint("job recipient", &[app_id.as_str(), openid.as_str()]);
    let now = app.now_ms();
    let mut jobs = Vec::new();
    for (number, reply) in (0_i64..).zip(parts(reply)) {
        let plan = Plan {
            account: app_id.as_str().to_owned(),
            serial_key: Some(key.clone()),
            origin: origin.clone(),
            // In this order.
            run_at: Some(now.saturating_add(number)),
            ..Plan::default()
        };
        let message = Message { openid: openid.clone(), reply };
        jobs.push(app.plan_job::<SendCustomerMessage>(plan, &message)?);
    }
    Ok(jobs)
}

/// The messages a reply makes.
fn parts(spec: &ReplySpec) -> Vec<ReplySpec> {
    match spec.reply() {
        None => Vec::new(),
        Some(Reply::News(news)) => {
            let one = |article: &_| weixin_proto::callback::reply::News { articles: vec![Clone::clone(article)] };
            news.articles.iter().map(|article| ReplySpec::from(one(article))).collect()
        }
        Some(_) => vec![spec.clone()],
    }
}

impl JobKind for SendCustomerMessage {
    const NAME: &'static str = "customer_message";
    const POLICY: Policy = Policy {
        schedule: SCHEDULE,
        expiry: WINDOW,
        on_uncertain: OnUncertain::Hold,
        time_limit: Duration::from_secs(30),
        per_second: Some(50),
        at_once: 16,
    };
    type Payload = Message;

    fn serves(app: &App, app_id: &str) -> bool {
        account(app, app_id).is_some()
    }

    async fn wanted(_: &App, _: &Task, payload: &Message) -> Result<Wanted> {
        if message(&payload.reply).is_none() {
            return Ok(match never_late(&payload.reply) {
                Some(why) => Wanted::Impossible(why.to_owned()),
                None => Wanted::No("没有可以作为客服消息发送的内容".to_owned()),
            });
        }
        Ok(Wanted::Yes)
    }

    async fn run(app: &App, task: &Task, payload: &Message) -> Outcome {
        let (Some(account), Some(message)) = (account(app, &task.account), message(&payload.reply)) else {
            return Outcome::refused("没有可以发送的内容");
        };
        let send = SendCustomMessage::new(payload.openid.clone(), message);
        match app.weixin().send(&account, send).await {
            Ok(_) => Outcome::sent(),
            Err(error) => Outcome::of_wechat(app, &error),
        }
    }
}

/// Why this reply cannot be given later, by a customer-service message, and what to do; told in Chinese.
#[must_use]
pub fn never_late(reply: &ReplySpec) -> Option<&'static str> {
    match reply.reply()? {
        Reply::TransferCustomerService(_) => Some(NO_TRANSFER),
        Reply::Video(_) if message(reply).is_none() => Some(NO_THUMB),
        _ => None,
    }
}

/// Why a person is not handed over.
const NO_TRANSFER: &str =
    "转接客服只能在 5 秒内作为被动回复给出，之后不能用客服消息转接：请更快回答 transfer，或改用自动回复规则来转接";

/// Why a video stays here.
const NO_THUMB: &str = "视频作为客服消息发送时必须有封面：请在回复里加上 thumb_media_id（上传的 thumb 素材），或者写上 title、description 作为文字";

/// What there is to read about a video.
fn readable(video: &Video) -> Option<String> {
    let lines = [&video.title, &video.description].map(|text| text.as_deref().map(str::trim).unwrap_or_default());
    let text = lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n");
    (!text.is_empty()).then_some(text)
}

fn account(app: &App, app_id: &str) -> Option<weixin::Account> {
    app.accounts().with_app_id(app_id).next().map(|account| account.weixin.clone())
}

/// The reply in the words of the other interface.
fn message(spec: &ReplySpec) -> Option<CustomMessage> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    Some(match spec.reply()? {
        Reply::Text(reply) => CustomMessage::text(reply.content.clone()),
        Reply::Image(reply) => CustomMessage::Image { media_id: reply.media_id.clone() },
        Reply::Voice(reply) => CustomMessage::Voice { media_id: reply.media_id.clone() },
        Reply::Video(reply) => match &reply.thumb_media_id {
            Some(thumb) => CustomMessage::Video(VideoMessage {
                media_id: reply.media_id.clone(),
                thumb_media_id: thumb.clone(),
                title: reply.title.clone(),
                description: reply.description.clone(),
            }),
            // Without a picture WeChat does not take it: what there is to read is better than nothing.
            None => CustomMessage::text(readable(reply)?),
        },
        Reply::Music(reply) => CustomMessage::Music(MusicMessage {
            title: reply.title.clone(),
            description: reply.description.clone(),
            music_url: text(&reply.music_url),
            hq_music_url: reply.hq_music_url.clone().unwrap_or_else(|| text(&reply.music_url)),
            thumb_media_id: reply.thumb_media_id.clone(),
        }),
        Reply::News(reply) => {
            let article = reply.articles.first()?;
            CustomMessage::News {
                articles: [Article {
                    title: article.title.clone(),
                    description: article.description.clone(),
                    url: article.url.clone(),
                    pic_url: article.pic_url.clone(),
                }],
            }
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use weixin_proto::callback::reply::{News, TransferCustomerService, news};

    use super::*;

    fn articles(titles: &[&str]) -> ReplySpec {
        let article = |title: &&str| news::Article { title: (*title).to_owned(), ..news::Article::default() };
        News { articles: titles.iter().map(article).collect() }.into()
    }

    #[test]
    fn a_reply_becomes_as_many_messages_as_wechat_wants() {
        assert_eq!(parts(&ReplySpec::None), []);
        let transfer = ReplySpec::from(TransferCustomerService { kf_account: None });
        assert_eq!((parts(&transfer), never_late(&transfer)), (vec![transfer], Some(NO_TRANSFER)));
        assert_eq!(never_late(&Reply::text("好").into()), None);
        assert_eq!(parts(&Reply::text("好").into()), [Reply::text("好").into()]);
        assert_eq!(parts(&articles(&["a", "b"])), [articles(&["a"]), articles(&["b"])]);
    }

    #[test]
    fn a_video_needs_a_picture_or_something_to_read() {
        let video = |json| message(&serde_json::from_value::<ReplySpec>(json).unwrap());
        let whole = video(serde_json::json!({"type": "video", "media_id": "V", "thumb_media_id": "T", "title": "题"}));
        let Some(CustomMessage::Video(whole)) = whole else { panic!("{whole:?}") };
        assert_eq!((whole.media_id.as_str(), whole.thumb_media_id.as_str()), ("V", "T"));
        let told = video(serde_json::json!({"type": "video", "media_id": "V", "title": "题", "description": " 述 "}));
        assert_eq!(told, Some(CustomMessage::text("题\n述")));
        assert_eq!(video(serde_json::json!({"type": "video", "media_id": "V", "title": " "})), None);
    }

    #[test]
    fn every_reply_that_says_something_has_its_message() {
        assert_eq!(message(&Reply::text("好").into()), Some(CustomMessage::text("好")));
        assert_eq!(message(&articles(&["a"])).map(|message| message.msgtype()), Some("news"));
        assert_eq!(message(&ReplySpec::None), None);
        let stored = serde_json::to_string(&Message { openid: "o1".into(), reply: Reply::text("好").into() }).unwrap();
        assert_eq!(stored, r#"{"openid":"o1","reply":{"content":"好","type":"text"}}"#);
        assert_eq!(serde_json::from_str::<Message>(&stored).unwrap().reply, Reply::text("好").into());
    }
}
