//! `POST /cgi-bin/material/add_material`: keeps a file for good.

use serde_json::Value;

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::Upload;
use crate::endpoints::cgi_bin::media::unfit;
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, UNLIMITED, Verb, text};
use crate::refusals;
use crate::state::media::{MediaKind, NewMedia, Store};

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/material/add_material",
    verb: Verb::Post,
    auth: Auth::Token(OFFICIAL),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

/// Pictures an account may keep.
const IMAGES: usize = 100_000;
/// Files of any other kind it may keep.
const OTHERS: usize = 1000;

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let kind = call.query("type").and_then(MediaKind::parse).ok_or(refusals::INVALID_MEDIA_TYPE)?;
    let mut upload = call.upload()?;
    kind.check(&upload.bytes, Store::Permanent).map_err(unfit(kind))?;
    let (mut title, mut introduction) = (String::new(), String::new());
    if kind == MediaKind::Video {
        let description = upload.texts.remove("description").unwrap_or_default();
        let description: Value = serde_json::from_str(&description).map_err(|_| refusals::BAD_JSON)?;
        text(&description, "title").ok_or(refusals::coded(45003))?.clone_into(&mut title);
        text(&description, "introduction").unwrap_or_default().clone_into(&mut introduction);
    }
    let app_id = call.app_id().to_owned();
    let most = if kind == MediaKind::Image { IMAGES } else { OTHERS };
    if call.world.media.permanent(&app_id).filter(|file| file.kind == kind).count() >= most {
        return Err(refusals::coded(45074));
    }
    let Upload { filename, bytes, .. } = upload;
    let new = NewMedia { app_id: &app_id, kind, filename, bytes, title, introduction };
    let media_id = call.world.media.add(new, None, call.random, call.now_ms);
    let url = (kind == MediaKind::Image).then(|| call.file_url(&media_id));
    Ok(Object::new().with("media_id", media_id).with_some("url", url).with("item", Vec::<i64>::new()))
}
