//! `POST /customservice/msgrecord/getmsglist`: what was said, a day at most, page by page.

use serde_json::Value;

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::customservice::wrong_parameter;
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, UNLIMITED, Verb};
use crate::refusals;
use crate::state::service_desk::Record;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/customservice/msgrecord/getmsglist",
    verb: Verb::Post,
    auth: Auth::Token(OFFICIAL),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

const DAY_S: i64 = 86_400;
const MOST: u64 = 10_000;

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.json()?;
    let whole = |name: &str| body.get(name).and_then(Value::as_i64).ok_or_else(wrong_parameter);
    let (from_s, to_s) = (whole("starttime")?, whole("endtime")?);
    let (first, number) = (u64::try_from(whole("msgid")?), u64::try_from(whole("number")?));
    let (Ok(first @ 1..), Ok(number @ 1..=MOST)) = (first, number) else { return Err(wrong_parameter()) };
    if to_s < from_s {
        return Err(wrong_parameter());
    }
    if to_s - from_s > DAY_S {
        return Err(refusals::coded(65417));
    }
    let account = call.account()?;
    let most = usize::try_from(number).unwrap_or(usize::MAX);
    let records = call.world.service_desks.records(&account.app_id, (from_s, to_s), first);
    let page: Vec<&Record> = records.take(most).collect();
    // The next page begins after the last record of this one.
    let next = page.last().map_or(first, |record| record.id + 1);
    let list = page.iter().map(|record| {
        Object::new()
            .with("openid", account.openid(&record.persona))
            .with("opercode", if record.by_staff { 2002 } else { 2003 })
            .with("text", record.text.as_str())
            .with("time", record.at_ms.div_euclid(1000))
            .with("worker", record.kf_account.as_str())
    });
    Ok(Object::new().with_list("recordlist", list).with("number", page.len()).with("msgid", next))
}
