//! The part of the catalogue that is about messages and files.

use weixin::File;
use weixin::OpenId;
use weixin::api::cgi_bin::material::{
    AddMaterial, CountMaterial, DeleteMaterial, GetMaterial, ListMaterial, Material, MaterialType, VideoDescription,
};
use weixin::api::cgi_bin::media::{GetJsSdkVoice, GetMedia, Media, MediaType, UploadMedia, UploadPicture};
use weixin::api::cgi_bin::message::custom::{CustomMessage, SendCustomMessage, SetTyping, TypingCommand};
use weixin::api::cgi_bin::message::subscribe::SendSubscription;
use weixin::api::cgi_bin::message::template::{OneTimeContent, OneTimeData, SendOneTimeMessage, SendTemplateMessage};
use weixin::api::cgi_bin::message::{MiniProgramTarget, TemplateData};
use weixin::api::cgi_bin::template::{AddTemplate, DeleteTemplate, GetIndustry, ListTemplates, SetIndustry};
use weixin::api::wxaapi::newtmpl::{
    AddSubscriptionTemplate, DeleteSubscriptionTemplate, ListCategories, ListKeywords, ListSubscriptionTemplates,
    ListTitles,
};
use weixin::proto::MediaId;
use weixin_emulator::Interaction;

use crate::conformance::Walk;

pub(crate) fn jpeg() -> File {
    File::new("a \"b\".jpg", "image/jpeg", b"\xff\xd8\xff\xe0\0\x10JFIF a picture".as_slice())
}

pub(crate) async fn walk(walk: &mut Walk<'_>) {
    media(walk).await;
    custom(walk).await;
    crate::conformance_staff::walk(walk).await;
    material(walk).await;
    template(walk).await;
    subscription(walk).await;
}

async fn upload(walk: &mut Walk<'_>, kind: MediaType, file: File) -> MediaId {
    let bed = walk.bed;
    let official = &bed.official;
    let uploaded = walk.send(official, UploadMedia { kind, file }).await;
    assert_eq!(uploaded.kind, kind);
    uploaded.media_id
}

async fn media(walk: &mut Walk<'_>) {
    let bed = walk.bed;
    let official = &bed.official;
    let media_id = upload(walk, MediaType::Image, jpeg()).await;
    let Media::File(file) = walk.send(official, GetMedia { media_id }).await else { panic!("a picture is a file") };
    assert_eq!((file.bytes, file.content_type.as_str()), (jpeg().bytes, "image/jpeg"));
    assert_eq!(file.filename, "a %22b%22.jpg");
    let video = File::new("a.mp4", "video/mp4", b"\0\0\0\x18ftypmp42".as_slice());
    let media_id = upload(walk, MediaType::Video, video).await;
    let video = walk.send(official, GetMedia { media_id }).await;
    assert!(matches!(video, Media::Video { url } if url.starts_with("http://")));
    upload(walk, MediaType::Thumb, jpeg()).await;
    let voice = File::new("a.amr", "voice/amr", b"#!AMR\n...".as_slice());
    let media_id = upload(walk, MediaType::Voice, voice).await;
    assert_eq!(walk.send(official, GetJsSdkVoice { media_id }).await.content_type, "voice/speex");
    assert!(walk.send(official, UploadPicture { file: jpeg() }).await.url.starts_with("http://"));
    let unknown = GetMedia { media_id: "unknown".into() };
    let refused = walk.bed.client.send(official, unknown).await.unwrap_err();
    assert_eq!(refused.errcode().map(|code| code.get()), Some(40007));
}

async fn custom(walk: &mut Walk<'_>) {
    let bed = walk.bed;
    let (official, emulator) = (&bed.official, &bed.emulator);
    let touser = OpenId::new(emulator.openid("xiaoming", "official"));
    emulator.interact("xiaoming", "official", Interaction::Message);
    walk.send(official, SetTyping { touser: touser.clone(), command: TypingCommand::Typing }).await;
    walk.send(official, SendCustomMessage::new(touser.clone(), CustomMessage::text("你好 😀"))).await;
    let arrived = emulator.received("xiaoming").pop().unwrap();
    assert_eq!((arrived.kind.as_str(), arrived.content["content"].as_str()), ("text", Some("你好 😀")));
}

