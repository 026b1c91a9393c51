//! `POST /cgi-bin/qrcode/create`: a QR code with a scene, for a while or for good.

use serde_json::Value;

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, Verb, daily, text};
use crate::refusals;
use crate::state::qr_code::QrScene;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/qrcode/create",
    verb: Verb::Post,
    auth: Auth::Token(OFFICIAL),
    family: Family::Api,
    limits: daily(100_000),
    run,
};

/// Thirty days.
const LONGEST_S: i64 = 2_592_000;
/// Characters of a scene text.
const LONGEST_TEXT: usize = 64;

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.json()?;
    let account = call.account()?;
    let action = text(&body, "action_name").unwrap_or_default();
    let (number_up_to, permanent) = match action {
        "QR_SCENE" => (Some(i64::from(u32::MAX)), false),
        "QR_STR_SCENE" => (None, false),
        "QR_LIMIT_SCENE" => (Some(100_000), true),
        "QR_LIMIT_STR_SCENE" => (None, true),
        _ => return Err(refusals::INVALID_ACTION_NAME),
    };
    let scene = body.get("action_info").and_then(|info| info.get("scene")).filter(|scene| scene.is_object());
    let scene = scene.ok_or(refusals::INVALID_ACTION_INFO)?;
    let scene = match number_up_to {
        Some(most) => {
            let id = scene.get("scene_id").and_then(Value::as_i64).filter(|id| (1..=most).contains(id));
            id.map(QrScene::Number)
        }
        None => {
            let fits = |text: &&str| (1..=LONGEST_TEXT).contains(&text.chars().count());
            scene.get("scene_str").and_then(Value::as_str).filter(fits).map(|text| QrScene::Text(text.to_owned()))
        }
    };
    let scene = scene.ok_or(refusals::INVALID_SCENE)?;
    let life_s = match body.get("expire_seconds") {
        _ if permanent => None,
        None => Some(call.world.settings.qr_code_default_s),
        Some(asked) => {
            let asked = asked.as_i64().filter(|seconds| (1..=LONGEST_S).contains(seconds));
            Some(asked.ok_or(refusals::INVALID_ACTION_INFO)?)
        }
    };
    let expires_ms = life_s.map(|seconds| call.now_ms + seconds * 1000);
    let made = call.world.qr_codes.create(&account.app_id, scene, expires_ms, call.random, call.now_ms);
    let (ticket, code) = made.ok_or(refusals::TOO_MANY_QR_CODES)?;
    Ok(Object::new().with("ticket", ticket).with_some("expire_seconds", life_s).with("url", code.url.as_str()))
}
