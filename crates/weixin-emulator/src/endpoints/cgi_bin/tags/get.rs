//! `GET /cgi-bin/tags/get`: all tags and how many followers have each.

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, UNLIMITED, Verb};

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/tags/get",
    verb: Verb::Get,
    auth: Auth::Token(OFFICIAL),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let account = call.account()?;
    let (world, app_id) = (&call.world, account.app_id.as_str());
    let everybody = world.follows.ever(app_id);
    let count = |id: i64| {
        everybody.iter().filter(|(who, follow)| follow.following && world.tags.of(app_id, who).contains(&id)).count()
    };
    let tags = world.tags.list(app_id).into_iter().map(|tag| {
        let count = count(tag.id);
        Object::new().with("id", tag.id).with("name", tag.name).with("count", count)
    });
    Ok(Object::new().with_list("tags", tags))
}
