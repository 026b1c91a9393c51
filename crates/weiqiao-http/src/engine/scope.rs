//! What is written down about a request names it.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use weiqiao_app::audit::in_request;

use super::RequestContext;

/// Runs the handler under the id of its request, so that the audit chain can name it. For routes that write there.
pub(crate) async fn named(request: Request, next: Next) -> Response {
    match request.extensions().get::<RequestContext>() {
        Some(context) => {
            let id = context.request_id.as_str().to_owned();
            in_request(id, next.run(request)).await
        }
        None => next.run(request).await,
    }
}
