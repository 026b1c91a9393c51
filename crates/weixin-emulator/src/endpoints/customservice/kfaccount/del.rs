//! `/customservice/kfaccount/del`: one less on the staff. Official accounts use GET, mini programs POST; both are taken.

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::customservice::{refusal, wrong_parameter};
use crate::endpoints::{Auth, BOTH, Call, Endpoint, UNLIMITED, Verb};

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/customservice/kfaccount/del",
    verb: Verb::Either,
    auth: Auth::Token(BOTH),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let who = call.anywhere("kf_account").ok_or_else(wrong_parameter)?;
    let app_id = call.app_id().to_owned();
    call.world.staff.remove(&app_id, &who).map_err(refusal)?;
    call.world.service_desks.dismiss(&app_id, &who);
    Ok(Object::ok())
}
