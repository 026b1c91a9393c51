//! `POST /wxa/media_check_async`: a picture or a sound is looked at; the event `wxa_media_check` tells the verdict.

use serde_json::{Value, json};

use super::content;
use crate::answer::{Family, Object, Refusal};
use crate::delivery::notify;
use crate::endpoints::{Auth, Call, Endpoint, MINI, Verb, both, text};
use crate::refusals;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/wxa/media_check_async",
    verb: Verb::Post,
    auth: Auth::Token(MINI),
    family: Family::Api,
    limits: both(200_000, 2_000),
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.json()?;
    content::version(&body)?;
    content::scene(&body, 1..=4)?;
    if !matches!(body.get("media_type").and_then(Value::as_i64), Some(1 | 2)) {
        return Err(refusals::INVALID_MEDIA_TYPE);
    }
    let url = text(&body, "media_url").ok_or(refusals::BAD_JSON)?;
    let persona = content::active_person(call, &body)?;
    let trace_id = content::trace_id(call);
    // Nothing is fetched: a word of the settings in the address decides.
    let reachable = url::Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    let (suggest, label) = content::judge(&call.world.settings, url);
    let (errcode, errmsg) = if reachable { (0, "ok") } else { (-1008, "download fail") };
    let detail = json!([{ "strategy": "content_model", "errcode": errcode, "suggest": suggest, "label": label,
                          "prob": 90 }]);
    let fields = [
        ("trace_id", json!(trace_id)),
        ("errcode", json!(errcode)),
        ("errmsg", json!(errmsg)),
        ("detail", detail),
        ("result", json!({ "suggest": suggest, "label": label })),
    ];
    let app_id = call.app_id().to_owned();
    notify(call.world, &app_id, &persona, "wxa_media_check", &fields);
    Ok(Object::ok().with("trace_id", trace_id))
}
