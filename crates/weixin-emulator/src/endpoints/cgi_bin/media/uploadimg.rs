//! `POST /cgi-bin/media/uploadimg`: a picture for the body of an article gets an address.

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, UNLIMITED, Verb};
use crate::state::media::{MediaKind, NewMedia, Store};

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/media/uploadimg",
    verb: Verb::Post,
    auth: Auth::Token(OFFICIAL),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let upload = call.upload()?;
    let kind = MediaKind::Picture;
    kind.check(&upload.bytes, Store::Permanent).map_err(super::unfit(kind))?;
    let app_id = call.app_id().to_owned();
    let new = NewMedia {
        app_id: &app_id,
        kind,
        filename: upload.filename,
        bytes: upload.bytes,
        title: String::new(),
        introduction: String::new(),
    };
    let id = call.world.media.add(new, None, call.random, call.now_ms);
    Ok(Object::new().with("url", call.file_url(&id)))
}
