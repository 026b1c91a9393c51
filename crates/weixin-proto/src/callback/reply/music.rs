//! `music`: a song with a link to it.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Passive_user_reply_message.html>

use serde::{Deserialize, Serialize};

use super::error::check_id;
use super::{Body, Field, FieldError, ReplyError, Sink};
use crate::MediaId;

/// A song with a link to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Music {
    /// Its name.
    #[serde(default)]
    pub title: Option<String>,
    /// A line below the name.
    #[serde(default)]
    pub description: Option<String>,
    /// Where the song is.
    #[serde(default)]
    pub music_url: Option<String>,
    /// Where it is in better quality, used on Wi-Fi.
    #[serde(default)]
    pub hq_music_url: Option<String>,
    /// Its picture, uploaded as `thumb`. The one field that WeChat insists on.
    pub thumb_media_id: MediaId,
}

impl Body for Music {
    const NAME: &'static str = "music";

    fn check(&self) -> Result<(), ReplyError> {
        check_id("thumb_media_id", self.thumb_media_id.as_str())
    }

    fn write(&self, out: &mut dyn Sink) {
        out.within("Music", &|out| {
            out.some("Title", self.title.as_deref());
            out.some("Description", self.description.as_deref());
            out.some("MusicUrl", self.music_url.as_deref());
            out.some("HQMusicUrl", self.hq_music_url.as_deref());
            out.text("ThumbMediaId", self.thumb_media_id.as_str());
        });
    }

    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        let music = field.inside("Music")?;
        Ok(Self {
            title: music.read("Title")?,
            description: music.read("Description")?,
            // The table of the documentation has the other spelling.
            music_url: music.read_any(&["MusicUrl", "MusicURL"])?,
            hq_music_url: music.read("HQMusicUrl")?,
            thumb_media_id: music.read("ThumbMediaId")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Music;
    use crate::callback::reply::ReplyProblem;
    use crate::callback::reply::tests::{refused, round};

    #[test]
    fn the_documented_xml_and_json() {
        let music = Music {
            title: Some("歌".into()),
            description: Some("手".into()),
            music_url: Some("http://a.cn/1.mp3".into()),
            hq_music_url: Some("http://a.cn/2.mp3".into()),
            thumb_media_id: "THUMB".into(),
        };
        round(
            &music.into(),
            "<MsgType><![CDATA[music]]></MsgType><Music><Title><![CDATA[歌]]></Title>\
             <Description><![CDATA[手]]></Description><MusicUrl><![CDATA[http://a.cn/1.mp3]]></MusicUrl>\
             <HQMusicUrl><![CDATA[http://a.cn/2.mp3]]></HQMusicUrl>\
             <ThumbMediaId><![CDATA[THUMB]]></ThumbMediaId></Music>",
            r#""MsgType":"music","Music":{"Title":"歌","Description":"手","MusicUrl":"http://a.cn/1.mp3","HQMusicUrl":"http://a.cn/2.mp3","ThumbMediaId":"THUMB"}"#,
            r#"{"type":"music","title":"歌","description":"手","music_url":"http://a.cn/1.mp3","hq_music_url":"http://a.cn/2.mp3","thumb_media_id":"THUMB"}"#,
        );
    }

    #[test]
    fn the_picture_is_needed() {
        let music =
            Music { title: None, description: None, music_url: None, hq_music_url: None, thumb_media_id: "".into() };
        assert_eq!(refused(music), ("thumb_media_id".into(), ReplyProblem::Empty));
    }
}
