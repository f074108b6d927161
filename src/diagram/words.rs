//! Numbers, times and recorded texts as a line of a diagram says them.

use chrono::{DateTime, TimeDelta, Utc};

use crate::http::is_active;

/// `09:14:07.120`, in UTC.
pub fn clock(instant: DateTime<Utc>) -> String {
    instant.format("%H:%M:%S%.3f").to_string()
}

/// `31 ms`, `1.24 s`, `2 min 5 s`
pub fn duration(length: TimeDelta) -> String {
    let ms = length.num_milliseconds();
    match ms {
        ..1000 => format!("{ms} ms"),
        1000..60_000 => format!("{}.{:02} s", ms / 1000, ms % 1000 / 10),
        _ => format!("{} min {} s", ms / 60_000, ms % 60_000 / 1000),
    }
}

/// `1 session`, `56 sessions`
pub fn count(number: usize, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{} {one}s", grouped(number)) }
}

/// `7`, `100,000`
pub fn grouped(number: usize) -> String {
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

/// Recorded text as one line without characters that act and of a length that can be laid out.
pub fn tidy(text: &str, longest: usize) -> String {
    let mut shown: String =
        text.chars().take(longest).map(|c| if is_active(c) { ' ' } else { c }).collect();
    if text.chars().nth(longest).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::{count, duration, grouped, tidy};

    #[test]
    fn numbers_read_well() {
        assert_eq!(duration(TimeDelta::milliseconds(31)), "31 ms");
        assert_eq!(duration(TimeDelta::milliseconds(1240)), "1.24 s");
        assert_eq!(duration(TimeDelta::milliseconds(125_000)), "2 min 5 s");
        assert_eq!(count(1, "session"), "1 session");
        assert_eq!(count(0, "session"), "0 sessions");
        assert_eq!(count(100_000, "session"), "100,000 sessions");
        assert_eq!([999, 1000, 1_234_567].map(grouped), ["999", "1,000", "1,234,567"]);
    }

    #[test]
    fn recorded_text_becomes_one_short_line() {
        assert_eq!(tidy("a\r\nb\u{1b}", 10), "a  b ");
        assert_eq!(tidy("abcdef", 3), "abc…");
    }
}
