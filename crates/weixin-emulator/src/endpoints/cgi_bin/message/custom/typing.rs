//! `POST /cgi-bin/message/custom/typing`: "the other side is typing", for 15 seconds.

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, BOTH, Call, Endpoint, UNLIMITED, Verb, text};
use crate::refusals;
use crate::state::contact::NotTyping;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/message/custom/typing",
    verb: Verb::Post,
    auth: Auth::Token(BOTH),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let request = call.json()?;
    let account = call.account()?;
    let persona = call.person(&account, text(&request, "touser"))?;
    let (contacts, now_ms) = (&mut call.world.contacts, call.now_ms);
    match text(&request, "command") {
        Some("Typing") => contacts.type_to(&account.app_id, &persona, now_ms).map_err(|why| match why {
            NotTyping::Silent => refusals::SILENT,
            NotTyping::Already => refusals::ALREADY_TYPING,
        })?,
        Some("CancelTyping") => contacts.stop_typing(&account.app_id, &persona, now_ms),
        _ => return Err(refusals::INVALID_COMMAND),
    }
    Ok(Object::ok())
}
