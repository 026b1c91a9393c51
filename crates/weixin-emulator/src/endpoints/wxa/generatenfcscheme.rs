//! `POST /wxa/generatenfcscheme`: the scheme in the NFC tag of a device.

use super::link;
use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, MINI, Verb, daily, text};
use crate::refusals;
use crate::state::mini_link::LinkKind;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/wxa/generatenfcscheme",
    verb: Verb::Post,
    auth: Auth::Token(MINI),
    family: Family::Api,
    limits: daily(500_000),
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.json()?;
    let account = link::maker(call)?;
    let model_id = text(&body, "model_id").ok_or(refusals::coded(9_800_003))?;
    let model = account.mini_program.nfc_models.iter().find(|model| model.model_id == model_id);
    let model = model.ok_or(refusals::coded(9_800_007))?;
    let sn = text(&body, "sn");
    let target = link::target(&account, body.get("jump_wxa"))?;
    match (model.per_device, sn) {
        (true, None) => return Err(refusals::coded(9_800_008)),
        (false, Some(_)) => return Err(refusals::coded(9_800_009)),
        (true, Some(sn)) if !call.world.mini_links.equip(&account.app_id, model_id, sn) => {
            return Err(refusals::coded(9_800_003));
        }
        _ => {}
    }
    let scheme = link::make(call, LinkKind::Scheme, target, None, None);
    Ok(Object::ok().with("openlink", scheme))
}
