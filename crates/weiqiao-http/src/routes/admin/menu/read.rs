//! `GET /api/admin/accounts/{account}/menu`: the menus as WeChat has them now.

use axum::extract::State;
use weiqiao_app::usecase::menu::read_menus;

use super::MenusBody;
use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::ReadMenus;
use crate::engine::{Allowed, ApiError, ApiPath, Envelope, Failure, Limited, Success};

/// Reads the menus of an account from WeChat: the default one and those only some people see.
#[utoipa::path(
    get, path = "/api/admin/accounts/{account}/menu", tag = "menus", operation_id = "read_menu",
    params(("account" = String, Path, description = "the account's name", example = "official")),
    responses(
        (status = 200, description = "the menus; `source` is `none` when there is none", body = Success<MenusBody>),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right", body = Failure),
        (status = 404, description = "no such account, or a mini program", body = Failure),
        (status = 500, description = "WeChat refused", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    allowed: Allowed<ReadMenus>,
    ApiPath(account): ApiPath,
) -> Result<Envelope<MenusBody>, ApiError> {
    let live = read_menus(state.app(), allowed.caller(), &account).await?;
    Ok(Envelope::of(MenusBody::of(&account, live)?))
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use serde_json::{Value, json};
    use weiqiao_model::{ApiScope, Role};

    use super::super::testing::{PATH, buttons};
    use crate::testing::World;

    #[tokio::test]
    async fn the_menus_are_shown_as_they_are_live() {
        let world = World::strict().await;
        let none = world.menu_call("GET", "", Value::Null).await;
        assert_eq!(none.is(StatusCode::OK).data()["source"], "none");
        assert_eq!((&none.data()["menu"], &none.data()["conditionalmenu"]), (&Value::Null, &json!([])));
        world.menu_call("PUT", "", json!({"button": buttons("K")})).await.is(StatusCode::OK);
        let android = json!({"button": buttons("A"), "matchrule": {"client_platform_type": "2"}});
        world.menu_call("POST", "/conditional", android.clone()).await.is(StatusCode::CREATED);

        let live = world.menu_call("GET", "", Value::Null).await;
        let data = live.is(StatusCode::OK).data();
        assert_eq!((&data["account"], &data["source"]), (&json!("official"), &json!("api")));
        assert_eq!(data["menu"]["button"], buttons("K"));
        assert_eq!(data["conditionalmenu"][0]["button"], android["button"]);
        assert_eq!(data["conditionalmenu"][0]["matchrule"], android["matchrule"]);
        assert!(data["menuid"].is_string() && data["conditionalmenu"][0]["menuid"].is_string(), "{data}");
        assert_ne!(data["digest"], none.data()["digest"]);
    }

    #[tokio::test]
    async fn who_may_see_and_who_may_change() {
        let world = World::strict().await;
        let body = json!({"button": buttons("K")}).to_string();
        for (role, may) in
            [(Role::Admin, true), (Role::Supervisor, true), (Role::Advisor, false), (Role::Viewer, false)]
        {
            let staff = world.staff_token(role.as_str(), role).await;
            world.request("GET", PATH).bearer(&staff).send().await.is(StatusCode::OK);
            let put = world.request("PUT", PATH).bearer(&staff).json(&body).send().await;
            let deleted = world.request("DELETE", PATH).bearer(&staff).send().await;
            for answer in [put, deleted] {
                assert_eq!(answer.status() == StatusCode::OK, may, "{role:?}: {answer:?}");
                assert!(may || answer.error()["code"] == "FORBIDDEN", "{answer:?}");
            }
        }
        let (menu, other) = (world.api_key(&[ApiScope::Menu]).await, world.api_key(&[ApiScope::Token]).await);
        world.request("PUT", PATH).api_key(&menu).json(&body).send().await.is(StatusCode::OK);
        let refused = world.request("GET", PATH).api_key(&other).send().await;
        refused.is(StatusCode::FORBIDDEN).code("SCOPE_MISSING");
    }

    #[tokio::test]
    async fn what_wechat_refuses_is_told_with_its_number() {
        let world = World::open().await;
        world.wechat_refuses("/cgi-bin/menu/get", 48001, 1).await;
        let refused = world.menu_call("GET", "", Value::Null).await;
        refused.is(StatusCode::INTERNAL_SERVER_ERROR).code("WECHAT_API_FAILED");
        assert_eq!(refused.error()["errcode"], 48001);
        assert!(refused.message().starts_with("读取菜单失败: wechat api error: 48001 - "), "{refused:?}");
        assert!(refused.error()["hint"].as_str().unwrap().contains("自定义菜单"), "{refused:?}");
    }

    #[tokio::test]
    async fn only_official_accounts_have_menus() {
        let world = World::open().await;
        for account in ["nobody", "mini"] {
            let path = format!("/api/admin/accounts/{account}/menu");
            let answer = world.request("GET", &path).api_key(World::API_KEY).send().await;
            answer.is(StatusCode::NOT_FOUND).code("ACCOUNT_UNKNOWN");
        }
    }
}
