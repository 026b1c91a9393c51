//! `POST /cgi-bin/user/info/batchget`: up to a hundred people at once.

use serde_json::Value;

use super::relation;
use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, UNLIMITED, Verb, text};
use crate::refusals;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/user/info/batchget",
    verb: Verb::Post,
    auth: Auth::Token(OFFICIAL),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

const MOST: usize = 100;

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.json()?;
    let account = call.account()?;
    let list = body.get("user_list").and_then(Value::as_array).ok_or(refusals::BAD_OPENID_LIST)?;
    if list.is_empty() || list.len() > MOST {
        return Err(refusals::OPENID_LIST_SIZE);
    }
    let mut people = Vec::with_capacity(list.len());
    for asked in list {
        let openid = text(asked, "openid").ok_or(refusals::INVALID_OPENID)?;
        people.push(relation(call, &account, openid, text(asked, "lang"))?);
    }
    Ok(Object::new().with_list("user_info_list", people))
}
