//! `POST /cgi-bin/material/batchget_material`: a list of what is kept for good, newest first.

use serde_json::{Value, json};

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, UNLIMITED, Verb, text};
use crate::refusals;
use crate::state::media::MediaKind;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/material/batchget_material",
    verb: Verb::Post,
    auth: Auth::Token(OFFICIAL),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.json()?;
    let kind = text(&body, "type").ok_or(refusals::INVALID_MEDIA_TYPE)?;
    if !["image", "video", "voice", "news"].contains(&kind) {
        return Err(refusals::INVALID_MEDIA_TYPE);
    }
    let number = |name: &str| body.get(name).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
    let offset = number("offset").ok_or(refusals::coded(45164))?;
    let count = number("count").filter(|count| (1..=20).contains(count)).ok_or(refusals::coded(45165))?;
    let files = || call.world.media.permanent(call.app_id()).filter(|file| file.kind.name() == kind);
    let items: Vec<Value> = files()
        .skip(offset)
        .take(count)
        .map(|file| {
            let mut item = json!({
                "media_id": file.media_id, "name": file.filename, "update_time": file.created_ms.div_euclid(1000),
            });
            if file.kind == MediaKind::Image
                && let Some(item) = item.as_object_mut()
            {
                item.insert("url".to_owned(), Value::String(call.file_url(&file.media_id)));
            }
            item
        })
        .collect();
    Ok(Object::new().with("item", items.clone()).with("total_count", files().count()).with("item_count", items.len()))
}
