//! Reading what the command line names: captures, keys, standard input.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, IsTerminal as _, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::args::PasswordArgs;
use super::failure::Failure;
use super::password;
use crate::capture::Capture;
use crate::export::sha256_of;
use crate::http::Secret;
use crate::import::{self, ImportError, Options, Progress, Stage};
use crate::jwt::Keys;

/// The largest capture that is read from standard input, in bytes.
const MAX_CAPTURE: u64 = 4 << 30;

/// How long work may take without a bar.
const PATIENCE: Duration = Duration::from_millis(300);

/// The largest key set, token or password file that is read, in bytes.
const MAX_TEXT: u64 = 16 << 20;

/// A capture file, not yet understood.
pub(super) struct Source {
    path: PathBuf,
    /// What came over standard input, which can be read only once, or out of a folder.
    held: Option<Arc<Vec<u8>>>,
}

impl Source {
    /// A file, or a folder into which a SAZ was unpacked; `-` is standard input. What is no file is read now.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let held = if path.is_dir() {
            let packed = with_progress(|progress| import::folder_as_saz(path, progress))
                .map_err(|error| Failure::at(error, path))?;
            Some(packed)
        } else if path.as_os_str() == "-" {
            Some(read(path, MAX_CAPTURE)?)
        } else {
            None
        };
        Ok(Self { path: path.to_owned(), held: held.map(Arc::from) })
    }

    /// The content's SHA-256 in hexadecimal.
    pub(super) fn sha256(&self) -> Result<String, Failure> {
        let digest = match &self.held {
            Some(bytes) => sha256_of(bytes.as_slice()),
            None => File::open(&self.path).and_then(sha256_of),
        };
        digest.map_err(|error| Failure::at(ImportError::Read(error), &self.path))
    }

    /// Opens the capture. Asks for a password on a terminal if one is needed and none was given.
    pub(super) fn open(&self, arguments: &PasswordArgs) -> Result<Capture, Failure> {
        let given = password::given(arguments)?;
        let failure = |error: ImportError| Failure::at(error, &self.path);
        match self.try_open(given.as_ref()) {
            Err(ImportError::PasswordRequired) => match password::asked(&self.path) {
                Some(password) => self.try_open(Some(&password)).map_err(failure),
                None => Err(Failure::at(
                    format!("{}; {}", ImportError::PasswordRequired, password::HINT),
                    &self.path,
                )),
            },
            opened => opened.map_err(failure),
        }
    }

    /// The file's or folder's name, or what stands for it.
    fn name(&self) -> Cow<'_, str> {
        match self.path.file_name() {
            Some(name) if self.path.as_os_str() != "-" => name.to_string_lossy(),
            _ => Cow::Borrowed("standard input"),
        }
    }

    fn try_open(&self, password: Option<&Secret>) -> Result<Capture, ImportError> {
        let options = Options { password };
        with_progress(|progress| match &self.held {
            Some(bytes) => import::open_shared(&self.name(), Arc::clone(bytes), options, progress),
            None => import::open_file(&self.path, options, progress),
        })
    }
}

/// Does work that tells how far it is. If it takes long, a terminal's standard error shows a bar; a file or a pipe never.
pub(super) fn with_progress<T>(work: impl FnOnce(&Progress<'_>) -> T) -> T {
    let bar = ProgressBar::hidden();
    if let Ok(style) = ProgressStyle::with_template("{msg:18} {wide_bar} {percent:>3} %") {
        bar.set_style(style);
    }
    let (terminal, begun) = (io::stderr().is_terminal(), Instant::now());
    let report = |stage: Stage, done, total| {
        if terminal && bar.is_hidden() && begun.elapsed() > PATIENCE {
            bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        bar.set_length(total);
        bar.set_position(done);
        bar.set_message(stage.label());
    };
    // Ctrl+C ends the process; nothing is half written by then.
    let done = work(&Progress::new(&report, &AtomicBool::new(false)));
    bar.finish_and_clear();
    done
}

/// Reads a small text file; `-` is standard input.
pub(super) fn read_text(path: &Path) -> Result<String, Failure> {
    String::from_utf8(read(path, MAX_TEXT)?)
        .map_err(|error| Failure::at(format!("not a text file ({})", error.utf8_error()), path))
}

/// Reads issuers' keys, if a file is named.
pub(super) fn keys(path: Option<&Path>) -> Result<Keys, Failure> {
    let Some(path) = path else { return Ok(Keys::default()) };
    Keys::from_jwks(&read_text(path)?).map_err(|error| Failure::at(error, path))
}

fn read(path: &Path, limit: u64) -> Result<Vec<u8>, Failure> {
    let failure = |error: io::Error| Failure::at(ImportError::Read(error), path);
    let mut bytes = Vec::new();
    let mut take = |source: &mut dyn Read| source.take(limit + 1).read_to_end(&mut bytes);
    if path.as_os_str() == "-" {
        take(&mut io::stdin().lock()).map_err(failure)?;
    } else {
        take(&mut File::open(path).map_err(failure)?).map_err(failure)?;
    }
    if bytes.len() as u64 > limit {
        return Err(Failure::at(ImportError::TooLarge { limit }, path));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::{PasswordArgs, Source, keys};
    use std::path::Path;

    #[test]
    fn the_path_stands_last() {
        let source = Source::read(Path::new("no/such.har")).unwrap();
        let failure = source.open(&PasswordArgs::default()).err().unwrap().to_string();
        assert!(failure.ends_with(": no/such.har"), "{failure}");
    }

    #[test]
    fn a_file_without_keys_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys.json");
        std::fs::write(&path, "{}").unwrap();
        assert!(keys(Some(&path)).unwrap_err().to_string().contains("no list \"keys\""));
        assert!(keys(None).unwrap().is_empty());
    }
}
