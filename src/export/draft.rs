//! A file under way. Until it is proven nobody can see it: it is in memory, or has no name, so that nothing of it stays
//! when the program is stopped.

use std::fs::File;
use std::io::{self, Cursor, Seek, SeekFrom, Write};
use std::path::Path;

use super::whole;
use crate::import::source::Source;

/// Bytes written so far.
#[derive(Debug)]
pub(super) enum Draft {
    Memory(Cursor<Vec<u8>>),
    File(File),
}

impl Draft {
    /// A draft in memory.
    pub(super) const fn in_memory() -> Self {
        Self::Memory(Cursor::new(Vec::new()))
    }

    /// A draft for a path, on the same disk. For what is no ordinary file, a device or a pipe, it is in memory.
    pub(super) fn beside(path: &Path) -> io::Result<Self> {
        match whole::folder_of(path) {
            Some((_, folder)) => tempfile::tempfile_in(folder).map(Self::File),
            None => Ok(Self::in_memory()),
        }
    }

    /// The bytes, to be read.
    pub(super) fn finish(self) -> io::Result<Source> {
        match self {
            Self::Memory(bytes) => Ok(Source::memory(bytes.into_inner().into())),
            Self::File(file) => Source::opened(file),
        }
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Memory(memory) => memory.write(bytes),
            Self::File(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Memory(memory) => memory.flush(),
            Self::File(file) => file.flush(),
        }
    }
}

impl Seek for Draft {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Self::Memory(memory) => memory.seek(to),
            Self::File(file) => file.seek(to),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Draft;
    use std::fs;
    use std::io::{Seek as _, SeekFrom, Write as _};

    #[test]
    fn a_draft_has_no_name_and_reads_as_written() {
        let folder = tempfile::tempdir().unwrap();
        let beside = Draft::beside(&folder.path().join("out.har")).unwrap();
        assert!(matches!(beside, Draft::File(_)));
        for mut draft in [beside, Draft::in_memory()] {
            draft.write_all(b"abcd").unwrap();
            draft.seek(SeekFrom::Start(1)).unwrap();
            draft.write_all(b"x").unwrap();
            let source = draft.finish().unwrap();
            assert_eq!(source.piece(0, 4).unwrap().as_ref(), b"axcd");
            #[cfg(unix)]
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        }
    }

    #[cfg(unix)]
    #[test]
    fn for_a_device_it_is_in_memory() {
        let draft = Draft::beside(std::path::Path::new("/dev/null")).unwrap();
        assert!(matches!(draft, Draft::Memory(_)));
    }
}
