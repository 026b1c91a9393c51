//! `GET /api/admin/leads.csv`: leads as a file.

use std::io;

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::HeaderValue;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use serde::Deserialize;
use tokio::sync::{Semaphore, SemaphorePermit};
use utoipa::IntoParams;
use weiqiao_app::usecase::lead::{LeadExport, LeadFilter, begin_export};

use super::csv;
use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::paging;
use crate::engine::right::ExportLeads;
use crate::engine::{Allowed, ApiError, ApiQuery, Failure, Field, FieldDetail, Input, Limited};
use crate::routes::admin::job::millis;

/// As many files may be under way at one instance.
const MOST: usize = 4;

static PLACES: Semaphore = Semaphore::const_new(MOST);

/// Which leads.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ExportLeadsRequest {
    /// Only this advisor's.
    assigned_to: Option<String>,
    /// `true`: only those of the public pool.
    pool: Option<String>,
    /// Only of this level.
    level: Option<String>,
    /// Only those whose contract is so far.
    contract_status: Option<String>,
    /// Only those that come from here.
    source: Option<String>,
    /// Only those made from this time on, epoch seconds.
    since: Option<i64>,
    /// Only those made before this time, epoch seconds.
    until: Option<i64>,
    /// Only the one with this phone, whole.
    phone: Option<String>,
    /// Only the one with this number, `CUS…`.
    customer_id: Option<String>,
    /// Only those whose number begins so; `CUS` may be left out.
    q: Option<String>,
    /// `true`: names and phones in clear. That takes the right to reveal, and a `reason`.
    reveal: Option<String>,
    /// Why names and phones are needed in clear, 2 to 200 characters.
    reason: Option<String>,
}

impl Input for ExportLeadsRequest {
    const NAME: &'static str = "ExportLeadsRequest";
    const FIELDS: &'static [Field] = &[
        Field::text("assigned_to", "AssignedTo").max(128),
        Field::text("pool", "Pool").max(8),
        Field::text("level", "Level").max(32),
        Field::text("contract_status", "ContractStatus").max(32),
        Field::text("source", "Source").max(64),
        Field::whole("since", "Since"),
        Field::whole("until", "Until"),
        Field::text("phone", "Phone").max(32),
        Field::text("customer_id", "CustomerId").max(64),
        Field::text("q", "Q").max(64),
        Field::text("reveal", "Reveal").max(8),
        Field::text("reason", "Reason").max(800),
    ];
}

/// Takes leads away as a file for a spreadsheet, the newest first: UTF-8 with a mark, a header in Chinese, times of China, cells
/// that would be formulas with an apostrophe in front. Names and phones are masked unless `reveal` says otherwise. That it is
/// done is in the audit chain first, with the filter and how many leads it is.
///
/// A connection that breaks before the end means that the file is not whole.
#[utoipa::path(
    get, path = "/api/admin/leads.csv", tag = "leads", operation_id = "export_leads", params(ExportLeadsRequest),
    responses(
        (status = 200, description = "the file", body = String, content_type = "text/csv"),
        (status = 400, description = "a field is wrong; `details` names it", body = Failure),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right", body = Failure),
        (status = 503, description = "the database is down, or four files are under way already", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Admin>,
    allowed: Allowed<ExportLeads>,
    ApiQuery(request): ApiQuery<ExportLeadsRequest>,
) -> Result<Response, ApiError> {
    let reveal = paging::switch("reveal", request.reveal.as_deref())?.unwrap_or(false);
    if reveal && request.reason.is_none() {
        let message = "reason 不能为空";
        let detail = FieldDetail { field: "reason".into(), rule: "required", message: message.to_owned() };
        return Err(ApiError::validation(message, vec![detail]));
    }
    let place = PLACES
        .try_acquire()
        .map_err(|_| ApiError::unavailable("TOO_MANY_EXPORTS", "同时进行的导出过多，请稍后再试"))?;
    let filter = LeadFilter {
        pool: paging::switch("pool", request.pool.as_deref())?.unwrap_or(false),
        assigned_to: request.assigned_to,
        level: request.level,
        contract_status: request.contract_status,
        source: request.source,
        since: request.since.map(millis),
        until: request.until.map(millis),
        phone: request.phone,
        number: request.customer_id,
        q: request.q,
    };
    let reason = request.reason.as_deref().filter(|_| reveal);
    let export = begin_export(state.app(), allowed.caller(), filter, reason).await?;
    let head = csv::head().map_err(ApiError::internal)?;
    let lines = stream::unfold(Some((export, place)), |under_way| async move { next(under_way?).await });
    let file = stream::once(async { Ok::<_, io::Error>(Bytes::from(head)) }).chain(lines);
    let mut response = Body::from_stream(file).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"leads.csv\""));
    Ok(response)
}

type UnderWay = (LeadExport, SemaphorePermit<'static>);

/// The next lines. A failure ends the connection: a short file must not look like a whole one.
async fn next((mut export, place): UnderWay) -> Option<(io::Result<Bytes>, Option<UnderWay>)> {
    let leads = match export.next().await {
        Ok(leads) => leads?,
        Err(error) => {
            tracing::error!(%error, "an export of leads ends before its end");
            return Some((Err(io::Error::other(error)), None));
        }
    };
    match csv::lines(&leads) {
        Ok(lines) => Some((Ok(Bytes::from(lines)), Some((export, place)))),
        Err(error) => Some((Err(io::Error::other(error)), None)),
    }
}
