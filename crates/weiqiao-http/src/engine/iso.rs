//! Times as the documents of the mini program have them.

use time::OffsetDateTime;

/// Midnight at the beginning of the year 0, epoch milliseconds.
const FIRST_MS: i64 = -62_167_219_200_000;
/// The last millisecond of the year 9999.
const LAST_MS: i64 = 253_402_300_799_999;

/// `2025-09-05T08:58:10.123Z`, of epoch milliseconds. A moment that cannot be written with four digits of a year becomes the
/// nearest that can.
pub(crate) fn iso(ms: i64) -> String {
    let nanos = i128::from(ms.clamp(FIRST_MS, LAST_MS)) * 1_000_000;
    let Ok(moment) = OffsetDateTime::from_unix_timestamp_nanos(nanos) else {
        return String::new();
    };
    let (year, month, day) = (moment.year(), u8::from(moment.month()), moment.day());
    let (hour, minute, second, milli) = moment.time().as_hms_milli();
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")
}

#[cfg(test)]
mod tests {
    #[test]
    fn milliseconds_are_three_digits() {
        assert_eq!(super::iso(1_757_062_690_023), "2025-09-05T08:58:10.023Z");
    }

    #[test]
    fn the_end_of_time_is_four_digits_too() {
        assert_eq!(super::iso(i64::MAX), "9999-12-31T23:59:59.999Z");
        assert_eq!(super::iso(i64::MIN), "0000-01-01T00:00:00.000Z");
    }
}
