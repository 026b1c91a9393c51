//! `GET /api/admin/audit`: who did what.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use weiqiao_app::audit::{Actor, Deed};
use weiqiao_app::usecase::audit::{AuditEntry, AuditFilter, list_audit};

use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::paging;
use crate::engine::right::ReadAudit;
use crate::engine::{Allowed, ApiError, ApiQuery, Envelope, Failure, Field, Input, Limited, Page, Success};

/// What to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListAuditRequest {
    /// Only this deed, such as `login_failed`.
    deed: Option<String>,
    /// Only by this sort of actor: `staff`, `key`, `user`, `anonymous`, `system` or `cli`.
    actor_kind: Option<String>,
    /// Only by this one.
    actor_id: Option<String>,
    /// Only to this sort of thing, such as `lead`.
    target_kind: Option<String>,
    /// Only to this one.
    target_id: Option<String>,
    /// Only what this request did.
    request_id: Option<String>,
    /// Only then or later, epoch seconds.
    since: Option<i64>,
    /// Only before, epoch seconds.
    until: Option<i64>,
    /// Which page, 1 to 1,000,000.
    #[param(minimum = 1, maximum = 1_000_000, default = 1)]
    page: Option<i64>,
    /// How many on a page, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 20)]
    page_size: Option<i64>,
    /// Only `-n`: the newest first.
    sort: Option<String>,
}

impl Input for ListAuditRequest {
    const NAME: &'static str = "ListAuditRequest";
    const FIELDS: &'static [Field] = &[
        Field::text("deed", "Deed").max(64),
        Field::text("actor_kind", "ActorKind").max(64),
        Field::text("actor_id", "ActorID").max(128),
        Field::text("target_kind", "TargetKind").max(64),
        Field::text("target_id", "TargetID").max(256),
        Field::text("request_id", "RequestID").max(128),
        Field::whole("since", "Since"),
        Field::whole("until", "Until"),
        Field::whole("page", "Page"),
        Field::whole("page_size", "PageSize"),
        Field::text("sort", "Sort").max(16),
    ];
}

/// One deed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditBody {
    /// Its place in the chain.
    #[schema(example = 128)]
    n: i64,
    /// When, epoch seconds.
    #[schema(example = 1_757_062_690_i64)]
    at: i64,
    /// Who: `staff`, `key`, `user`, `anonymous`, `system` or `cli`.
    #[schema(example = "staff")]
    actor_kind: String,
    /// Our id of them; may be empty.
    #[schema(example = "0199193d-b6cb-7b2e-8f3a-2f5c1c7f9d10")]
    actor_id: String,
    /// What.
    #[schema(example = "key_created")]
    deed: String,
    /// To what sort of thing.
    #[schema(example = "api_key")]
    target_kind: String,
    /// Our id of it; may be empty.
    #[schema(example = "0199193d-b6cb-7b2e-8f3a-2f5c1c7f9d11")]
    target_id: String,
    /// The request it was done in.
    #[schema(example = "k3Jx0aQz-0000001f")]
    request_id: Option<String>,
    /// What else is known; nothing when it was altered since.
    #[schema(value_type = Option<Object>)]
    detail: Option<Value>,
    /// A digest of the target before.
    before: Option<String>,
    /// A digest of the target afterwards.
    after: Option<String>,
    /// The hash of this entry over itself and the one before.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    hash: String,
    /// Names of the fields above that are `null` because what is stored cannot be read: the database was damaged. Missing when
    /// everything could be read. The log names the row.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!([]))]
    damaged: Vec<&'static str>,
}

impl From<AuditEntry> for AuditBody {
    fn from(entry: AuditEntry) -> Self {
        Self {
            n: entry.n,
            at: entry.at,
            actor_kind: entry.actor_kind,
            actor_id: entry.actor_id,
            deed: entry.deed,
            target_kind: entry.target_kind,
            target_id: entry.target_id,
            request_id: entry.request_id,
            detail: entry.detail,
            before: entry.before,
            after: entry.after,
            hash: entry.hash,
            damaged: entry.damaged.into_names(),
        }
    }
}

