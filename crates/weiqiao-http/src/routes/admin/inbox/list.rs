//! `GET /api/admin/inbox`: what came, page by page, without what was said.

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use weiqiao_app::usecase::inbox::{InboxRequest, list_inbox};

use super::PushBody;
use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::paging;
use crate::engine::right::ReadCallbacks;
use crate::engine::{Allowed, ApiError, ApiQuery, Envelope, Failure, Field, Input, Limited, Page, Success};

/// What to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListInboxRequest {
    /// Which page, 1 to 1,000,000.
    #[param(minimum = 1, maximum = 1_000_000, default = 1)]
    page: Option<i64>,
    /// How many on a page, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 20)]
    page_size: Option<i64>,
    /// `received_at`, with `-` in front for the newest first.
    #[param(default = "-received_at")]
    sort: Option<String>,
    /// Only this account.
    account: Option<String>,
    /// Only this type of message, or this event: `text`, `subscribe` …
    r#type: Option<String>,
    /// `done` or `deciding`.
    state: Option<String>,
    /// Only from this person; needs `account`.
    openid: Option<String>,
    /// Only what was decided by this, such as `nobody`.
    decided_by: Option<String>,
    /// Only from this time on, epoch seconds.
    since: Option<i64>,
    /// Only before this time, epoch seconds.
    until: Option<i64>,
}

impl Input for ListInboxRequest {
    const NAME: &'static str = "ListInboxRequest";
    const FIELDS: &'static [Field] = &[
        Field::whole("page", "Page"),
        Field::whole("page_size", "PageSize"),
        Field::text("sort", "Sort"),
        Field::text("account", "Account"),
        Field::text("type", "Type").max(100),
        Field::text("state", "State"),
        Field::text("openid", "Openid").max(128),
        Field::text("decided_by", "DecidedBy").max(200),
        Field::whole("since", "Since"),
        Field::whole("until", "Until"),
    ];
}

/// Lists pushes.
#[utoipa::path(
    get, path = "/api/admin/inbox", tag = "callbacks", operation_id = "list_inbox", params(ListInboxRequest),
    responses(
        (status = 200, description = "one page", body = Success<Page<PushBody>>),
        (status = 400, description = "no such page, order or state, or an openid without account", body = Failure),
        (status = 404, description = "no such account", body = Failure),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    allowed: Allowed<ReadCallbacks>,
    ApiQuery(request): ApiQuery<ListInboxRequest>,
) -> Result<Envelope<Page<PushBody>>, ApiError> {
    let (page, page_size) = paging::page(request.page, request.page_size)?;
    let ((), oldest_first) = paging::order(request.sort.as_deref(), &[("received_at", ())], ())?;
    let done = paging::one_of("state", request.state.as_deref(), &[("done", true), ("deciding", false)])?;
    let ListInboxRequest { account, r#type: word, openid, decided_by, since, until, .. } = request;
    let list = InboxRequest { account, word, done, openid, decided_by, since, until, oldest_first, page, page_size };
    let found = list_inbox(state.app(), allowed.caller(), list).await?;
    let items = found.items.into_iter().map(PushBody::from).collect();
    Ok(Envelope::of(Page { items, total: found.total, page, page_size }))
}
