//! Opening a capture by its path: the one place of the core that reads a file.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use super::source::Source;
use super::{ImportError, Options, Progress, Stage, folder_as_saz, open_shared, open_source};
use crate::capture::Capture;

/// The largest file that is read, in bytes.
const MAX_FILE: u64 = 64 << 30;

/// The most that is read from a pipe, in bytes: all of it is kept in memory.
const MAX_PIPE: u64 = 4 << 30;

/// Bytes read between two looks at the cancel flag.
const BLOCK: u64 = 4 << 20;

/// Opens a capture file, or a folder into which a SAZ was unpacked. The file is read through a window and stays open as
/// long as the capture lives: large bodies are read when somebody looks. The error does not name the path: the caller,
/// who chose it, appends it.
pub fn open_file(
    path: &Path,
    options: Options<'_>,
    progress: &Progress<'_>,
) -> Result<Capture, ImportError> {
    let name =
        path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    if path.is_dir() {
        return open_shared(&name, folder_as_saz(path, progress)?.into(), options, progress);
    }
    let source = match Source::file(path).map_err(ImportError::Read)? {
        (Some(source), _) if source.len() > MAX_FILE => {
            return Err(ImportError::TooLarge { limit: MAX_FILE });
        }
        (Some(source), _) => source,
        (None, pipe) => piped(pipe, progress)?,
    };
    progress.step(Stage::Reading, source.len(), source.len())?;
    open_source(&name, Arc::new(source), options, progress)
}

/// Reads what cannot be read from anywhere.
fn piped(mut pipe: File, progress: &Progress<'_>) -> Result<Source, ImportError> {
    let mut bytes = Vec::new();
    loop {
        let read = (&mut pipe).take(BLOCK).read_to_end(&mut bytes).map_err(ImportError::Read)?;
        if bytes.len() as u64 > MAX_PIPE {
            return Err(ImportError::TooLarge { limit: MAX_PIPE });
        }
        progress.step(Stage::Reading, bytes.len() as u64, bytes.len() as u64)?;
        if read == 0 {
            return Ok(Source::memory(bytes.into()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::open_file;
    use crate::import::{ImportError, Options, Progress, Stage};
    use std::cell::Cell;
    use std::path::Path;
    use std::sync::atomic::AtomicBool;

    const TEXT: &[u8] = b"GET https://mail.contoso.com/ HTTP/1.1\n\nHTTP/1.1 200 OK\n\n";

    #[test]
    fn the_file_is_called_by_its_name_without_its_folder() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trace.txt");
        std::fs::write(&path, TEXT).unwrap();
        let seen = Cell::new((0, 0));
        let report = |stage, done, total| {
            if stage == Stage::Reading {
                seen.set((done, total));
            }
        };
        let cancel = AtomicBool::new(false);
        let capture =
            open_file(&path, Options::default(), &Progress::new(&report, &cancel)).unwrap();
        assert_eq!((capture.file.as_str(), capture.sessions.len()), ("trace.txt", 1));
        assert_eq!(seen.get(), (TEXT.len() as u64, TEXT.len() as u64));
    }

    #[test]
    fn a_set_flag_stops_the_work() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trace.txt");
        std::fs::write(&path, TEXT).unwrap();
        let progress_ends = open_file(
            &path,
            Options::default(),
            &Progress::new(&|_, _, _| (), &AtomicBool::new(true)),
        );
        assert!(matches!(progress_ends, Err(ImportError::Cancelled)));
    }

    #[test]
    fn a_missing_file_is_an_error_of_reading() {
        let missing =
            open_file(Path::new("no/such/file.har"), Options::default(), &Progress::none());
        assert!(matches!(missing, Err(ImportError::Read(_))));
    }
}
