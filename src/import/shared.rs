//! Equal texts share their memory: a capture repeats its header names and most of their values thousands of times.

use std::sync::Arc;

/// Texts that are remembered at once.
const PLACES: usize = 1 << 12;

/// The texts met last. Each text has one place and gives way to the next that has the same, so that nothing a capture
/// holds can make this slow or large.
#[derive(Debug)]
pub(super) struct SharedTexts {
    places: Vec<Option<Arc<str>>>,
}

impl SharedTexts {
    pub(super) fn new() -> Self {
        Self { places: vec![None; PLACES] }
    }

    /// The text, in memory that it shares with an equal one met before.
    pub(super) fn get(&mut self, text: &str) -> Arc<str> {
        let Some(place) = self.places.get_mut(place_of(text.as_bytes())) else {
            return text.into();
        };
        match place {
            Some(known) if &**known == text => Arc::clone(known),
            _ => {
                let shared: Arc<str> = text.into();
                *place = Some(Arc::clone(&shared));
                shared
            }
        }
    }
}

/// Looks at the length and both ends: header values differ there.
fn place_of(text: &[u8]) -> usize {
    let word = |bytes: Option<&[u8; 8]>| bytes.map_or(0, |bytes| u64::from_le_bytes(*bytes));
    let (start, end) = if text.len() >= 8 {
        (word(text.first_chunk()), word(text.last_chunk()))
    } else {
        (text.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)), 0)
    };
    let mixed =
        (start ^ end.rotate_left(23) ^ text.len() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    usize::try_from(mixed >> 52).unwrap_or_default() % PLACES
}

#[cfg(test)]
mod tests {
    use super::SharedTexts;
    use std::sync::Arc;

    #[test]
    fn equal_texts_are_one() {
        let mut texts = SharedTexts::new();
        let first = texts.get("Content-Type");
        assert!(Arc::ptr_eq(&first, &texts.get("Content-Type")));
        for number in 0..20_000 {
            assert_eq!(&*texts.get(&number.to_string()), number.to_string());
        }
        assert_eq!(&*texts.get(""), "");
    }
}
