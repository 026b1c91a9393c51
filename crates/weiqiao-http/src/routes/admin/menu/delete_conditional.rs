//! `DELETE /api/admin/accounts/{account}/menu/conditional/{menuid}`: one menu less.

use axum::extract::State;
use weiqiao_app::usecase::menu::delete_conditional_menu;

use super::{IfMatchRequest, MenusBody};
use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::ManageMenus;
use crate::engine::{Allowed, ApiError, ApiPaths, ApiQuery, Envelope, Failure, Limited, Success};

/// Deletes a conditional menu.
#[utoipa::path(
    delete, path = "/api/admin/accounts/{account}/menu/conditional/{menuid}", tag = "menus",
    operation_id = "delete_conditional_menu",
    params(
        ("account" = String, Path, description = "the account's name", example = "official"),
        ("menuid" = String, Path, description = "its number", example = "208379533"),
        IfMatchRequest,
    ),
    responses(
        (status = 200, description = "what is live now", body = Success<MenusBody>),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right", body = Failure),
        (status = 404, description = "no such account, or a mini program", body = Failure),
        (status = 409, description = "others are live by now, or somebody is at it", body = Failure),
        (status = 500, description = "WeChat refused, for instance because there is no such menu (65301)", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    allowed: Allowed<ManageMenus>,
    ApiPaths(account, menuid): ApiPaths,
    ApiQuery(request): ApiQuery<IfMatchRequest>,
) -> Result<Envelope<MenusBody>, ApiError> {
    let seen = request.if_match.as_deref();
    let live = delete_conditional_menu(state.app(), allowed.caller(), &account, &menuid, seen).await?;
    Ok(Envelope::of(MenusBody::of(&account, live)?))
}
