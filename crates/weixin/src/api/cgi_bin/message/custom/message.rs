//! What a customer-service message can hold.

use serde::Serialize;
use weixin_proto::{AppId, MediaId};

/// A customer-service message.
///
/// Official accounts send everything but `Link`; mini programs send `Text`, `Image`, `Link` and `MiniProgramPage`, and
/// get 45162 for the rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum CustomMessage {
    /// Words.
    Text {
        /// At most 2048 bytes. Links: `<a href="…">…</a>`, into mini programs with `data-miniprogram-appid` and
        /// `data-miniprogram-path`.
        content: String,
    },
    /// A picture.
    Image {
        /// Temporary or permanent.
        media_id: MediaId,
    },
    /// A voice.
    Voice {
        /// Temporary or permanent.
        media_id: MediaId,
    },
    /// A video.
    Video(VideoMessage),
    /// A piece of music.
    Music(MusicMessage),
    /// A link with a picture. One only: more are refused with 45008.
    News {
        /// The link.
        articles: [Article; 1],
    },
    /// An article of the account's material. WeChat advises against it since articles have ids.
    MpNews {
        /// The material.
        media_id: MediaId,
    },
    /// A published article.
    MpNewsArticle {
        /// Its id, as publishing gave it.
        article_id: String,
    },
    /// A question with answers to tap. A tap comes back as a text message with `bizmsgmenuid`.
    MsgMenu {
        /// Before the answers.
        head_content: String,
        /// The answers.
        list: Vec<MenuItem>,
        /// After the answers.
        tail_content: String,
    },
    /// A coupon.
    WxCard {
        /// Its id.
        card_id: String,
    },
    /// A page of a mini program.
    MiniProgramPage(MiniProgramCard),
    /// A link with a picture, from a mini program.
    Link {
        /// First line.
        title: String,
        /// Second line.
        description: String,
        /// Where it leads.
        url: String,
        /// Address of the picture.
        thumb_url: String,
    },
}

/// A video.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VideoMessage {
    /// The video.
    pub media_id: MediaId,
    /// The picture in front of it.
    pub thumb_media_id: MediaId,
    /// First line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Second line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// A piece of music.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MusicMessage {
    /// First line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Second line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where the music is.
    #[serde(rename = "musicurl")]
    pub music_url: String,
    /// Where it is in better quality, played on Wi-Fi.
    #[serde(rename = "hqmusicurl")]
    pub hq_music_url: String,
    /// The picture beside it.
    pub thumb_media_id: MediaId,
}

/// A link with a picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Article {
    /// First line.
    pub title: String,
    /// Second line.
    pub description: String,
    /// Where it leads.
    pub url: String,
    /// Address of the picture: JPEG or PNG, large 640×320, small 80×80.
    #[serde(rename = "picurl")]
    pub pic_url: String,
}

/// One answer of a [`CustomMessage::MsgMenu`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MenuItem {
    /// Comes back as `bizmsgmenuid`.
    pub id: String,
    /// What the person sees and, with a tap, says.
    pub content: String,
}

/// A page of a mini program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MiniProgramCard {
    /// First line.
    pub title: String,
    /// The mini program; it must be linked to the account. `None`: the sending mini program itself.
    #[serde(rename = "appid", skip_serializing_if = "Option::is_none")]
    pub app_id: Option<AppId>,
    /// The page, query allowed.
    #[serde(rename = "pagepath")]
    pub page_path: String,
    /// The picture, 520×416.
    pub thumb_media_id: MediaId,
}

impl CustomMessage {
    /// Words.
    pub fn text(content: impl Into<String>) -> Self {
        Self::Text { content: content.into() }
    }

    /// WeChat's name of the type.
    #[must_use]
    pub fn msgtype(&self) -> &'static str {
        match self {
            Self::Text { .. } => "text",
            Self::Image { .. } => "image",
            Self::Voice { .. } => "voice",
            Self::Video(_) => "video",
            Self::Music(_) => "music",
            Self::News { .. } => "news",
            Self::MpNews { .. } => "mpnews",
            Self::MpNewsArticle { .. } => "mpnewsarticle",
            Self::MsgMenu { .. } => "msgmenu",
            Self::WxCard { .. } => "wxcard",
            Self::MiniProgramPage(_) => "miniprogrampage",
            Self::Link { .. } => "link",
        }
    }
}
