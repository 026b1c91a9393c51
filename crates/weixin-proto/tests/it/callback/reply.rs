//! Whatever people write, the reply says it and nothing else.

use proptest::prelude::*;
use weixin_proto::callback::reply::news::Article;
use weixin_proto::callback::reply::{Address, Image, Music, News, Reply, TransferCustomerService, Video, Voice};
use weixin_proto::callback::{Fields, Format, Limits};

const WIDE: Limits = Limits { bytes: 1 << 20, depth: 16, elements: 128 };

/// Any text at all, with a liking for what XML stumbles over.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::collection::vec(any::<char>(), 1..40).prop_map(String::from_iter),
        "(\\]\\]>|\\]|>|<!\\[CDATA\\[|</Content>|&lt;|&|\u{0}|\u{b}|\u{1f}|\u{fffe}|\u{ffff}|\r\n|😀|[a-z]){1,20}",
    ]
}

fn id() -> impl Strategy<Value = String> {
    "[!-~]{1,64}"
}

fn reply() -> impl Strategy<Value = Reply> {
    prop_oneof![
        text().prop_map(Reply::text),
        id().prop_map(|id| Image { media_id: id.into() }.into()),
        id().prop_map(|id| Voice { media_id: id.into() }.into()),
        (id(), prop::option::of(text()), prop::option::of(text())).prop_map(|(id, title, description)| Video {
            media_id: id.into(),
            title,
            description,
            thumb_media_id: None,
        }
        .into()),
        (id(), prop::option::of(text()), prop::option::of(text()), prop::option::of(text())).prop_map(
            |(id, title, description, music_url)| {
                Music { title, description, hq_music_url: music_url.clone(), music_url, thumb_media_id: id.into() }
                    .into()
            }
        ),
        prop::collection::vec((text(), text(), text()), 1..=8).prop_map(|articles| {
            let article = |(title, description, url): (String, String, String)| Article {
                title,
                description,
                pic_url: url.clone(),
                url,
            };
            News { articles: articles.into_iter().map(article).collect() }.into()
        }),
        prop::option::of(id()).prop_map(|kf_account| TransferCustomerService { kf_account }.into()),
    ]
}

/// The reply without the characters that XML cannot hold.
fn legal(reply: &Reply) -> Reply {
    let json = serde_json::to_value(reply).unwrap();
    serde_json::from_value(strip(json)).unwrap()
}

fn strip(value: serde_json::Value) -> serde_json::Value {
    use serde_json::Value;
    let is_legal =
        |character: &char| matches!(u32::from(*character), 9 | 10 | 13 | 0x20..=0xd7ff | 0xe000..=0xfffd | 0x1_0000..);
    match value {
        Value::String(text) => text.chars().filter(is_legal).collect::<String>().into(),
        Value::Array(items) => items.into_iter().map(strip).collect(),
        Value::Object(fields) => fields.into_iter().map(|(name, value)| (name, strip(value))).collect(),
        other => other,
    }
}

/// An optional text that is empty comes back as none: the wire has one way to say both.
fn as_read(reply: Reply) -> Reply {
    let some = |text: Option<String>| text.filter(|text| !text.bytes().all(|byte| b" \t\r\n".contains(&byte)));
    match reply {
        Reply::Video(video) => Video { title: some(video.title), description: some(video.description), ..video }.into(),
        Reply::Music(music) => Music {
            title: some(music.title),
            description: some(music.description),
            music_url: some(music.music_url),
            hq_music_url: some(music.hq_music_url),
            ..music
        }
        .into(),
        Reply::News(news) => News {
            articles: news
                .articles
                .into_iter()
                .map(|article| Article {
                    description: some(Some(article.description)).unwrap_or_default(),
                    pic_url: some(Some(article.pic_url)).unwrap_or_default(),
                    url: some(Some(article.url)).unwrap_or_default(),
                    ..article
                })
                .collect(),
        }
        .into(),
        other => other,
    }
}

fn address() -> Address<'static> {
    Address { to: "oABCD".into(), from: "gh_97417a04a28d".into(), create_time: 1_714_037_059 }
}

proptest! {
    #[test]
    fn what_is_written_is_read(reply in reply(), json: bool) {
        let format = if json { Format::Json } else { Format::Xml };
        match reply.write(&address(), format) {
            Ok(body) => {
                let (to, read) = Reply::parse(body, &WIDE).unwrap();
                prop_assert_eq!(to, address());
                prop_assert_eq!(read, as_read(legal(&reply)));
            }
            // Nothing but characters that are left out, or too long.
            Err(error) => prop_assert_eq!(Err(error), reply.check()),
        }
    }

    /// A text cannot become a second field or a second reply.
    #[test]
    fn a_text_stays_one_text(content in text()) {
        if let Ok(body) = Reply::text(content).write(&address(), Format::Xml) {
            let fields = Fields::parse(body, &WIDE).unwrap();
            let names: Vec<_> = fields.root().fields().map(|field| field.name()).collect();
            prop_assert_eq!(names, ["ToUserName", "FromUserName", "CreateTime", "MsgType", "Content"]);
        }
    }

    /// Our own JSON, for rules and webhooks, loses nothing.
    #[test]
    fn our_json_is_read_as_it_was(reply in reply()) {
        let json = serde_json::to_string(&reply).unwrap();
        prop_assert_eq!(serde_json::from_str::<Reply>(&json).unwrap(), reply);
    }
}
