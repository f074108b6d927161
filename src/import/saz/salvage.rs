//! A ZIP file whose directory is gone, as after an upload that was cut off: its members are found by the header that
//! stands before each of them, and written anew with a directory (PKWARE APPNOTE 6.3.10, §4.3).

use std::ops::Range;

/// What begins a member.
const LOCAL: [u8; 4] = *b"PK\x03\x04";
/// What begins an entry of the directory.
const CENTRAL: [u8; 4] = *b"PK\x01\x02";
/// What ends the file.
const END: [u8; 4] = *b"PK\x05\x06";
/// What begins the sizes behind a member that was written as a stream, mostly.
const DESCRIPTOR: [u8; 4] = *b"PK\x07\x08";
/// What begins the end of a directory with more than 65,535 entries, and what points there.
const END_64: [u8; 4] = *b"PK\x06\x06";
const LOCATOR_64: [u8; 4] = *b"PK\x06\x07";

/// Bytes of a member's header before its name.
const LOCAL_LENGTH: usize = 30;

/// The extra field with sizes beyond 4 GiB, and that of AES encryption.
const EXTRA_ZIP64: u16 = 0x0001;
const EXTRA_AES: u16 = 0x9901;

const ENCRYPTED: u16 = 1;
const SIZES_BEHIND: u16 = 1 << 3;
const STORED: u16 = 0;

/// A size that is not known; longer than any content.
const UNKNOWN: u32 = u32::MAX - 1;

/// An archive made of what could be found.
#[derive(Debug)]
pub(super) struct Salvaged {
    /// The archive, with a directory.
    pub(super) bytes: Vec<u8>,
    /// Members found.
    pub(super) members: usize,
    /// Members whose end is missing.
    pub(super) incomplete: usize,
}

/// Finds the members that are `wanted` by their name and makes an archive of them; `None` when there is none.
pub(super) fn salvage(bytes: &[u8], wanted: impl Fn(&str) -> bool) -> Option<Salvaged> {
    let mut writer = Writer::default();
    let mut at = find(bytes, 0, is_local)?;
    while let Some(header) = Header::read(bytes, at) {
        let (member, next) = header.member(bytes);
        if wanted(&String::from_utf8_lossy(member.name)) {
            writer.add(&member, bytes)?;
        }
        // Whatever stands between members is passed over; the directory is not, for it names no new ones.
        match find(bytes, next, |bytes, at| is_local(bytes, at) || is_directory(bytes, at)) {
            Some(found) if is_local(bytes, found) => at = found,
            _ => break,
        }
    }
    writer.finish()
}

/// A member's header as it was found.
#[derive(Debug)]
struct Header<'a> {
    flags: u16,
    method: u16,
    /// Time and date of the file, four bytes as they stand.
    modified: &'a [u8],
    crc: u32,
    packed: Option<u64>,
    unpacked: Option<u64>,
    name: &'a [u8],
    extra: &'a [u8],
    /// Where the content begins.
    start: usize,
}

/// A member whose place is known.
#[derive(Debug)]
struct Found<'a> {
    flags: u16,
    method: u16,
    modified: &'a [u8],
    crc: u32,
    unpacked: u32,
    name: &'a [u8],
    /// The extra field that AES needs, or nothing.
    extra: &'a [u8],
    content: Range<usize>,
    complete: bool,
}

impl<'a> Header<'a> {
    fn read(bytes: &'a [u8], at: usize) -> Option<Self> {
        let flags = le16(bytes, at + 6)?;
        let name_length = usize::from(le16(bytes, at + 26)?);
        let extra_length = usize::from(le16(bytes, at + 28)?);
        let name_start = at + LOCAL_LENGTH;
        let start = name_start + name_length + extra_length;
        let extra = bytes.get(name_start + name_length..start)?;
        let streamed = flags & SIZES_BEHIND != 0;
        let size = |at: usize| le32(bytes, at).map(u64::from);
        let (mut packed, mut unpacked) = (size(at + 18)?, size(at + 22)?);
        if let Some(wide) = extra_field(extra, EXTRA_ZIP64).and_then(|field| field.get(4..)) {
            // Content's size first, then that in the file, each only where the header has no room for it (§4.5.3).
            let mut wide = wide.chunks_exact(8).map(|size| le64(size, 0));
            for narrow in [&mut unpacked, &mut packed] {
                if *narrow == u64::from(u32::MAX) {
                    *narrow = wide.next().flatten().unwrap_or(0);
                }
            }
        }
        let known = !streamed || packed > 0;
        Some(Self {
            flags,
            method: le16(bytes, at + 8)?,
            modified: bytes.get(at + 10..at + 14)?,
            crc: le32(bytes, at + 14)?,
            packed: known.then_some(packed),
            unpacked: known.then_some(unpacked),
            name: bytes.get(name_start..name_start + name_length)?,
            extra: extra_field(extra, EXTRA_AES).unwrap_or_default(),
            start,
        })
    }

