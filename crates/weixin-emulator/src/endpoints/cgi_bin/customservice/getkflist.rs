//! `GET /cgi-bin/customservice/getkflist`: the staff, and who is invited to it.

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, BOTH, Call, Endpoint, UNLIMITED, Verb};

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/customservice/getkflist",
    verb: Verb::Get,
    auth: Auth::Token(BOTH),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let staff = call.world.staff.list(call.app_id()).iter().map(|member| {
        let picture = member.picture.as_deref().map(|id| call.file_url(id)).unwrap_or_default();
        let invitation = member.invitation.as_ref();
        Object::new()
            .with("kf_account", member.kf_account.as_str())
            .with("kf_headimgurl", picture)
            .with("kf_id", member.kf_id)
            .with("kf_nick", member.nickname.as_str())
            .with_some("kf_wx", member.persona.as_deref())
            .with_some("invite_wx", invitation.map(|it| it.persona.as_str()))
            .with_some("invite_expire_time", invitation.map(|it| it.expires_ms.div_euclid(1000)))
            .with_some("invite_status", invitation.map(|it| it.status(call.now_ms)))
    });
    Ok(Object::new().with_list("kf_list", staff))
}
