//! Our own ids. One type, [`Id`], with a marker per kind: a [`UserId`] where a [`SessionId`] is wanted does not compile.
//!
//! An id is a UUID of version 7 in its 36-character form, so ids sort by the millisecond they were made in, and those of one
//! process by the order they were made in. It is made by us and never by a database.
//!
//! To add a kind: one line in the `kinds!` list below.

use std::sync::atomic::{AtomicU64, Ordering};

use uuid::Builder;
pub use weixin_proto::id::Id;
use weixin_proto::id::Kind;

use crate::{Clock, Rng, random_bytes};

macro_rules! kinds {
    ($($(#[$doc:meta])* $marker:ident => $alias:ident;)*) => {
        /// The markers that tell one kind of [`Id`] from another. They are never built.
        pub mod kind {
            $(
                $(#[$doc])*
                #[derive(Debug, Clone, Copy)]
                pub enum $marker {}
                impl super::Kind for $marker {
                    const NAME: &'static str = stringify!($alias);
                    const PERSONAL: bool = false;
                }
            )*
        }
        $($(#[$doc])* pub type $alias = Id<kind::$marker>;)*
    };
}

kinds! {
    /// A person, across the accounts of one open-platform group.
    User => UserId;
    /// A person as one WeChat account sees them: one per appid and openid.
    Identity => IdentityId;
    /// One login on one device.
    Session => SessionId;
    /// A member of staff.
    Staff => StaffId;
    /// A key for server-to-server calls.
    ApiKey => ApiKeyId;
    /// A piece of work to be done later.
    Job => JobId;
}

/// Makes ids that sort in the order they were made in, also within a millisecond: UUIDs of version 7 whose twelve bits after
/// the time count (RFC 9562, section 6.2, method 1), and 62 random bits. One per process and clock.
///
/// Ids of two makers, and so of two instances, have no order within a millisecond.
///
/// ```
/// use weiqiao_model::{IdMaker, ManualClock, OsRng, UserId};
/// let (maker, clock) = (IdMaker::default(), ManualClock::at(1_757_062_690_123));
/// let (first, second): (UserId, UserId) = (maker.make(&clock, &OsRng), maker.make(&clock, &OsRng));
/// assert!(first.as_str().starts_with("01991918-f54b-7") && first < second);
/// ```
#[derive(Debug, Default)]
pub struct IdMaker {
    /// The millisecond and the counter of the last id.
    last: AtomicU64,
}

/// How many bits count within a millisecond.
const COUNTER_BITS: u32 = 12;

/// A clock that goes back by less than this many milliseconds does not bring the order of ids with it.
const SMALL_STEP: u64 = 10_000;

impl IdMaker {
    /// A new id. A millisecond with more ids than the counter can count goes on in the next one.
    pub fn make<K>(&self, clock: &(impl Clock + ?Sized), rng: &(impl Rng + ?Sized)) -> Id<K> {
        let random = random_bytes::<10>(rng);
        let [one, two, rest @ ..] = random;
        // Begins in the lower half, so that there is room to count.
        let start = u64::from(u16::from_be_bytes([one, two])) & ((1 << (COUNTER_BITS - 1)) - 1);
        let millis = u64::try_from(clock.now_ms()).unwrap_or(0);
        let fresh = (millis << COUNTER_BITS) | start;
        let following = |last: u64| {
            let before = last >> COUNTER_BITS;
            let goes_on = before >= millis && before - millis < SMALL_STEP;
            if goes_on { last.saturating_add(1) } else { fresh }
        };
        let mut last = self.last.load(Ordering::Relaxed);
        let made = loop {
            let next = following(last);
            match self.last.compare_exchange_weak(last, next, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => break next,
                Err(now) => last = now,
            }
        };
        let [.., high, low] = made.to_be_bytes();
        let mut bytes = [high & 0x0f, low, 0, 0, 0, 0, 0, 0, 0, 0];
        for (to, from) in bytes.iter_mut().skip(2).zip(rest) {
            *to = from;
        }
        Id::new(Builder::from_unix_timestamp_millis(made >> COUNTER_BITS, &bytes).into_uuid().to_string())
    }
}

/// The least id that can have been made at this time, epoch milliseconds.
///
/// ```
/// use weiqiao_model::first_id_at;
/// assert_eq!(first_id_at(1_757_062_690_123), "01991918-f54b-7000-8000-000000000000");
/// ```
#[must_use]
pub fn first_id_at(ms: i64) -> String {
    let ms = u64::try_from(ms).unwrap_or(0);
    Builder::from_unix_timestamp_millis(ms, &[0; 10]).into_uuid().to_string()
}

/// An id alone, where nothing is in order with it. Everything else takes an [`IdMaker`].
pub fn new_id<K>(clock: &(impl Clock + ?Sized), rng: &(impl Rng + ?Sized)) -> Id<K> {
    IdMaker::default().make(clock, rng)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{ManualClock, SeededRng};

    #[test]
    fn ids_sort_by_the_time_they_were_made() {
        let (clock, rng) = (ManualClock::at(1_757_062_690_123), SeededRng::new(3));
        let ids: Vec<UserId> = (0..100)
            .map(|_| {
                clock.advance(Duration::from_millis(1));
                new_id(&clock, &rng)
            })
            .collect();
        assert!(ids.is_sorted());
        assert!(ids.iter().all(|id| id.as_str().len() == 36));
    }

    #[test]
    fn ids_of_one_millisecond_differ() {
        let (clock, rng) = (ManualClock::at(0), SeededRng::new(3));
        let (first, second): (SessionId, SessionId) = (new_id(&clock, &rng), new_id(&clock, &rng));
        assert_ne!(first, second);
    }

    #[test]
    fn ids_of_one_millisecond_keep_the_order_they_were_made_in() {
        let (maker, clock, rng) = (IdMaker::default(), ManualClock::at(1_757_062_690_123), SeededRng::new(3));
        // More than one millisecond can count, and a clock that is set back a little in between.
        let mut ids: Vec<UserId> = (0..10_000).map(|_| maker.make(&clock, &rng)).collect();
        clock.set(1_757_062_690_023);
        ids.extend((0..100).map(|_| maker.make::<kind::User>(&clock, &rng)));
        clock.set(1_757_062_690_923);
        ids.push(maker.make(&clock, &rng));
        assert!(ids.is_sorted_by(|a, b| a < b));
        assert!(ids.iter().all(|id| id.as_str().len() == 36 && id.as_str().as_bytes()[14] == b'7'));
        // Another time, not a small step: the id says it.
        clock.set(1_757_000_000_000);
        assert!(maker.make::<kind::User>(&clock, &rng) < ids[0]);
    }

    #[test]
    fn no_two_threads_make_ids_out_of_order() {
        let (maker, clock) = (IdMaker::default(), ManualClock::at(1_757_062_690_123));
        let made = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4)
                .map(|seed| {
                    let (maker, clock) = (&maker, &clock);
                    scope.spawn(move || {
                        let rng = SeededRng::new(seed);
                        (0..500).map(|_| maker.make::<kind::User>(clock, &rng)).collect::<Vec<_>>()
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
        });
        assert!(made.iter().all(|ids| ids.is_sorted_by(|a, b| a < b)));
        // The time and the counter alone tell all of them apart.
        let mut heads: Vec<_> = made.iter().flatten().map(|id| id.as_str().get(..18).unwrap().to_owned()).collect();
        heads.sort();
        heads.dedup();
        assert_eq!(heads.len(), 2_000);
    }
}
