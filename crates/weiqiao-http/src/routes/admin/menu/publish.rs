//! `PUT /api/admin/accounts/{account}/menu`: publish.

use axum::extract::State;
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use weiqiao_app::usecase::menu::{WantedMenus, publish_menus};

use super::{MenusBody, if_match};
use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::ManageMenus;
use crate::engine::{Allowed, ApiError, ApiJson, ApiPath, Envelope, Failure, Field, Input, Limited, Success};

/// What is to be live. The use case reads the buttons one by one, so that what is wrong is told by its place.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct PublishMenuRequest(Map<String, Value>);

impl Input for PublishMenuRequest {
    const NAME: &'static str = "PublishMenuRequest";
    const FIELDS: &'static [Field] = &[
        Field::list("button", "Button").required(),
        Field::list("conditionalmenu", "Conditionalmenu"),
        Field::text("if_match", "IfMatch").max(64),
    ];
}

/// What is to be live.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the body for people")]
pub(crate) struct PublishMenuText {
    /// One to three buttons, as WeChat writes them.
    #[schema(value_type = Vec<Object>, example = json!([
        {"type": "click", "name": "今日歌曲", "key": "V1001_TODAY_MUSIC"},
        {"name": "菜单", "sub_button": [{"type": "view", "name": "搜索", "url": "https://www.example.com/"}]},
    ]))]
    button: Vec<Value>,
    /// The menus only some people see, all of them: `{"button", "matchrule"}`, of those that fit somebody the last one counts.
    /// Missing: they stay as they are.
    #[schema(value_type = Option<Vec<Object>>, example = json!([
        {"button": [{"type": "click", "name": "会员", "key": "VIP"}], "matchrule": {"tag_id": "2"}},
    ]))]
    conditionalmenu: Option<Vec<Value>>,
    /// The `digest` of the menus as they were read: when others are live by now, nothing is done.
    #[schema(example = "9b74c9897bac770ffc029102a200c5de")]
    if_match: Option<String>,
}

