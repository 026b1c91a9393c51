//! `POST /api/admin/api-keys`: make a key. The whole key is in this answer and nowhere else, ever.

use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weiqiao_app::Caller;
use weiqiao_app::usecase::api_key::{NewApiKey, create_api_key};
use weiqiao_model::ApiScope;

use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::ManageKeys;
use crate::engine::{Allowed, ApiError, ApiJson, Envelope, Failure, Field, FieldDetail, Input, Limited, Success};

/// What the key is for.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct CreateApiKeyRequest {
    /// What people call it; 1 to 100 characters.
    #[schema(example = "会员系统")]
    name: String,
    /// What it may do: `admin`, `token`, `user:read`, `login:exchange`, `message:send`, `action:write`, `advisor:write`,
    /// `menu`, `lead:reveal`.
    #[schema(example = json!(["user:read"]))]
    scopes: Vec<String>,
    /// How long it lives, in days, 1 to 3,650; a year when missing.
    #[schema(example = 90)]
    days: Option<i64>,
}

impl Input for CreateApiKeyRequest {
    const NAME: &'static str = "CreateApiKeyRequest";
    const FIELDS: &'static [Field] = &[
        Field::text("name", "Name").required().max(512),
        Field::texts("scopes", "Scopes").required(),
        Field::whole("days", "Days"),
    ];
}

/// A key that was made just now.
#[derive(Serialize, ToSchema)]
pub(crate) struct CreatedApiKeyBody {
    /// Our id of it.
    #[schema(example = "0199193d-b6cb-7b2e-8f3a-2f5c1c7f9d10")]
    id: String,
    /// The whole key; it cannot be read again.
    #[schema(example = "wxk_live_aB3dE5fG7hI9_…")]
    key: String,
    /// When it ends, epoch seconds.
    #[schema(example = 1_788_598_690_i64)]
    expires_at: i64,
}

/// Makes an API key.
#[utoipa::path(
    post, path = "/api/admin/api-keys", tag = "api keys", operation_id = "create_api_key",
    request_body = CreateApiKeyRequest,
    responses(
        (status = 201, description = "made; the key is shown this once", body = Success<CreatedApiKeyBody>),
        (status = 400, description = "no name, no scope, or an unknown one", body = Failure),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right, or a scope the caller does not have", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    allowed: Allowed<ManageKeys>,
    ApiJson(request): ApiJson<CreateApiKeyRequest>,
) -> Result<Envelope<CreatedApiKeyBody>, ApiError> {
    let scopes = request.scopes.iter().map(|word| scope(word)).collect::<Result<Vec<_>, _>>()?;
    no_more_than_own(allowed.caller(), &scopes)?;
    let days = request.days.map(|days| u32::try_from(days).unwrap_or_default());
    let created = create_api_key(state.app(), allowed.caller(), NewApiKey { name: request.name, scopes, days }).await?;
    let body = CreatedApiKeyBody {
        id: created.id.into_string(),
        key: created.key.expose().to_owned(),
        expires_at: created.expires_at.div_euclid(1000),
    };
    Ok(Envelope::of(body).status(StatusCode::CREATED))
}

fn scope(word: &str) -> Result<ApiScope, ApiError> {
    word.parse().map_err(|_| {
        let known: Vec<_> = ApiScope::ALL.iter().map(|scope| scope.as_str()).collect();
        let message = format!("scopes 只能是 {}", known.join("、"));
        let detail = FieldDetail { field: "scopes".into(), rule: "oneof", message: message.clone() };
        ApiError::validation(&message, vec![detail])
    })
}

/// A key cannot make one that may do more than itself.
fn no_more_than_own(caller: &Caller, scopes: &[ApiScope]) -> Result<(), ApiError> {
    if let Caller::ApiKey(key) = caller {
        for scope in scopes {
            key.demand(*scope)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use rstest::rstest;
    use weiqiao_model::{ApiScope, Role};

    use crate::testing::World;

    const PATH: &str = "/api/admin/api-keys";

    #[tokio::test]
    async fn a_key_is_made_and_works() {
        let world = World::strict().await;
        let staff = world.staff_token("boss", Role::Admin).await;
        let request = r#"{"name":"会员系统","scopes":["user:read"],"days":90}"#;
        let answer = world.request("POST", PATH).bearer(&staff).json(request).send().await;
        answer.is(StatusCode::CREATED).success("success");
        assert_eq!(answer.data()["expires_at"], world.now_s() + 90 * 86_400);
        let key = answer.data()["key"].as_str().unwrap();
        assert!(key.starts_with("wxk_live_"), "{key}");
        world.browser().log_in("xiaoming").await;
        let person = format!("/api/user/{}", world.openid("xiaoming"));
        assert_eq!(world.request("GET", &person).api_key(key).send().await.is(StatusCode::OK).data()["exists"], true);
    }

    #[tokio::test]
    async fn only_admins_make_keys_and_no_key_makes_a_mightier_one() {
        let world = World::strict().await;
        let request = r#"{"name":"x","scopes":["token"]}"#;
        for role in [Role::Supervisor, Role::Advisor, Role::Viewer] {
            let staff = world.staff_token(role.as_str(), role).await;
            let answer = world.request("POST", PATH).bearer(&staff).json(request).send().await;
            answer.is(StatusCode::FORBIDDEN).failure("FORBIDDEN", "没有权限执行此操作");
        }
        let weak = world.api_key(&[ApiScope::UserRead]).await;
        let answer = world.request("POST", PATH).api_key(&weak).json(request).send().await;
        answer.is(StatusCode::FORBIDDEN).code("SCOPE_MISSING");
        let admin = world.api_key(&[ApiScope::Admin]).await;
        let answer = world.request("POST", PATH).api_key(&admin).json(request).send().await;
        answer.is(StatusCode::FORBIDDEN).code("SCOPE_MISSING");
    }

    #[rstest]
    #[case(
        r#"{"scopes":["token"]}"#,
        "Key: 'CreateApiKeyRequest.Name' Error:Field validation for 'Name' failed on the 'required' tag"
    )]
    #[case(
        r#"{"name":"x","scopes":[]}"#,
        "Key: 'CreateApiKeyRequest.Scopes' Error:Field validation for 'Scopes' failed on the 'required' tag"
    )]
    #[case(r#"{"name":"x","scopes":"token"}"#, "scopes 必须是字符串数组")]
    #[case(r#"{"name":"x","scopes":[1]}"#, "scopes 必须是字符串数组")]
    #[case(r#"{"name":"x","scopes":["token"],"days":"9"}"#, "days 必须是整数")]
    #[case(r#"{"name":"x","scopes":["token"],"days":0}"#, "days 必须在 1 到 3650 之间")]
    #[tokio::test]
    async fn what_is_wrong_is_said(#[case] request: &str, #[case] text: &str) {
        let world = World::open().await;
        let answer = world.request("POST", PATH).api_key(World::API_KEY).json(request).send().await;
        answer.is(StatusCode::BAD_REQUEST).failure("VALIDATION_FAILED", &format!("请求参数错误: {text}"));
    }

    #[tokio::test]
    async fn an_unknown_scope_is_told_the_known_ones() {
        let world = World::open().await;
        let request = r#"{"name":"x","scopes":["everything"]}"#;
        let answer = world.request("POST", PATH).api_key(World::API_KEY).json(request).send().await;
        assert!(answer.is(StatusCode::BAD_REQUEST).message().contains("message:send"), "{}", answer.message());
    }
}
