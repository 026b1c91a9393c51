//! `GET /cgi-bin/get_current_autoreply_info`: the automatic answers set in the console.

use serde_json::{Value, json};

use crate::answer::{Family, Object, Refusal};
use crate::endpoints::{Auth, Call, Endpoint, OFFICIAL, UNLIMITED, Verb};

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    path: "/cgi-bin/get_current_autoreply_info",
    verb: Verb::Get,
    auth: Auth::Token(OFFICIAL),
    family: Family::Api,
    limits: UNLIMITED,
    run,
};

fn run(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let Some(Value::Object(set)) = call.account()?.autoreply else {
        return Ok(Object::new().with("is_add_friend_reply_open", 0).with("is_autoreply_open", 0));
    };
    let object = Object::new();
    let object = ["is_add_friend_reply_open", "is_autoreply_open"]
        .into_iter()
        .fold(object, |object, name| object.with(name, set.get(name).cloned().unwrap_or_else(|| json!(0))));
    let replies = ["add_friend_autoreply_info", "message_default_autoreply_info", "keyword_autoreply_info"];
    Ok(replies.into_iter().fold(object, |object, name| object.with_some(name, set.get(name).cloned())))
}
