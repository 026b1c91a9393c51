//! `DELETE /api/admin/accounts/{account}/menu`: no menu any more.

use axum::extract::State;
use weiqiao_app::usecase::menu::{LiveMenus, delete_menus};

use super::{IfMatchRequest, MenusBody};
use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::ManageMenus;
use crate::engine::{Allowed, ApiError, ApiPath, ApiQuery, Envelope, Failure, Limited, Success};

/// Deletes the default menu **and all conditional ones**. Deleting none is no error.
#[utoipa::path(
    delete, path = "/api/admin/accounts/{account}/menu", tag = "menus", operation_id = "delete_menu",
    params(("account" = String, Path, description = "the account's name", example = "official"), IfMatchRequest),
    responses(
        (status = 200, description = "what is live now: nothing", body = Success<MenusBody>),
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
    ApiQuery(request): ApiQuery<IfMatchRequest>,
) -> Result<Envelope<MenusBody>, ApiError> {
    delete_menus(state.app(), allowed.caller(), &account, request.if_match.as_deref()).await?;
    Ok(Envelope::of(MenusBody::of(&account, LiveMenus::none())?))
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use serde_json::{Value, json};

    use super::super::testing::buttons;
    use crate::testing::World;

    #[tokio::test]
    async fn everything_is_gone_also_the_second_time() {
        let world = World::open().await;
        let rule = json!({"client_platform_type": 1});
        let list = json!([{"button": buttons("A"), "matchrule": rule}]);
        world.menu_call("PUT", "", json!({"button": buttons("K"), "conditionalmenu": list})).await.is(StatusCode::OK);
        for _ in 0..2 {
            let deleted = world.menu_call("DELETE", "", Value::Null).await;
            assert_eq!(deleted.is(StatusCode::OK).data()["source"], "none");
            assert_eq!(deleted.data(), world.menu_call("GET", "", Value::Null).await.data());
        }
    }

    #[tokio::test]
    async fn what_was_not_seen_is_not_deleted() {
        let world = World::open().await;
        let seen = world.menu_call("PUT", "", json!({"button": buttons("1")})).await.data()["digest"].clone();
        world.menu_call("PUT", "", json!({"button": buttons("2")})).await.is(StatusCode::OK);
        let path = format!("?if_match={}", seen.as_str().unwrap());
        world.menu_call("DELETE", &path, Value::Null).await.is(StatusCode::CONFLICT).code("MENU_CHANGED");
        assert_eq!(world.menu_call("GET", "", Value::Null).await.data()["source"], "api");
        assert_eq!(world.wechat_calls("/cgi-bin/menu/delete"), 0);
    }
}
