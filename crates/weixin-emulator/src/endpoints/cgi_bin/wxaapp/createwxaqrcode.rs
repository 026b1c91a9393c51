//! `POST /cgi-bin/wxaapp/createwxaqrcode`: the square code of a page with its query, one of the 100,000 of `getwxacode`.

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::wxa::code;
use crate::endpoints::{Auth, Call, Endpoint, MINI, UNLIMITED, Verb, text};
use crate::refusals;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/wxaapp/createwxaqrcode",
    verb: Verb::Post,
    auth: Auth::Token(MINI),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

/// Characters of a path.
const LONGEST_PATH: usize = 128;
const NO_PATH: Refusal = Refusal::new(40159, "invalid length for path, or the data is not json string");

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.json().map_err(|_| NO_PATH)?;
    let path = text(&body, "path").filter(|path| path.chars().count() <= LONGEST_PATH).ok_or(NO_PATH)?;
    code::check_reserved(path)?;
    let width = code::width(&body)?;
    let app_id = call.app_id().to_owned();
    let used = call.world.mini_links.draw_code(&app_id).ok_or(refusals::TOO_MANY_QR_CODES)?;
    let (page, query) = path.split_once('?').unwrap_or((path, ""));
    Ok(code::picture(&app_id, page.trim_start_matches('/'), query, width)?.with_header("num-used", used.to_string()))
}
