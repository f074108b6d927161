//! Redact, write, prove: bytes come out only when nothing of what was removed is in them and the verdict is the same.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Cursor, Read as _};
use std::sync::Arc;

use sha2::{Digest as _, Sha256};
use zip::ZipArchive;
use zip::result::ZipError;

use super::{har, saz};
use crate::capture::{Capture, Format, Session, SessionId};
use crate::cores;
use crate::http::Secret;
use crate::import::{self, ImportError, Progress};
use crate::redact::{
    self, Files, Judgement, Leak, Lookout, Misjudged, Options, Part, Receipt, RedactedCapture,
    TooManySecrets,
};

/// Why there is no redacted file.
#[derive(Debug, thiserror::Error)]
pub enum RedactError {
    /// The proof found a value.
    #[error("nothing was written: {0}")]
    Leak(#[from] Leak),
    /// The capture is beyond what can be searched.
    #[error("nothing was written: {0}")]
    TooManySecrets(#[from] TooManySecrets),
    /// Redaction took away what the verdict or a finding rests on.
    #[error("nothing was written: the redacted capture would be understood differently: {0}")]
    Misjudged(#[from] Misjudged),
    /// Only a SAZ file can be encrypted.
    #[error("nothing was written: only a SAZ file can be encrypted")]
    NotEncryptable,
    /// The written file does not hold as many sessions as the original.
    #[error("nothing was written: of {before} sessions {after} could be read again")]
    SessionsLost {
        /// Sessions of the original.
        before: usize,
        /// Sessions of the redacted file.
        after: usize,
    },
    /// The written file does not open.
    #[error("nothing was written: the redacted file does not open again: {0}")]
    Reopen(#[from] ImportError),
    /// The archive could not be made.
    #[error("nothing was written: the archive could not be made: {0}")]
    Archive(#[from] ZipError),
    /// Bodies that lie in the original file cannot be read any more.
    #[error("nothing was written: the original cannot be read any more: {0}")]
    Original(#[source] io::Error),
    /// The user asked to stop.
    #[error("stopped")]
    Cancelled,
}

/// What is to be written.
#[derive(Clone, Copy, Debug)]
pub struct Output<'a> {
    /// SAZ, or else HAR.
    pub format: Format,
    /// Encrypts a SAZ file (AES-256).
    pub password: Option<&'a Secret>,
}

impl From<Format> for Output<'_> {
    fn from(format: Format) -> Self {
        Self { format, password: None }
    }
}

/// Redacts a capture and writes it to memory, as SAZ or else as HAR, with its proof.
///
/// `input_sha256` is that of the file the capture came from. `judge` says what is wrong with a capture; the original and
/// the written file must be judged alike.
pub fn redact_to_bytes<'a>(
    capture: &Capture,
    input_sha256: &str,
    options: Options,
    output: impl Into<Output<'a>>,
    judge: &(dyn Fn(&Capture) -> Judgement + Sync),
    progress: &Progress<'_>,
) -> Result<(Vec<u8>, Receipt), RedactError> {
    let output = output.into();
    let Output { format, password } = output;
    if password.is_some() && format != Format::Saz {
        return Err(RedactError::NotEncryptable);
    }
    let go_on = || if progress.cancelled() { Err(RedactError::Cancelled) } else { Ok(()) };
    let (judgement, redacted) = cores::both(|| judge(capture), || redact::redact(capture, options));
    let mut redacted = redacted?;
    go_on()?;
    let bytes = Arc::new(write(&redacted.capture, output)?);
    // The file shows what is in it; one copy less in memory.
    let file = redacted.forget_capture();
    // A body that was gone meanwhile would have read as empty.
    capture.sessions.iter().try_for_each(Session::intact).map_err(RedactError::Original)?;
    go_on()?;
    let options = import::Options { password };
    let reopened = import::open_shared(&file, Arc::clone(&bytes), options, progress)?;
    let (before, after) = (capture.sessions.len(), reopened.sessions.len());
    if before != after {
        return Err(RedactError::SessionsLost { before, after });
    }
    let skeleton = write(&skeleton(), Output::from(format))?;
    let proof = redact::search(
        &redacted,
        &contents(&bytes, output)?,
        &contents(&skeleton, Output::from(format))?,
        &reopened,
    )?;
    go_on()?;
    judgement.compare(capture, &judge(&reopened), &reopened)?;
    let mut remarks = Vec::new();
    if format != Format::Saz && har::renumbers(capture) {
        remarks.push(
            "A HAR file has no session numbers: the sessions are counted anew from 1".to_owned(),
        );
    }
    let files = Files {
        input_sha256: input_sha256.to_owned(),
        output_sha256: sha256(&bytes),
        sessions_in: before,
        sessions_out: after,
        remarks,
        verdict: judgement.verdict,
        look_at: Lookout::of(&reopened),
    };
    let receipt = Receipt::new(&redacted, proof, files);
    // Bodies of the re-opened capture lie in these bytes.
    drop(reopened);
    Ok((Arc::unwrap_or_clone(bytes), receipt))
}

fn write(capture: &RedactedCapture, output: Output<'_>) -> Result<Vec<u8>, ZipError> {
    match output.format {
        Format::Saz => saz::write_encrypted(capture, output.password),
        Format::Har | Format::RawText => Ok(har::write(capture)),
    }
}

/// A capture with nothing in it: what is written for it is the writer's own.
fn skeleton() -> RedactedCapture {
    let mut capture = Capture::new("", Format::Har);
    let mut session = Session::new(SessionId(1));
    session.response = Some(crate::capture::Response::default());
    capture.sessions.push(session);
    RedactedCapture::of_synthetic(capture)
}

/// The bytes to search: the file's own, and those of an archive's members.
fn contents<'b>(bytes: &'b [u8], output: Output<'_>) -> Result<Vec<Part<'b>>, ZipError> {
    let mut all = vec![Part { name: "the file".to_owned(), bytes: Cow::Borrowed(bytes) }];
    if output.format == Format::Saz {
        let mut archive = ZipArchive::new(Cursor::new(bytes))?;
        for index in 0..archive.len() {
            let mut member = Vec::new();
            let mut reader = match output.password {
                Some(password) => archive.by_index_decrypt(index, password.reveal().as_bytes())?,
                None => archive.by_index(index)?,
            };
            let name = reader.name()?.into_owned();
            reader.read_to_end(&mut member)?;
            all.push(Part { name, bytes: Cow::Owned(member) });
        }
    }
    Ok(all)
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
