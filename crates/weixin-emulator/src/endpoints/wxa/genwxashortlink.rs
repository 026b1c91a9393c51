//! `POST /wxa/genwxashortlink`: a text that opens a mini program from a chat.

use serde_json::Value;

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, MINI, Verb, daily, text};
use crate::refusals;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/wxa/genwxashortlink",
    verb: Verb::Post,
    auth: Auth::Token(MINI),
    family: Family::Api,
    limits: daily(10_000_000),
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.json()?;
    let account = call.account()?;
    if !account.mini_program.sells {
        return Err(refusals::coded(43104));
    }
    let url = text(&body, "page_url").filter(|url| url.chars().count() <= 1024).ok_or(refusals::INVALID_URL)?;
    let page = url.split_once('?').map_or(url, |(page, _)| page);
    if !account.mini_program.has_page(page.trim_start_matches('/')) {
        return Err(refusals::INVALID_URL);
    }
    let title = text(&body, "page_title").unwrap_or_default();
    if title.chars().any(|c| c.is_control() || c == '/') {
        return Err(refusals::coded(40225));
    }
    let permanent = body.get("is_permanent").and_then(Value::as_bool).unwrap_or_default();
    if permanent && call.world.mini_links.keep_short(&account.app_id).is_none() {
        return Err(refusals::coded(85400));
    }
    let shown: String = title.chars().take(20).collect();
    let dots = if title.chars().count() > 20 { "..." } else { "" };
    let link = format!("#小程序://{}/{shown}{dots}/{}", account.title, call.random.alnum(15));
    Ok(Object::ok().with("link", link))
}
