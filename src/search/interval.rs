//! Numbers that fit: `401`, `4xx`, `>=400`, `5k..20k`, `>500ms`, `09:14..09:20`.

/// All numbers from one to another, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// The smallest.
    pub from: u64,
    /// The largest.
    pub to: u64,
}

/// The first status code there is.
const FIRST_STATUS: u64 = 100;

impl Interval {
    /// Whether a number fits.
    pub const fn has(self, number: u64) -> bool {
        self.from <= number && number <= self.to
    }

    /// Status codes; 0 stands for no answer.
    pub fn status(value: &str) -> Option<Self> {
        if matches!(value, "0" | "none") {
            return Some(Self { from: 0, to: 0 });
        }
        let is_code = |word: &str| (1..=3).contains(&word.len());
        let code = |word: &str| {
            let digits = word.trim_end_matches(['x', 'X']);
            let first: u64 = digits.parse().ok().filter(|_| is_code(word))?;
            // `4` and `40` are on their way to `401`.
            let unit = 10_u64.pow(3_u32.saturating_sub(u32::try_from(digits.len()).ok()?));
            let from = first.checked_mul(unit)?;
            Some(Self { from, to: from + unit - 1 })
        };
        let range = Self::parse(value, code)?;
        Some(Self { from: range.from.max(FIRST_STATUS), to: range.to })
    }

    /// Sizes in bytes, units in steps of 1024.
    pub fn size(value: &str) -> Option<Self> {
        Self::parse(value, |word| {
            Self::with_unit(
                word,
                &[
                    ("kb", 1 << 10),
                    ("mb", 1 << 20),
                    ("gb", 1 << 30),
                    ("k", 1 << 10),
                    ("m", 1 << 20),
                    ("g", 1 << 30),
                    ("b", 1),
                ],
            )
        })
    }

    /// Durations in milliseconds; a number without a unit counts milliseconds.
    pub fn duration(value: &str) -> Option<Self> {
        Self::parse(value, |word| {
            Self::with_unit(
                word,
                &[("ms", 1), ("min", 60_000), ("s", 1000), ("m", 60_000), ("h", 3_600_000)],
            )
        })
    }

    /// Times of the day in milliseconds since midnight.
    pub fn clock(value: &str) -> Option<Self> {
        Self::parse(value, |word| {
            let mut parts = word.split(':');
            let hour: u64 = parts.next()?.parse().ok().filter(|hour| *hour < 24)?;
            let minute: u64 = parts.next()?.parse().ok().filter(|minute| *minute < 60)?;
            let minutes = (hour * 60 + minute) * 60_000;
            let Some(rest) = parts.next() else {
                return Some(Self { from: minutes, to: minutes + 59_999 });
            };
            let (second, fraction) =
                rest.split_once('.').map_or((rest, None), |(s, f)| (s, Some(f)));
            let second: u64 = second.parse().ok().filter(|second| *second < 60)?;
            let seconds = minutes + second * 1000;
            if parts.next().is_some() {
                return None;
            }
            let Some(fraction) = fraction else {
                return Some(Self { from: seconds, to: seconds + 999 });
            };
            let digits: String = fraction.chars().chain("000".chars()).take(3).collect();
            let exact = seconds + digits.parse::<u64>().ok()?;
            Some(Self { from: exact, to: exact })
        })
    }

    /// Plain numbers.
    pub fn number(value: &str) -> Option<Self> {
        Self::parse(value, |word| {
            let number = word.parse().ok()?;
            Some(Self { from: number, to: number })
        })
    }

    /// Reads a comparison, a range or a single value; `one` reads what a word covers.
    fn parse(value: &str, one: impl Fn(&str) -> Option<Self>) -> Option<Self> {
        let value = value.trim();
        if let Some((from, to)) = value.split_once("..").or_else(|| value.split_once('-')) {
            let from = if from.is_empty() { 0 } else { one(from.trim())?.from };
            let to = if to.is_empty() { u64::MAX } else { one(to.trim())?.to };
            return Some(Self { from, to });
        }
        let rest = |sign: &str| value.strip_prefix(sign).map(str::trim);
        if let Some(word) = rest(">=") {
            Some(Self { from: one(word)?.from, to: u64::MAX })
        } else if let Some(word) = rest("<=") {
            Some(Self { from: 0, to: one(word)?.to })
        } else if let Some(word) = rest(">") {
            // More than 10k is anything above 10240, not above what begins with 10k.
            Some(Self { from: one(word)?.from.saturating_add(1), to: u64::MAX })
        } else if let Some(word) = rest("<") {
            Some(Self { from: 0, to: one(word)?.from.checked_sub(1)? })
        } else {
            one(rest("=").unwrap_or(value))
        }
    }

