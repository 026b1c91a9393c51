//! Our own ids. One type, [`Id`], with a marker per kind: a [`UserId`] where a [`SessionId`] is wanted does not compile.
//!
//! An id is a UUID of version 7 in its 36-character form, so ids sort by the millisecond they were made in. It is made
//! by us and never by a database.
//!
//! To add a kind: one line in the `kinds!` list below.

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

/// A new id: UUID version 7 of the clock's millisecond, with 74 random bits.
///
/// ```
/// use weiqiao_model::{ManualClock, OsRng, UserId, new_id};
/// let id: UserId = new_id(&ManualClock::at(1_757_062_690_123), &OsRng);
/// assert!(id.as_str().starts_with("01991918-f54b-7"));
/// ```
pub fn new_id<K>(clock: &(impl Clock + ?Sized), rng: &(impl Rng + ?Sized)) -> Id<K> {
    let millis = u64::try_from(clock.now_ms()).unwrap_or(0);
    Id::new(Builder::from_unix_timestamp_millis(millis, &random_bytes::<10>(rng)).into_uuid().to_string())
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
}
