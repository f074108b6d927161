//! Where a capture's bytes lie: in a file that is read piece by piece and stays open, or in memory.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

/// The bytes of a capture, to be read from anywhere at any time by any thread.
#[derive(Debug)]
pub(crate) struct Source {
    bytes: Bytes,
    length: u64,
}

#[derive(Debug)]
enum Bytes {
    File { file: File, modified: Option<SystemTime> },
    Memory(Arc<Vec<u8>>),
}

impl Source {
    /// Bytes in memory.
    pub(crate) fn memory(bytes: Arc<Vec<u8>>) -> Self {
        Self { length: bytes.len() as u64, bytes: Bytes::Memory(bytes) }
    }

    /// A copy of bytes that belong to somebody else.
    pub(super) fn copied(bytes: &[u8]) -> Self {
        Self::memory(Arc::new(bytes.to_vec()))
    }

    /// A file. One that cannot be read from anywhere, a pipe, is `None`.
    pub(super) fn file(path: &Path) -> io::Result<(Option<Self>, File)> {
        let file = File::open(path)?;
        if !file.metadata()?.is_file() {
            return Ok((None, file));
        }
        Ok((Some(Self::opened(file.try_clone()?)?), file))
    }

    /// A file that is open.
    pub(crate) fn opened(file: File) -> io::Result<Self> {
        let about = file.metadata()?;
        let bytes = Bytes::File { file, modified: about.modified().ok() };
        Ok(Self { bytes, length: about.len() })
    }

    /// The bytes, if they are in memory and nobody else has them.
    pub(crate) fn into_memory(self) -> Option<Vec<u8>> {
        match self.bytes {
            Bytes::Memory(bytes) => Arc::into_inner(bytes),
            Bytes::File { .. } => None,
        }
    }

    /// Number of bytes.
    pub(crate) const fn len(&self) -> u64 {
        self.length
    }

    /// Reads at most as much as fits, from `at`; 0 at the end.
    pub(super) fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<usize> {
        match &self.bytes {
            Bytes::File { file, .. } => read_file_at(file, at, into),
            Bytes::Memory(bytes) => {
                let from = usize::try_from(at).unwrap_or(usize::MAX);
                let mut rest = bytes.get(from..).unwrap_or_default();
                rest.read(into)
            }
        }
    }

    /// Fills a buffer from `at` as far as there are bytes.
    pub(super) fn fill_at(&self, at: u64, into: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while let Some(rest) = into.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match self.read_at(at + filled as u64, rest) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(filled)
    }

    /// A piece, without copying where it is in memory.
    pub(crate) fn piece(&self, at: u64, length: usize) -> io::Result<Cow<'_, [u8]>> {
        if let Bytes::Memory(bytes) = &self.bytes {
            let from = usize::try_from(at).unwrap_or(usize::MAX);
            let piece = bytes.get(from..).and_then(|rest| rest.get(..length));
            return piece.map(Cow::Borrowed).ok_or_else(|| io::ErrorKind::UnexpectedEof.into());
        }
        if at.saturating_add(length as u64) > self.length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let mut piece = vec![0; length];
        let filled = self.fill_at(at, &mut piece)?;
        if filled < length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(Cow::Owned(piece))
    }

    /// Whether the file is as it was when it was opened, as far as its length and time tell.
    pub(super) fn intact(&self) -> io::Result<()> {
        let Bytes::File { file, modified } = &self.bytes else { return Ok(()) };
        let now = file.metadata()?;
        if now.len() == self.length && now.modified().ok() == *modified {
            Ok(())
        } else {
            Err(io::Error::other("the capture's file has changed since it was opened"))
        }
    }
}

#[cfg(unix)]
fn read_file_at(file: &File, at: u64, into: &mut [u8]) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, into, at)
}

#[cfg(windows)]
fn read_file_at(file: &File, at: u64, into: &mut [u8]) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, into, at)
}

/// Elsewhere (a browser) there are no files, only bytes in memory.
#[cfg(not(any(unix, windows)))]
fn read_file_at(_: &File, _: u64, _: &mut [u8]) -> io::Result<usize> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Reads a source from one place on.
#[derive(Clone, Debug)]
pub(crate) struct Cursor {
    source: Arc<Source>,
    at: u64,
}

impl Cursor {
    pub(crate) const fn new(source: Arc<Source>, at: u64) -> Self {
        Self { source, at }
    }
}

impl Read for Cursor {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read_at(self.at, into)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl io::Seek for Cursor {
    fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
        let to = match to {
            io::SeekFrom::Start(at) => Some(at),
            io::SeekFrom::End(by) => self.source.len().checked_add_signed(by),
            io::SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = to.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::{Cursor, Source};
    use std::io::{Read as _, Seek as _, SeekFrom};
    use std::sync::Arc;

    #[test]
    fn a_file_and_memory_read_alike() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, b"0123456789").unwrap();
        let file = Source::file(&path).unwrap().0.unwrap();
        for source in [file, Source::copied(b"0123456789")] {
            assert_eq!(source.piece(3, 4).unwrap().as_ref(), b"3456");
            assert!(source.piece(8, 4).is_err() && source.piece(u64::MAX, 1).is_err());
            let mut text = String::new();
            let mut cursor = Cursor::new(Arc::new(source), 0);
            cursor.seek(SeekFrom::End(-2)).unwrap();
            cursor.read_to_string(&mut text).unwrap();
            assert_eq!(text, "89");
        }
    }

    #[test]
    fn a_file_that_changed_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, b"0123456789").unwrap();
        let source = Source::file(&path).unwrap().0.unwrap();
        assert!(source.intact().is_ok());
        std::fs::write(&path, b"0123").unwrap();
        assert!(source.intact().is_err() && source.piece(2, 6).is_err());
    }
}
