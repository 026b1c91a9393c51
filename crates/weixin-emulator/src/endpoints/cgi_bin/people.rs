//! Who an openid is, and pages of openids; shared by the calls about followers, tags and the blacklist.

use serde_json::{Value, json};

use crate::answer::{Object, Refusal};
use crate::endpoints::Call;
use crate::refusals;
use crate::state::account::Account;

/// Which of the people an account knows count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    /// Only those who follow now: 40003 for the others.
    Followers,
    /// All.
    Anybody,
}

/// The person with this openid: 40003 for one nobody has, 49003 for one of another account.
pub(crate) fn person(call: &Call<'_>, account: &Account, openid: &str, who: Who) -> Result<String, Refusal> {
    let Some(persona) = call.world.person_of(account, openid) else {
        let elsewhere = call.world.is_known_elsewhere(account, openid);
        return Err(if elsewhere { refusals::FOREIGN_OPENID } else { refusals::INVALID_OPENID });
    };
    let counts = who == Who::Anybody || call.world.follows.find(&account.app_id, &persona.id).is_some();
    if counts { Ok(persona.id.clone()) } else { Err(refusals::INVALID_OPENID) }
}

/// The people of `openid_list`: 40032 when it is empty or longer than `most`, 40031 when it is no list of texts.
pub(crate) fn people(
    call: &Call<'_>,
    account: &Account,
    body: &Value,
    most: usize,
    who: Who,
) -> Result<Vec<String>, Refusal> {
    let list = body.get("openid_list").and_then(Value::as_array).ok_or(refusals::BAD_OPENID_LIST)?;
    if list.is_empty() || list.len() > most {
        return Err(refusals::OPENID_LIST_SIZE);
    }
    let mut people = Vec::with_capacity(list.len());
    for openid in list {
        people.push(person(call, account, openid.as_str().ok_or(refusals::BAD_OPENID_LIST)?, who)?);
    }
    Ok(people)
}

/// One page of openids: `everybody` in order and whether they are to be listed, beginning after `after` (40003 when
/// that is nobody of them), added to `object`. `data` is absent from an empty page, whose `next_openid` is empty.
pub(crate) fn page(
    account: &Account,
    everybody: &[(&str, bool)],
    after: Option<&str>,
    size: usize,
    object: Object,
) -> Result<Object, Refusal> {
    let from = match after {
        None => 0,
        Some(after) => {
            let at = everybody.iter().position(|(persona, _)| account.openid(persona) == after);
            at.ok_or(refusals::INVALID_OPENID)? + 1
        }
    };
    let rest = everybody.iter().skip(from).filter(|(_, listed)| *listed);
    let openids: Vec<String> = rest.take(size).map(|(persona, _)| account.openid(persona)).collect();
    let next = openids.last().cloned().unwrap_or_default();
    let data = (!openids.is_empty()).then(|| json!({ "openid": openids }));
    Ok(object.with("count", openids.len()).with_some("data", data).with("next_openid", next))
}
