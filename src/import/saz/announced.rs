//! How many members a ZIP file's directory announces. Of two with one name the reader keeps the last; the count tells
//! that there were two.

use crate::import::source::Source;

/// Bytes of the end record without its comment, and the most that the comment has (PKWARE APPNOTE 6.3.10 §4.3.16).
const END_LENGTH: usize = 22;
const LONGEST_COMMENT: usize = 0xFFFF;

/// Where the end record holds the number of members, and where that for large archives does (§4.3.14).
const COUNT: usize = 10;
const COUNT_64: usize = 32;

/// The number of members that the end of the file announces; `None` when the file has no end.
pub(super) fn announced(source: &Source) -> Option<u64> {
    let length = source.len().min((END_LENGTH + LONGEST_COMMENT) as u64);
    let tail = source.piece(source.len() - length, usize::try_from(length).ok()?).ok()?;
    let end = memchr::memmem::rfind(&tail, b"PK\x05\x06")?;
    let count = tail.get(end + COUNT..)?.first_chunk().copied().map(u16::from_le_bytes)?;
    if count < u16::MAX {
        return Some(u64::from(count));
    }
    // The place of the larger record stands in a locator just before.
    let locator = tail.get(end.checked_sub(20)?..end)?;
    if !locator.starts_with(b"PK\x06\x07") {
        return Some(u64::from(count));
    }
    let place = locator.get(8..)?.first_chunk().copied().map(u64::from_le_bytes)?;
    let record = source.piece(place.checked_add(COUNT_64 as u64)?, 8).ok()?;
    record.first_chunk().copied().map(u64::from_le_bytes)
}

#[cfg(test)]
mod tests {
    use crate::import::source::Source;
    use proptest::prelude::*;
    use std::io::{Cursor, Write as _};
    use zip::write::{SimpleFileOptions, ZipWriter};

    fn announced(bytes: &[u8]) -> Option<u64> {
        super::announced(&Source::copied(bytes))
    }

    #[test]
    fn the_end_of_the_file_counts() {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for name in ["a", "b", "c"] {
            writer.start_file(name, SimpleFileOptions::default()).unwrap();
            writer.write_all(b"x").unwrap();
        }
        writer.set_comment("a comment PK").unwrap();
        assert_eq!(announced(&writer.finish().unwrap().into_inner()), Some(3));
        assert_eq!(announced(b"PK\x03\x04"), None);
    }

    proptest! {
        #[test]
        fn any_end_is_read_without_panic(before in prop::collection::vec(any::<u8>(), 0..40), after in prop::collection::vec(any::<u8>(), 0..30)) {
            let _ = announced(&[&before[..], b"PK\x06\x07", &[0xFF; 16], b"PK\x05\x06\0\0\0\0\xFF\xFF\xFF\xFF", &after].concat());
        }
    }
}
