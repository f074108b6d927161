//! The ZIP file around the sessions: its members, decrypted and bounded.

use std::borrow::Cow;
use std::io::Read as _;
use std::sync::Arc;

use flate2::{Crc, Decompress, FlushDecompress, Status};
use zip::ZipArchive;
use zip::result::ZipError;

use super::directory::{Directory, Place};
use super::{announced, password, salvage};
use crate::http::Secret;
use crate::import::source::{Cursor, Source};
use crate::import::{Budget, ImportError};

/// What a member holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Member {
    Request,
    Response,
    Meta,
}

impl Member {
    /// Reads `raw/012_c.txt`, in any case, with either slash, in any folder above: the digits and what they name.
    pub(super) fn parse(path: &str) -> Option<(&str, Self)> {
        let (folder, name) = path.rsplit_once(['/', '\\'])?;
        let folder = folder.rsplit(['/', '\\']).next()?;
        if !folder.eq_ignore_ascii_case("raw") {
            return None;
        }
        let (digits, kind) = name.split_once('_')?;
        let named = [("c.txt", Self::Request), ("s.txt", Self::Response), ("m.xml", Self::Meta)];
        let (_, member) = named.into_iter().find(|(name, _)| kind.eq_ignore_ascii_case(name))?;
        let number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        number.then_some((digits, member))
    }
}

/// A member's content.
#[derive(Debug)]
pub(super) enum Content {
    Whole(Vec<u8>),
    /// Up to the limit.
    TooLarge(Vec<u8>),
    /// Up to where it is damaged; empty when not readable at all.
    Damaged(Vec<u8>),
}

#[derive(Debug)]
enum Members {
    /// Nothing but plain members, found by this program's own reading of the directory.
    Plain(Directory),
    /// Whatever else a ZIP file can be.
    Indexed(ZipArchive<Cursor>),
}

impl Members {
    /// The members and the comment on the whole file.
    fn of(source: &Arc<Source>) -> Result<(Self, String), ZipError> {
        if let Some((directory, comment)) = Directory::read(source) {
            return Ok((Self::Plain(directory), comment));
        }
        let archive = ZipArchive::new(Cursor::new(Arc::clone(source), 0))?;
        let comment = String::from_utf8_lossy(archive.comment()).into_owned();
        Ok((Self::Indexed(archive), comment))
    }
}

/// What was found in a file without a directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) members: usize,
    /// Those whose end is missing.
    pub(super) incomplete: usize,
}

/// A ZIP file. It can be read by many at once, and again later.
#[derive(Debug)]
pub(super) struct Archive {
    source: Arc<Source>,
    members: Members,
    password: Option<Secret>,
    comment: String,
    salvaged: Option<Found>,
}

impl Archive {
    /// Opens the archive. A file that lacks its directory is made one of the members that can be found.
    pub(super) fn open(
        source: &Arc<Source>,
        password: Option<&Secret>,
    ) -> Result<Self, ImportError> {
        let mut source = Arc::clone(source);
        let mut salvaged = None;
        let (members, comment) = match Members::of(&source) {
            Ok(found) => found,
            Err(error) => {
                let whole = usize::try_from(source.len()).unwrap_or(usize::MAX);
                let bytes = source.piece(0, whole).map_err(ImportError::Read)?;
                let found = salvage::salvage(&bytes, |name| Member::parse(name).is_some())
                    .ok_or(ImportError::Zip(error))?;
                salvaged = Some(Found { members: found.members, incomplete: found.incomplete });
                drop(bytes);
                source = Arc::new(Source::memory(found.bytes.into()));
                Members::of(&source).map_err(ImportError::Zip)?
            }
        };
        if let Members::Indexed(archive) = &members {
            password::verify(&mut archive.clone(), password)?;
        }
        Ok(Self { source, members, password: password.cloned(), comment, salvaged })
    }

    /// What was found, if the file had no directory.
    pub(super) const fn salvaged(&self) -> Option<Found> {
        self.salvaged
    }

    /// Members that share their name with a later one and are left out of the index.
    pub(super) fn replaced(&self) -> u64 {
        let Members::Indexed(archive) = &self.members else { return 0 };
        let announced = match self.salvaged {
            Some(found) => found.members as u64,
            None => announced::announced(&self.source).unwrap_or(0),
        };
        announced.saturating_sub(archive.len() as u64)
    }

