//! `POST /cgi-bin/callback/check`: resolves and pings the configured callback address.

use serde_json::json;
use url::{Host, Url};

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, BOTH, Call, Endpoint, UNLIMITED, Verb, text};
use crate::refusals;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/callback/check",
    verb: Verb::Post,
    auth: Auth::Token(BOTH),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.json()?;
    let action = text(&body, "action").filter(|action| ["dns", "ping", "all"].contains(action));
    let action = action.ok_or(refusals::INVALID_CHECK_ACTION)?;
    let operator = text(&body, "check_operator");
    let operator = operator.filter(|operator| ["CHINANET", "UNICOM", "CAP", "DEFAULT"].contains(operator));
    let operator = operator.ok_or(refusals::INVALID_CHECK_OPERATOR)?;
    let account = call.account()?;
    let url = account.callback_url.as_deref().and_then(|url| Url::parse(url).ok());
    let url = url.ok_or(refusals::INVALID_CHECK_URL)?;
    let ip = match url.host().ok_or(refusals::INVALID_CHECK_URL)? {
        Host::Ipv4(ip) => ip.to_string(),
        Host::Ipv6(ip) => ip.to_string(),
        // The emulator asks no name server: every name is this machine.
        Host::Domain(_) => "127.0.0.1".to_owned(),
    };
    let operator = if operator == "DEFAULT" { "CAP" } else { operator };
    let mut answer = Object::new();
    if action != "ping" {
        answer = answer.with("dns", json!([{ "ip": ip, "real_operator": operator }]));
    }
    if action != "dns" {
        let ping = json!([{ "ip": ip, "from_operator": operator, "package_loss": "0%", "time": "0.412ms" }]);
        answer = answer.with("ping", ping);
    }
    Ok(answer)
}
