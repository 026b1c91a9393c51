//! `/cgi-bin/material/…`: files WeChat keeps for good.

mod add_material;
mod batchget_material;
mod del_material;
mod get_material;
mod get_materialcount;

use serde::Deserialize;
use weixin_proto::MediaId;
use weixin_proto::json::de;

pub use self::add_material::{AddMaterial, AddedMaterial, VideoDescription};
pub use self::batchget_material::{ListMaterial, MaterialItem, MaterialList, MaterialType, NewsContent};
pub use self::del_material::DeleteMaterial;
pub use self::get_material::{GetMaterial, Material};
pub use self::get_materialcount::{CountMaterial, MaterialCount};

/// One article.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct NewsItem {
    /// First line.
    #[serde(deserialize_with = "de::string")]
    pub title: String,
    /// The picture in front of it.
    #[serde(default, deserialize_with = "de::opt_id")]
    pub thumb_media_id: Option<MediaId>,
    /// Whether the picture is shown in the article too.
    #[serde(default, deserialize_with = "de::boolish")]
    pub show_cover_pic: bool,
    /// Who wrote it.
    #[serde(default, deserialize_with = "de::text")]
    pub author: String,
    /// What it says in short.
    #[serde(default, deserialize_with = "de::text")]
    pub digest: String,
    /// What it says, as HTML.
    #[serde(default, deserialize_with = "de::text")]
    pub content: String,
    /// Where it is.
    #[serde(default, deserialize_with = "de::text")]
    pub url: String,
    /// Where "read the original" leads.
    #[serde(default, deserialize_with = "de::text")]
    pub content_source_url: String,
}
