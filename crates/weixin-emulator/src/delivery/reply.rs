//! What the service answers, read as strictly as WeChat reads it.

use serde_json::{Map, Value, json};
use weixin_proto::{envelope, sign};

use super::markup::{self, Element};
use super::report::{DeliveredReply, DeliveryFormat, DeliveryMode};
use super::sign::Target;

/// What an answer must fit.
#[derive(Debug, Clone)]
pub(crate) struct Expected {
    /// To whom a reply goes.
    pub(crate) openid: String,
    /// From whom it comes: the account's original id.
    pub(crate) original_id: String,
    /// The push was a message, not an event.
    pub(crate) is_message: bool,
    /// `MsgType`, or the name of the event.
    pub(crate) name: String,
}

/// A good answer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Answer {
    /// There is no reply.
    Silent,
    /// There is one.
    Reply(DeliveredReply),
}

/// An answer read, good or bad, and its decrypted form.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Read {
    pub(crate) inner: Option<String>,
    pub(crate) answer: Result<Answer, String>,
}

/// Longest text of a reply, in bytes.
const TEXT_BYTES: usize = 2048;
/// Most articles.
const ARTICLES: usize = 8;
/// Messages answered with one article only.
const ONE_ARTICLE: [&str; 6] = ["text", "image", "voice", "video", "link", "location"];

/// Reads the body of an answer with status 200.
pub(crate) fn read(body: &[u8], target: &Target, expected: &Expected) -> Read {
    let mut inner = None;
    let answer = answer_of(body, target, expected, &mut inner);
    Read { inner, answer }
}

fn answer_of(body: &[u8], target: &Target, expected: &Expected, inner: &mut Option<String>) -> Result<Answer, String> {
    let text = std::str::from_utf8(body).map_err(|_| "the answer is not UTF-8")?;
    if matches!(text.trim_ascii(), "" | "success") {
        return Ok(Answer::Silent);
    }
    let mut root = parsed(text, target.format)?;
    match (root.child("Encrypt").is_some(), target.mode) {
        (true, DeliveryMode::Plain) => {
            return Err("the answer is encrypted, but the account is in plain mode".to_owned());
        }
        (false, DeliveryMode::Safe) => {
            return Err("the answer is not encrypted, but the account is in safe mode".to_owned());
        }
        (true, _) => {
            let opened = inner.insert(opened(&root, target)?);
            root = parsed(opened, target.format)?;
        }
        (false, _) => {}
    }
    if expected.name.starts_with("xpay_") && root.child("ErrCode").is_some() {
        return match root.text_of("ErrCode").map(str::trim) {
            Some("0") => Ok(Answer::Silent),
            other => Err(format!("ErrCode is {:?}, not 0", other.unwrap_or_default())),
        };
    }
    reply_of(&root, expected).map(Answer::Reply)
}

fn parsed(text: &str, format: DeliveryFormat) -> Result<Element, String> {
    match format {
        DeliveryFormat::Xml => {
            let root = markup::parse(text).map_err(|why| format!("the answer is no XML: {why}"))?;
            if root.name == "xml" { Ok(root) } else { Err(format!("the root is <{}>, not <xml>", root.name)) }
        }
        DeliveryFormat::Json => {
            let value: Value = serde_json::from_str(text).map_err(|why| format!("the answer is no JSON: {why}"))?;
            if !value.is_object() {
                return Err("the answer is no JSON object".to_owned());
            }
            Element::from_json("xml", &value).pop().ok_or_else(|| "the answer is empty".to_owned())
        }
    }
}

/// Checks the signature and decrypts.
fn opened(root: &Element, target: &Target) -> Result<String, String> {
    let field = |name: &str| required(root, name).map(str::trim);
    let (encrypt, signature) = (field("Encrypt")?, field("MsgSignature")?);
    let (timestamp, nonce) = (field("TimeStamp")?, field("Nonce")?);
    if !sign::verify_msg(&target.token, timestamp, nonce, encrypt, signature) {
        return Err("MsgSignature does not fit token, TimeStamp, Nonce and Encrypt".to_owned());
    }
    let key = target.key.as_ref().ok_or("the account has no aes_key")?;
    let opened = envelope::open([key], &target.app_id, encrypt)
        .map_err(|error| format!("Encrypt cannot be opened ({:?})", error.reason()))?;
    String::from_utf8(opened).map_err(|_| "the decrypted answer is not UTF-8".to_owned())
}

