//! Times, lengths and sizes as people read them.

use chrono::{DateTime, Utc};

pub(super) use crate::diagram::words::{clock, count, duration, grouped};

/// `2 Mar 2026, 09:14:07 UTC`
pub(super) fn instant(instant: DateTime<Utc>) -> String {
    instant.format("%-d %b %Y, %H:%M:%S UTC").to_string()
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

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_read_well() {
        assert_eq!(size(512), "512 B");
        assert_eq!(size(1536), "1.5 KB");
        assert_eq!(size(21_300_000), "20.3 MB");
    }
}
