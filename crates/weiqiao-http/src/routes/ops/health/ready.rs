//! `GET /readyz`: may requests be sent here? No while the database is down, and no once the stop has begun.

use axum::extract::State;
use http::StatusCode;
use weiqiao_app::usecase::health::check_health;

use crate::AppState;

/// One word, for whoever spreads requests.
#[utoipa::path(
    get, path = "/readyz", tag = "ops", operation_id = "ready",
    responses(
        (status = 200, description = "send requests; says so when the clock seems to be off, the last write failed or the disk is nearly full", body = String, content_type = "text/plain", example = "ready"),
        (status = 503, description = "stopping, or the database is down", body = String, content_type = "text/plain",
            example = "not ready"),
    ),
)]
pub(crate) async fn handler(State(state): State<AppState>) -> (StatusCode, &'static str) {
    if state.drain().is_draining() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping");
    }
    let health = check_health(state.app()).await;
    match health.is_ready() {
        true if health.clock_off_s.is_some() => (StatusCode::OK, "ready, but the clock is off"),
        true if health.writes_fail => (StatusCode::OK, "ready, but writes fail"),
        true if health.disk_low.is_some() => (StatusCode::OK, "ready, but the disk is low"),
        true => (StatusCode::OK, "ready"),
        false => (StatusCode::SERVICE_UNAVAILABLE, "not ready"),
    }
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use crate::testing::World;

    #[tokio::test]
    async fn a_stopping_service_is_not_ready_but_alive() {
        let world = World::open().await;
        assert_eq!(world.get("/readyz").await.is(StatusCode::OK).text(), "ready");
        world.state.drain().begin();
        let answer = world.get("/readyz").await;
        assert_eq!(answer.is(StatusCode::SERVICE_UNAVAILABLE).text(), "stopping");
        assert_eq!(answer.header("connection"), "close");
        world.get("/livez").await.is(StatusCode::OK);
    }

    #[tokio::test]
    async fn without_its_database_it_is_not_ready_but_alive() {
        let world = World::open().await;
        world.lose_database().await;
        world.get("/readyz").await.is(StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(world.get("/health").await.is(StatusCode::SERVICE_UNAVAILABLE).text(), "down");
        assert_eq!(world.get("/livez").await.is(StatusCode::OK).text(), "ok");
    }
}
