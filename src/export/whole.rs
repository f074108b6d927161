//! A file that appears whole or not at all.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Writes `bytes` to `path`: beside it first, then in its place at once, so that nobody ever sees half a file. What is no
/// ordinary file, a device or a pipe, is written straight.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_whole_with(path, |file| file.write_all(bytes))
}

/// The same for a file that `write` writes.
pub(super) fn write_whole_with(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let Some((target, folder)) = folder_of(path) else {
        return write(&mut fs::OpenOptions::new().write(true).open(path)?);
    };
    let mut file = tempfile::Builder::new().prefix(".hma-trace-").tempfile_in(folder)?;
    write(&mut file)?;
    file.as_file().sync_all()?;
    file.persist(&target).map(drop).map_err(|error| error.error)
}

/// The file that a path leads to and its folder; `None` for what is no ordinary file.
pub(super) fn folder_of(path: &Path) -> Option<(PathBuf, PathBuf)> {
    if fs::metadata(path).is_ok_and(|meta| !meta.is_file()) {
        return None;
    }
    // A link stays a link; what it leads to is replaced.
    let target =
        fs::canonicalize(path).or_else(|_| full_path(path)).unwrap_or_else(|_| path.to_owned());
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new(".")).to_owned();
    Some((target, folder))
}

/// The full path of a file that is not there yet. Windows takes more than 260 characters only of full paths in the form
/// that `canonicalize` gives.
fn full_path(path: &Path) -> io::Result<PathBuf> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let name = path.file_name().ok_or(io::ErrorKind::IsADirectory)?;
    Ok(fs::canonicalize(folder.unwrap_or(Path::new(".")))?.join(name))
}

#[cfg(test)]
mod tests {
    use super::write_whole;
    use std::fs;

    #[test]
    fn a_file_is_replaced_at_once_and_leaves_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.har");
        write_whole(&path, b"one").unwrap();
        write_whole(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert!(write_whole(&folder.path().join("none/out.har"), b"x").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_written_straight() {
        write_whole(std::path::Path::new("/dev/null"), b"x").unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
    }
}
