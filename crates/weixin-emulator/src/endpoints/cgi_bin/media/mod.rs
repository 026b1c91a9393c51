//! `/cgi-bin/media/…`: temporary files, and pictures for the bodies of articles.

pub(crate) mod get;
pub(crate) mod upload;
pub(crate) mod uploadimg;

use crate::answer::Refusal;
use crate::refusals;
use crate::state::media::{MediaKind, Unfit};

/// Why WeChat does not take a file.
pub(crate) fn unfit(kind: MediaKind) -> impl Fn(Unfit) -> Refusal {
    move |why| match (why, kind) {
        (Unfit::Format, _) => refusals::INVALID_FILE_TYPE,
        (Unfit::Size, MediaKind::Image | MediaKind::Picture) => refusals::IMAGE_TOO_LARGE,
        (Unfit::Size, MediaKind::Voice) => refusals::VOICE_TOO_LARGE,
        (Unfit::Size, MediaKind::Video) => refusals::VIDEO_TOO_LARGE,
        (Unfit::Size, MediaKind::Thumb) => refusals::THUMB_TOO_LARGE,
    }
}
