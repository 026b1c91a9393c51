//! `GET /api/admin/audit/verify`: is the chain as it was written?

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use weiqiao_app::usecase::audit::{AuditAnchor, AuditReport, AuditTrouble, verify_audit};

use crate::AppState;
use crate::engine::limit::Verify;
use crate::engine::right::ReadAudit;
use crate::engine::{Allowed, ApiError, ApiQuery, Envelope, Failure, Field, FieldDetail, Input, Limited, Success};

/// What to compare with.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct VerifyAuditRequest {
    /// An anchor from the log, `<number>:<64 hex digits>`: finds a chain that was cut off or written anew.
    anchor: Option<String>,
}

impl Input for VerifyAuditRequest {
    const NAME: &'static str = "VerifyAuditRequest";
    const FIELDS: &'static [Field] = &[Field::text("anchor", "Anchor").max(128)];
}

/// How the chain was found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VerifiedAuditBody {
    /// Whether nothing is wrong.
    #[schema(example = true)]
    good: bool,
    /// How many entries, from the first, are as they were written.
    #[schema(example = 128)]
    entries: i64,
    /// The hash of the last of them.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    hash: String,
    /// What is wrong.
    trouble: Option<AuditTroubleBody>,
}

/// What is wrong, and from where on.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditTroubleBody {
    /// `altered`, `missing`, `surplus`, `head_altered`, `head_missing`, `key_altered` or `anchor_differs`.
    #[schema(example = "altered")]
    kind: &'static str,
    /// The first entry it is about.
    #[schema(example = 17)]
    from: Option<i64>,
    /// The last one.
    #[schema(example = 17)]
    to: Option<i64>,
}

impl From<AuditTrouble> for AuditTroubleBody {
    fn from(trouble: AuditTrouble) -> Self {
        let (kind, from, to) = trouble.told();
        Self { kind, from, to }
    }
}

impl From<AuditReport> for VerifiedAuditBody {
    fn from(report: AuditReport) -> Self {
        let good = report.is_good();
        Self { good, entries: report.entries, hash: report.hash, trouble: report.trouble.map(Into::into) }
    }
}

/// Checks the whole chain, entry by entry, and says where it stops being good.
#[utoipa::path(
    get, path = "/api/admin/audit/verify", tag = "audit", operation_id = "verify_audit", params(VerifyAuditRequest),
    responses(
        (status = 200, description = "how it was found", body = Success<VerifiedAuditBody>),
        (status = 400, description = "that is no anchor", body = Failure),
        (status = 401, description = "no staff session", body = Failure),
        (status = 403, description = "neither admin nor supervisor", body = Failure),
        (status = 429, description = "more than six times a minute", body = Failure),
    ),
    security(("staff" = []), ("console" = [])),
)]
pub(crate) async fn handler(
    State(state): State<AppState>,
    _: Limited<Verify>,
    _: Allowed<ReadAudit>,
    ApiQuery(request): ApiQuery<VerifyAuditRequest>,
) -> Result<Envelope<VerifiedAuditBody>, ApiError> {
    let anchor = request.anchor.as_deref().map(anchor).transpose()?;
    Ok(Envelope::of(verify_audit(state.app(), anchor.as_ref()).await?.into()))
}

fn anchor(text: &str) -> Result<AuditAnchor, ApiError> {
    text.parse().map_err(|_| {
        let message = "anchor 应为「序号:64 位十六进制」，即日志中的 audit anchor";
        let detail = FieldDetail { field: "anchor".into(), rule: "format", message: message.to_owned() };
        ApiError::validation(message, vec![detail])
    })
}
