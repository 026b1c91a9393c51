//! `POST /customservice/kfaccount/add`: one more on the staff.

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::customservice::{kf_account, refusal};
use crate::endpoints::{Auth, BOTH, Call, Endpoint, UNLIMITED, Verb, text};

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/customservice/kfaccount/add",
    verb: Verb::Post,
    auth: Auth::Token(BOTH),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.json()?;
    let account = call.account()?;
    let (who, nickname) = (kf_account(&body)?, text(&body, "nickname").unwrap_or_default());
    // The page says the WeChat name of the account; its original id is taken too, and here the handle is the name.
    let suffixes = [account.original_id.as_str(), account.name.as_str()];
    call.world.staff.add(&account.app_id, who, nickname, &suffixes).map_err(refusal)?;
    Ok(Object::ok())
}
