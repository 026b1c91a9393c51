//! `POST /cgi-bin/clear_quota/v2`: the same with appid and secret instead of a token, in the query or a JSON body.

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, UNLIMITED, Verb};
use crate::refusals;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/clear_quota/v2",
    verb: Verb::Post,
    auth: Auth::Own,
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let app_id = call.anywhere("appid").ok_or(refusals::APPID_MISSING)?;
    let account = call.world.accounts.by_app_id(&app_id).cloned().ok_or(refusals::INVALID_APPID)?;
    let secret = call.anywhere("appsecret").ok_or(refusals::SECRET_MISSING)?;
    if secret != account.app_secret {
        return Err(refusals::INVALID_SECRET);
    }
    super::clear(call, &app_id)
}
