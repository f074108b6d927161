//! Times, lengths and sizes as people read them.

use std::cell::Cell;

use chrono::format::{DelayedFormat, StrftimeItems};
use chrono::{DateTime, FixedOffset, Local, Utc};

pub(super) use crate::diagram::words::{count, duration, grouped};

thread_local! {
    /// The zone of the frame that is being drawn. Like the theme it is the same for all that is on screen.
    static SHOWN: Cell<Zone> = const { Cell::new(Zone::Utc) };
}

/// A time zone to show times in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zone {
    /// Coordinated universal time.
    Utc,
    /// That of this computer, with its summer time.
    Local,
    /// A fixed distance to UTC.
    Fixed(FixedOffset),
}

impl Zone {
    /// The zone in which times are shown now.
    pub(super) fn shown() -> Self {
        SHOWN.get()
    }

    /// Shows times in this zone from now on.
    pub(super) fn show(self) {
        SHOWN.set(self);
    }

    /// The zone's distance to UTC at an instant: `UTC`, `UTC+1`, `UTC+5:30`.
    pub(super) fn name(self, instant: DateTime<Utc>) -> String {
        let seconds = match self {
            Self::Utc => 0,
            Self::Local => instant.with_timezone(&Local).offset().local_minus_utc(),
            Self::Fixed(offset) => offset.local_minus_utc(),
        };
        let sign = if seconds < 0 { '−' } else { '+' };
        let minutes = seconds.unsigned_abs() / 60;
        match (minutes / 60, minutes % 60) {
            (0, 0) => "UTC".to_owned(),
            (hours, 0) => format!("UTC{sign}{hours}"),
            (hours, minutes) => format!("UTC{sign}{hours}:{minutes:02}"),
        }
    }

    fn write(self, instant: DateTime<Utc>, pattern: &str) -> DelayedFormat<StrftimeItems<'_>> {
        match self {
            Self::Utc => instant.format(pattern),
            Self::Local => instant.with_timezone(&Local).format(pattern),
            Self::Fixed(offset) => instant.with_timezone(&offset).format(pattern),
        }
    }
}

/// `09:14:07.120`, in the zone that is shown.
pub(super) fn clock(instant: DateTime<Utc>) -> String {
    Zone::shown().write(instant, "%H:%M:%S%.3f").to_string()
}

/// `09:14:07`, in the zone that is shown.
pub(super) fn seconds(instant: DateTime<Utc>) -> String {
    Zone::shown().write(instant, "%H:%M:%S").to_string()
}

/// `2 Mar 2026, 09:14:07`, in the zone that is shown.
pub(super) fn date(instant: DateTime<Utc>) -> String {
    Zone::shown().write(instant, "%-d %b %Y, %H:%M:%S").to_string()
}

/// `2 Mar 2026, 10:14:07 UTC+1`
pub(super) fn instant(instant: DateTime<Utc>) -> String {
    format!("{} {}", date(instant), Zone::shown().name(instant))
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
    use super::{Zone, clock, instant, size};
    use chrono::{DateTime, FixedOffset, Utc};

    #[test]
    fn sizes_read_well() {
        assert_eq!(size(512), "512 B");
        assert_eq!(size(1536), "1.5 KB");
        assert_eq!(size(21_300_000), "20.3 MB");
    }

    #[test]
    fn times_are_shown_in_the_chosen_zone() {
        let at: DateTime<Utc> = "2026-03-02T23:14:07.120Z".parse().unwrap();
        assert_eq!(instant(at), "2 Mar 2026, 23:14:07 UTC");
        for (offset, expected) in [
            (3600, "3 Mar 2026, 00:14:07 UTC+1"),
            (-8 * 3600, "2 Mar 2026, 15:14:07 UTC−8"),
            (19_800, "3 Mar 2026, 04:44:07 UTC+5:30"),
        ] {
            Zone::Fixed(FixedOffset::east_opt(offset).unwrap()).show();
            assert_eq!(instant(at), expected);
        }
        assert_eq!(clock(at), "04:44:07.120");
        Zone::Utc.show();
    }
}
