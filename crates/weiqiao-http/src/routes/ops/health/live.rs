//! `GET /livez`: the process runs. Looks at nothing else, so that a database that is down restarts nobody.

/// One word, for whoever restarts processes.
#[utoipa::path(
    get, path = "/livez", tag = "ops", operation_id = "live",
    responses((status = 200, description = "the process runs", body = String, content_type = "text/plain", example = "ok")),
)]
pub(crate) async fn handler() -> &'static str {
    "ok"
}
