//! `GET /api/health`: the parts and how they are, for people and dashboards.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use weiqiao_app::usecase::health::check_health;

use crate::AppState;
use crate::engine::iso::iso;
use crate::engine::{ApiError, Envelope, Failure, Success};

/// How the service is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HealthBody {
    /// `ok`, or `degraded` while Redis is down (slower, not wrong), the clock is off, or the disk is nearly full
    /// or not to be written to.
    #[schema(example = "ok")]
    status: &'static str,
    /// ISO 8601, UTC.
    #[schema(example = "2025-09-05T08:58:10.123Z")]
    timestamp: String,
    /// Its parts.
    services: Services,
}

/// The parts.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Services {
    /// Always `up`: it answered.
    #[schema(example = "up")]
    api: &'static str,
    /// `up`.
    #[schema(example = "up")]
    database: &'static str,
    /// `up`, `down`, or `none` where no Redis is configured.
    #[schema(example = "none")]
    cache: &'static str,
    /// Only when something is wrong with it: by how many seconds our clock seems to be ahead of WeChat's (behind, when
    /// negative), so that every callback is refused as stale.
    #[serde(skip_serializing_if = "Option::is_none")]
    clock_off_s: Option<i64>,
    /// Only when something is wrong with it: `low` when the disk of the database is nearly full, `failing` when the last write to
    /// it failed. What cannot be written is answered 503.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "low")]
    disk: Option<&'static str>,
}

/// The parts and how they are. 503 when the database is down.
#[utoipa::path(
    get, path = "/api/health", tag = "ops", operation_id = "health",
    responses(
        (status = 200, description = "usable", body = Success<HealthBody>),
        (status = 503, description = "the database is down", body = Failure),
    ),
)]
pub(crate) async fn handler(State(state): State<AppState>) -> Result<Envelope<HealthBody>, ApiError> {
    let health = check_health(state.app()).await;
    if !health.is_ready() {
        return Err(ApiError::unavailable("DATABASE_UNAVAILABLE", "数据库暂时不可用，请稍后再试"));
    }
    let timestamp = iso(state.now_ms());
    let status = if health.is_whole() { "ok" } else { "degraded" };
    let clock_off_s = health.clock_off_s;
    let disk = if health.writes_fail { Some("failing") } else { health.disk_low.map(|_| "low") };
    let services = Services { api: "up", database: "up", cache: health.cache.word(), clock_off_s, disk };
    Ok(Envelope::of(HealthBody { status, timestamp, services }))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::StatusCode;
    use serde_json::json;

    use crate::testing::World;

    #[tokio::test]
    async fn the_parts_are_up() {
        let world = World::open().await;
        let answer = world.get("/api/health").await;
        let expected = json!({
            "status": "ok",
            "timestamp": "2025-09-05T08:58:10.123Z",
            "services": { "api": "up", "database": "up", "cache": "none" },
        });
        assert_eq!(*answer.is(StatusCode::OK).data(), expected);
    }

    /// A clock that is far off is a reason to ask how the service is, not one to fail.
    #[tokio::test]
    async fn whatever_the_clock_says_the_answer_comes() {
        for years in [7_900, 8_100, 200_000_000] {
            let world = World::open().await;
            world.advance(Duration::from_secs(years * 365 * 86_400));
            let answer = world.get("/api/health").await;
            let timestamp = answer.is(StatusCode::OK).data()["timestamp"].as_str().unwrap().to_owned();
            assert!(timestamp.len() == "2025-09-05T08:58:10.123Z".len() && timestamp.starts_with("99"), "{timestamp}");
        }
    }

    #[tokio::test]
    async fn a_database_that_is_down_is_said() {
        let world = World::open().await;
        world.lose_database().await;
        world.get("/api/health").await.is(StatusCode::SERVICE_UNAVAILABLE).code("DATABASE_UNAVAILABLE");
    }

    #[tokio::test]
    async fn the_short_forms_are_one_word() {
        let world = World::open().await;
        for path in ["/health", "/livez", "/readyz"] {
            let answer = world.get(path).await;
            let word = answer.is(StatusCode::OK).text();
            assert!(word.len() <= 32 && !word.bytes().any(|byte| byte.is_ascii_digit()), "{word}");
        }
    }
}
