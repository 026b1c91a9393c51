//! The raw operations in this process.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use weiqiao_model::Clock;

use crate::driver::{Gcra, whole_ms};
use crate::error::CoordError;
use crate::key::{Key, Meaning};

mod pool;

use pool::{Pool, WhenFull};

/// Entries of one meaning. At about 150 bytes each the whole driver stays under 100 MB in the worst case.
const CAPACITY: usize = 100_000;

/// One bounded pool per meaning, so that a flood of one kind cannot push out another.
pub(crate) struct Memory {
    clock: Arc<dyn Clock>,
    one_time: Mutex<Pool>,
    lease: Mutex<Pool>,
    rate: Mutex<Pool>,
    strikes: Mutex<Pool>,
    token: Mutex<Pool>,
    cache: Mutex<Pool>,
    last_fence: AtomicI64,
}

impl Memory {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self::with_capacity(clock, CAPACITY)
    }

    fn with_capacity(clock: Arc<dyn Clock>, capacity: usize) -> Self {
        let pool = |when_full| Mutex::new(Pool::new(capacity, when_full));
        Self {
            clock,
            one_time: pool(WhenFull::Refuse),
            lease: pool(WhenFull::Refuse),
            rate: pool(WhenFull::ForgetNextToExpire),
            strikes: pool(WhenFull::ForgetNextToExpire),
            token: pool(WhenFull::ForgetNextToExpire),
            cache: pool(WhenFull::ForgetNextToExpire),
            last_fence: AtomicI64::new(0),
        }
    }

    /// Runs `work` on the pool of `key`, with the present moment. The lock is never held across an await.
    fn on<R>(&self, key: &Key, work: impl FnOnce(&mut Pool, i64) -> R) -> R {
        let now = self.clock.now_ms();
        let mut pool = self.pool(key.meaning).lock().unwrap_or_else(PoisonError::into_inner);
        work(&mut pool, now)
    }

    fn pool(&self, meaning: Meaning) -> &Mutex<Pool> {
        match meaning {
            Meaning::OneTime => &self.one_time,
            Meaning::Lease => &self.lease,
            Meaning::Rate => &self.rate,
            Meaning::Strikes => &self.strikes,
            Meaning::Token => &self.token,
            Meaning::Cache | Meaning::Wake => &self.cache,
        }
    }

    pub(crate) fn get(&self, key: &Key) -> Option<Vec<u8>> {
        self.on(key, |pool, now| pool.get(&key.digest, now).map(|entry| entry.value.clone()))
    }

    pub(crate) fn put(&self, key: &Key, value: &[u8], ttl: Duration) -> Result<(), CoordError> {
        self.on(key, |pool, now| pool.set(key.digest, value.to_vec(), until(now, ttl), now))
    }

    pub(crate) fn put_new(&self, key: &Key, value: &[u8], ttl: Duration) -> Result<bool, CoordError> {
        self.on(key, |pool, now| match pool.get(&key.digest, now) {
            Some(_) => Ok(false),
            None => pool.set(key.digest, value.to_vec(), until(now, ttl), now).map(|()| true),
        })
    }

    pub(crate) fn put_if(&self, key: &Key, expected: &[u8], value: &[u8], ttl: Duration) -> Result<bool, CoordError> {
        self.on(key, |pool, now| match pool.get(&key.digest, now) {
            Some(entry) if entry.value == expected => {
                pool.set(key.digest, value.to_vec(), until(now, ttl), now).map(|()| true)
            }
            _ => Ok(false),
        })
    }

    pub(crate) fn take(&self, key: &Key) -> Option<Vec<u8>> {
        self.on(key, |pool, now| pool.remove(&key.digest).filter(|entry| entry.expires_at > now))
            .map(|entry| entry.value)
    }

    pub(crate) fn delete_if(&self, key: &Key, expected: &[u8]) -> bool {
        self.on(key, |pool, now| match pool.get(&key.digest, now) {
            Some(entry) if entry.value == expected => pool.remove(&key.digest).is_some(),
            _ => false,
        })
    }

    pub(crate) fn incr(&self, key: &Key, ttl: Duration) -> Result<i64, CoordError> {
        self.on(key, |pool, now| {
            let (count, expires_at) = match pool.get(&key.digest, now) {
                Some(entry) => (read_count(&entry.value).saturating_add(1), entry.expires_at),
                None => (1, until(now, ttl)),
            };
            pool.set(key.digest, count.to_be_bytes().to_vec(), expires_at, now).map(|()| count)
        })
    }

    pub(crate) fn count(&self, key: &Key) -> i64 {
        self.on(key, |pool, now| pool.get(&key.digest, now).map_or(0, |entry| read_count(&entry.value)))
    }

    /// Sets a counter to what Redis counted, so that counting goes on from there when Redis goes away.
    pub(crate) fn set_count(&self, key: &Key, count: i64, ttl: Duration) {
        self.on(key, |pool, now| {
            let expires_at = pool.get(&key.digest, now).map_or_else(|| until(now, ttl), |entry| entry.expires_at);
            // A pool of counters makes room by itself and never refuses.
            let _ = pool.set(key.digest, count.to_be_bytes().to_vec(), expires_at, now);
        });
    }

    /// The bucket's fill is the time until its entry expires, so an empty bucket takes no room.
    pub(crate) fn gcra(&self, key: &Key, interval: Duration, burst: u32) -> Gcra {
        let interval = whole_ms(interval);
        let depth = interval.saturating_mul(i64::from(burst.max(1)));
        self.on(key, |pool, now| {
            let fill = pool.get(&key.digest, now).map_or(0, |entry| entry.expires_at - now).min(depth);
            let after = fill.saturating_add(interval);
            if after > depth {
                return Gcra { allowed: false, retry_after: ms(after - depth), room: ms(depth - fill) };
            }
            let _ = pool.set(key.digest, Vec::new(), now.saturating_add(after), now);
            Gcra { allowed: true, retry_after: Duration::ZERO, room: ms(depth - after) }
        })
    }

    pub(crate) fn acquire(&self, key: &Key, token: &[u8], ttl: Duration) -> Result<Option<i64>, CoordError> {
        self.on(key, |pool, now| {
            if pool.get(&key.digest, now).is_some() {
                return Ok(None);
            }
            pool.set(key.digest, token.to_vec(), until(now, ttl), now)?;
            let from_clock = now.saturating_mul(1000);
            let next = |last: i64| from_clock.max(last.saturating_add(1));
            let last = self.last_fence.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |last| Some(next(last)));
            Ok(Some(next(last.unwrap_or_else(|last| last))))
        })
    }

    pub(crate) fn put_if_newer(
        &self,
        key: &Key,
        generation: u64,
        value: &[u8],
        ttl: Duration,
    ) -> Result<bool, CoordError> {
        self.on(key, |pool, now| {
            let stored = pool.get(&key.digest, now).and_then(|entry| split_generation(&entry.value));
            if stored.is_some_and(|(stored, _)| stored >= generation) {
                return Ok(false);
            }
            let framed = [&generation.to_be_bytes(), value].concat();
            pool.set(key.digest, framed, until(now, ttl), now).map(|()| true)
        })
    }

    pub(crate) fn get_newest(&self, key: &Key) -> Option<(u64, Vec<u8>)> {
        self.on(key, |pool, now| {
            let (generation, value) = split_generation(&pool.get(&key.digest, now)?.value)?;
            Some((generation, value.to_vec()))
        })
    }

    pub(crate) fn sweep(&self) {
        let now = self.clock.now_ms();
        for pool in [&self.one_time, &self.lease, &self.rate, &self.strikes, &self.token, &self.cache] {
            pool.lock().unwrap_or_else(PoisonError::into_inner).expire(now, usize::MAX);
        }
    }
}