async fn material(walk: &mut Walk<'_>) {
    let bed = walk.bed;
    let official = &bed.official;
    let picture = walk.send(official, AddMaterial { kind: MediaType::Image, file: jpeg(), video: None }).await;
    assert!(picture.url.is_some());
    let file = File::new("a.mp4", "video/mp4", b"\0\0\0\x18ftypmp42".as_slice());
    let about = Some(VideoDescription::new("片名", "\"简介\""));
    let video = walk.send(official, AddMaterial { kind: MediaType::Video, file, video: about }).await;
    let count = walk.send(official, CountMaterial {}).await;
    assert_eq!((count.image_count, count.video_count), (1, 1));
    let list = walk.send(official, ListMaterial { kind: MaterialType::Image, offset: 0, count: 20 }).await;
    assert_eq!((list.total_count, &list.item[0].media_id), (1, &picture.media_id));
    let Material::Video { title, description, .. } =
        walk.send(official, GetMaterial { media_id: video.media_id }).await
    else {
        panic!("a video")
    };
    assert_eq!((title.as_str(), description.as_str()), ("片名", "\"简介\""));
    let media_id = picture.media_id;
    let Material::File(file) = walk.send(official, GetMaterial { media_id: media_id.clone() }).await else {
        panic!("a picture")
    };
    assert_eq!(file.bytes, jpeg().bytes);
    walk.send(official, DeleteMaterial { media_id: media_id.clone() }).await;
    let gone = bed.client.send(official, GetMaterial { media_id }).await.unwrap_err();
    assert_eq!(gone.errcode().map(|code| code.get()), Some(40007));
}

fn data(values: &[(&str, &str)]) -> TemplateData {
    values.iter().map(|(key, value)| ((*key).to_owned(), (*value).into())).collect()
}

async fn template(walk: &mut Walk<'_>) {
    let bed = walk.bed;
    let (official, emulator) = (&bed.official, &bed.emulator);
    walk.send(official, SetIndustry { industry_id1: "1".into(), industry_id2: "16".into() }).await;
    assert_eq!(walk.send(official, GetIndustry {}).await.secondary_industry.first_class, "教育");
    let keyword_name_list = vec!["商品名称".to_owned(), "支付金额".to_owned()];
    let request = AddTemplate { template_id_short: "401".into(), keyword_name_list };
    let template_id = walk.send(official, request).await.template_id;
    let list = walk.send(official, ListTemplates {}).await.template_list;
    assert_eq!(list[0].keys().collect::<Vec<_>>(), ["thing2", "amount3"]);
    emulator.engine().follow("xiaoming", "official", None).unwrap();
    let message = SendTemplateMessage {
        touser: OpenId::new(emulator.openid("xiaoming", "official")),
        template_id: template_id.clone(),
        url: None,
        miniprogram: Some(MiniProgramTarget { app_id: bed.mini.app_id().clone(), page_path: None }),
        client_msg_id: Some("order-1".into()),
        data: data(&[("thing2", "巧克力"), ("amount3", "￥39.80")]),
    };
    let first = walk.send(official, message.clone()).await;
    assert_eq!(walk.send(official, message.clone()).await, first, "the same client_msg_id");
    let arrived: Vec<_> = emulator.received("xiaoming").into_iter().filter(|m| m.kind == "template").collect();
    assert_eq!((arrived.len(), arrived[0].msg_id), (1, Some(first.msg_id)));
    let long = SendTemplateMessage { data: data(&[("thing2", &"长".repeat(21)), ("amount3", "1")]), ..message };
    let refused = bed.client.send(official, long).await.unwrap_err();
    assert_eq!(refused.errmsg(), Some("argument invalid! data.thing2.value invalid"));
    walk.send(official, DeleteTemplate { template_id }).await;
}

async fn subscription(walk: &mut Walk<'_>) {
    let bed = walk.bed;
    let (official, emulator) = (&bed.official, &bed.emulator);
    let category = walk.send(official, ListCategories {}).await.data.remove(0).id;
    let titles = walk.send(official, ListTitles { ids: category.to_string(), start: 1, limit: 1 }).await;
    let tid = titles.data[0].tid.to_string();
    assert_eq!(walk.send(official, ListKeywords { tid: tid.clone() }).await.data[0].rule, "thing");
    let request = AddSubscriptionTemplate { tid, kid_list: vec![1, 2], scene_desc: Some("预约".into()) };
    let template_id = walk.send(official, request).await.template_id;
    let mine = walk.send(official, ListSubscriptionTemplates {}).await.data.remove(0);
    assert_eq!((&mine.template_id, mine.kind), (&template_id, 2));
    let touser = OpenId::new(emulator.openid("xiaohong", "official"));
    let message = SendSubscription {
        touser: touser.clone(),
        template_id: template_id.clone(),
        page: Some("https://example.com/".into()),
        miniprogram: None,
        data: data(&[("thing1", "试听课"), ("time2", "2026年1月1日 15:01")]),
    };
    let refused = bed.client.send(official, message.clone()).await.unwrap_err();
    assert_eq!(refused.errcode().map(|code| code.get()), Some(43101));
    emulator.accept_notifications("xiaohong", "official", template_id.as_str(), 1);
    walk.send(official, message).await;
    emulator.accept_notifications("xiaohong", "official", "one-time", 1);
    let content = OneTimeContent { value: "您预约的课程明天开始".into(), color: None };
    let once = SendOneTimeMessage {
        touser,
        template_id: "one-time".into(),
        url: None,
        miniprogram: None,
        scene: "1000".into(),
        title: "开课提醒".into(),
        data: OneTimeData { content },
    };
    walk.send(official, once).await;
    assert_eq!(emulator.received("xiaohong").len(), 2);
    walk.send(official, DeleteSubscriptionTemplate { template_id }).await;
}
