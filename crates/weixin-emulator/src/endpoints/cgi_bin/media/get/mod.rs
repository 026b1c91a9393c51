//! `GET /cgi-bin/media/get`: a temporary file; of a video only its address.

pub(crate) mod jssdk;

use crate::answer::{Family, File, Object, Refusal};
use crate::endpoints::{Auth, BOTH, Call, Endpoint, UNLIMITED, Verb};
use crate::refusals;
use crate::state::media::{Format, Media, MediaKind};

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/media/get",
    verb: Verb::Get,
    auth: Auth::Token(BOTH),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

/// The temporary file the call names.
fn temporary<'c>(call: &'c Call<'_>) -> Result<&'c Media, Refusal> {
    let media_id = call.query("media_id").ok_or(refusals::MEDIA_ID_MISSING)?;
    let media = call.world.media.find(call.app_id(), media_id, call.now_ms);
    media.filter(|media| media.expires_ms.is_some()).ok_or(refusals::INVALID_MEDIA_ID)
}

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let media = temporary(call)?;
    if media.kind == MediaKind::Video {
        return Ok(Object::new().with("video_url", call.file_url(&media.media_id)));
    }
    Ok(Object::file(File {
        filename: media.filename.clone(),
        content_type: Format::of(&media.bytes).map_or("application/octet-stream", Format::content_type),
        bytes: media.bytes.clone(),
    }))
}
