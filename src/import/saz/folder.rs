//! A SAZ that somebody unpacked: the members lie in a folder on disk.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{Cursor, Read as _, Write as _};
use std::path::{Path, PathBuf};

use zip::write::{SimpleFileOptions, ZipWriter};
use zip::{CompressionMethod, System};

use super::archive::Member;
use crate::import::{ImportError, Progress, Stage};

/// The most that the members may have together, in bytes.
const MAX_FOLDER: u64 = 4 << 30;

/// A member on disk.
#[derive(Debug)]
struct Lying {
    name: String,
    path: PathBuf,
    length: u64,
}

/// Packs the members of a folder into an archive in memory: those of its folder `raw`, else its own, else those of `raw`
/// in a folder directly below. The same files give the same bytes.
pub(in crate::import) fn packed(
    folder: &Path,
    progress: &Progress<'_>,
) -> Result<Vec<u8>, ImportError> {
    let members = find(folder).map_err(ImportError::Read)?;
    if members.is_empty() {
        return Err(ImportError::NotACapture { found: "a folder without raw/…_c.txt" });
    }
    let total = members.iter().map(|member| member.length).fold(0, u64::saturating_add);
    if total > MAX_FOLDER {
        return Err(ImportError::TooLarge { limit: MAX_FOLDER });
    }
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    // The same folder gives the same bytes on every system.
    let stored = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .system(System::Unix);
    let mut done = 0;
    for member in members {
        progress.step(Stage::Reading, done, total)?;
        let mut content = Vec::new();
        // No more than was there when the folder was looked through: a file may be growing.
        let read = File::open(&member.path)
            .and_then(|file| file.take(member.length).read_to_end(&mut content));
        read.map_err(ImportError::Read)?;
        done += member.length;
        writer.start_file(format!("raw/{}", member.name), stored).map_err(ImportError::Zip)?;
        writer.write_all(&content).map_err(ImportError::Read)?;
    }
    Ok(writer.finish().map_err(ImportError::Zip)?.into_inner())
}

fn find(folder: &Path) -> std::io::Result<Vec<Lying>> {
    let folders = folders_in(folder)?;
    let is_raw = |path: &&PathBuf| {
        path.file_name().and_then(OsStr::to_str).is_some_and(|n| n.eq_ignore_ascii_case("raw"))
    };
    let mut places: Vec<PathBuf> = folders.iter().filter(is_raw).cloned().collect();
    places.push(folder.to_owned());
    for below in &folders {
        places.extend(folders_in(below).unwrap_or_default().iter().filter(is_raw).cloned());
    }
    for place in places {
        let members = members_in(&place)?;
        if !members.is_empty() {
            return Ok(members);
        }
    }
    Ok(Vec::new())
}

/// The folders in a folder, by name. Links are not followed: who packed the archive must not choose what is read.
fn folders_in(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            folders.push(entry.path());
        }
    }
    folders.sort();
    Ok(folders)
}

fn members_in(folder: &Path) -> std::io::Result<Vec<Lying>> {
    let mut members = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        if entry.file_type()?.is_file() && Member::parse(&format!("raw/{name}")).is_some() {
            members.push(Lying { name, path: entry.path(), length: entry.metadata()?.len() });
        }
    }
    members.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(members)
}

#[cfg(test)]
mod tests {
    use crate::capture::Format;
    use crate::import::{ImportError, Options, Progress, folder_as_saz, open_file};
    use std::fs;
    use std::path::Path;

    fn write_members(folder: &Path) {
        fs::create_dir_all(folder).unwrap();
        for n in [2, 10] {
            let request = format!("GET https://mail.contoso.com/{n} HTTP/1.1\r\n\r\n");
            fs::write(folder.join(format!("{n}_c.txt")), request).unwrap();
            fs::write(folder.join(format!("{n}_s.txt")), "HTTP/1.1 200 OK\r\n\r\n").unwrap();
        }
        fs::write(folder.join("2_w.txt"), "web socket").unwrap();
    }

    #[test]
    fn a_folder_opens_wherever_its_members_lie() {
        for place in ["", "raw", "RAW", "trace/raw"] {
            let folder = tempfile::tempdir().unwrap();
            write_members(&folder.path().join(place));
            fs::write(folder.path().join("_index.htm"), "<html>").unwrap();
            let capture = open_file(folder.path(), Options::default(), &Progress::none()).unwrap();
            assert_eq!(capture.format, Format::Saz);
            let seen: Vec<_> = capture.sessions.iter().map(|s| (s.id.0, s.status())).collect();
            assert_eq!(seen, [(2, 200), (10, 200)], "{place}");
            assert_eq!(folder.path().file_name().unwrap().to_str(), Some(capture.file.as_str()));
        }
    }

    #[test]
    fn the_same_files_give_the_same_bytes() {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        write_members(one.path());
        write_members(other.path());
        let packed = |folder: &Path| folder_as_saz(folder, &Progress::none()).unwrap();
        assert_eq!(packed(one.path()), packed(other.path()));
    }

    #[test]
    fn a_folder_of_something_else_is_told() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("trace.har"), "{}").unwrap();
        let error = open_file(folder.path(), Options::default(), &Progress::none()).unwrap_err();
        assert!(matches!(error, ImportError::NotACapture { .. }), "{error:?}");
        assert!(error.to_string().contains("a folder without raw/"));
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        write_members(&folder.path().join("raw"));
        let secret = folder.path().join("secret");
        fs::write(&secret, "GET https://secret.contoso.com/ HTTP/1.1\r\n\r\n").unwrap();
        std::os::unix::fs::symlink(&secret, folder.path().join("raw/3_c.txt")).unwrap();
        let capture = open_file(folder.path(), Options::default(), &Progress::none()).unwrap();
        assert_eq!(capture.sessions.len(), 2);
    }
}
