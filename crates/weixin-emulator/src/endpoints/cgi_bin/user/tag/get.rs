//! `POST /cgi-bin/user/tag/get`: the followers with a tag, page by page.

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::cgi_bin::{people, tags};
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, UNLIMITED, Verb, text};

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/user/tag/get",
    verb: Verb::Post,
    auth: Auth::Token(OFFICIAL),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let body = call.json()?;
    let account = call.account()?;
    let id = tags::id(body.get("tagid"))?;
    let tags = &call.world.tags;
    tags.check(&account.app_id, id).map_err(tags::refusal)?;
    let everybody: Vec<(&str, bool)> = call
        .world
        .follows
        .ever(&account.app_id)
        .into_iter()
        .map(|(who, follow)| (who, follow.following && tags.of(&account.app_id, who).contains(&id)))
        .collect();
    let (after, size) = (text(&body, "next_openid"), call.world.settings.follower_page);
    people::page(&account, &everybody, after, size, Object::new())
}
