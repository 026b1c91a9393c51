//! A driver under test, time that is moved by hand on both of them, and a wire that can be cut.

pub mod proxy;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use futures_util::StreamExt as _;
use redis::AsyncCommands as _;
use redis::aio::MultiplexedConnection;
use weiqiao_coord::{Coord, CoordConfig, RedisConfig, RedisUrl, Subscription, Wake};
use weiqiao_model::{Clock, ManualClock, OsRng};

/// Long enough for a busy machine, so that a test of meaning never fails for speed.
pub const PATIENCE: Duration = Duration::from_secs(10);

pub const SECRET: [u8; 32] = [7; 32];

/// One driver, with its own key space and its own time.
pub struct Bench {
    pub coord: Coord,
    pub clock: Arc<ManualClock>,
    pub server: Option<Server>,
}

/// A look at the keys of one test, past the driver.
pub struct Server {
    pub prefix: String,
    pub connection: MultiplexedConnection,
}

/// Address of the Redis to test against; `None` prints why and skips, unless services are required.
pub fn redis_url() -> Option<String> {
    let set = |name: &str| std::env::var_os(name).map(|value| value.into_string().unwrap());
    let url = set("WEIQIAO_TEST_REDIS_URL").filter(|url| !url.is_empty());
    let required = ["CI", "WEIQIAO_TEST_REQUIRE_SERVICES"].iter().any(|name| set(name).is_some_and(|v| v != "0"));
    assert!(url.is_some() || !required, "WEIQIAO_TEST_REDIS_URL is not set, and services are required");
    if url.is_none() {
        println!("skipped: no Redis (set WEIQIAO_TEST_REDIS_URL)");
    }
    url
}

/// A configuration with a key space of its own.
pub fn config(url: &str) -> RedisConfig {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let mut config = RedisConfig::new(RedisUrl::new(url), SECRET);
    config.prefix = format!("wqtest:{}:{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    config.command_timeout = PATIENCE;
    config.connect_timeout = PATIENCE;
    config
}

pub async fn open(config: RedisConfig, clock: &Arc<ManualClock>) -> Coord {
    Coord::open(CoordConfig::Redis(config), Arc::clone(clock) as Arc<dyn Clock>, Arc::new(OsRng)).await.unwrap()
}

pub fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::at(1_800_000_000_000))
}

impl Bench {
    pub fn memory() -> Self {
        let clock = clock();
        let coord = Coord::memory(Arc::clone(&clock) as Arc<dyn Clock>, Arc::new(OsRng));
        Self { coord, clock, server: None }
    }

    pub async fn redis() -> Option<Self> {
        let url = redis_url()?;
        let (clock, config) = (clock(), config(&url));
        let server = Server::connect(&url, &config.prefix).await;
        Some(Self { coord: open(config, &clock).await, clock, server: Some(server) })
    }

    /// Both drivers that can be tested here.
    pub async fn both() -> Vec<Self> {
        [Some(Self::memory()), Self::redis().await].into_iter().flatten().collect()
    }

    /// Moves time for the driver: the clock it was given, and the life of every key on its server.
    pub async fn advance(&mut self, by: Duration) {
        self.clock.advance(by);
        if let Some(server) = &mut self.server {
            server.age(by).await;
        }
    }
}

impl Server {
    pub async fn connect(url: &str, prefix: &str) -> Self {
        let client = redis::Client::open(url).unwrap();
        Self { prefix: prefix.to_owned(), connection: client.get_multiplexed_async_connection().await.unwrap() }
    }

    pub async fn keys(&mut self) -> Vec<String> {
        let pattern = format!("{}:*", self.prefix);
        let mut keys = Vec::new();
        let mut found = self.connection.scan_match::<_, String>(pattern).await.unwrap();
        while let Some(key) = found.next().await {
            keys.push(key.unwrap());
        }
        keys
    }

    /// What `FLUSHALL` would do to this test, without disturbing others on the same server.
    pub async fn flush(&mut self) {
        for key in self.keys().await {
            let _: () = self.connection.del(key).await.unwrap();
        }
        let _: () = redis::cmd("SCRIPT").arg("FLUSH").query_async(&mut self.connection).await.unwrap();
    }

    /// Connections that have subscribed to `channel`.
    pub async fn subscribers(&mut self, channel: &str) -> usize {
        let answer: (String, usize) =
            redis::cmd("PUBSUB").arg("NUMSUB").arg(channel).query_async(&mut self.connection).await.unwrap();
        answer.1
    }

    /// Takes `by` from the remaining life of every key.
    async fn age(&mut self, by: Duration) {
        let by = i64::try_from(by.as_millis()).unwrap();
        for key in self.keys().await {
            let left: i64 = self.connection.pttl(&key).await.unwrap();
            assert_ne!(left, -1, "{key} never expires");
            let _: () = match left - by {
                1.. => self.connection.pexpire(&key, left - by).await.unwrap(),
                _ => self.connection.del(&key).await.unwrap(),
            };
        }
    }
}

/// Waits until `done`, looking again and again; fails after [`PATIENCE`].
pub async fn until(what: &str, mut done: impl AsyncFnMut() -> bool) {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while !done().await {
        assert!(tokio::time::Instant::now() < deadline, "waited in vain for: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// The next wake; fails after [`PATIENCE`].
pub async fn next(waiting: &mut Subscription) -> Wake {
    tokio::time::timeout(PATIENCE, waiting.next()).await.expect("a wake in time").expect("a subscription does not end")
}
