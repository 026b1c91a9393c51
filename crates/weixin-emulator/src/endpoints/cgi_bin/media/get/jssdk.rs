//! `GET /cgi-bin/media/get/jssdk`: the clear form of a voice. The emulator does not convert: it gives back what it has.

use crate::answer::{Family, File, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, UNLIMITED, Verb};
use crate::refusals;
use crate::state::media::MediaKind;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/media/get/jssdk",
    verb: Verb::Get,
    auth: Auth::Token(OFFICIAL),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let media = super::temporary(call)?;
    if media.kind != MediaKind::Voice {
        return Err(refusals::INVALID_MEDIA_ID);
    }
    let filename = format!("{}.speex", media.media_id);
    Ok(Object::file(File { filename, content_type: "voice/speex", bytes: media.bytes.clone() }))
}
