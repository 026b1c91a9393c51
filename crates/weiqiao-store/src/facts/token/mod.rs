//! The access tokens and tickets of our accounts: one row per appid and kind, replaced by compare-and-set.
//!
//! What these facts promise together, on any number of instances:
//!
//! - The generation of a token only grows. A token is stored only by whoever saw the newest one, so an older token never
//!   overwrites a newer one.
//! - Of all who find a token used up, one gets the lease to fetch the next: [`ClaimTokenFetch`]. The others wait
//!   ([`TokenClaim::Busy`]) or are given what is already there ([`TokenClaim::Newer`]).
//! - A lease ends by itself. Every lease has a greater fence than the one before, and [`StoreToken`] wants the newest: a
//!   process that was stopped past its lease while another took over cannot store any more.
//! - Fetches that fail ([`FailTokenFetch`]) and tokens that WeChat refuses as soon as they are used ([`RejectToken`]) are
//!   counted, and after each the next fetch waits as long as the caller's schedule says.

mod claim_token_fetch;
mod fail_token_fetch;
mod find_token;
mod find_token_state;
mod free_token_fetches;
mod free_token_rests;
mod reject_token;
mod release_token_fetch;
mod store_token;

pub use claim_token_fetch::{ClaimTokenFetch, TokenClaim};
pub use fail_token_fetch::{FailTokenFetch, FailedFetch};
pub use find_token::FindToken;
pub use find_token_state::{FindTokenState, TokenState};
pub use free_token_fetches::FreeTokenFetches;
pub(in crate::facts) use free_token_rests::free_token_rests;
pub use reject_token::{RejectToken, RejectedToken};
pub use release_token_fetch::ReleaseTokenFetch;
pub use store_token::{StoreToken, TokenStored};

use crate::{Row, StoreError};

/// A token as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredToken {
    /// Which one in the row of all tokens of this account and kind; the first is 1.
    pub generation: i64,
    /// The token, sealed.
    pub sealed: Vec<u8>,
    /// When it ends, epoch milliseconds.
    pub expires_at: i64,
    /// When it was fetched, epoch milliseconds.
    pub fetched_at: i64,
    /// How many were ever fetched.
    pub fetch_count: i64,
    /// How many were replaced early because WeChat no longer took them: somebody else fetches with the same secret.
    pub replaced_outside: i64,
    /// WeChat was found to refuse it before its time.
    pub is_dead: bool,
}

/// The columns [`StoredToken::read`] reads, in its order.
macro_rules! columns {
    () => {
        "generation, sealed, expires_at, fetched_at, fetch_count, replaced_outside, dead_generation"
    };
}
use columns;

impl StoredToken {
    /// `None` while nothing was ever fetched, when the row only holds a lease or a cool-down.
    fn read(row: &mut Row) -> Result<Option<Self>, StoreError> {
        let (generation, sealed) = (row.integer()?, row.opt_bytes()?);
        let (expires_at, fetched_at) = (row.integer()?, row.integer()?);
        let (fetch_count, replaced_outside) = (row.integer()?, row.integer()?);
        let is_dead = row.integer()? >= generation;
        Ok(sealed.map(|sealed| Self {
            generation,
            sealed,
            expires_at,
            fetched_at,
            fetch_count,
            replaced_outside,
            is_dead,
        }))
    }
}

/// How long to wait after the `count`-th failure in a row (from 1): the entry of the schedule, the last one from then on.
fn cool_down_ms(schedule_ms: &[i64], count: i64) -> i64 {
    let index = usize::try_from(count.saturating_sub(1)).unwrap_or(0).min(schedule_ms.len().saturating_sub(1));
    schedule_ms.get(index).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::cool_down_ms;

    #[test]
    fn the_last_wait_of_a_schedule_goes_on() {
        let schedule = [0, 60_000, 600_000];
        let waits: Vec<i64> = (1..=5).map(|count| cool_down_ms(&schedule, count)).collect();
        assert_eq!(waits, [0, 60_000, 600_000, 600_000, 600_000]);
        assert_eq!(cool_down_ms(&[], 3), 0);
    }
}
