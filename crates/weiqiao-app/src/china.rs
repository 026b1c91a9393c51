//! Days as China counts them: WeChat's quotas begin anew at midnight there. There is no summer time.

use std::time::Duration;

const DAY_MS: i64 = 86_400_000;
const UTC_PLUS_8_MS: i64 = 8 * 3_600_000;

/// Days since 1970.
pub(crate) const fn day(now: i64) -> i64 {
    now.saturating_add(UTC_PLUS_8_MS).div_euclid(DAY_MS)
}

/// The next midnight, epoch milliseconds.
pub(crate) const fn next_midnight(now: i64) -> i64 {
    let into_the_day = now.saturating_add(UTC_PLUS_8_MS).rem_euclid(DAY_MS);
    now.saturating_add(DAY_MS - into_the_day)
}

/// How long it is until midnight.
pub(crate) fn until_midnight(now: i64) -> Duration {
    Duration::from_millis(next_midnight(now).saturating_sub(now).unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_china() {
        // 2025-09-05T08:58:10.123Z is 16:58 there; midnight there is 16:00 UTC.
        let (now, midnight) = (1_757_062_690_123, 1_757_088_000_000);
        assert_eq!((next_midnight(now), next_midnight(midnight)), (midnight, midnight + DAY_MS));
        assert_eq!((day(now) + 1, day(midnight - 1)), (day(midnight), day(now)));
        assert_eq!(until_midnight(midnight - 1), Duration::from_millis(1));
    }
}
