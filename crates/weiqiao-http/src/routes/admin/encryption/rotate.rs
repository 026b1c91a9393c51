//! `POST /api/admin/encryption/rotate`: a new key for what is encrypted at rest.

use axum::extract::State;
use weiqiao_app::Actor;
use weiqiao_app::usecase::encryption::rotate;

use super::DataKeyBody;
use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::ManageKeys;
use crate::engine::{Allowed, ApiError, Envelope, Failure, Limited, Success};

/// Makes a new key. It encrypts a minute later, when every instance knows it; then the worker encrypts earlier data anew, in
/// small steps. Earlier keys go on decrypting.
#[utoipa::path(
    post, path = "/api/admin/encryption/rotate", tag = "encryption", operation_id = "rotate_encryption",
    responses(
        (status = 200, description = "the new key", body = Success<DataKeyBody>),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right", body = Failure),
        (status = 409, description = "the last new key does not encrypt yet", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    allowed: Allowed<ManageKeys>,
) -> Result<Envelope<DataKeyBody>, ApiError> {
    let made = rotate(state.app(), Actor::from(allowed.caller())).await?;
    Ok(Envelope::of(made.into()))
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use weiqiao_model::Role;

    use crate::testing::World;

    #[tokio::test]
    async fn an_admin_makes_a_new_key_and_sees_how_far_it_is() {
        let world = World::strict().await;
        world.browser().log_in("xiaoming").await;
        let admin = world.staff_token("boss", Role::Admin).await;
        let rotate = || world.request("POST", "/api/admin/encryption/rotate").bearer(&admin).send();
        let made = rotate().await.is(StatusCode::OK).data().clone();
        assert_eq!(made["current"], false);
        assert_eq!(made["id"].as_str().unwrap().len(), 8);
        rotate().await.is(StatusCode::CONFLICT).code("CHANGED_MEANWHILE");
        let status = || world.request("GET", "/api/admin/encryption").bearer(&admin).send();
        assert_eq!(status().await.is(StatusCode::OK).data()["total"], 0);
        world.advance(std::time::Duration::from_secs(60));
        let later = status().await.is(StatusCode::OK).data().clone();
        assert_eq!((&later["keys"][1]["current"], &later["keys"][1]["id"]), (&true.into(), &made["id"]));
        assert!(later["total"].as_i64().unwrap() > 0 && later["stale"][0]["table"].is_string());
        let text = later.to_string();
        assert!(!text.contains("wraps"), "{text}");
    }

    #[tokio::test]
    async fn others_do_not() {
        let world = World::strict().await;
        for role in [Role::Supervisor, Role::Advisor, Role::Viewer] {
            let staff = world.staff_token(role.as_str(), role).await;
            let answer = world.request("POST", "/api/admin/encryption/rotate").bearer(&staff).send().await;
            answer.is(StatusCode::FORBIDDEN);
        }
        let key = world.api_key(&[weiqiao_model::ApiScope::UserRead]).await;
        let answer = world.request("POST", "/api/admin/encryption/rotate").api_key(&key).send().await;
        answer.is(StatusCode::FORBIDDEN);
    }
}
