//! Bytes with their offsets and characters.

use std::fmt::Write as _;
use std::ops::Range;

/// Bytes in a row.
pub(super) const ROW: usize = 16;
/// Bytes on a page. A page keeps the height of the list small enough to be scrolled exactly.
pub(super) const PAGE: usize = 1 << 20;

/// How many pages there are.
pub(super) const fn pages(length: usize) -> usize {
    if length == 0 { 1 } else { length.div_ceil(PAGE) }
}

/// The bytes of a page.
pub(super) fn page(length: usize, page: usize) -> Range<usize> {
    let start = page.min(pages(length) - 1) * PAGE;
    start..length.min(start + PAGE)
}

/// A row: offset, bytes, characters.
pub(super) fn row(bytes: &[u8], at: usize) -> String {
    let mut text = String::with_capacity(80);
    let line = bytes.get(at..bytes.len().min(at + ROW)).unwrap_or_default();
    let _ = write!(text, "{at:08x}  ");
    for slot in 0..ROW {
        if slot == ROW / 2 {
            text.push(' ');
        }
        match line.get(slot) {
            Some(byte) => {
                let _ = write!(text, "{byte:02x} ");
            }
            None => text.push_str("   "),
        }
    }
    text.push(' ');
    text.extend(
        line.iter().map(|b| if b.is_ascii_graphic() || *b == b' ' { char::from(*b) } else { '·' }),
    );
    text
}

/// An offset as somebody types it: `0x1f0` or `496`.
pub(super) fn offset(text: &str) -> Option<usize> {
    let text = text.trim();
    match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) => usize::from_str_radix(digits, 16).ok(),
        None => text.parse().ok().or_else(|| usize::from_str_radix(text, 16).ok()),
    }
}

/// The rows as text, at most so many bytes.
pub(super) fn text(bytes: &[u8], most: usize) -> String {
    let end = bytes.len().min(most);
    (0..end).step_by(ROW).map(|at| row(bytes, at) + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::{PAGE, offset, page, pages, row};

    #[test]
    fn a_row_shows_offset_bytes_and_characters() {
        let text = row(b"\x01ab cdefghijklmnopq", 16);
        assert!(text.starts_with("00000010  6f 70 71 "), "{text}");
        assert!(text.ends_with(" opq") && text.find("opq") == Some(60), "{text}");
        assert!(row(b"\x01ab", 0).ends_with("·ab"));
    }

    #[test]
    fn large_bodies_have_pages() {
        assert_eq!((pages(0), pages(PAGE), pages(PAGE + 1)), (1, 1, 2));
        assert_eq!(page(PAGE + 5, 1), PAGE..PAGE + 5);
        assert_eq!(page(10, 99), 0..10);
    }

    #[test]
    fn offsets_are_typed_either_way() {
        assert_eq!(
            (offset("0x1F0"), offset("496"), offset("ff"), offset("x")),
            (Some(496), Some(496), Some(255), None)
        );
    }
}
