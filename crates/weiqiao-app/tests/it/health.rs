//! Is it up?

use rstest::rstest;
use weiqiao_app::usecase::health::{CacheHealth, Health, check_health};

use crate::support::{Stage, World, strict};

#[rstest]
#[tokio::test]
async fn what_is_up_is_said_to_be_up(#[values(Stage::Embedded, Stage::Services)] stage: Stage) {
    let Some(world) = World::with(stage, strict()).await else { return };
    let cache = if stage == Stage::Embedded { CacheHealth::None } else { CacheHealth::Up };
    let health = check_health(&world.app).await;
    assert_eq!(health, Health { database: true, cache, clock_off_s: None, disk_low: None, writes_fail: false });
    assert!(health.is_ready() && health.is_whole());
    world.app.store().close().await;
    let health = check_health(&world.app).await;
    assert!(!health.database && !health.is_ready() && !health.is_whole());
}

#[test]
fn a_missing_redis_is_a_blemish_and_no_outage() {
    let health =
        Health { database: true, cache: CacheHealth::Down, clock_off_s: None, disk_low: None, writes_fail: false };
    assert!(health.is_ready() && !health.is_whole());
    assert_eq!(health.cache.word(), "down");
}
