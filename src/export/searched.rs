//! Searching what was written: the file's own bytes, and those of an archive's members, on all cores.

use std::io::Read as _;
use std::sync::{Arc, Mutex, PoisonError};

use zip::ZipArchive;
use zip::read::ZipFile;
use zip::result::ZipError;

use super::Output;
use super::proven::RedactError;
use crate::capture::Format;
use crate::cores;
use crate::import::source::{Cursor, Source};
use crate::redact::{Leak, Search};

/// Bytes of a file that a core searches at a time.
const BLOCK: u64 = 1 << 20;
/// What people call the file itself.
const WHOLE: &str = "the file";

/// A piece of what was written.
enum Piece {
    /// Of the file, from a place on.
    Bytes(u64),
    /// Of an archive: all of a member.
    Member(usize),
}

/// Searches a written file and the members in it.
pub(super) fn file(
    search: &Search<'_>,
    written: &Arc<Source>,
    output: Output<'_>,
) -> Result<(), RedactError> {
    let archive = archive(written, output)?;
    let members = archive.as_ref().map_or(0, ZipArchive::len);
    let blocks = written.len().div_ceil(BLOCK);
    let whole = (0..blocks).map(|block| Piece::Bytes(block * BLOCK));
    let pieces: Vec<Piece> = whole.chain((0..members).map(Piece::Member)).collect();
    let trouble = Mutex::new(None);
    cores::share(pieces.into_iter(), || {
        let mut archive = archive.clone();
        let trouble = &trouble;
        move |piece: Piece| {
            let last = || trouble.lock().unwrap_or_else(PoisonError::into_inner);
            if last().is_some() {
                return;
            }
            let searched = match (piece, &mut archive) {
                (Piece::Bytes(from), _) => bytes(search, written, from),
                (Piece::Member(index), Some(archive)) => member(search, archive, index, output),
                (Piece::Member(_), None) => Ok(()),
            };
            if let Err(error) = searched {
                *last() = Some(error);
            }
        }
    });
    trouble.into_inner().unwrap_or_else(PoisonError::into_inner).map_or(Ok(()), Err)
}

/// The bytes of a small file and those of the members in it.
pub(super) fn parts(
    written: &Arc<Source>,
    output: Output<'_>,
) -> Result<Vec<Vec<u8>>, RedactError> {
    let mut all = vec![Vec::new()];
    let mut archive = archive(written, output)?;
    for part in &mut all {
        Cursor::new(Arc::clone(written), 0).read_to_end(part).map_err(RedactError::Output)?;
    }
    for index in 0..archive.as_ref().map_or(0, ZipArchive::len) {
        let mut member = Vec::new();
        if let Some(archive) = &mut archive {
            archive.by_index(index)?.read_to_end(&mut member).map_err(RedactError::Output)?;
        }
        all.push(member);
    }
    Ok(all)
}

fn archive(
    written: &Arc<Source>,
    output: Output<'_>,
) -> Result<Option<ZipArchive<Cursor>>, ZipError> {
    let is_archive = output.format == Format::Saz;
    is_archive.then(|| ZipArchive::new(Cursor::new(Arc::clone(written), 0))).transpose()
}

/// Searches a block, and as much behind it as a value may reach.
fn bytes(search: &Search<'_>, written: &Arc<Source>, from: u64) -> Result<(), RedactError> {
    let reach = BLOCK + search.longest() as u64;
    let block = Cursor::new(Arc::clone(written), from).take(reach);
    match search.bytes(block).map_err(RedactError::Output)? {
        None => Ok(()),
        Some(at) => {
            let before = Cursor::new(Arc::clone(written), 0).take(from + at);
            Err(leak(WHOLE.to_owned(), before)?)
        }
    }
}

fn member(
    search: &Search<'_>,
    archive: &mut ZipArchive<Cursor>,
    index: usize,
    output: Output<'_>,
) -> Result<(), RedactError> {
    let found = search.bytes(open(archive, index, output)?).map_err(RedactError::Output)?;
    let Some(at) = found else { return Ok(()) };
    let member = open(archive, index, output)?;
    let name = member.name()?.into_owned();
    Err(leak(name, member.take(at))?)
}

fn open<'a>(
    archive: &'a mut ZipArchive<Cursor>,
    index: usize,
    output: Output<'_>,
) -> Result<ZipFile<'a, Cursor>, ZipError> {
    match output.password {
        Some(password) => archive.by_index_decrypt(index, password.reveal().as_bytes()),
        None => archive.by_index(index),
    }
}

/// A leak behind so much of a part.
fn leak(part: String, mut before: impl std::io::Read) -> Result<RedactError, RedactError> {
    let (mut line, mut block) = (1, vec![0; 64 << 10]);
    loop {
        let read = before.read(&mut block).map_err(RedactError::Output)?;
        if read == 0 {
            return Ok(Leak::Bytes { part, line }.into());
        }
        line += memchr::memchr_iter(b'\n', block.get(..read).unwrap_or_default()).count() as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::{BLOCK, file};
    use crate::capture::{Capture, Format, Session, SessionId};
    use crate::export::Output;
    use crate::import::source::Source;
    use crate::redact::{Options, Search, redact};
    use std::sync::Arc;

    #[test]
    fn a_leak_is_told_by_its_line() {
        let mut capture = Capture::new("a.har", Format::Har);
        let mut session = Session::new(SessionId(1));
        session.request.headers.push("Authorization", "Basic YW5uYTpTYW1wbGUtUGFzc3cwcmQtMQ==");
        capture.sessions.push(session);
        let redacted = redact(capture, Options::default()).unwrap();
        let search = Search::new(&redacted, &[]).unwrap();
        let block = usize::try_from(BLOCK).unwrap();
        for (before, line) in [(4, 3), (block - 5, 3), (block, 3), (2 * block + 100, 3)] {
            let mut bytes = vec![b'.'; before];
            bytes.splice(1..2, *b"\n").for_each(drop);
            bytes.splice(3..4, *b"\n").for_each(drop);
            bytes.extend_from_slice(b"Sample-Passw0rd-1");
            let written = Arc::new(Source::memory(Arc::new(bytes)));
            let leak = file(&search, &written, Output::from(Format::Har)).unwrap_err();
            assert!(leak.to_string().ends_with(&format!("the file, line {line}")), "{leak}");
        }
        let clean = Arc::new(Source::memory(Arc::new(vec![b'.'; 3 * block])));
        assert!(file(&search, &clean, Output::from(Format::Har)).is_ok());
    }
}
