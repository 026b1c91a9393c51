//! `GET /cgi-bin/material/get_materialcount`: how many files are kept for good.

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, UNLIMITED, Verb};
use crate::state::media::MediaKind;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/material/get_materialcount",
    verb: Verb::Get,
    auth: Auth::Token(OFFICIAL),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let count = |kind| call.world.media.permanent(call.app_id()).filter(|file| file.kind == kind).count();
    Ok(Object::new()
        .with("voice_count", count(MediaKind::Voice))
        .with("video_count", count(MediaKind::Video))
        .with("image_count", count(MediaKind::Image))
        .with("news_count", 0))
}
