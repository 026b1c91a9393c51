//! `POST /cgi-bin/template/api_set_industry`: chooses two industries, once a month.

use super::industry;
use crate::answer::{Family, Object, Refusal};
use crate::clock::beijing_month;
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, UNLIMITED, Verb};
use crate::refusals;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/template/api_set_industry",
    verb: Verb::Post,
    auth: Auth::Token(OFFICIAL),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.json()?;
    let chosen = |name: &str| {
        let value = body.get(name)?;
        let id = value.as_u64().or_else(|| value.as_str()?.parse().ok())?;
        industry(u32::try_from(id).ok()?).map(|(id, ..)| id)
    };
    let primary = chosen("industry_id1").ok_or(refusals::coded(40102))?;
    let secondary = chosen("industry_id2").ok_or(refusals::coded(40102))?;
    let (app_id, month) = (call.app_id().to_owned(), beijing_month(call.now_ms));
    if call.world.templates.set_industries(&app_id, primary, secondary, month) {
        Ok(Object::ok())
    } else {
        Err(refusals::coded(43100))
    }
}