    /// The comment on the whole file.
    pub(super) fn comment(&self) -> &str {
        &self.comment
    }

    /// Where the bytes are.
    pub(super) fn source(&self) -> &Source {
        &self.source
    }

    /// Shows each member's path with the index to read it by.
    pub(super) fn each_name(&self, mut see: impl FnMut(usize, &str)) {
        match &self.members {
            Members::Plain(directory) => directory.each_name(see),
            Members::Indexed(archive) => {
                for index in 0..archive.len() {
                    if let Some(Ok(name)) = archive.name_for_index(index) {
                        see(index, &name);
                    }
                }
            }
        }
    }

    /// Somebody who reads members; each thread has its own.
    pub(super) fn reader(&self) -> MemberReader<'_> {
        let zip = match &self.members {
            Members::Indexed(archive) => Some(archive.clone()),
            Members::Plain(_) => None,
        };
        let inflater = Decompress::new(false);
        MemberReader { archive: self, zip, inflater, ahead: (0, Vec::new()) }
    }
}

/// Reads members.
pub(super) struct MemberReader<'a> {
    archive: &'a Archive,
    zip: Option<ZipArchive<Cursor>>,
    inflater: Decompress,
    /// A piece of the file that was read ahead, and where it begins.
    ahead: (u64, Vec<u8>),
}

impl MemberReader<'_> {
    /// Reads the coded bytes of members that lie together in one go.
    pub(super) fn read_ahead(&mut self, members: impl Iterator<Item = usize>) {
        /// The most that is read ahead, in bytes.
        const MOST: u64 = 4 << 20;
        /// Room for what stands before the content of the last member.
        const HEAD: u64 = 256;
        self.ahead.1.clear();
        let Members::Plain(directory) = &self.archive.members else { return };
        let (mut start, mut end) = (u64::MAX, 0);
        for place in members.filter_map(|index| directory.place(index)) {
            start = start.min(place.offset);
            end = end.max(place.offset.saturating_add(HEAD).saturating_add(place.coded));
        }
        let length = end.min(self.archive.source.len()).saturating_sub(start);
        if let Ok(length @ 1..) = usize::try_from(length.min(MOST)) {
            self.ahead.0 = start;
            self.ahead.1.resize(length, 0);
            let read = self.archive.source.fill_at(start, &mut self.ahead.1).unwrap_or(0);
            self.ahead.1.truncate(read);
        }
    }

    /// Reads a member within the budget. Only a missing password is an error.
    pub(super) fn read(&mut self, index: usize, budget: &Budget) -> Result<Content, ImportError> {
        match &self.archive.members {
            Members::Plain(directory) => {
                let place = directory.place(index);
                Ok(place.map_or(Content::Damaged(Vec::new()), |place| self.plain(place, budget)))
            }
            Members::Indexed(_) => self.indexed(index, budget),
        }
    }

    fn plain(&mut self, place: Place, budget: &Budget) -> Content {
        let archive = self.archive;
        let Some(coded) = archive.coded(place, &self.ahead) else {
            return Content::Damaged(Vec::new());
        };
        let limit = budget.limit(place.coded);
        let (bytes, whole) = if place.deflated {
            inflate(&mut self.inflater, &coded, place.size, limit)
        } else {
            let kept = usize::try_from(limit).map_or(coded.len(), |limit| limit.min(coded.len()));
            let whole = kept == coded.len();
            (coded.get(..kept).unwrap_or_default().to_vec(), whole)
        };
        budget.spend(bytes.len());
        if bytes.len() as u64 >= limit && !whole {
            return Content::TooLarge(bytes);
        }
        let mut check = Crc::new();
        check.update(&bytes);
        if whole && check.sum() == place.check {
            Content::Whole(bytes)
        } else {
            Content::Damaged(bytes)
        }
    }

    fn indexed(&mut self, index: usize, budget: &Budget) -> Result<Content, ImportError> {
        let Some(archive) = &mut self.zip else { return Ok(Content::Damaged(Vec::new())) };
        let encrypted = archive.by_index_data(index).is_ok_and(|entry| entry.encrypted());
        let opened = match (encrypted, &self.archive.password) {
            (true, None) => return Err(ImportError::PasswordRequired),
            (true, Some(password)) => archive.by_index_decrypt(index, password.reveal().as_bytes()),
            (false, _) => archive.by_index(index),
        };
        let Ok(member) = opened else { return Ok(Content::Damaged(Vec::new())) };
        let limit = budget.limit(member.compressed_size());
        let mut bytes = Vec::new();
        let end = member.take(limit.saturating_add(1)).read_to_end(&mut bytes);
        budget.spend(bytes.len());
        if bytes.len() as u64 > limit {
            bytes.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
            return Ok(Content::TooLarge(bytes));
        }
        Ok(if end.is_ok() { Content::Whole(bytes) } else { Content::Damaged(bytes) })
    }
}