fn until(now: i64, ttl: Duration) -> i64 {
    now.saturating_add(whole_ms(ttl))
}

fn ms(value: i64) -> Duration {
    Duration::from_millis(u64::try_from(value).unwrap_or(0))
}

fn read_count(value: &[u8]) -> i64 {
    value.try_into().map_or(0, i64::from_be_bytes)
}

fn split_generation(value: &[u8]) -> Option<(u64, &[u8])> {
    value.split_first_chunk().map(|(generation, rest)| (u64::from_be_bytes(*generation), rest))
}

#[cfg(test)]
mod tests {
    use weiqiao_model::ManualClock;

    use super::*;
    use crate::key::KeyMaker;

    fn small() -> (Arc<ManualClock>, Memory, impl Fn(Meaning, usize) -> Key) {
        let clock = Arc::new(ManualClock::at(1_000));
        let maker = KeyMaker::new(&[1; 32]);
        let key = move |meaning, n: usize| maker.key(meaning, "test", &n.to_string());
        (Arc::clone(&clock), Memory::with_capacity(clock, 10), key)
    }

    fn size(memory: &Memory, meaning: Meaning) -> usize {
        memory.pool(meaning).lock().unwrap().len()
    }

    #[test]
    fn a_flood_of_callers_stays_within_the_bound_and_keeps_the_fullest_buckets() {
        let (_clock, memory, key) = small();
        for _ in 0..3 {
            memory.gcra(&key(Meaning::Rate, 0), Duration::from_secs(1), 3);
        }
        for n in 1..1_000 {
            assert!(memory.gcra(&key(Meaning::Rate, n), Duration::from_secs(1), 3).allowed);
        }
        assert_eq!(size(&memory, Meaning::Rate), 10);
        assert!(!memory.gcra(&key(Meaning::Rate, 0), Duration::from_secs(1), 3).allowed);
    }

