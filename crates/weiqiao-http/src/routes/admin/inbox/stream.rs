//! `GET /api/admin/inbox/stream`: what comes, as it comes, over all instances.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{FromRequestParts as _, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures_util::{StreamExt as _, stream};
use http::request::Parts;
use serde::Deserialize;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, sleep, sleep_until};
use utoipa::IntoParams;
use weiqiao_app::usecase::inbox::{FollowRequest, FollowedPush, InboxFollower, follow_inbox};

use crate::AppState;
use crate::engine::limit::Admin;
use crate::engine::right::ReadMessages;
use crate::engine::{Allowed, ApiError, ApiQuery, Failure, Field, Input, Limited};

/// As many may follow at one instance.
const MOST: usize = 64;
/// A connection ends after this long: whoever goes on proves again that they may.
const LIFE: Duration = Duration::from_secs(10 * 60);
/// How often a silent connection says that it is alive.
const BEAT: Duration = Duration::from_secs(15);
/// How often whoever is told nothing is asked for their right. Before anything is told they are asked each time.
const STILL_ALLOWED: Duration = Duration::from_secs(5);

static PLACES: Semaphore = Semaphore::const_new(MOST);

/// What to follow.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FollowInboxRequest {
    /// Only this account.
    account: Option<String>,
    /// Only these types of message and events, separated by commas: `text,subscribe`.
    events: Option<String>,
}

impl Input for FollowInboxRequest {
    const NAME: &'static str = "FollowInboxRequest";
    const FIELDS: &'static [Field] = &[Field::text("account", "Account"), Field::text("events", "Events").max(1000)];
}

/// Follows the inbox: server-sent events named `push`, whose data is what webhooks get, with `reply`, `decided_by`,
/// `response_ms` and `copies` beside it.
///
/// The first event, `begun`, only has an id. With `Last-Event-ID` it goes on after that push; some of the ten seconds before it may be told again, under the same id.
/// Connections end after ten minutes, when the service stops, and when whoever follows may no longer read what people write: connect again.
#[utoipa::path(
    get, path = "/api/admin/inbox/stream", tag = "callbacks", operation_id = "follow_inbox",
    params(
        FollowInboxRequest,
        ("Last-Event-ID" = Option<String>, Header, description = "the id of the last push that was seen"),
    ),
    responses(
        (status = 200, description = "the stream", body = String, content_type = "text/event-stream"),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right to read what people write", body = Failure),
        (status = 404, description = "no such account", body = Failure),
        (status = 503, description = "the database is down, the service is stopping, or 64 follow already", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn handler(
    state: State<AppState>,
    _: Limited<Admin>,
    allowed: Allowed<ReadMessages>,
    request: ApiQuery<FollowInboxRequest>,
    parts: Parts,
) -> Result<Response, ApiError> {
    follow(state, &allowed, request, parts).await
}

/// Follows the inbox, as `GET /api/admin/inbox/stream` does.
#[utoipa::path(
    get, path = "/api/admin/events", tag = "callbacks", operation_id = "follow_events",
    params(
        FollowInboxRequest,
        ("Last-Event-ID" = Option<String>, Header, description = "the id of the last push that was seen"),
    ),
    responses(
        (status = 200, description = "the stream", body = String, content_type = "text/event-stream"),
        (status = 401, description = "neither staff nor key", body = Failure),
        (status = 403, description = "without the right to read what people write", body = Failure),
        (status = 404, description = "no such account", body = Failure),
        (status = 503, description = "the database is down, the service is stopping, or 64 follow already", body = Failure),
    ),
    security(("staff" = []), ("api_key" = [])),
)]
pub(crate) async fn events(
    state: State<AppState>,
    _: Limited<Admin>,
    allowed: Allowed<ReadMessages>,
    request: ApiQuery<FollowInboxRequest>,
    parts: Parts,
) -> Result<Response, ApiError> {
    follow(state, &allowed, request, parts).await
}

async fn follow(
    State(state): State<AppState>,
    allowed: &Allowed<ReadMessages>,
    ApiQuery(request): ApiQuery<FollowInboxRequest>,
    parts: Parts,
) -> Result<Response, ApiError> {
    if state.drain().is_draining() {
        return Err(ApiError::unavailable("STOPPING", "服务正在停止，请稍后再试"));
    }
    let place = PLACES.try_acquire().map_err(|_| {
        ApiError::unavailable("TOO_MANY_STREAMS", "同时跟随消息的连接过多，请稍后再试").retry_after(BEAT)
    })?;
    let words = request.events.iter().flat_map(|words| words.split(','));
    let words = words.map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect();
    let after = parts.headers.get("last-event-id").and_then(|id| id.to_str().ok()).map(str::to_owned);
    let request = FollowRequest { account: request.account, words, after };
    let follower = follow_inbox(state.app(), allowed.caller(), request).await?;
    // Whoever is cut off before anything came has something to go on from.
    let begun = Event::default().event("begun").id(follower.begun()).data("{}");
    let following = Following { state, parts, follower, ends: Instant::now() + LIFE, _place: place };
    let stream = stream::unfold(following, |mut following| async move {
        let pushes = following.next().await?;
        let events: Vec<_> = pushes.iter().filter_map(event).map(Ok::<_, Infallible>).collect();
        Some((stream::iter(events), following))
    });
    let beat = KeepAlive::new().interval(BEAT).text("alive");
    let stream = stream::once(async { Ok(begun) }).chain(stream.flatten());
    Ok(Sse::new(stream).keep_alive(beat).into_response())
}

struct Following {
    state: AppState,
    /// What whoever follows showed.
    parts: Parts,
    follower: InboxFollower,
    ends: Instant,
    _place: SemaphorePermit<'static>,
}

impl Following {
    /// What comes next; nothing when the connection is to end.
    async fn next(&mut self) -> Option<Vec<FollowedPush>> {
        let Self { state, parts, follower, ends, .. } = self;
        let pushes = follower.next();
        tokio::pin!(pushes);
        loop {
            tokio::select! {
                pushes = &mut pushes => {
                    let pushes = pushes.inspect_err(|error| tracing::warn!(%error, "somebody who follows the inbox is cut off"));
                    // They may have been disabled, or logged out, since they came.
                    return match pushes {
                        Ok(pushes) if may_follow(state, parts).await => Some(pushes),
                        _ => None,
                    };
                }
                () = sleep(STILL_ALLOWED) => if !may_follow(state, parts).await {
                    return None;
                },
                () = state.drain().begun() => return None,
                () = sleep_until(*ends) => return None,
            }
        }
    }
}

/// Whether what they showed still gives the right, as for any other request.
async fn may_follow(state: &AppState, parts: &mut Parts) -> bool {
    Allowed::<ReadMessages>::from_request_parts(parts, state).await.is_ok()
}

fn event(push: &FollowedPush) -> Option<Event> {
    Event::default().event("push").id(&push.event.id).json_data(push).ok()
}
