//! Times as the documents of the mini program have them.

use time::OffsetDateTime;

/// `2025-09-05T08:58:10.123Z`, of epoch milliseconds.
pub(crate) fn iso(ms: i64) -> String {
    let Ok(moment) = OffsetDateTime::from_unix_timestamp_nanos(i128::from(ms) * 1_000_000) else {
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
}
