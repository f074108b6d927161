//! The ZIP file around the sessions: its members, decrypted and bounded.

use std::borrow::Cow;
use std::io::{Cursor, Read as _};

use zip::ZipArchive;

use super::{directory, password, salvage};
use crate::http::Secret;
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
    pub(super) fn parse(path: &str) -> Option<(String, Self)> {
        let path = path.replace('\\', "/").to_ascii_lowercase();
        let (folder, name) = path.rsplit_once('/')?;
        if folder.rsplit('/').next() != Some("raw") {
            return None;
        }
        let (digits, kind) = name.split_once('_')?;
        let member = match kind {
            "c.txt" => Self::Request,
            "s.txt" => Self::Response,
            "m.xml" => Self::Meta,
            _ => return None,
        };
        let number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        number.then(|| (digits.to_owned(), member))
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

/// What was found in a file without a directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) members: usize,
    /// Those whose end is missing.
    pub(super) incomplete: usize,
}

/// A ZIP file in memory.
pub(super) struct Archive<'a> {
    zip: ZipArchive<Cursor<Cow<'a, [u8]>>>,
    salvaged: Option<Found>,
    /// Members that the directory counts.
    announced: u64,
    password: Option<&'a Secret>,
    comment: String,
}

impl<'a> Archive<'a> {
    /// Opens the archive. A file that lacks its directory is made one of the members that can be found.
    pub(super) fn open(bytes: &'a [u8], password: Option<&'a Secret>) -> Result<Self, ImportError> {
        let (mut zip, salvaged) = match ZipArchive::new(Cursor::new(Cow::Borrowed(bytes))) {
            Ok(zip) => (zip, None),
            Err(error) => {
                let salvaged = salvage::salvage(bytes, |name| Member::parse(name).is_some());
                let Some(found) = salvaged else { return Err(ImportError::Zip(error)) };
                let (members, incomplete) = (found.members, found.incomplete);
                let zip = ZipArchive::new(Cursor::new(Cow::Owned(found.bytes)))
                    .map_err(ImportError::Zip)?;
                (zip, Some(Found { members, incomplete }))
            }
        };
        password::verify(&mut zip, password)?;
        let announced = salvaged
            .map_or_else(|| directory::announced(bytes).unwrap_or(0), |found| found.members as u64);
        let comment = String::from_utf8_lossy(zip.comment()).into_owned();
        Ok(Self { zip, salvaged, announced, password, comment })
    }

    /// What was found, if the file had no directory.
    pub(super) fn salvaged(&self) -> Option<Found> {
        self.salvaged
    }

    /// Members that share their name with a later one, which is read in their place.
    pub(super) fn replaced(&self) -> u64 {
        self.announced.saturating_sub(self.zip.len() as u64)
    }

    /// The comment on the whole file.
    pub(super) fn comment(&self) -> &str {
        &self.comment
    }

    /// The members' paths with the index to read them by.
    pub(super) fn names(&self) -> Vec<(usize, String)> {
        (0..self.zip.len())
            .filter_map(|index| {
                let name = self.zip.name_for_index(index)?.ok()?;
                Some((index, name.into_owned()))
            })
            .collect()
    }

    /// Reads a member within the budget. Only a missing password is an error.
    pub(super) fn read(
        &mut self,
        index: usize,
        budget: &mut Budget,
    ) -> Result<Content, ImportError> {
        let archive = &mut self.zip;
        let encrypted = archive.by_index_data(index).is_ok_and(|entry| entry.encrypted());
        let opened = match (encrypted, self.password) {
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
            let parsed = parsed.as_ref().map(|(digits, member)| (digits.as_str(), *member));
            assert_eq!(parsed, expected, "{path}");
        }
    }
}
