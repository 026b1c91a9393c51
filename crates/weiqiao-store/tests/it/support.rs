//! A fresh database of either engine, and people to put into it.

use std::future::Future;
use std::path::PathBuf;
use std::sync::LazyLock;

use tempfile::TempDir;
use tokio::task::JoinSet;
use weiqiao_model::{AccountName, AppId, IdMaker, OsRng, SystemClock, UserId};
use weiqiao_store::facts::inbox::{AcceptCallback, Effect, NewPush, Outcome};
use weiqiao_store::facts::login::{NewSession, RecordLogin, SealedUnionId};
use weiqiao_store::{Command, Store, StoreConfig, StoreError};

/// Some moment in 2025, epoch milliseconds.
pub(crate) const NOW: i64 = 1_757_062_690_123;
pub(crate) const SECOND: i64 = 1_000;
pub(crate) const MINUTE: i64 = 60 * SECOND;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;

pub(crate) const OFFICIAL: &str = "wx1111111111111111";
pub(crate) const MINI: &str = "wx2222222222222222";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

/// A fresh, migrated database of a test's own.
pub(crate) struct Db {
    pub(crate) store: Store,
    pub(crate) config: StoreConfig,
    folder: Option<TempDir>,
}

impl Db {
    /// `None` when this engine cannot be tested here (said on the output).
    pub(crate) async fn fresh(engine: Engine) -> Option<Self> {
        let db = Self::empty(engine).await?;
        db.store.migrate().await.unwrap();
        Some(db)
    }

    /// Not migrated yet.
    pub(crate) async fn empty(engine: Engine) -> Option<Self> {
        let (config, folder) = match engine {
            Engine::Sqlite => {
                let folder = tempfile::tempdir().unwrap();
                (StoreConfig::Sqlite { path: folder.path().join("weiqiao.db") }, Some(folder))
            }
            Engine::Postgres => (StoreConfig::Postgres { url: own_schema().await?, pool_size: 12 }, None),
        };
        let store = Store::open(&config).await.unwrap();
        Some(Self { store, config, folder })
    }

    /// Another instance of the service on the same database: another pool on Postgres; SQLite has only one process.
    pub(crate) async fn another(&self) -> Store {
        match self.config {
            StoreConfig::Sqlite { .. } => self.store.clone(),
            StoreConfig::Postgres { .. } => Store::open(&self.config).await.unwrap(),
        }
    }

    /// The SQLite file.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.as_ref().unwrap().path().join("weiqiao.db")
    }

    pub(crate) fn postgres_url(&self) -> &str {
        match &self.config {
            StoreConfig::Postgres { url, .. } => url,
            StoreConfig::Sqlite { .. } => panic!("not on Postgres"),
        }
    }

    pub(crate) async fn run<C: Command>(&self, command: C) -> C::Output {
        self.store.run(command).await.unwrap()
    }
}

/// The Postgres to test against. Without one the Postgres half is skipped, unless services are required.
pub(crate) fn postgres_url() -> Option<String> {
    let set = |name: &str| std::env::var_os(name).map(|value| value.into_string().unwrap());
    let url = set("WEIQIAO_TEST_POSTGRES_URL").filter(|url| !url.is_empty());
    let required = ["CI", "WEIQIAO_TEST_REQUIRE_SERVICES"].iter().any(|name| set(name).is_some_and(|v| v != "0"));
    assert!(url.is_some() || !required, "WEIQIAO_TEST_POSTGRES_URL is not set, and services are required");
    if url.is_none() {
        println!("skipped: no Postgres (set WEIQIAO_TEST_POSTGRES_URL)");
    }
    url
}

/// An address that sees only a new schema.
async fn own_schema() -> Option<String> {
    let url = postgres_url()?;
    let id: UserId = id();
    let schema = format!("weiqiao_test_{}", id.as_str().replace('-', ""));
    raw(&url).await.batch_execute(&format!("CREATE SCHEMA {schema}")).await.unwrap();
    let separator = if url.contains('?') { '&' } else { '?' };
    Some(format!("{url}{separator}options=-csearch_path%3D{schema}"))
}

/// A connection past the store.
pub(crate) async fn raw(url: &str) -> tokio_postgres::Client {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// Runs commands at the same moment on several instances, and gives what each answered.
pub(crate) async fn together<C, F>(instances: &[Store], count: usize, command: F) -> Vec<Result<C::Output, StoreError>>
where
    C: Command,
    F: Fn(usize) -> C,
{
    let mut running = JoinSet::new();
    for number in 0..count {
        let store = instances[number % instances.len()].clone();
        let command = command(number);
        running.spawn(async move { store.run(command).await });
    }
    running.join_all().await
}

/// A new id of any kind, greater than those before.
pub(crate) fn id<K>() -> weiqiao_model::id::Id<K> {
    static IDS: LazyLock<IdMaker> = LazyLock::new(IdMaker::default);
    IDS.make(&SystemClock, &OsRng)
}

/// WeChat pushes something to the mini program that has this effect.
pub(crate) async fn pushed(db: &Db, effect: Effect) {
    let push = NewPush {
        id: id::<weiqiao_model::id::kind::Job>().into_string(),
        app_id: MINI.into(),
        account: "mini".into(),
        dedup_key: id::<weiqiao_model::id::kind::Job>().into_string(),
        body: b"x".to_vec(),
        kind: "event",
        msg_type: "event".into(),
        event: None,
        who: None,
        form: "plain xml".into(),
        sent_at: NOW,
        received_at: NOW + SECOND,
    };
    db.run(AcceptCallback { push, outcome: Outcome::default(), effects: vec![effect] }).await;
}

pub(crate) fn official() -> AccountName {
    AccountName::new("official").unwrap()
}

/// A login of somebody through the official account, without unionid.
pub(crate) fn login(openid: &str) -> RecordLogin {
    RecordLogin {
        user_id: id(),
        identity_id: id(),
        app_id: AppId::new(OFFICIAL),
        account: official(),
        openid_index: format!("index of {openid}"),
        openid: openid.as_bytes().to_vec(),
        unionid: None,
        group: None,
        profile: Some(b"profile".to_vec()),
        scope: "snsapi_userinfo".into(),
        session: NewSession { id: id(), expires_at: NOW + DAY, device_hash: None },
        oauth_token: None,
        session_key: None,
        now: NOW,
    }
}

/// A unionid as a login brings it: nothing is sealed here, the store cannot tell.
pub(crate) fn unionid(unionid: &str) -> SealedUnionId {
    SealedUnionId { index: format!("index of {unionid}"), sealed: unionid.as_bytes().to_vec() }
}

/// Fails instead of hanging.
pub(crate) async fn within<T>(limit: std::time::Duration, what: impl Future<Output = T>) -> T {
    tokio::time::timeout(limit, what).await.expect("it took too long")
}
