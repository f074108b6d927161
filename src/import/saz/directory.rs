//! The central directory of a ZIP file of plain members (PKWARE APPNOTE 6.3.10, §4.3.12–4.3.16), read into as little memory
//! as 300,000 members allow. A file with anything else in it, encryption say, is left to the `zip` crate.

use crate::import::source::Source;

/// The largest directory that is read, in bytes.
const MAX_DIRECTORY: u64 = 512 << 20;

/// Bytes of an entry before its name.
const ENTRY: usize = 46;

/// Bytes of the end record without the archive's comment.
const END: usize = 22;

/// Where a member lies and how it is coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Where its local header begins.
    pub(super) offset: u64,
    /// Bytes in the file.
    pub(super) coded: u64,
    /// Bytes of the content, as the directory says.
    pub(super) size: u64,
    /// CRC-32 of the content.
    pub(super) check: u32,
    /// Whether it is deflated rather than stored.
    pub(super) deflated: bool,
}

/// The members of an archive.
#[derive(Debug)]
pub(super) struct Directory {
    places: Vec<Place>,
    names: String,
    /// Where each member's name ends in `names`.
    ends: Vec<usize>,
}

impl Directory {
    /// Reads the directory and the archive's comment. `None` if there is none, or if it holds more than plain members.
    pub(super) fn read(source: &Source) -> Option<(Self, String)> {
        let tail_length = source.len().min((END + usize::from(u16::MAX)) as u64);
        let tail_start = source.len() - tail_length;
        let tail = source.piece(tail_start, usize::try_from(tail_length).ok()?).ok()?;
        let end_at = memchr::memmem::rfind(&tail, b"PK\x05\x06")?;
        let (end, comment) = tail.get(end_at..)?.split_first_chunk::<END>()?;
        if comment.len() != usize::from(u16_at(end, 20)?) {
            return None;
        }
        let (count, length, start) = (u16_at(end, 10)?, u32_at(end, 12)?, u32_at(end, 16)?);
        let (count, length, start) = if count == u16::MAX || length == u32::MAX || start == u32::MAX
        {
            large(source, &tail, end_at)?
        } else {
            (u64::from(count), u64::from(length), u64::from(start))
        };
        if length > MAX_DIRECTORY || start.checked_add(length)? > tail_start + end_at as u64 {
            return None;
        }
        let bytes = source.piece(start, usize::try_from(length).ok()?).ok()?;
        let directory = Self::parse(&bytes, count)?;
        // Something may stand before the archive, and move it.
        let first = directory.places.first()?;
        let is_there = source.piece(first.offset, 4).is_ok_and(|mark| *mark == *b"PK\x03\x04");
        is_there.then(|| (directory, String::from_utf8_lossy(comment).into_owned()))
    }

    fn parse(bytes: &[u8], count: u64) -> Option<Self> {
        let capacity = usize::try_from(count).ok()?.min(bytes.len() / ENTRY);
        let mut directory = Self {
            places: Vec::with_capacity(capacity),
            names: String::with_capacity(bytes.len() / 4),
            ends: Vec::with_capacity(capacity),
        };
        let mut rest = bytes;
        while !rest.is_empty() {
            rest = directory.entry(rest)?;
        }
        (directory.places.len() as u64 == count).then_some(directory)
    }

    /// Reads the entry that `bytes` begin with; what follows it.
    fn entry<'a>(&mut self, bytes: &'a [u8]) -> Option<&'a [u8]> {
        /// The member is encrypted, or its directory entry is.
        const ENCRYPTED: u16 = 1 | 1 << 6 | 1 << 13;
        let (head, rest) = bytes.split_first_chunk::<ENTRY>()?;
        let method = u16_at(head, 10)?;
        if !head.starts_with(b"PK\x01\x02")
            || u16_at(head, 8)? & ENCRYPTED != 0
            || !matches!(method, 0 | 8)
        {
            return None;
        }
        let (name, rest) = rest.split_at_checked(usize::from(u16_at(head, 28)?))?;
        let (extra, rest) = rest.split_at_checked(usize::from(u16_at(head, 30)?))?;
        let (_, rest) = rest.split_at_checked(usize::from(u16_at(head, 32)?))?;
        // The other encoding of names, that of old DOS, is the same for the names of a SAZ.
        let name = std::str::from_utf8(name).ok().filter(|name| name.is_ascii())?;
        let mut large = Large::of(extra);
        let mut size = |at| match u32_at(head, at)? {
            u32::MAX => large.next(),
            size => Some(u64::from(size)),
        };
        // The order of the large sizes is fixed (APPNOTE 4.5.3).
        let place = Place {
            size: size(24)?,
            coded: size(20)?,
            offset: size(42)?,
            check: u32_at(head, 16)?,
            deflated: method == 8,
        };
        self.places.push(place);
        self.names.push_str(name);
        self.ends.push(self.names.len());
        Some(rest)
    }

    /// Where a member lies.
    pub(super) fn place(&self, index: usize) -> Option<Place> {
        self.places.get(index).copied()
    }

    /// Shows each member's name.
    pub(super) fn each_name(&self, mut see: impl FnMut(usize, &str)) {
        let mut start = 0;
        for (index, end) in self.ends.iter().enumerate() {
            see(index, self.names.get(start..*end).unwrap_or_default());
            start = *end;
        }
    }
}