/// Lists the audit chain, the newest first.
#[utoipa::path(
    get, path = "/api/admin/audit", tag = "audit", operation_id = "list_audit", params(ListAuditRequest),
    responses(
        (status = 200, description = "one page", body = Success<Page<AuditBody>>),
        (status = 400, description = "no such page, size, order or deed", body = Failure),
        (status = 401, description = "no staff session", body = Failure),
        (status = 403, description = "neither admin nor supervisor", body = Failure),
    ),
    security(("staff" = []), ("console" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    _: Allowed<ReadAudit>,
    ApiQuery(request): ApiQuery<ListAuditRequest>,
) -> Result<Envelope<Page<AuditBody>>, ApiError> {
    let (page, page_size) = paging::page(request.page, request.page_size)?;
    paging::sort(request.sort.as_deref(), "-n")?;
    let deeds: Vec<_> = Deed::ALL.iter().map(|deed| (deed.as_str(), ())).collect();
    paging::one_of("deed", request.deed.as_deref(), &deeds)?;
    paging::one_of("actor_kind", request.actor_kind.as_deref(), &Actor::KINDS.map(|kind| (kind, ())))?;
    let filter = AuditFilter {
        deed: request.deed,
        actor_kind: request.actor_kind,
        actor_id: request.actor_id,
        target_kind: request.target_kind,
        target_id: request.target_id,
        request_id: request.request_id,
        since: request.since,
        until: request.until,
        page,
        page_size,
    };
    let found = list_audit(state.app(), filter).await?;
    let items = found.items.into_iter().map(AuditBody::from).collect();
    Ok(Envelope::of(Page { items, total: found.total, page, page_size }))
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use rstest::rstest;
    use weiqiao_model::Role;

    use crate::testing::World;

    #[tokio::test]
    async fn a_deed_is_listed_with_its_request_and_the_chain_holds() {
        let world = World::strict().await;
        let staff = world.staff_token("boss", Role::Admin).await;
        let body = r#"{"name":"会员系统","scopes":["user:read"]}"#;
        let call = world.request("POST", "/api/admin/api-keys").bearer(&staff).header("x-request-id", "req-77");
        let made = call.json(body).send().await;
        let id = made.is(StatusCode::CREATED).data()["id"].as_str().unwrap().to_owned();
        let key = made.data()["key"].as_str().unwrap().to_owned();

        let list = world.request("GET", "/api/admin/audit?deed=key_created").bearer(&staff).send().await;
        let entry = &list.is(StatusCode::OK).data()["items"][0];
        assert_eq!((&entry["target_id"], &entry["request_id"]), (&id.as_str().into(), &"req-77".into()));
        assert_eq!((&entry["actor_kind"], &entry["detail"]["name"]), (&"staff".into(), &"会员系统".into()));
        assert!(!list.text().contains(&key));
        assert_eq!(entry["at"], world.now_s(), "in seconds, as every other time of the lists");

        let all = world.request("GET", "/api/admin/audit?page_size=200").bearer(&staff).send().await;
        let items = all.data()["items"].as_array().unwrap();
        let deeds: Vec<_> = items.iter().map(|entry| entry["deed"].as_str().unwrap()).collect();
        assert_eq!(deeds, ["key_created", "login", "staff_created"]);
        let verify = async |query: &str| {
            let path = format!("/api/admin/audit/verify{query}");
            world.request("GET", &path).bearer(&staff).send().await
        };
        assert_eq!(verify("").await.is(StatusCode::OK).data()["good"], true);
        let anchor = format!("?anchor=2:{}", items[1]["hash"].as_str().unwrap());
        assert_eq!(verify(&anchor).await.data()["good"], true);
        let differs = verify(&format!("?anchor=1:{}", "0".repeat(64))).await;
        assert_eq!(differs.data()["trouble"]["kind"], "anchor_differs");
        verify("?anchor=x").await.is(StatusCode::BAD_REQUEST).code("VALIDATION_FAILED");
    }

    #[rstest]
    #[case("deed=everything")]
    #[case("actor_kind=robot")]
    #[case("since_id=1")]
    #[case("sort=at")]
    #[case("page=0")]
    #[case("page_size=201")]
    #[case("since=yesterday")]
    #[tokio::test]
    async fn what_cannot_be_listed_is_said(#[case] query: &str) {
        let world = World::open().await;
        let staff = world.staff_token("boss", Role::Supervisor).await;
        let answer = world.request("GET", &format!("/api/admin/audit?{query}")).bearer(&staff).send().await;
        answer.is(StatusCode::BAD_REQUEST).code("VALIDATION_FAILED");
    }
}
