//! One holder at a time, with a fencing number.

use std::time::Duration;

use weiqiao_model::random_bytes;

use crate::coord::Inner;
use crate::error::CoordError;
use crate::key::{Key, Meaning};

/// One holder at a time.
///
/// A lease is a hint that saves double work, not a lock that prevents it: a holder that is stopped for longer than the
/// lease goes on believing it holds it. Whoever writes under a lease passes its [`Lease::fence`] along, and the store
/// refuses a smaller number than it has seen.
///
/// **Without Redis** every method answers [`CoordError::Unavailable`]: use the durable lease of the store.
#[derive(Clone, Copy)]
pub struct Leases<'a>(pub(crate) &'a Inner);

/// A lease that was acquired. Dropping it does not release it: call [`Leases::release`], or let it run out.
#[derive(Debug)]
pub struct Lease {
    key: Key,
    held_by: Vec<u8>,
    /// Greater than that of every earlier holder of the same name, also across restarts and flushes.
    pub fence: i64,
}

impl Leases<'_> {
    /// Takes the lease `name` for `ttl`; nothing when somebody (also this caller) holds it. `owner` says who, for
    /// [`Leases::holder`].
    ///
    /// # Errors
    /// [`CoordError::Unavailable`], [`CoordError::Full`].
    pub async fn acquire(&self, name: &str, owner: &str, ttl: Duration) -> Result<Option<Lease>, CoordError> {
        let key = self.0.key(Meaning::Lease, name, "");
        let held_by = [random_bytes::<NONCE>(&*self.0.rng).as_slice(), owner.as_bytes()].concat();
        let fence = self.0.raw.acquire(&key, &held_by, ttl).await?;
        Ok(fence.map(|fence| Lease { key, held_by, fence }))
    }

    /// Prolongs the lease to `ttl` from now; false when it was lost.
    ///
    /// # Errors
    /// [`CoordError::Unavailable`]: treat the lease as lost when its time is over.
    pub async fn renew(&self, lease: &Lease, ttl: Duration) -> Result<bool, CoordError> {
        self.0.raw.put_if(&lease.key, &lease.held_by, &lease.held_by, ttl).await
    }

    /// Gives the lease back; false when it had been lost.
    ///
    /// # Errors
    /// [`CoordError::Unavailable`]: it runs out by itself.
    pub async fn release(&self, lease: Lease) -> Result<bool, CoordError> {
        self.0.raw.delete_if(&lease.key, &lease.held_by).await
    }

    /// Who holds the lease now, in the words given to [`Leases::acquire`].
    ///
    /// # Errors
    /// [`CoordError::Unavailable`].
    pub async fn holder(&self, name: &str) -> Result<Option<String>, CoordError> {
        let held_by = self.0.raw.get(&self.0.key(Meaning::Lease, name, "")).await?;
        Ok(held_by.map(|held_by| String::from_utf8_lossy(held_by.get(NONCE..).unwrap_or_default()).into_owned()))
    }
}

/// Random bytes that tell two acquisitions by the same owner apart.
const NONCE: usize = 16;
