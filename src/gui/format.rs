//! Times, lengths and sizes as people read them.

use chrono::{DateTime, TimeDelta, Utc};

/// `09:14:07.120`, in UTC.
pub(super) fn clock(instant: DateTime<Utc>) -> String {
    instant.format("%H:%M:%S%.3f").to_string()
}

/// `2 Mar 2026, 09:14:07 UTC`
pub(super) fn instant(instant: DateTime<Utc>) -> String {
    instant.format("%-d %b %Y, %H:%M:%S UTC").to_string()
}

/// `31 ms`, `1.24 s`, `2 min 5 s`
pub(super) fn duration(length: TimeDelta) -> String {
    let ms = length.num_milliseconds();
    match ms {
        ..1000 => format!("{ms} ms"),
        1000..60_000 => format!("{}.{:02} s", ms / 1000, ms % 1000 / 10),
        _ => format!("{} min {} s", ms / 60_000, ms % 60_000 / 1000),
    }
}

/// `512 B`, `1.5 KB`, `20.3 MB`, in steps of 1024.
pub(super) fn size(bytes: u64) -> String {
    let tenths = |unit: u64| format!("{}.{}", bytes / unit, bytes % unit * 10 / unit);
    match bytes {
        ..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} KB", tenths(1024)),
        _ => format!("{} MB", tenths(1_048_576)),
    }
}

/// `1 session`, `56 sessions`
pub(super) fn count(number: usize, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{} {one}s", grouped(number)) }
}

/// `7`, `100,000`
pub(super) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::{count, duration, size};

    #[test]
    fn numbers_read_well() {
        assert_eq!(duration(TimeDelta::milliseconds(31)), "31 ms");
        assert_eq!(duration(TimeDelta::milliseconds(1240)), "1.24 s");
        assert_eq!(duration(TimeDelta::milliseconds(125_000)), "2 min 5 s");
        assert_eq!(size(512), "512 B");
        assert_eq!(size(1536), "1.5 KB");
        assert_eq!(size(21_300_000), "20.3 MB");
        assert_eq!(count(1, "session"), "1 session");
        assert_eq!(count(0, "session"), "0 sessions");
        assert_eq!(count(100_000, "session"), "100,000 sessions");
        assert_eq!([999, 1000, 1_234_567].map(super::grouped), ["999", "1,000", "1,234,567"]);
    }
}