    /// The member, and where to look for the next one.
    fn member(self, bytes: &[u8]) -> (Found<'a>, usize) {
        let (start, streamed) = (self.start, self.flags & SIZES_BEHIND != 0);
        let end = self.packed.and_then(|packed| start.checked_add(usize::try_from(packed).ok()?));
        let next_member = || {
            find(bytes, start, |bytes, at| is_local(bytes, at) || is_directory(bytes, at))
                .unwrap_or(bytes.len())
        };
        // A length is believed if what has to stand behind the content stands there, or at least no member before.
        let end = end.filter(|end| {
            let behind = |at| is_local(bytes, at) || is_directory(bytes, at);
            *end <= bytes.len()
                && (behind(*end)
                    || (streamed && sizes_at(bytes, start, *end).is_some())
                    || next_member() >= *end)
        });
        let sizes = match end {
            Some(end) if streamed => sizes_at(bytes, start, end).map(|sizes| (end, sizes)),
            None => find_sizes(bytes, start),
            Some(_) => None,
        };
        let (end, crc, unpacked, complete) = match (end, sizes) {
            (_, Some((end, sizes))) => (end, sizes.crc, Some(sizes.unpacked), true),
            (Some(end), None) => (end, self.crc, self.unpacked, true),
            (None, None) => (next_member(), self.crc, self.unpacked, false),
        };
        let unpacked = unpacked.and_then(|size| u32::try_from(size).ok()).unwrap_or(UNKNOWN);
        let plain_stored = self.method == STORED && self.flags & ENCRYPTED == 0;
        let found = Found {
            // An encrypted member's check byte depends on this flag, so that it has to stay there.
            flags: if self.flags & ENCRYPTED == 0 {
                self.flags & !SIZES_BEHIND
            } else {
                self.flags
            },
            method: self.method,
            modified: self.modified,
            crc,
            unpacked: if plain_stored {
                u32::try_from(end - start).unwrap_or(UNKNOWN)
            } else {
                unpacked
            },
            name: self.name,
            extra: self.extra,
            content: start..end,
            complete,
        };
        (found, end)
    }
}

/// What stands behind a member that was written as a stream.
#[derive(Debug)]
struct Sizes {
    crc: u32,
    unpacked: u64,
}

/// The sizes at a place, if they say that the content from `start` ends there.
fn sizes_at(bytes: &[u8], start: usize, at: usize) -> Option<Sizes> {
    let signed = bytes.get(at..)?.starts_with(&DESCRIPTOR);
    let crc_at = if signed { at + 4 } else { at };
    let packed = u64::try_from(at.checked_sub(start)?).ok()?;
    let crc = le32(bytes, crc_at)?;
    if le32(bytes, crc_at + 4).map(u64::from) == Some(packed) {
        return Some(Sizes { crc, unpacked: u64::from(le32(bytes, crc_at + 8)?) });
    }
    (le64(bytes, crc_at + 4)? == packed)
        .then(|| Some(Sizes { crc, unpacked: le64(bytes, crc_at + 12)? }))?
}

/// The end of a member whose length is not known, and the sizes that stand there: the first place before the next member
/// where they fit.
fn find_sizes(bytes: &[u8], start: usize) -> Option<(usize, Sizes)> {
    /// Lengths of the sizes without the four bytes that mostly begin them, the second beyond 4 GiB.
    const UNSIGNED: [usize; 2] = [12, 20];
    let mut at = start;
    loop {
        // Without a next member the file ends behind the sizes.
        at = find(bytes, at, |bytes, at| {
            is_local(bytes, at) || is_directory(bytes, at) || starts(bytes, at, DESCRIPTOR)
        })
        .unwrap_or(bytes.len());
        if starts(bytes, at, DESCRIPTOR) {
            if let Some(sizes) = sizes_at(bytes, start, at) {
                return Some((at, sizes));
            }
            at += 4;
            continue;
        }
        return UNSIGNED.iter().find_map(|length| {
            let end = at.checked_sub(*length)?;
            sizes_at(bytes, start, end).map(|sizes| (end, sizes))
        });
    }
}

