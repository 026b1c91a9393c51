//! `GET /cgi-bin/ticket/getticket`: tickets for page and card signatures.

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, Verb, daily};
use crate::refusals;
use crate::state::ticket::TicketKind;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/ticket/getticket",
    verb: Verb::Get,
    auth: Auth::Token(OFFICIAL),
    family: Family::Api,
    limits: daily(10_000),
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let kind = match call.query("type") {
        Some("jsapi") => TicketKind::Jsapi,
        Some("wx_card") => TicketKind::WxCard,
        _ => return Err(refusals::INVALID_ARGS),
    };
    let app_id = call.app_id().to_owned();
    let (ticket, expires_in) = call.world.tickets.get(&app_id, kind, &call.world.settings, call.random, call.now_ms);
    Ok(Object::ok().with("ticket", ticket).with("expires_in", expires_in))
}
