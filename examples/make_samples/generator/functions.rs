//! What may stand between `{{` and `}}` apart from variables.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, TimeDelta, Utc};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::{Digest as _, Sha256};

/// `850ms`, `2.5s`, `-5m`, `1h` or `90d`.
pub(crate) fn duration(word: &str) -> Option<TimeDelta> {
    let digits = word.find(|c: char| c.is_ascii_alphabetic())?;
    let (number, unit) = word.split_at_checked(digits)?;
    let milliseconds = match unit {
        "ms" => 1.0,
        "s" => 1_000.0,
        "m" => 60_000.0,
        "h" => 3_600_000.0,
        "d" => 86_400_000.0,
        _ => return None,
    };
    #[expect(clippy::cast_possible_truncation, reason = "durations of minutes, in milliseconds")]
    let total = (number.parse::<f64>().ok()? * milliseconds).round() as i64;
    TimeDelta::try_milliseconds(total)
}

/// The functions of time; `now` is when the session began, `answered` when it ended.
pub(crate) fn time(
    name: &str,
    shift: TimeDelta,
    now: DateTime<Utc>,
    answered: DateTime<Utc>,
) -> Option<String> {
    Some(match name {
        "date" => (answered + shift).format("%a, %d %b %Y %H:%M:%S GMT").to_string(),
        "unix" => (now + shift).timestamp().to_string(),
        "timestamp" => (answered + shift).format("%Y-%m-%d %H:%M:%SZ").to_string(),
        "instant" => (now + shift).format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string(),
        _ => return None,
    })
}

/// A GUID in the form of version 4 that depends on nothing but the words.
pub(crate) fn guid(words: &str) -> String {
    let hex = hex(32, words);
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    format!("{}-{}-4{}-a{}-{}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32))
}

/// Hexadecimal digits that depend on nothing but the words.
pub(crate) fn hex(length: usize, words: &str) -> String {
    stream(words)
        .flat_map(|byte| format!("{byte:02x}").into_bytes())
        .map(char::from)
        .take(length)
        .collect()
}

/// An invented secret: recognisable by its first words, as long and as odd as a real one.
pub(crate) fn secret(length: usize, words: &str) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let noise = stream(words).filter_map(|byte| ALPHABET.get(usize::from(byte % 64)).copied());
    let label = format!("Sample-{}-", words.replace([' ', '#'], "-"));
    label.chars().chain(noise.map(char::from)).take(length.max(label.len() + 16)).collect()
}

/// `user:password` as a Basic credential holds it.
pub(crate) fn base64(text: &str) -> String {
    STANDARD.encode(text)
}

/// Percent-encoding as browsers send form fields and query values.
pub(crate) fn percent(text: &str) -> String {
    const KEPT: &percent_encoding::AsciiSet =
        &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
    utf8_percent_encode(text, KEPT).to_string()
}

fn stream(words: &str) -> impl Iterator<Item = u8> {
    (0_u32..).flat_map(move |block| Sha256::digest(format!("{words}/{block}")).to_vec())
}

#[cfg(test)]
mod tests {
    use super::{duration, guid, percent, secret};

    #[test]
    fn durations_have_a_number_and_a_unit() {
        let milliseconds = |word| duration(word).map(|d| d.num_milliseconds());
        assert_eq!(milliseconds("310ms"), Some(310));
        assert_eq!(milliseconds("2.5s"), Some(2_500));
        assert_eq!(milliseconds("-5m"), Some(-300_000));
        assert_eq!([milliseconds("5"), milliseconds("fast"), milliseconds("5y")], [None; 3]);
    }

    #[test]
    fn invented_values_depend_on_their_words_alone() {
        assert_eq!(guid("tenant"), guid("tenant"));
        assert_ne!(guid("tenant"), guid("mailbox"));
        assert_eq!(guid("tenant").len(), 36);
        assert!(secret(80, "esctx").starts_with("Sample-esctx-"));
        assert_eq!(secret(80, "esctx").len(), 80);
        assert_eq!(percent("https://a/ b"), "https%3A%2F%2Fa%2F%20b");
    }
}
