//! `POST /api/admin/accounts/{account}/menu/conditional`: a menu only some people see.

use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use weiqiao_app::usecase::menu::{WantedConditional, add_conditional_menu};

use super::{MenusBody, if_match};
use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::ManageMenus;
use crate::engine::{Allowed, ApiError, ApiJson, ApiPath, Envelope, Failure, Field, Input, Limited, Success};

/// A menu and who sees it. The use case reads them, so that what is wrong is told by its place.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct AddConditionalMenuRequest(Map<String, Value>);

impl Input for AddConditionalMenuRequest {
    const NAME: &'static str = "AddConditionalMenuRequest";
    const FIELDS: &'static [Field] = &[
        Field::list("button", "Button").required(),
        Field::free("matchrule", "Matchrule"),
        Field::text("if_match", "IfMatch").max(64),
    ];
}

/// A menu and who sees it.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the body for people")]
pub(crate) struct AddConditionalMenuText {
    /// One to three buttons, as WeChat writes them; at most three domains.
    #[schema(value_type = Vec<Object>, example = json!([{"type": "click", "name": "会员", "key": "VIP"}]))]
    button: Vec<Value>,
    /// `tag_id`, `client_platform_type` (`1` iOS, `2` Android, `3` others); all that are given have to fit.
    #[schema(value_type = Object, example = json!({"tag_id": "2"}))]
    matchrule: Value,
    /// The `digest` of the menus as they were read.
    #[schema(example = "9b74c9897bac770ffc029102a200c5de")]
    if_match: Option<String>,
}

/// A conditional menu that was made just now.
#[derive(Serialize, ToSchema)]
pub(crate) struct AddedMenuBody {
    /// Its number.
    #[schema(example = "208379533")]
    menuid: String,
    /// What is live now.
    live: MenusBody,
}

/// Makes a conditional menu. Of those that fit somebody the newest counts; a default menu has to be there (65303).
#[utoipa::path(
    post, path = "/api/admin/accounts/{account}/menu/conditional", tag = "menus", operation_id = "add_conditional_menu",
    params(("account" = String, Path, description = "the account's name", example = "official")),
    request_body = AddConditionalMenuText,
    responses(
        (status = 201, description = "made", body = Success<AddedMenuBody>),
        (status = 400, description = "a limit is broken, or there is no rule; `details` names the place", body = Failure),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right", body = Failure),
        (status = 404, description = "no such account, or a mini program", body = Failure),
        (status = 409, description = "others are live by now, or somebody is at it", body = Failure),
        (status = 500, description = "WeChat refused", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    allowed: Allowed<ManageMenus>,
    ApiPath(account): ApiPath,
    ApiJson(AddConditionalMenuRequest(mut fields)): ApiJson<AddConditionalMenuRequest>,
) -> Result<Envelope<AddedMenuBody>, ApiError> {
    let seen = if_match(&mut fields);
    let wanted = WantedConditional::read(&Value::Object(fields))?;
    let added = add_conditional_menu(state.app(), allowed.caller(), &account, wanted, seen.as_deref()).await?;
    let body = AddedMenuBody { menuid: added.menuid, live: MenusBody::of(&account, added.live)? };
    Ok(Envelope::of(body).status(StatusCode::CREATED))
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::super::testing::buttons;
    use crate::testing::World;

    #[tokio::test]
    async fn one_is_made_and_deleted_again() {
        let world = World::open().await;
        let new = json!({"button": buttons("A"), "matchrule": {"client_platform_type": "2"}});
        let early = world.menu_call("POST", "/conditional", new.clone()).await;
        assert_eq!(early.is(StatusCode::INTERNAL_SERVER_ERROR).error()["errcode"], 65303, "no default menu");
        let before = world.menu_call("PUT", "", json!({"button": buttons("K")})).await;
        let added = world.menu_call("POST", "/conditional", new).await;
        let number = added.is(StatusCode::CREATED).data()["menuid"].as_str().unwrap().to_owned();
        let live = world.menu_call("GET", "", Value::Null).await;
        assert_eq!(live.data()["digest"], added.data()["live"]["digest"]);

        let path = format!("/conditional/{number}");
        let seen = before.data()["digest"].as_str().unwrap();
        let late = world.menu_call("DELETE", &format!("{path}?if_match={seen}"), Value::Null).await;
        late.is(StatusCode::CONFLICT).code("MENU_CHANGED");
        let gone = world.menu_call("DELETE", &path, Value::Null).await;
        assert_eq!(gone.is(StatusCode::OK).data()["digest"], before.data()["digest"]);
        let again = world.menu_call("DELETE", &path, Value::Null).await;
        assert_eq!(again.is(StatusCode::INTERNAL_SERVER_ERROR).error()["errcode"], 65301);
    }

    #[rstest]
    #[case(json!({"button": [{"type": "click", "name": "a", "key": "k"}]}), "matchrule", "required")]
    #[case(json!({"button": [{"type": "click", "name": "a", "key": "k"}], "matchrule": {"sex": 1}}), "matchrule.sex", "withdrawn")]
    #[case(json!({"button": [{"type": "click", "name": "a", "key": "k"}], "matchrule": 1}), "matchrule", "type")]
    #[case(json!({"matchrule": {"tag_id": 2}}), "button", "required")]
    #[tokio::test]
    async fn what_is_wrong_is_named(#[case] body: Value, #[case] field: &str, #[case] rule: &str) {
        let world = World::open().await;
        let answer = world.menu_call("POST", "/conditional", body).await;
        answer.is(StatusCode::BAD_REQUEST).code("VALIDATION_FAILED");
        let detail = &answer.error()["details"][0];
        assert_eq!((&detail["field"], &detail["rule"]), (&json!(field), &json!(rule)), "{answer:?}");
    }
}
