//! Temporary files.

use std::time::Duration;

use crate::rig::{Answer, MINI, MINI_SECRET, OFFICIAL, OFFICIAL_SECRET, Rig};

pub(crate) const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF\0 a picture";
pub(crate) const AMR: &[u8] = b"#!AMR\n\0 a voice";
pub(crate) const MP4: &[u8] = b"\0\0\0\x18ftypmp42 a video";

impl Rig {
    /// Uploads a file as the field `media`, with a text beside it.
    pub(crate) async fn upload(&self, path: &str, query: &[(&str, &str)], bytes: &[u8], text: (&str, &str)) -> Answer {
        let file = reqwest::multipart::Part::bytes(bytes.to_vec()).file_name("a.bin");
        let form = reqwest::multipart::Form::new().part("media", file).text(text.0.to_owned(), text.1.to_owned());
        Self::read(self.http.post(self.url(path)).query(query).multipart(form).send().await.unwrap()).await
    }

    /// The media_id of a temporary file of the official account.
    pub(crate) async fn media(&self, token: &str, kind: &str, bytes: &[u8]) -> String {
        let query = [("access_token", token), ("type", kind)];
        let answer = self.upload("/cgi-bin/media/upload", &query, bytes, ("x", "y")).await;
        answer.text_of(if kind == "thumb" { "thumb_media_id" } else { "media_id" })
    }
}

#[tokio::test]
async fn a_file_is_kept_for_three_days_and_comes_back_as_it_was() {
    let rig = Rig::new().await;
    let token = rig.token(OFFICIAL, OFFICIAL_SECRET).await;
    let id = rig.media(&token, "image", JPEG).await;
    let url = rig.url("/cgi-bin/media/get");
    let query = [("access_token", token.as_str()), ("media_id", id.as_str())];
    let response = rig.http.get(&url).query(&query).send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "image/jpeg");
    assert_eq!(response.headers()["content-disposition"], "attachment; filename=\"a.bin\"");
    assert_eq!(response.bytes().await.unwrap(), JPEG);
    let entry = rig.emulator.ledger("/cgi-bin/media/get").pop().unwrap();
    assert_eq!((entry.errcode, entry.answer), (0, format!("[{} bytes]", JPEG.len())));
    let voice = rig.media(&token, "voice", AMR).await;
    let query = [("access_token", token.as_str()), ("media_id", voice.as_str())];
    assert_eq!(rig.get("/cgi-bin/media/get/jssdk", &query).await.content_type, "voice/speex");
    rig.emulator.advance(Duration::from_secs(3 * 86_400));
    let token = rig.token(OFFICIAL, OFFICIAL_SECRET).await;
    let late = rig.get("/cgi-bin/media/get", &[("access_token", &token), ("media_id", &id)]).await;
    assert_eq!(late.errcode(), 40007);
    assert!(late.errmsg().starts_with("invalid media_id rid: "));
}

#[tokio::test]
async fn of_a_video_there_is_an_address() {
    let rig = Rig::new().await;
    let token = rig.token(OFFICIAL, OFFICIAL_SECRET).await;
    let id = rig.media(&token, "video", MP4).await;
    let answer = rig.get("/cgi-bin/media/get", &[("access_token", &token), ("media_id", &id)]).await;
    let video = rig.http.get(answer.text_of("video_url")).send().await.unwrap();
    assert_eq!(video.headers()["content-type"], "video/mp4");
    assert_eq!(video.bytes().await.unwrap(), MP4);
    let query = [("access_token", token.as_str())];
    let picture = rig.upload("/cgi-bin/media/uploadimg", &query, JPEG, ("x", "y")).await.text_of("url");
    assert_eq!(rig.http.get(picture).send().await.unwrap().bytes().await.unwrap(), JPEG);
}

#[tokio::test]
async fn what_is_no_such_file_is_refused() {
    let rig = Rig::new().await;
    let token = rig.token(OFFICIAL, OFFICIAL_SECRET).await;
    let upload = async |kind: &str, bytes: &[u8]| {
        let query = [("access_token", token.as_str()), ("type", kind)];
        rig.upload("/cgi-bin/media/upload", &query, bytes, ("x", "y")).await.errcode()
    };
    let mut long = JPEG.to_vec();
    long.resize(64 * 1024 + 1, 0);
    assert_eq!(upload("picture", JPEG).await, 40004);
    assert_eq!(upload("image", b"<html>").await, 40005);
    assert_eq!(upload("thumb", &long).await, 40012);
    assert_eq!(upload("image", b"").await, 44001);
    let query = [("access_token", token.as_str()), ("type", "image")];
    assert_eq!(rig.post("/cgi-bin/media/upload", &query, &serde_json::json!({})).await.errcode(), 41005);
    let id = rig.media(&token, "image", JPEG).await;
    let other = rig.token(MINI, MINI_SECRET).await;
    let query = [("access_token", other.as_str()), ("media_id", id.as_str())];
    assert_eq!(rig.get("/cgi-bin/media/get", &query).await.errcode(), 40007, "of another account");
    let query = [("access_token", token.as_str()), ("media_id", id.as_str())];
    assert_eq!(rig.get("/cgi-bin/media/get/jssdk", &query).await.errcode(), 40007, "no voice");
    assert_eq!(rig.get("/cgi-bin/media/get", &[("access_token", token.as_str())]).await.errcode(), 41006);
}
