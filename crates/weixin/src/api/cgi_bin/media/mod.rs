//! `/cgi-bin/media/…`: files WeChat keeps for three days, and pictures for the bodies of articles.

mod get;
mod get_jssdk;
mod upload;
mod uploadimg;

pub use self::get::{GetMedia, Media};
pub use self::get_jssdk::GetJsSdkVoice;
pub use self::upload::{MediaType, UploadMedia, UploadedMedia};
pub use self::uploadimg::{PictureAddress, UploadPicture};

/// The longest file taken, in bytes: videos of 10 MiB are the largest WeChat keeps.
pub(in crate::api) const LONGEST_FILE: usize = 16 * 1024 * 1024;
