//! Numbers, times and recorded texts as a line of a diagram says them.

use chrono::{DateTime, TimeDelta, Utc};

use crate::http::is_active;

/// `09:14:07.120`, in UTC.
pub fn clock(instant: DateTime<Utc>) -> String {
    instant.format("%H:%M:%S%.3f").to_string()
}

/// `09:14:07`, in UTC.
pub fn seconds(instant: DateTime<Utc>) -> String {
    instant.format("%H:%M:%S").to_string()
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

/// A sentence cut between two words so that its first line fits a width; the second line has the rest.
pub fn two_lines(text: &str, width: f32, measure: impl Fn(&str) -> f32) -> (&str, &str) {
    if measure(text) <= width {
        return (text, "");
    }
    let cuts = text.match_indices(' ').filter_map(|(at, _)| text.split_at_checked(at));
    let fitting = cuts.take_while(|(head, _)| measure(head) <= width).last();
    fitting.map_or((text, ""), |(head, rest)| (head, rest.trim_start()))
}

/// A name that fits a width, cut in its middle: the ends of host names tell them apart.
pub fn middle(text: &str, width: f32, measure: impl Fn(&str) -> f32) -> String {
    if measure(text) <= width {
        return text.to_owned();
    }
    let letters: Vec<char> = text.chars().collect();
    let cut = |kept: usize| -> String {
        let (head, tail) = (kept.div_ceil(2), kept / 2);
        let tail = letters.len().saturating_sub(tail);
        letters.iter().take(head).chain(&['…']).chain(letters.iter().skip(tail)).collect()
    };
    // The largest number of letters that fits; at least two, however narrow the place is.
    let (mut fits, mut least_wide) = (2, letters.len());
    while fits + 1 < least_wide {
        let kept = usize::midpoint(fits, least_wide);
        if measure(&cut(kept)) <= width {
            fits = kept;
        } else {
            least_wide = kept;
        }
    }
    cut(fits)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::{count, duration, grouped, middle, tidy, two_lines};

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

    #[test]
    fn a_long_name_keeps_both_ends() {
        let ten = |text: &str| middle(text, 10.0, |t| t.chars().count() as f32);
        assert_eq!(ten("short.host"), "short.host");
        assert_eq!(ten("autodiscover.contoso.com"), "autod….com");
        assert_eq!(ten(&"x".repeat(253)).chars().count(), 10);
        assert_eq!(middle("contoso", 0.0, |t| t.chars().count() as f32), "c…o");
    }

    #[test]
    fn a_sentence_is_cut_between_words() {
        let ten = |text: &'static str| two_lines(text, 10.0, |t| t.chars().count() as f32);
        assert_eq!(ten("one line"), ("one line", ""));
        assert_eq!(ten("the token is for others"), ("the token", "is for others"));
        assert_eq!(ten("unbreakable-words"), ("unbreakable-words", ""));
    }
}