/// The sizes of a ZIP64 extra field that are still to be taken.
struct Large<'a>(&'a [u8]);

impl<'a> Large<'a> {
    /// Finds the field among a member's extra fields (APPNOTE 4.5.1).
    fn of(mut extra: &'a [u8]) -> Self {
        while let Some((&[id_low, id_high, low, high], rest)) = extra.split_first_chunk::<4>() {
            let length = usize::from(u16::from_le_bytes([low, high]));
            let Some((field, after)) = rest.split_at_checked(length) else { break };
            if [id_low, id_high] == [1, 0] {
                return Self(field);
            }
            extra = after;
        }
        Self(&[])
    }

    fn next(&mut self) -> Option<u64> {
        let (size, rest) = self.0.split_first_chunk::<8>()?;
        self.0 = rest;
        Some(u64::from_le_bytes(*size))
    }
}

/// Number, length and start of the entries from the ZIP64 end record, to which a locator before the end record points.
fn large(source: &Source, tail: &[u8], end_at: usize) -> Option<(u64, u64, u64)> {
    let locator = tail.get(end_at.checked_sub(20)?..end_at)?;
    if !locator.starts_with(b"PK\x06\x07") {
        return None;
    }
    let record = source.piece(u64_at(locator, 8)?, 56).ok()?;
    if !record.starts_with(b"PK\x06\x06") {
        return None;
    }
    Some((u64_at(&record, 32)?, u64_at(&record, 40)?, u64_at(&record, 48)?))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

#[cfg(test)]
mod tests {
    use super::{Directory, Large};
    use crate::import::source::Source;
    use proptest::prelude::*;
    use std::io::{Cursor, Write as _};
    use zip::write::{SimpleFileOptions, ZipWriter};

    fn archive(members: usize, options: SimpleFileOptions) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        writer.set_comment("a comment").unwrap();
        for number in 0..members {
            writer.start_file(format!("raw/{number}_c.txt"), options).unwrap();
            writer.write_all(b"content").unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn read(bytes: &[u8]) -> Option<(Directory, String)> {
        Directory::read(&Source::copied(bytes))
    }

    #[test]
    fn members_and_comment_are_found() {
        for options in [SimpleFileOptions::default(), SimpleFileOptions::default().large_file(true)]
        {
            let (directory, comment) = read(&archive(3, options)).unwrap();
            let mut names = Vec::new();
            directory.each_name(|index, name| names.push((index, name.to_owned())));
            assert_eq!((comment.as_str(), names.len()), ("a comment", 3));
            assert_eq!(names[2], (2, "raw/2_c.txt".to_owned()));
            assert_eq!(directory.place(2).unwrap().size, 7);
            assert_eq!(directory.place(3), None);
        }
    }

    #[test]
    fn more_members_than_two_bytes_count_are_found() {
        let (directory, _) = read(&archive(70_000, SimpleFileOptions::default())).unwrap();
        assert_eq!(directory.places.len(), 70_000);
    }

    #[test]
    fn what_is_not_plain_is_left_to_others() {
        let mut moved = b"something before".to_vec();
        moved.extend(archive(1, SimpleFileOptions::default()));
        assert!(read(&moved).is_none());
        assert!(read(b"").is_none() && read(b"PK\x05\x06").is_none());
        assert_eq!(Large::of(&[9, 0, 1, 0, 7, 1, 0, 8, 0, 5, 0, 0, 0, 0, 0, 0, 0]).next(), Some(5));
    }

    proptest! {
        #[test]
        fn any_change_is_read_without_panic(at in 0..400_usize, byte in any::<u8>()) {
            let mut bytes = archive(2, SimpleFileOptions::default());
            if let Some(place) = bytes.get_mut(at) {
                *place = byte;
            }
            let _ = read(&bytes);
        }
    }
}
