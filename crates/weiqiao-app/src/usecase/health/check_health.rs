//! Asks everything of ours for a sign of life.

use std::time::Duration;

use tokio::time::timeout;
use weiqiao_coord::SharedState;

use crate::App;

/// How long a part may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// With less space than this beside the database somebody should look: 256 MiB, as much as busy days write.
pub const DISK_LOW_BYTES: u64 = 256 << 20;

/// What is up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Health {
    /// Whether the database answers.
    pub database: bool,
    /// Redis, where there is one.
    pub cache: CacheHealth,
    /// By how many seconds our clock seems to be ahead of WeChat's (behind, when negative), while every callback is
    /// refused as stale.
    pub clock_off_s: Option<i64>,
    /// How many bytes are left on the disk of the database, while those are fewer than [`DISK_LOW_BYTES`].
    pub disk_low: Option<u64>,
    /// The last write failed, although the database can be read: the disk is full, or not ours to write to.
    pub writes_fail: bool,
}

/// The state of Redis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CacheHealth {
    /// It answers.
    Up,
    /// It is configured and does not answer: the service is slower, not wrong.
    Down,
    /// None is configured.
    None,
}

impl Health {
    /// Whether requests can be served. Redis is not needed for that.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.database
    }

    /// Whether nothing at all is wrong.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        let disk = self.disk_low.is_none() && !self.writes_fail;
        self.database && self.cache != CacheHealth::Down && self.clock_off_s.is_none() && disk
    }
}

impl CacheHealth {
    /// `up`, `down` or `none`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
            Self::None => "none",
        }
    }
}

/// Asks database and Redis; answers within two seconds.
pub async fn check_health(app: &App) -> Health {
    let database = async { matches!(timeout(PATIENCE, app.store().ping()).await, Ok(Ok(_))) };
    let cache = async {
        match app.coord().shared_state() {
            SharedState::None => CacheHealth::None,
            _ if matches!(timeout(PATIENCE, app.coord().ping()).await, Ok(Ok(()))) => CacheHealth::Up,
            _ => CacheHealth::Down,
        }
    };
    let (database, cache) = tokio::join!(database, cache);
    let (clock_off_s, disk_low) = (app.callbacks().clock_suspected(), disk_low(app));
    Health { database, cache, clock_off_s, disk_low, writes_fail: app.store().writes_fail() }
}

/// How many bytes are left on the disk of the database, when those are fewer than [`DISK_LOW_BYTES`].
#[must_use]
pub fn disk_low(app: &App) -> Option<u64> {
    app.store().free_bytes().filter(|free| *free < DISK_LOW_BYTES)
}