fn required<'e>(element: &'e Element, name: &str) -> Result<&'e str, String> {
    element.text_of(name).filter(|text| !text.trim().is_empty()).ok_or_else(|| format!("{name} is missing or empty"))
}

fn reply_of(root: &Element, expected: &Expected) -> Result<DeliveredReply, String> {
    for (name, wanted) in [("ToUserName", &expected.openid), ("FromUserName", &expected.original_id)] {
        let found = required(root, name)?;
        if found.trim() != wanted {
            return Err(format!("{name} is {found:?}; it must be {wanted:?}"));
        }
    }
    let created = required(root, "CreateTime")?;
    if created.trim().parse::<i64>().is_err() {
        return Err(format!("CreateTime is {created:?}, no number of seconds"));
    }
    let kind = required(root, "MsgType")?.trim();
    let group = |name: &str| root.child(name).ok_or_else(|| format!("{name} is missing"));
    let content = match kind {
        "text" => {
            let content = required(root, "Content")?;
            if content.len() > TEXT_BYTES {
                return Err(format!("Content has {} bytes; at most {TEXT_BYTES} are taken", content.len()));
            }
            json!({ "content": content })
        }
        "image" => media(group("Image")?, &[])?,
        "voice" => media(group("Voice")?, &[])?,
        "video" => media(group("Video")?, &[("Title", "title"), ("Description", "description")])?,
        "music" => music(group("Music")?)?,
        "news" => news(root, expected)?,
        "transfer_customer_service" => {
            if !expected.is_message {
                return Err("only messages can be handed to customer service".to_owned());
            }
            let staff = root.child("TransInfo").and_then(|info| info.text_of("KfAccount"));
            staff.map_or_else(|| json!({}), |staff| json!({ "kf_account": staff.trim() }))
        }
        other => return Err(format!("MsgType is {other:?}, no type of reply")),
    };
    let content = match content {
        Value::Object(content) => content,
        _ => Map::new(),
    };
    Ok(DeliveredReply { kind: kind.to_owned(), content })
}

fn media(of: &Element, more: &[(&str, &str)]) -> Result<Value, String> {
    let mut content = json!({ "media_id": required(of, "MediaId")?.trim() });
    if let Value::Object(content) = &mut content {
        for (wechats, ours) in more {
            if let Some(text) = of.text_of(wechats) {
                content.insert((*ours).to_owned(), text.into());
            }
        }
    }
    Ok(content)
}

fn music(of: &Element) -> Result<Value, String> {
    let text = |names: &[&str]| names.iter().find_map(|name| of.text_of(name)).unwrap_or_default();
    Ok(json!({
        "title": text(&["Title"]), "description": text(&["Description"]), "musicurl": text(&["MusicUrl", "MusicURL"]),
        "hqmusicurl": text(&["HQMusicUrl"]), "thumb_media_id": required(of, "ThumbMediaId")?.trim(),
    }))
}