impl Archive {
    /// A member's bytes as the file has them, from what was read ahead if they are in it.
    fn coded<'a>(&'a self, place: Place, ahead: &'a (u64, Vec<u8>)) -> Option<Cow<'a, [u8]>> {
        let length = usize::try_from(place.coded).ok()?;
        let offset = place.offset.checked_sub(ahead.0).and_then(|at| usize::try_from(at).ok());
        if let Some(local) = offset.and_then(|at| ahead.1.get(at..))
            && let Some(skip) = local_head(local)
            && let Some(coded) = local.get(skip..).and_then(|rest| rest.get(..length))
        {
            return Some(Cow::Borrowed(coded));
        }
        let skip = local_head(&self.source.piece(place.offset, LOCAL_HEAD).ok()?)?;
        self.source.piece(place.offset.checked_add(skip as u64)?, length).ok()
    }
}

/// Bytes of a member's local header before its name.
const LOCAL_HEAD: usize = 30;

/// How far behind the start of its local header a member's content begins (APPNOTE 4.3.7).
fn local_head(bytes: &[u8]) -> Option<usize> {
    let head: &[u8; LOCAL_HEAD] = bytes.first_chunk()?;
    let &[b'P', b'K', 3, 4, .., name_low, name_high, extra_low, extra_high] = head else {
        return None;
    };
    let name = u16::from_le_bytes([name_low, name_high]);
    Some(LOCAL_HEAD + usize::from(name) + usize::from(u16::from_le_bytes([extra_low, extra_high])))
}

/// Inflates to at most `limit` bytes; whether that was all.
fn inflate(inflater: &mut Decompress, coded: &[u8], size: u64, limit: u64) -> (Vec<u8>, bool) {
    /// Room that is made without knowing that it is needed.
    const ROOM: u64 = 64 << 10;
    inflater.reset(false);
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    // What the directory says of the size is believed as far as the coded bytes make it likely.
    let likely = size.min(ROOM.max(coded.len() as u64 * 16));
    let mut bytes = Vec::with_capacity(usize::try_from(likely).unwrap_or(0).min(limit));
    loop {
        let done = usize::try_from(inflater.total_in()).unwrap_or(usize::MAX);
        let rest = coded.get(done..).unwrap_or_default();
        match inflater.decompress_vec(rest, &mut bytes, FlushDecompress::Finish) {
            Ok(Status::StreamEnd) => return (bytes, true),
            Ok(_) if bytes.len() >= limit => return (bytes, false),
            Ok(_) if bytes.len() == bytes.capacity() => {
                bytes.reserve_exact(bytes.len().max(1024).min(limit - bytes.len()));
            }
            Ok(_) | Err(_) => return (bytes, false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Member;

    #[test]
    fn member_names_come_in_many_spellings() {
        for (path, expected) in [
            ("raw/1_c.txt", Some(("1", Member::Request))),
            ("RAW\\0012_S.TXT", Some(("0012", Member::Response))),
            ("trace/raw/7_m.xml", Some(("7", Member::Meta))),
            ("raw/7_w.txt", None),
            ("raw/x_c.txt", None),
            ("raw/_c.txt", None),
            ("7_c.txt", None),
            ("raw/", None),
        ] {
            let parsed = Member::parse(path);
            assert_eq!(parsed, expected, "{path}");
        }
    }
}