/// Publishes menus. Followers see them within five minutes; who follows anew sees them at once.
#[utoipa::path(
    put, path = "/api/admin/accounts/{account}/menu", tag = "menus", operation_id = "publish_menu",
    params(("account" = String, Path, description = "the account's name", example = "official")),
    request_body = PublishMenuText,
    responses(
        (status = 200, description = "what is live now", body = Success<MenusBody>),
        (status = 400, description = "a limit is broken; `details` names the button, such as `button[1].sub_button[2].name`", body = Failure),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right", body = Failure),
        (status = 404, description = "no such account, or a mini program", body = Failure),
        (status = 409, description = "others are live by now (`MENU_CHANGED`), or somebody is at it (`MENU_BUSY`)", body = Failure),
        (status = 500, description = "WeChat refused", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    allowed: Allowed<ManageMenus>,
    ApiPath(account): ApiPath,
    ApiJson(PublishMenuRequest(mut fields)): ApiJson<PublishMenuRequest>,
) -> Result<Envelope<MenusBody>, ApiError> {
    let seen = if_match(&mut fields);
    let wanted = WantedMenus::read(fields.get("button"), fields.get("conditionalmenu"))?;
    let live = publish_menus(state.app(), allowed.caller(), &account, wanted, seen.as_deref()).await?;
    Ok(Envelope::of(MenusBody::of(&account, live)?))
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::super::testing::{PATH, buttons};
    use crate::testing::World;

    #[tokio::test]
    async fn the_menu_is_live_and_the_answer_says_so() {
        let world = World::strict().await;
        let put = world.menu_call("PUT", "", json!({"button": buttons("K")})).await;
        put.is(StatusCode::OK).success("success");
        assert_eq!(put.data(), world.menu_call("GET", "", Value::Null).await.data());
        assert_eq!(world.wechat_calls("/cgi-bin/menu/create"), 1);
        world.menu_call("PUT", "", json!({"button": buttons("K")})).await.is(StatusCode::OK);
        assert_eq!(world.wechat_calls("/cgi-bin/menu/create"), 1, "what is live is not sent again");
    }

    #[rstest]
    #[case(json!([{"type": "click", "name": "名".repeat(6), "key": "K"}]), "button[0].name", "max")]
    #[case(json!([{"type": "click", "name": "a"}]), "button[0].key", "required")]
    #[case(json!([{"name": "a", "sub_button": [{"type": "view", "name": "b", "url": "example.com"}]}]), "button[0].sub_button[0].url", "format")]
    #[case(json!([{"type": "dance", "name": "a"}]), "button[0].type", "oneof")]
    #[case(json!([1]), "button[0]", "type")]
    #[case(json!([{"name": "a"}, {"name": "b"}, {"name": "c"}, {"name": "d"}]), "button", "count")]
    #[case(json!({}), "button", "type")]
    #[tokio::test]
    async fn a_button_that_breaks_a_limit_is_named(#[case] button: Value, #[case] field: &str, #[case] rule: &str) {
        let world = World::open().await;
        let answer = world.menu_call("PUT", "", json!({"button": button})).await;
        answer.is(StatusCode::BAD_REQUEST).code("VALIDATION_FAILED");
        let detail = &answer.error()["details"][0];
        assert_eq!((&detail["field"], &detail["rule"]), (&json!(field), &json!(rule)), "{answer:?}");
        assert!(answer.message().starts_with(&format!("请求参数错误: {}", detail["message"].as_str().unwrap())));
        assert_eq!(world.wechat_calls("/cgi-bin/menu"), 0, "WeChat is not asked");
    }

    #[tokio::test]
    async fn a_missing_list_of_buttons_is_said_as_documented() {
        let world = World::open().await;
        for body in [json!({}), json!({"button": []})] {
            let answer = world.menu_call("PUT", "", body).await;
            let text =
                "Key: 'PublishMenuRequest.Button' Error:Field validation for 'Button' failed on the 'required' tag";
            answer.is(StatusCode::BAD_REQUEST).failure("VALIDATION_FAILED", &format!("请求参数错误: {text}"));
        }
    }

    #[tokio::test]
    async fn nobody_overwrites_what_they_did_not_see() {
        let world = World::open().await;
        let first = world.menu_call("PUT", "", json!({"button": buttons("1")})).await;
        let seen = &first.is(StatusCode::OK).data()["digest"];
        let second = world.menu_call("PUT", "", json!({"button": buttons("2"), "if_match": seen})).await;
        second.is(StatusCode::OK);
        let late = world.menu_call("PUT", "", json!({"button": buttons("3"), "if_match": seen})).await;
        late.is(StatusCode::CONFLICT).code("MENU_CHANGED");
        let live = world.menu_call("GET", "", Value::Null).await;
        assert_eq!(live.data(), second.data(), "nothing was done");
    }

    #[tokio::test]
    async fn two_at_once_do_not_both_win() {
        let world = World::open().await;
        let seen = world.menu_call("GET", "", Value::Null).await.data()["digest"].clone();
        let put = |key| world.menu_call("PUT", "", json!({"button": buttons(key), "if_match": seen}));
        let (one, other) = tokio::join!(put("1"), put("2"));
        let won = [&one, &other].into_iter().filter(|answer| answer.status() == StatusCode::OK).count();
        assert_eq!(won, 1, "{one:?} {other:?}");
        let lost = if one.status() == StatusCode::OK { other } else { one };
        lost.is(StatusCode::CONFLICT);
    }

    #[tokio::test]
    async fn conditional_menus_that_stay_keep_their_numbers() {
        let world = World::open().await;
        let rule = |platform: &str| json!({"client_platform_type": platform});
        let one = |key: &str, platform: &str| json!({"button": buttons(key), "matchrule": rule(platform)});
        let put = |list: Value| world.menu_call("PUT", "", json!({"button": buttons("K"), "conditionalmenu": list}));
        let first = put(json!([one("A", "1"), one("B", "2")])).await;
        let numbers = |answer: &crate::testing::Answer| -> Vec<String> {
            let list = answer.is(StatusCode::OK).data()["conditionalmenu"].as_array().unwrap().clone();
            list.iter().map(|menu| menu["menuid"].as_str().unwrap().to_owned()).collect()
        };
        let before = numbers(&first);
        let second = put(json!([one("B", "2"), one("C", "3")])).await;
        let after = numbers(&second);
        assert_eq!((before.len(), after.len(), &after[0]), (2, 2, &before[1]));
        assert_eq!(numbers(&world.menu_call("GET", "", Value::Null).await), after);
        let alone = world.menu_call("PUT", "", json!({"button": buttons("K2")})).await;
        assert_eq!(numbers(&alone), after, "not mentioned, not touched");
        assert!(numbers(&put(json!([])).await).is_empty());
    }

    #[tokio::test]
    async fn what_wechat_refuses_names_the_menu() {
        let world = World::open().await;
        world.wechat_refuses("/cgi-bin/menu/addconditional", 65316, 1).await;
        let list = json!([{"button": buttons("A"), "matchrule": {"client_platform_type": 1}}]);
        let answer = world.menu_call("PUT", "", json!({"button": buttons("K"), "conditionalmenu": list})).await;
        answer.is(StatusCode::INTERNAL_SERVER_ERROR).code("WECHAT_API_FAILED");
        assert!(answer.message().starts_with("发布个性化菜单 conditionalmenu[0] 失败: wechat api error: 65316"));
        world.wechat_refuses("/cgi-bin/menu/create", 40054, 1).await;
        let answer = world.menu_call("PUT", "", json!({"button": buttons("L")})).await;
        assert_eq!(answer.is(StatusCode::INTERNAL_SERVER_ERROR).error()["errcode"], 40054);
    }

    #[tokio::test]
    async fn a_stranger_learns_nothing() {
        let world = World::strict().await;
        let answer = world.request("PUT", PATH).json("{").send().await;
        answer.is(StatusCode::UNAUTHORIZED);
    }
}
