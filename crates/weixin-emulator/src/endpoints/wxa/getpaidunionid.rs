//! `GET /wxa/getpaidunionid`: the unionid of a person who paid in the last five minutes.

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, MINI, UNLIMITED, Verb};

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/wxa/getpaidunionid",
    verb: Verb::Get,
    auth: Auth::Token(MINI),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

const NOT_OPEN: Refusal = Refusal::new(89002, "open not exists");
const NO_TRADE: Refusal = Refusal::new(89300, "invalid trade");

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let account = call.account()?;
    let persona = call.person(&account, call.query("openid"))?;
    let (transaction, merchant, order) =
        (call.query("transaction_id"), call.query("mch_id"), call.query("out_trade_no"));
    let paid = call.world.open_data.paid(call.now_ms, |payment| {
        let same = match (transaction, merchant, order) {
            (Some(transaction), ..) => payment.transaction_id == transaction,
            (None, Some(merchant), Some(order)) => payment.mch_id == merchant && payment.out_trade_no == order,
            _ => false,
        };
        same && payment.app_id == account.app_id && payment.persona == persona
    });
    if !paid {
        return Err(NO_TRADE);
    }
    let unionid = account.unionid(&persona).ok_or(NOT_OPEN)?;
    Ok(Object::new().with("unionid", unionid).with("errcode", 0).with("errmsg", "ok"))
}
