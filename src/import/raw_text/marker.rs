//! The line that begins a session: `### 12 09:14:07.120 +31ms outlook.exe:1234 // comment`.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

use crate::import::time;

/// The day of a session whose line gives only a time of day, if no session before it has a date.
const DEFAULT_DAY: Option<NaiveDate> = NaiveDate::from_ymd_opt(2026, 3, 2);

/// What such a line says. Each word is recognised by its shape, in any order, and may be left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Marker {
    /// `12`: the session's number.
    pub(super) number: Option<u32>,
    /// An RFC 3339 instant, or `09:14:07.120`, UTC, on the day of the session before.
    pub(super) started: Option<DateTime<Utc>>,
    /// `+31ms` or `+1.2s`: how long the session took.
    pub(super) total: Option<TimeDelta>,
    /// `outlook:1234` or `outlook.exe`.
    pub(super) process: Option<String>,
    /// What stands behind `//`, else the words of no known shape.
    pub(super) comment: Option<String>,
}

impl Marker {
    /// Reads the line; `previous` is the start of the session before.
    pub(super) fn parse(line: &str, previous: Option<DateTime<Utc>>) -> Self {
        let line = line.trim_start_matches('#');
        let (words, comment) =
            line.split_once("//").map_or((line, None), |(words, comment)| (words, Some(comment)));
        let mut marker = Self::default();
        let mut rest = Vec::new();
        for word in words.split_whitespace() {
            if !marker.word(word, previous) {
                rest.push(word);
            }
        }
        let comment = comment.map_or_else(|| rest.join(" "), |comment| comment.trim().to_owned());
        marker.comment = (!comment.is_empty()).then_some(comment);
        marker
    }

    /// Takes a word if it has a known shape.
    fn word(&mut self, word: &str, previous: Option<DateTime<Utc>>) -> bool {
        if let Ok(number) = word.parse()
            && word.bytes().all(|b| b.is_ascii_digit())
        {
            self.number = Some(number);
        } else if let Some(instant) = instant(word, previous) {
            self.started = Some(instant);
        } else if let Some(total) = duration(word) {
            self.total = Some(total);
        } else if is_process(word) {
            self.process = Some(word.to_owned());
        } else {
            return false;
        }
        true
    }
}

fn instant(word: &str, previous: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
    if let Some(instant) = time::instant(word) {
        return Some(instant);
    }
    let of_day = NaiveTime::parse_from_str(word, "%H:%M:%S%.f").ok()?;
    let day = previous.map(|previous| previous.date_naive()).or(DEFAULT_DAY)?;
    Some(day.and_time(of_day).and_utc())
}

fn duration(word: &str) -> Option<TimeDelta> {
    let word = word.strip_prefix('+')?;
    let (number, unit) = match word.strip_suffix("ms") {
        Some(number) => (number, 1.0),
        None => (word.strip_suffix('s')?, 1000.0),
    };
    time::milliseconds(number.parse::<f64>().ok()? * unit)
}

fn is_process(word: &str) -> bool {
    let name = word.rsplit_once(':').map_or(word, |(name, number)| {
        if !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) { name } else { "" }
    });
    !name.is_empty() && (name.len() < word.len() || word.to_ascii_lowercase().ends_with(".exe"))
}

#[cfg(test)]
mod tests {
    use super::Marker;
    use proptest::prelude::*;

    #[test]
    fn words_are_recognised_by_their_shape() {
        let marker =
            Marker::parse("### +31ms outlook.exe:1234 12 09:14:07.120 // an // empty Bearer", None);
        assert_eq!(
            (marker.number, marker.process.as_deref()),
            (Some(12), Some("outlook.exe:1234"))
        );
        assert_eq!(marker.started.unwrap().to_rfc3339(), "2026-03-02T09:14:07.120+00:00");
        assert_eq!(marker.total.unwrap().num_milliseconds(), 31);
        assert_eq!(marker.comment.as_deref(), Some("an // empty Bearer"));

        let marker = Marker::parse("#### 2026-04-01T23:59:59+02:00 +1.2s OUTLOOK.EXE", None);
        assert_eq!(marker.total.unwrap().num_milliseconds(), 1200);
        assert_eq!(
            (marker.process.as_deref(), marker.comment.as_deref()),
            (Some("OUTLOOK.EXE"), None)
        );
        let next = Marker::parse("### 00:00:01 the token request", marker.started);
        assert_eq!(next.started.unwrap().to_rfc3339(), "2026-04-01T00:00:01+00:00");
        assert_eq!(next.comment.as_deref(), Some("the token request"));

        assert_eq!(Marker::parse("###", None), Marker::default());
    }

    proptest! {
        #[test]
        fn any_line_is_read_without_panic(line in "###.{0,60}") {
            let _ = Marker::parse(&line, None);
        }
    }
}
