//! `POST /api/admin/accounts/{account}/menu/try-match`: which menu somebody sees.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use weiqiao_app::usecase::menu::try_menu;

use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::ReadMenus;
use crate::engine::{Allowed, ApiError, ApiJson, ApiPath, Envelope, Failure, Field, Input, Limited, Success};

/// Who looks.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct TryMenuRequest {
    /// The openid or WeChat id of a follower.
    #[schema(example = "o6_bmjrPTlm6_2sgVt7hMZOPfL2M")]
    user_id: String,
}

impl Input for TryMenuRequest {
    const NAME: &'static str = "TryMenuRequest";
    const FIELDS: &'static [Field] = &[Field::text("user_id", "UserId").required().max(128)];
}

/// What they see.
#[derive(Serialize, ToSchema)]
pub(crate) struct TriedMenuBody {
    /// The menu, as WeChat writes it.
    #[schema(value_type = Object, example = json!({"button": [{"type": "click", "name": "赞", "key": "V1001_GOOD"}]}))]
    menu: Value,
}

/// Asks WeChat which menu a follower sees.
#[utoipa::path(
    post, path = "/api/admin/accounts/{account}/menu/try-match", tag = "menus", operation_id = "try_menu",
    params(("account" = String, Path, description = "the account's name", example = "official")),
    request_body = TryMenuRequest,
    responses(
        (status = 200, description = "the menu", body = Success<TriedMenuBody>),
        (status = 400, description = "nobody is named", body = Failure),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right", body = Failure),
        (status = 404, description = "no such account, or a mini program", body = Failure),
        (status = 500, description = "WeChat refused, for instance because they do not follow (65302, 46004)", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    allowed: Allowed<ReadMenus>,
    ApiPath(account): ApiPath,
    ApiJson(request): ApiJson<TryMenuRequest>,
) -> Result<Envelope<TriedMenuBody>, ApiError> {
    let menu = try_menu(state.app(), allowed.caller(), &account, &request.user_id).await?;
    Ok(Envelope::of(TriedMenuBody { menu: serde_json::to_value(menu).map_err(ApiError::internal)? }))
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use serde_json::json;

    use super::super::testing::buttons;
    use crate::testing::World;

    #[tokio::test]
    async fn a_follower_sees_the_newest_menu_that_fits() {
        let world = World::open().await;
        world.menu_call("PUT", "", json!({"button": buttons("K")})).await.is(StatusCode::OK);
        let person = json!({"user_id": world.openid("xiaoming")});
        let stranger = world.menu_call("POST", "/try-match", person.clone()).await;
        assert_eq!(stranger.is(StatusCode::INTERNAL_SERVER_ERROR).error()["errcode"], 46004);
        world.emulator.engine().follow("xiaoming", "official", None).unwrap();
        let seen = world.menu_call("POST", "/try-match", person).await;
        assert_eq!(seen.is(StatusCode::OK).data()["menu"]["button"], buttons("K"));
        world.menu_call("POST", "/try-match", json!({})).await.is(StatusCode::BAD_REQUEST);
    }
}
