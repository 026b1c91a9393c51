//! `DELETE /api/admin/api-keys/{id}`: end a key before its time.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use weiqiao_app::usecase::api_key::revoke_api_key;

use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::ManageKeys;
use crate::engine::{Allowed, ApiError, ApiPath, Envelope, Failure, Limited, Success};

/// Which key ended.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RevokedApiKey {
    /// Our id of it.
    #[schema(example = "0199193d-b6cb-7b2e-8f3a-2f5c1c7f9d10")]
    id: String,
}

/// Revokes an API key: here at once, on other instances within five seconds.
#[utoipa::path(
    delete, path = "/api/admin/api-keys/{id}", tag = "api keys", operation_id = "revoke_api_key",
    params(("id" = String, Path, description = "our id of the key")),
    responses(
        (status = 200, description = "revoked", body = Success<RevokedApiKey>),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right", body = Failure),
        (status = 404, description = "no such key, or revoked before", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    allowed: Allowed<ManageKeys>,
    ApiPath(id): ApiPath,
) -> Result<Envelope<RevokedApiKey>, ApiError> {
    revoke_api_key(state.app(), allowed.caller(), &id).await?;
    Ok(Envelope::of(RevokedApiKey { id }))
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use weiqiao_model::ApiScope;

    use crate::testing::World;

    #[tokio::test]
    async fn a_revoked_key_opens_nothing_any_more() {
        let world = World::strict().await;
        let key = world.api_key(&[ApiScope::UserRead]).await;
        let person = format!("/api/user/{}", world.openid("xiaoming"));
        world.request("GET", &person).api_key(&key).send().await.is(StatusCode::OK);
        let list = world.request("GET", "/api/admin/api-keys").api_key(World::API_KEY).send().await;
        let id = list.data()["items"][0]["id"].as_str().unwrap().to_owned();
        let path = format!("/api/admin/api-keys/{id}");
        world.request("DELETE", &path).api_key(World::API_KEY).send().await.is(StatusCode::OK);
        world.request("GET", &person).api_key(&key).send().await.is(StatusCode::UNAUTHORIZED);
        let again = world.request("DELETE", &path).api_key(World::API_KEY).send().await;
        again.is(StatusCode::NOT_FOUND).code("NOT_FOUND");
        for id in ["%00", "nobody", "%E5%B0%8F"] {
            let path = format!("/api/admin/api-keys/{id}");
            let answer = world.request("DELETE", &path).api_key(World::API_KEY).send().await;
            assert!(answer.status().is_client_error(), "{answer:?}");
        }
    }
}
