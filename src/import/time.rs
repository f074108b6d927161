//! Instants and durations as recorders write them.

use chrono::{DateTime, Datelike as _, FixedOffset, NaiveDateTime, TimeDelta, Utc};

/// The longest duration that is believed: thirty days.
const LONGEST_MS: f64 = 30.0 * 24.0 * 3600.0 * 1000.0;

/// Reads an RFC 3339 instant with any number of fraction digits. An offset without a colon is understood, a missing one
/// is taken as UTC. `None` for anything else and for the `0001-01-01` that Fiddler writes for "never".
pub(super) fn instant(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z"))
        .map(|instant| instant.to_utc())
        .or_else(|_| {
            NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").map(|naive| naive.and_utc())
        })
        .ok()
        .filter(|instant| (1970..=9999).contains(&instant.year()))
}

/// How far the clock that wrote an instant was from UTC: `+08:00`. `None` when it only says UTC (`Z`) or nothing.
pub(super) fn utc_offset(text: &str) -> Option<FixedOffset> {
    let (_, time) = text.trim().split_once('T')?;
    let at = time.rfind(['+', '-'])?;
    time.get(at..)?.parse().ok()
}

/// A duration of so many milliseconds; `None` when negative (a recorder's "does not apply") or beyond belief.
pub(super) fn milliseconds(ms: f64) -> Option<TimeDelta> {
    if !(0.0..=LONGEST_MS).contains(&ms) {
        return None;
    }
    // In range by the line above: a whole number of microseconds below 2^42.
    #[expect(clippy::cast_possible_truncation, reason = "the value was checked against its bounds")]
    let micros = (ms * 1000.0).round() as i64;
    Some(TimeDelta::microseconds(micros))
}

/// The time from one instant to a later one.
pub(super) fn between(
    start: Option<DateTime<Utc>>,
    end: Option<DateTime<Utc>>,
) -> Option<TimeDelta> {
    let span = end?.signed_duration_since(start?);
    (span >= TimeDelta::zero()).then_some(span)
}

#[cfg(test)]
mod tests {
    use super::{instant, milliseconds, utc_offset};

    #[test]
    fn a_recorders_own_clock_is_known_where_it_is_written() {
        let read = |text: &str| utc_offset(text).map(|o| o.local_minus_utc());
        assert_eq!(read("2021-06-14T18:04:59.9444171+08:00"), Some(8 * 3600));
        assert_eq!(read("2021-06-14T18:04:59-0330"), Some(-(3 * 3600 + 1800)));
        for text in ["2021-06-14T18:04:59Z", "2021-06-14T18:04:59", "2021-06-14", "T+x", ""] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn instants_are_read_in_every_spelling_of_the_corpus() {
        let read = |text: &str| instant(text).map(|i| i.to_rfc3339());
        for (text, expected) in [
            ("2021-06-14T18:04:59.9444171+08:00", "2021-06-14T10:04:59.944417100+00:00"),
            ("2021-06-14T18:04:59Z", "2021-06-14T18:04:59+00:00"),
            ("2021-06-14T18:04:59.123456789+0800", "2021-06-14T10:04:59.123456789+00:00"),
            ("2021-06-14T18:04:59.5", "2021-06-14T18:04:59.500+00:00"),
        ] {
            assert_eq!(read(text).as_deref(), Some(expected), "{text}");
        }
        for text in ["NaN-NaN-NaNTNaN:NaN:NaN.NaN+NaN:", "0001-01-01T00:00:00", "", "today"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn impossible_durations_are_none() {
        assert_eq!(milliseconds(1.5).map(|d| d.num_microseconds()), Some(Some(1500)));
        for ms in [-1.0, f64::NAN, f64::INFINITY, 1e300] {
            assert_eq!(milliseconds(ms), None);
        }
    }
}
