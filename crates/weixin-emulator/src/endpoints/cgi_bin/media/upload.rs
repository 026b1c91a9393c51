//! `POST /cgi-bin/media/upload`: keeps a file for three days.

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, BOTH, Call, Endpoint, UNLIMITED, Verb};
use crate::refusals;
use crate::state::media::{MediaKind, NewMedia, Store};

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/media/upload",
    verb: Verb::Post,
    auth: Auth::Token(BOTH),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let kind = call.query("type").and_then(MediaKind::parse).ok_or(refusals::INVALID_MEDIA_TYPE)?;
    let upload = call.upload()?;
    kind.check(&upload.bytes, Store::Temporary).map_err(super::unfit(kind))?;
    let app_id = call.app_id().to_owned();
    let new = NewMedia {
        app_id: &app_id,
        kind,
        filename: upload.filename,
        bytes: upload.bytes,
        title: String::new(),
        introduction: String::new(),
    };
    let lifetime_s = call.world.settings.media_lifetime_s;
    let media_id = call.world.media.add(new, Some(lifetime_s), call.random, call.now_ms);
    // Thumbs have their own name for the id.
    let name = if kind == MediaKind::Thumb { "thumb_media_id" } else { "media_id" };
    Ok(Object::new()
        .with("type", kind.name())
        .with(name, media_id)
        .with("created_at", call.now_ms.div_euclid(1000))
        .with("item", Vec::<i64>::new()))
}
