//! `POST /customservice/kfaccount/uploadheadimg`: a picture for a member.

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::customservice::{refusal, wrong_parameter};
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, UNLIMITED, Verb};
use crate::refusals;
use crate::state::media::{Format, MediaKind, NewMedia};

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/customservice/kfaccount/uploadheadimg",
    verb: Verb::Post,
    auth: Auth::Token(OFFICIAL),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

const LARGEST: usize = 5 * 1024 * 1024;

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let who = call.query("kf_account").ok_or_else(wrong_parameter)?;
    let app_id = call.app_id().to_owned();
    call.world.staff.find(&app_id, who).map_err(refusal)?;
    let upload = call.upload()?;
    if Format::of(&upload.bytes) != Some(Format::Jpeg) {
        return Err(refusals::INVALID_FILE_TYPE);
    }
    if upload.bytes.len() > LARGEST {
        return Err(refusals::IMAGE_TOO_LARGE);
    }
    let new = NewMedia {
        app_id: &app_id,
        kind: MediaKind::Picture,
        filename: upload.filename,
        bytes: upload.bytes,
        title: String::new(),
        introduction: String::new(),
    };
    let id = call.world.media.add(new, None, call.random, call.now_ms);
    call.world.staff.find_mut(&app_id, who).map_err(refusal)?.picture = Some(id);
    Ok(Object::ok())
}