    #[test]
    fn one_time_values_are_never_pushed_out_but_refused() {
        let (clock, memory, key) = small();
        let minute = Duration::from_secs(60);
        for n in 0..10 {
            assert_eq!(memory.put_new(&key(Meaning::OneTime, n), b"v", minute), Ok(true));
        }
        assert_eq!(memory.put_new(&key(Meaning::OneTime, 10), b"v", minute), Err(CoordError::Full));
        assert_eq!(memory.put(&key(Meaning::OneTime, 3), b"w", minute), Ok(()), "replacing needs no room");
        assert_eq!(memory.put_new(&key(Meaning::Cache, 0), b"v", minute), Ok(true), "other kinds have their own");
        clock.advance(minute);
        assert_eq!(memory.put_new(&key(Meaning::OneTime, 10), b"v", minute), Ok(true));
        assert_eq!(size(&memory, Meaning::OneTime), 7, "four of ten went");
    }

    #[test]
    fn what_expired_is_forgotten_while_writing_and_by_the_sweep() {
        let (clock, memory, key) = small();
        for n in 0..8 {
            memory.put(&key(Meaning::Cache, n), b"v", Duration::from_secs(1)).unwrap();
        }
        clock.advance(Duration::from_secs(2));
        memory.put(&key(Meaning::Cache, 8), b"v", Duration::from_secs(1)).unwrap();
        assert!(size(&memory, Meaning::Cache) < 8);
        memory.sweep();
        assert_eq!(size(&memory, Meaning::Cache), 1);
    }

    #[test]
    fn a_clock_that_steps_back_neither_locks_a_bucket_nor_repeats_a_fence() {
        let (clock, memory, key) = small();
        clock.advance(Duration::from_secs(100));
        let (bucket, lease) = (key(Meaning::Rate, 0), key(Meaning::Lease, 0));
        assert!(memory.gcra(&bucket, Duration::from_secs(1), 1).allowed);
        let first = memory.acquire(&lease, b"a", Duration::from_secs(1)).unwrap().unwrap();
        assert!(memory.delete_if(&lease, b"a"));
        clock.set(1_000);
        let retry = memory.gcra(&bucket, Duration::from_secs(1), 1).retry_after;
        assert!(retry <= Duration::from_secs(1), "{retry:?}");
        assert!(memory.acquire(&lease, b"b", Duration::from_secs(1)).unwrap().unwrap() > first);
    }
}
