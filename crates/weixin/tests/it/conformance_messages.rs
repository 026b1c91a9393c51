//! The part of the catalogue that is about messages and files.

use weixin::File;
use weixin::api::cgi_bin::media::{GetJsSdkVoice, GetMedia, Media, MediaType, UploadMedia, UploadPicture};
use weixin::api::cgi_bin::message::custom::{CustomMessage, SendCustomMessage, SetTyping, TypingCommand};
use weixin::proto::MediaId;
use weixin_emulator::Interaction;

use crate::conformance::Walk;

fn jpeg() -> File {
    File::new("a \"b\".jpg", "image/jpeg", b"\xff\xd8\xff\xe0\0\x10JFIF a picture".as_slice())
}

pub(crate) async fn walk(walk: &mut Walk<'_>) {
    media(walk).await;
    custom(walk).await;
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
    let touser = weixin::OpenId::new(emulator.openid("xiaoming", "official"));
    emulator.interact("xiaoming", "official", Interaction::Message);
    walk.send(official, SetTyping { touser: touser.clone(), command: TypingCommand::Typing }).await;
    walk.send(official, SendCustomMessage::new(touser.clone(), CustomMessage::text("你好 😀"))).await;
    let arrived = emulator.received("xiaoming").pop().unwrap();
    assert_eq!((arrived.kind.as_str(), arrived.content["content"].as_str()), ("text", Some("你好 😀")));
}
