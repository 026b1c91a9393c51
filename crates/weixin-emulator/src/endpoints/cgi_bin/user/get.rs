//! `GET /cgi-bin/user/get`: the openids of all followers, page by page.

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::cgi_bin::people;
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, Verb, daily};

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/user/get",
    verb: Verb::Get,
    auth: Auth::Token(OFFICIAL),
    family: Family::Api,
    limits: daily(500),
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let account = call.account()?;
    let everybody: Vec<(&str, bool)> =
        call.world.follows.ever(&account.app_id).into_iter().map(|(who, follow)| (who, follow.following)).collect();
    let total = everybody.iter().filter(|(_, follows)| *follows).count();
    let (after, size) = (call.query("next_openid"), call.world.settings.follower_page);
    people::page(&account, &everybody, after, size, Object::new().with("total", total))
}