fn news(root: &Element, expected: &Expected) -> Result<Value, String> {
    let count = required(root, "ArticleCount")?.trim().to_owned();
    let lists = root.children.iter().filter(|child| child.name == "Articles");
    let items: Vec<&Element> = lists
        .flat_map(|list| {
            let items: Vec<&Element> = list.children.iter().filter(|child| child.name == "item").collect();
            if items.is_empty() { vec![list] } else { items }
        })
        .filter(|item| !item.children.is_empty())
        .collect();
    if items.is_empty() {
        return Err("Articles holds no item".to_owned());
    }
    if count != items.len().to_string() {
        return Err(format!("ArticleCount is {count}, but there are {} articles", items.len()));
    }
    if items.len() > ARTICLES {
        return Err(format!("there are {} articles; at most {ARTICLES} are taken", items.len()));
    }
    let seen = if expected.is_message && ONE_ARTICLE.contains(&expected.name.as_str()) { 1 } else { items.len() };
    let articles: Vec<Value> = items
        .iter()
        .take(seen)
        .map(|item| {
            let text = |name: &str| item.text_of(name).unwrap_or_default();
            json!({ "title": text("Title"), "description": text("Description"), "picurl": text("PicUrl"), "url": text("Url") })
        })
        .collect();
    Ok(json!({ "articles": articles }))
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;

    fn target(mode: DeliveryMode, format: DeliveryFormat) -> Target {
        Target {
            url: Url::parse("http://127.0.0.1/wx").unwrap(),
            token: "AAAAA".to_owned(),
            key: Some(weixin_proto::AesKey::parse(&"A".repeat(43)).unwrap()),
            app_id: "wxba5fad812f8e6fb9".into(),
            mode,
            format,
        }
    }

    fn expected(is_message: bool, name: &str) -> Expected {
        let (openid, original_id) = ("oABCD".to_owned(), "gh_1".to_owned());
        Expected { openid, original_id, is_message, name: name.to_owned() }
    }

    fn whole(rest: &str) -> String {
        format!(
            "<xml><ToUserName>oABCD</ToUserName><FromUserName><![CDATA[gh_1]]></FromUserName><CreateTime>1</CreateTime>\
             {rest}</xml>"
        )
    }

    fn plain(body: &str, is_message: bool, name: &str) -> Result<Answer, String> {
        read(body.as_bytes(), &target(DeliveryMode::Plain, DeliveryFormat::Xml), &expected(is_message, name)).answer
    }

    fn content(answer: Result<Answer, String>) -> Value {
        match answer.unwrap() {
            Answer::Reply(reply) => Value::Object(reply.content),
            Answer::Silent => Value::Null,
        }
    }

    #[test]
    fn every_type_is_read_under_the_names_of_customer_messages() {
        let text = whole("<MsgType>text</MsgType><Content>1 &lt; 2</Content>");
        assert_eq!(content(plain(&text, true, "text")), json!({ "content": "1 < 2" }));
        let image = whole("<MsgType>image</MsgType><Image><MediaId>m</MediaId></Image>");
        assert_eq!(content(plain(&image, true, "text")), json!({ "media_id": "m" }));
        let video = whole("<MsgType>video</MsgType><Video><MediaId>m</MediaId><Title>t</Title></Video>");
        assert_eq!(content(plain(&video, true, "text")), json!({ "media_id": "m", "title": "t" }));
        let music =
            whole("<MsgType>music</MsgType><Music><MusicURL>u</MusicURL><ThumbMediaId>m</ThumbMediaId></Music>");
        assert_eq!(content(plain(&music, true, "text"))["musicurl"], "u");
        let staff =
            whole("<MsgType>transfer_customer_service</MsgType><TransInfo><KfAccount>a@b</KfAccount></TransInfo>");
        assert_eq!(content(plain(&staff, true, "text")), json!({ "kf_account": "a@b" }));
        assert!(plain(&staff, false, "CLICK").unwrap_err().contains("only messages"));
    }

    #[test]
    fn silence_is_success_or_nothing() {
        for silent in ["", "success", "success\n"] {
            assert_eq!(plain(silent, true, "text"), Ok(Answer::Silent));
        }
        for noise in ["ok", "\"success\"", "Success", "{}", "<html></html>", "SUCCESS"] {
            assert!(plain(noise, true, "text").is_err(), "{noise}");
        }
    }

    #[test]
    fn mistakes_are_named() {
        let long = whole(&format!("<MsgType>text</MsgType><Content>{}</Content>", "字".repeat(683)));
        let stranger = whole("<MsgType>text</MsgType><Content>a</Content>").replace("oABCD", "oEFGH");
        for (body, word) in [
            (whole("<MsgType>text</MsgType><Content> </Content>"), "Content"),
            (long, "2049 bytes"),
            (stranger, "ToUserName"),
            (whole("<MsgType>text</MsgType><Content>a</Content>").replace("gh_1", "gh_2"), "FromUserName"),
            (whole("<MsgType>text</MsgType><Content>a</Content>").replace(">1<", ">now<"), "CreateTime"),
            (whole("<MsgType>dance</MsgType>"), "dance"),
            (whole("<MsgType>image</MsgType><MediaId>m</MediaId>"), "Image"),
            (whole("<MsgType>music</MsgType><Music><MusicUrl>u</MusicUrl></Music>"), "ThumbMediaId"),
            (whole("<MsgType>news</MsgType><ArticleCount>1</ArticleCount><Articles></Articles>"), "item"),
            (whole("<Encrypt>x</Encrypt>"), "plain mode"),
        ] {
            let error = plain(&body, true, "text").unwrap_err();
            assert!(error.contains(word), "{error}");
        }
    }

    #[test]
    fn a_message_shows_one_article_and_an_event_eight() {
        let articles = |n: usize| {
            let items = "<item><Title>t</Title><Url>u</Url></item>".repeat(n);
            whole(&format!("<MsgType>news</MsgType><ArticleCount>{n}</ArticleCount><Articles>{items}</Articles>"))
        };
        let seen = |is_message, name: &str, n| {
            content(plain(&articles(n), is_message, name))["articles"].as_array().unwrap().len()
        };
        assert_eq!(seen(true, "text", 3), 1);
        assert_eq!(seen(true, "shortvideo", 3), 3);
        assert_eq!(seen(false, "CLICK", 8), 8);
        assert!(plain(&articles(9), false, "CLICK").unwrap_err().contains("at most 8"));
        let wrong = articles(2).replace("<ArticleCount>2", "<ArticleCount>3");
        assert!(plain(&wrong, false, "CLICK").unwrap_err().contains("ArticleCount is 3"));
    }

    #[test]
    fn encrypted_answers_are_verified_and_opened() {
        let safe = target(DeliveryMode::Safe, DeliveryFormat::Xml);
        let reply = whole("<MsgType>text</MsgType><Content>hi</Content>");
        let seal = |app_id: &str, token: &str| {
            let key = safe.key.clone().unwrap();
            let encrypt = envelope::seal(&key, &app_id.into(), reply.as_bytes(), [7; 16]).unwrap();
            let signature = sign::msg_signature(token, "1", "n", &encrypt);
            format!(
                "<xml><Encrypt><![CDATA[{encrypt}]]></Encrypt><MsgSignature>{signature}</MsgSignature>\
                 <TimeStamp>1</TimeStamp><Nonce>n</Nonce></xml>"
            )
        };
        let judge = |body: &str| read(body.as_bytes(), &safe, &expected(true, "text"));
        let good = judge(&seal("wxba5fad812f8e6fb9", "AAAAA"));
        assert_eq!(good.inner.as_deref(), Some(reply.as_str()));
        assert_eq!(content(good.answer), json!({ "content": "hi" }));
        assert!(judge(&seal("wxba5fad812f8e6fb9", "BBBBB")).answer.unwrap_err().contains("MsgSignature"));
        assert!(judge(&seal("wx0000000000000000", "AAAAA")).answer.unwrap_err().contains("AppId"));
        assert!(judge(&reply).answer.unwrap_err().contains("not encrypted"));
        assert_eq!(judge("success").answer, Ok(Answer::Silent));
        let compatible = target(DeliveryMode::Compatible, DeliveryFormat::Xml);
        assert!(read(reply.as_bytes(), &compatible, &expected(true, "text")).answer.is_ok());
    }

    #[test]
    fn json_answers_and_those_of_virtual_payment() {
        let json = target(DeliveryMode::Plain, DeliveryFormat::Json);
        let of = |body: Value, name: &str| read(body.to_string().as_bytes(), &json, &expected(true, name)).answer;
        let head = json!({ "ToUserName": "oABCD", "FromUserName": "gh_1", "CreateTime": 1, "MsgType": "news",
            "ArticleCount": 1, "Articles": [{ "Title": "t" }] });
        assert_eq!(content(of(head, "text"))["articles"][0]["title"], "t");
        let paid = |code: i64| of(json!({ "ErrCode": code, "ErrMsg": "x" }), "xpay_coin_pay_notify");
        assert_eq!(paid(0), Ok(Answer::Silent));
        assert!(paid(1).unwrap_err().contains("ErrCode"));
        assert!(of(json!([1]), "text").is_err());
    }
}
