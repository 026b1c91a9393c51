//! The raw operations on Redis.
//!
//! No command waits longer than the time limit (50 ms). A failed connection, or three time-outs in a row, open the
//! [`breaker`]: from then on commands fail at once and a background probe makes new connections until one answers.
//! Values carry an authentication tag bound to their key; what does not verify is treated as absent.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use redis::Client;
use subtle::ConstantTimeEq as _;
use tokio::task::JoinHandle;

use crate::config::RedisConfig;
use crate::driver::hub::Hub;
use crate::driver::{Gcra, whole_ms};
use crate::error::CoordError;
use crate::key::{Key, KeyMaker};

mod breaker;
mod link;
mod listener;
mod scripts;

use link::Link;
use scripts::Scripts;

/// How long the last fence of a lease is remembered. Later numbers start from the server's clock and are greater.
const FENCE_LIFE: Duration = Duration::from_secs(7 * 24 * 3600);

/// Bytes of the authentication tag in front of every value.
const TAG: usize = 16;

pub(crate) struct Redis {
    link: Arc<Link>,
    scripts: Scripts,
    keys: KeyMaker,
    prefix: String,
    instance: [u8; 8],
    hub: Arc<Hub>,
    listener: OnceLock<Task>,
}

impl Redis {
    pub(crate) async fn open(
        config: &RedisConfig,
        keys: KeyMaker,
        instance: [u8; 8],
        hub: Arc<Hub>,
    ) -> Result<Self, CoordError> {
        let client = Client::open(config.url.expose()).map_err(|_| {
            CoordError::Config("expected redis://[user:password@]host[:port][/db], rediss://… or unix:///path")
        })?;
        if let redis::ConnectionAddr::TcpTls { .. } = client.get_connection_info().addr() {
            // The client asks rustls for the process' provider and panics when nobody chose one. An error only says
            // that somebody has, which is as good.
            let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        }
        let link = Link::open(client, config).await;
        let (scripts, listener) = (Scripts::new(), OnceLock::new());
        Ok(Self { link, scripts, keys, prefix: config.prefix.clone(), instance, hub, listener })
    }

    pub(crate) fn is_up(&self) -> bool {
        self.link.is_up()
    }

    pub(crate) async fn ping(&self) -> Result<(), CoordError> {
        self.link.run::<()>(redis::cmd("PING")).await
    }

    pub(crate) async fn get(&self, key: &Key) -> Result<Option<Vec<u8>>, CoordError> {
        let mut command = redis::cmd("GET");
        command.arg(self.name(key));
        let stored: Option<Vec<u8>> = self.link.run(command).await?;
        Ok(stored.and_then(|framed| self.unframe(key, framed)))
    }

    pub(crate) async fn put(&self, key: &Key, value: &[u8], ttl: Duration) -> Result<(), CoordError> {
        let mut command = redis::cmd("SET");
        command.arg(self.name(key)).arg(self.frame(key, value)).arg("PX").arg(whole_ms(ttl));
        self.link.run(command).await
    }

    pub(crate) async fn put_new(&self, key: &Key, value: &[u8], ttl: Duration) -> Result<bool, CoordError> {
        let mut command = redis::cmd("SET");
        command.arg(self.name(key)).arg(self.frame(key, value)).arg("PX").arg(whole_ms(ttl)).arg("NX");
        let done: Option<String> = self.link.run(command).await?;
        Ok(done.is_some())
    }

    pub(crate) async fn put_if(
        &self,
        key: &Key,
        expected: &[u8],
        value: &[u8],
        ttl: Duration,
    ) -> Result<bool, CoordError> {
        let mut call = self.scripts.put_if.key(self.name(key));
        call.arg(self.frame(key, expected)).arg(self.frame(key, value)).arg(whole_ms(ttl));
        self.link.script(&call).await
    }

    pub(crate) async fn take(&self, key: &Key) -> Result<Option<Vec<u8>>, CoordError> {
        let stored: Option<Vec<u8>> = self.link.script(&self.scripts.take.key(self.name(key))).await?;
        Ok(stored.and_then(|framed| self.unframe(key, framed)))
    }

    pub(crate) async fn delete(&self, key: &Key) -> Result<bool, CoordError> {
        let mut command = redis::cmd("DEL");
        command.arg(self.name(key));
        self.link.run(command).await
    }

    pub(crate) async fn delete_if(&self, key: &Key, expected: &[u8]) -> Result<bool, CoordError> {
        let mut call = self.scripts.delete_if.key(self.name(key));
        call.arg(self.frame(key, expected));
        self.link.script(&call).await
    }

    pub(crate) async fn incr(&self, key: &Key, ttl: Duration) -> Result<i64, CoordError> {
        let mut call = self.scripts.incr.key(self.name(key));
        call.arg(whole_ms(ttl));
        self.link.script(&call).await
    }

    pub(crate) async fn count(&self, key: &Key) -> Result<i64, CoordError> {
        let mut command = redis::cmd("GET");
        command.arg(self.name(key));
        let stored: Option<Vec<u8>> = self.link.run(command).await?;
        Ok(stored.and_then(|digits| std::str::from_utf8(&digits).ok()?.parse().ok()).unwrap_or(0).max(0))
    }

