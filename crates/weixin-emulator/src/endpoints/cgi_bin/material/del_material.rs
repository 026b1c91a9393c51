//! `POST /cgi-bin/material/del_material`: forgets a file.

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, UNLIMITED, Verb, text};
use crate::refusals;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/material/del_material",
    verb: Verb::Post,
    auth: Auth::Token(OFFICIAL),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.json()?;
    let media_id = text(&body, "media_id").ok_or(refusals::MEDIA_ID_MISSING)?;
    let app_id = call.app_id().to_owned();
    if call.world.media.delete(&app_id, media_id) { Ok(Object::ok()) } else { Err(refusals::INVALID_MEDIA_ID) }
}