    /// `10k`, `1.5s`: what shows as this, when it is shown with that unit.
    fn with_unit(word: &str, units: &[(&str, u64)]) -> Option<Self> {
        let word = word.to_ascii_lowercase();
        let (digits, unit) = units
            .iter()
            .find_map(|(name, unit)| Some((word.strip_suffix(name)?, *unit)))
            .unwrap_or((&word, 1));
        let (whole, fraction) = digits.trim().split_once('.').unwrap_or((digits.trim(), ""));
        // `1.5k` covers what shows as 1.5 KB: a tenth of the unit.
        let parts = 10_u64.checked_pow(u32::try_from(fraction.len()).ok()?)?;
        let fraction: u64 = if fraction.is_empty() { 0 } else { fraction.parse().ok()? };
        let count = whole.parse::<u64>().ok()?.checked_mul(parts)?.checked_add(fraction)?;
        let from = count.checked_mul(unit)?.div_ceil(parts);
        let next = count.checked_add(1)?.checked_mul(unit)?.div_ceil(parts);
        Some(Self { from, to: from.max(next.saturating_sub(1)) })
    }
}

#[cfg(test)]
mod tests {
    use super::Interval;
    use proptest::prelude::*;

    fn fits(interval: Option<Interval>, numbers: &[u64]) -> Vec<u64> {
        let interval = interval.unwrap();
        numbers.iter().copied().filter(|n| interval.has(*n)).collect()
    }

    #[test]
    fn status_codes() {
        let codes = [0, 200, 304, 401, 404, 410, 500];
        for (value, fitting) in [
            ("401", &[401][..]),
            ("4xx", &[401, 404, 410]),
            ("4", &[401, 404, 410]),
            ("40", &[401, 404]),
            ("40x", &[401, 404]),
            (">=400", &[401, 404, 410, 500]),
            (">401", &[404, 410, 500]),
            ("<300", &[200]),
            ("200-399", &[200, 304]),
            ("400..499", &[401, 404, 410]),
            ("none", &[0]),
        ] {
            assert_eq!(fits(Interval::status(value), &codes), fitting, "{value}");
        }
        for value in ["abc", "x", "4yx", "12345", ""] {
            assert_eq!(Interval::status(value), None, "{value}");
        }
    }

    #[test]
    fn sizes_durations_and_clocks() {
        assert_eq!(fits(Interval::size(">10k"), &[10_240, 10_241]), [10_241]);
        assert_eq!(fits(Interval::size("1.5k"), &[1535, 1536, 1600]), [1536, 1600]);
        assert_eq!(fits(Interval::size("5k..20k"), &[5119, 5120, 20_480, 30_000]), [5120, 20_480]);
        assert_eq!(fits(Interval::size("<=1mb"), &[0, 1 << 20, 1 << 22]), [0, 1 << 20]);
        assert_eq!(fits(Interval::duration(">500ms"), &[500, 501]), [501]);
        assert_eq!(fits(Interval::duration("1s"), &[999, 1000, 1999, 2000]), [1000, 1999]);
        assert_eq!(fits(Interval::duration(">2min"), &[120_000, 120_001]), [120_001]);
        let nine = 9 * 3_600_000 + 14 * 60_000;
        assert_eq!(fits(Interval::clock("9:14"), &[nine, nine + 60_000]), [nine]);
        assert_eq!(fits(Interval::clock(">=09:14:07.5"), &[nine, nine + 7500]), [nine + 7500]);
        assert_eq!(Interval::clock("25:00"), None);
        assert_eq!(Interval::size("ten"), None);
        assert_eq!(fits(Interval::number("5..20"), &[4, 5, 20, 21]), [5, 20]);
    }

    proptest! {
        #[test]
        fn anything_can_be_typed(value in "\\PC{0,12}|[0-9.:<>=kmsx-]{0,12}") {
            let _ = (Interval::status(&value), Interval::size(&value), Interval::duration(&value), Interval::clock(&value), Interval::number(&value));
        }
    }
}