    pub(crate) async fn gcra(&self, key: &Key, interval: Duration, burst: u32) -> Result<Gcra, CoordError> {
        let interval = whole_ms(interval);
        let depth = interval.saturating_mul(i64::from(burst.max(1)));
        let mut call = self.scripts.gcra.key(self.name(key));
        call.arg(interval).arg(depth);
        let (allowed, retry_after, room): (bool, u64, u64) = self.link.script(&call).await?;
        let (retry_after, room) = (Duration::from_millis(retry_after), Duration::from_millis(room));
        Ok(Gcra { allowed, retry_after, room })
    }

    pub(crate) async fn acquire(&self, key: &Key, token: &[u8], ttl: Duration) -> Result<Option<i64>, CoordError> {
        let name = self.name(key);
        let mut call = self.scripts.acquire.prepare_invoke();
        call.key(&name).key(format!("{name}:fence"));
        call.arg(self.frame(key, token)).arg(whole_ms(ttl)).arg(whole_ms(FENCE_LIFE));
        self.link.script(&call).await
    }

    pub(crate) async fn put_if_newer(
        &self,
        key: &Key,
        generation: u64,
        value: &[u8],
        ttl: Duration,
    ) -> Result<bool, CoordError> {
        let digits = format!("{generation:020}");
        let framed = self.frame(key, &[digits.as_bytes(), value].concat());
        let mut call = self.scripts.put_if_newer.key(self.name(key));
        call.arg(&digits).arg(framed).arg(whole_ms(ttl));
        if self.link.script(&call).await? {
            return Ok(true);
        }
        // Refused by something newer, or by something that is not ours: reading removes the latter.
        match self.get_newest(key).await? {
            Some(_) => Ok(false),
            None => self.link.script(&call).await,
        }
    }

    pub(crate) async fn get_newest(&self, key: &Key) -> Result<Option<(u64, Vec<u8>)>, CoordError> {
        let mut command = redis::cmd("GET");
        command.arg(self.name(key));
        let Some(framed) = self.link.run::<Option<Vec<u8>>>(command).await? else { return Ok(None) };
        let found = self.unframe(key, framed.clone()).and_then(|value| {
            let (digits, payload) = value.split_first_chunk::<20>()?;
            Some((std::str::from_utf8(digits).ok()?.parse().ok()?, payload.to_vec()))
        });
        if found.is_none() {
            // A foreign value would keep every newer one out until it expires.
            let mut call = self.scripts.delete_if.key(self.name(key));
            call.arg(framed);
            self.link.script::<bool>(&call).await?;
        }
        Ok(found)
    }

    pub(crate) async fn publish(&self, topic: &Key, payload: &[u8]) -> Result<(), CoordError> {
        let tag = self.keys.tag(&[b"wake", &self.instance, &topic.digest, payload]);
        let message = [tag.as_slice(), &self.instance, &topic.digest, payload].concat();
        let mut command = redis::cmd("PUBLISH");
        command.arg(self.channel()).arg(message);
        self.link.run(command).await
    }

    /// Starts hearing what other instances publish; the second call does nothing.
    pub(crate) fn listen(&self) {
        self.listener.get_or_init(|| {
            let (keys, instance) = (self.keys.clone(), self.instance);
            Task(tokio::spawn(listener::run(
                Arc::clone(&self.link),
                self.channel(),
                Arc::clone(&self.hub),
                move |message| open_message(&keys, instance, message),
            )))
        });
    }

    fn channel(&self) -> String {
        format!("{}:wake", self.prefix)
    }

    fn name(&self, key: &Key) -> String {
        format!("{}:{key}", self.prefix)
    }

    fn frame(&self, key: &Key, value: &[u8]) -> Vec<u8> {
        let tag = self.keys.tag(&[key.meaning.word().as_bytes(), &key.digest, value]);
        [tag.as_slice(), value].concat()
    }

    fn unframe(&self, key: &Key, mut framed: Vec<u8>) -> Option<Vec<u8>> {
        let value = framed.get(TAG..)?;
        let tag = self.keys.tag(&[key.meaning.word().as_bytes(), &key.digest, value]);
        if !bool::from(framed.get(..TAG)?.ct_eq(&tag)) {
            metrics::counter!("weiqiao_coord_foreign_values_total", "meaning" => key.meaning.word()).increment(1);
            return None;
        }
        framed.drain(..TAG);
        Some(framed)
    }
}

/// Topic and payload of another instance's message; nothing for our own (already told) and for foreign ones.
fn open_message(keys: &KeyMaker, own: [u8; 8], message: &[u8]) -> Option<([u8; 16], Vec<u8>)> {
    let (tag, rest) = message.split_first_chunk::<TAG>()?;
    let (instance, rest) = rest.split_first_chunk::<8>()?;
    let (topic, payload) = rest.split_first_chunk::<16>()?;
    let genuine = bool::from(keys.tag(&[b"wake", instance, topic, payload]).ct_eq(tag));
    (genuine && *instance != own).then(|| (*topic, payload.to_vec()))
}

/// A background task that ends with its owner.
struct Task(JoinHandle<()>);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}
