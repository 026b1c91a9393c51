//! `POST /wxa/img_sec_check`: whether a picture may be published (version 1).

use super::content;
use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, MINI, Verb, both};
use crate::refusals;
use crate::state::media::Format;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/wxa/img_sec_check",
    verb: Verb::Post,
    auth: Auth::Token(MINI),
    family: Family::Api,
    limits: both(200_000, 2_000),
    run,
};

/// Bytes of a picture.
const LONGEST: usize = 1024 * 1024;

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let upload = call.upload()?;
    if upload.bytes.len() > LONGEST {
        return Err(refusals::IMAGE_TOO_LARGE);
    }
    if !matches!(Format::of(&upload.bytes), Some(Format::Jpeg | Format::Png | Format::Gif)) {
        return Err(refusals::INVALID_FILE_TYPE);
    }
    // Nobody looks at it: a word of the settings in its name decides.
    let (suggest, _) = content::judge(&call.world.settings, &upload.filename);
    if suggest == "risky" { Err(refusals::coded(87014)) } else { Ok(Object::ok()) }
}
