//! `POST /cgi-bin/material/get_material`: a file that was kept for good; of a video where it is.

use crate::answer::{Family, File, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, UNLIMITED, Verb, text};
use crate::refusals;
use crate::state::media::{Format, MediaKind};

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/material/get_material",
    verb: Verb::Post,
    auth: Auth::Token(OFFICIAL),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.json()?;
    let media_id = text(&body, "media_id").ok_or(refusals::MEDIA_ID_MISSING)?;
    let found = call.world.media.permanent(call.app_id()).find(|file| file.media_id == media_id);
    let file = found.ok_or(refusals::INVALID_MEDIA_ID)?;
    if file.kind == MediaKind::Video {
        return Ok(Object::new()
            .with("title", file.title.clone())
            .with("description", file.introduction.clone())
            .with("down_url", call.file_url(media_id)));
    }
    Ok(Object::file(File {
        filename: file.filename.clone(),
        content_type: Format::of(&file.bytes).map_or("application/octet-stream", Format::content_type),
        bytes: file.bytes.clone(),
    }))
}