/// The next place from `at` on where `is` holds; only looks where a signature may begin.
fn find(bytes: &[u8], at: usize, is: impl Fn(&[u8], usize) -> bool) -> Option<usize> {
    let mut from = at;
    loop {
        let found = bytes.get(from..)?.iter().position(|byte| *byte == b'P')? + from;
        if is(bytes, found) {
            return Some(found);
        }
        from = found + 1;
    }
}

/// Whether a member begins here: not only four bytes that may stand anywhere, but a header that makes sense.
fn is_local(bytes: &[u8], at: usize) -> bool {
    /// No version of the format beyond 6.3 exists; a header names the version as ten times that.
    const NEWEST: u16 = 100;
    let name = || {
        let length = usize::from(le16(bytes, at + 26)?);
        bytes.get(at + LOCAL_LENGTH..at + LOCAL_LENGTH + length)
    };
    starts(bytes, at, LOCAL)
        && le16(bytes, at + 4).is_some_and(|version| version & 0xFF <= NEWEST)
        && name().is_some_and(|name| !name.is_empty() && !name.iter().any(u8::is_ascii_control))
}

fn is_directory(bytes: &[u8], at: usize) -> bool {
    starts(bytes, at, CENTRAL) || starts(bytes, at, END) || starts(bytes, at, END_64)
}

fn starts(bytes: &[u8], at: usize, signature: [u8; 4]) -> bool {
    bytes.get(at..).is_some_and(|rest| rest.starts_with(&signature))
}

/// An extra field, its four bytes of number and length included.
fn extra_field(mut extra: &[u8], number: u16) -> Option<&[u8]> {
    loop {
        let length = 4 + usize::from(le16(extra, 2)?);
        let field = extra.get(..length)?;
        if le16(field, 0) == Some(number) {
            return Some(field);
        }
        extra = extra.get(length..)?;
    }
}

fn le16(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().copied().map(u16::from_le_bytes)
}

fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().copied().map(u32::from_le_bytes)
}

fn le64(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk().copied().map(u64::from_le_bytes)
}

/// An archive in the making.
#[derive(Debug, Default)]
struct Writer {
    archive: Vec<u8>,
    directory: Vec<u8>,
    members: usize,
    incomplete: usize,
}

impl Writer {
    /// Adds a member; `None` when the archive grows beyond what its format can say.
    fn add(&mut self, member: &Found<'_>, bytes: &[u8]) -> Option<()> {
        let content = bytes.get(member.content.clone()).unwrap_or_default();
        let offset = u32::try_from(self.archive.len()).ok()?;
        let mut facts = Vec::with_capacity(26);
        for field in [member.flags, member.method] {
            facts.extend(field.to_le_bytes());
        }
        facts.extend(member.modified);
        for field in [member.crc, u32::try_from(content.len()).ok()?, member.unpacked] {
            facts.extend(field.to_le_bytes());
        }
        for field in [member.name.len(), member.extra.len()] {
            facts.extend(u16::try_from(field).ok()?.to_le_bytes());
        }
        let version = 51_u16.to_le_bytes();
        for part in [&LOCAL[..], &version, &facts, member.name, member.extra, content] {
            self.archive.extend(part);
        }
        // Comment, disk and attributes are none.
        for part in [&CENTRAL[..], &version, &version, &facts, &[0; 10], &offset.to_le_bytes()] {
            self.directory.extend(part);
        }
        self.directory.extend(member.name);
        self.directory.extend(member.extra);
        self.members += 1;
        self.incomplete += usize::from(!member.complete);
        Some(())
    }

    fn finish(mut self) -> Option<Salvaged> {
        if self.directory.is_empty() {
            return None;
        }
        let offset = self.archive.len() as u64;
        let size = self.directory.len() as u64;
        let count = self.members as u64;
        self.archive.append(&mut self.directory);
        let end_64 = self.archive.len() as u64;
        // §4.3.14 to §4.3.16; the short form says by all ones that the long one holds.
        let archive = &mut self.archive;
        archive.extend(END_64);
        archive.extend(44_u64.to_le_bytes());
        archive.extend([51, 0, 51, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        for field in [count, count, size, offset] {
            archive.extend(field.to_le_bytes());
        }
        archive.extend(LOCATOR_64);
        archive.extend([0; 4]);
        archive.extend(end_64.to_le_bytes());
        archive.extend(1_u32.to_le_bytes());
        archive.extend(END);
        archive.extend([0; 4]);
        archive.extend([0xFF; 12]);
        archive.extend([0; 2]);
        Some(Salvaged { bytes: self.archive, members: self.members, incomplete: self.incomplete })
    }
}
