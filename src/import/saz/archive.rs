//! The ZIP file around the sessions: its members, decrypted and bounded.

use std::cell::Cell;
use std::io::{Cursor, Read as _};

use zip::ZipArchive;
use zip::result::ZipError;

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

enum Source<'a> {
    Indexed(ZipArchive<Cursor<&'a [u8]>>),
    /// Members found one after the other in a file without a directory.
    Recovered(Vec<(String, Vec<u8>)>),
}

/// A ZIP file in memory.
pub(super) struct Archive<'a> {
    source: Source<'a>,
    password: Option<&'a Secret>,
    comment: String,
    /// Whether the password has opened a member: from then on a failure is damage, not a wrong password.
    password_proven: Cell<bool>,
}

impl<'a> Archive<'a> {
    /// Opens the archive. A file that lacks its directory is read member by member as far as it goes.
    pub(super) fn open(
        bytes: &'a [u8],
        password: Option<&'a Secret>,
        budget: &mut Budget,
    ) -> Result<Self, ImportError> {
        let (source, comment) = match ZipArchive::new(Cursor::new(bytes)) {
            Ok(archive) => {
                let comment = String::from_utf8_lossy(archive.comment()).into_owned();
                (Source::Indexed(archive), comment)
            }
            Err(error) => {
                let members = recover(bytes, budget);
                if members.is_empty() {
                    return Err(ImportError::Zip(error));
                }
                (Source::Recovered(members), String::new())
            }
        };
        Ok(Self { source, password, comment, password_proven: Cell::new(false) })
    }

    /// Whether the file had no directory.
    pub(super) fn recovered(&self) -> bool {
        matches!(self.source, Source::Recovered(_))
    }

    /// The comment on the whole file.
    pub(super) fn comment(&self) -> &str {
        &self.comment
    }

    /// The members' paths with the index to read them by.
    pub(super) fn names(&self) -> Vec<(usize, String)> {
        match &self.source {
            Source::Indexed(archive) => (0..archive.len())
                .filter_map(|index| {
                    let name = archive.name_for_index(index)?.ok()?;
                    Some((index, name.into_owned()))
                })
                .collect(),
            Source::Recovered(members) => {
                members.iter().enumerate().map(|(index, (name, _))| (index, name.clone())).collect()
            }
        }
    }

    /// Reads a member within the budget. Only a missing or wrong password is an error.
    pub(super) fn read(
        &mut self,
        index: usize,
        budget: &mut Budget,
    ) -> Result<Content, ImportError> {
        let archive = match &mut self.source {
            Source::Indexed(archive) => archive,
            Source::Recovered(members) => {
                let content = members.get_mut(index).map(|(_, content)| std::mem::take(content));
                return Ok(content.map_or(Content::Damaged(Vec::new()), Content::Whole));
            }
        };
        let encrypted = archive.by_index_data(index).is_ok_and(|entry| entry.encrypted());
        let opened = match (encrypted, self.password) {
            (true, None) => return Err(ImportError::PasswordRequired),
            (true, Some(password)) => archive.by_index_decrypt(index, password.reveal().as_bytes()),
            (false, _) => archive.by_index(index),
        };
        // The check value of ZipCrypto lets one wrong password in 256 pass; the content then does not decompress.
        let wrong_password = encrypted && !self.password_proven.get();
        let member = match opened {
            Ok(member) => member,
            Err(ZipError::InvalidPassword) if wrong_password => {
                return Err(ImportError::WrongPassword);
            }
            Err(_) => return Ok(Content::Damaged(Vec::new())),
        };
        let limit = budget.limit(member.compressed_size());
        let mut bytes = Vec::new();
        let end = member.take(limit.saturating_add(1)).read_to_end(&mut bytes);
        budget.spend(bytes.len());
        if bytes.len() as u64 > limit {
            bytes.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
            return Ok(Content::TooLarge(bytes));
        }
        match end {
            Ok(_) => {
                self.password_proven.set(self.password_proven.get() || encrypted);
                Ok(Content::Whole(bytes))
            }
            Err(_) if wrong_password => Err(ImportError::WrongPassword),
            Err(_) => Ok(Content::Damaged(bytes)),
        }
    }
}

/// Reads members from the start of the file until one is not complete.
fn recover(bytes: &[u8], budget: &mut Budget) -> Vec<(String, Vec<u8>)> {
    let mut members = Vec::new();
    let mut rest = bytes;
    while let Ok(Some(member)) = zip::read::read_zipfile_from_stream(&mut rest) {
        let Ok(name) = member.name().map(std::borrow::Cow::into_owned) else { break };
        let limit = budget.limit(member.compressed_size());
        let mut content = Vec::new();
        let whole = member.take(limit).read_to_end(&mut content).is_ok();
        budget.spend(content.len());
        members.push((name, content));
        if !whole {
            break;
        }
    }
    members
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
