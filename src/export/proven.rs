//! Redact, write, prove: bytes come out only when nothing of what was removed is in them and the verdict is the same.

use std::fmt::Write as _;
use std::io::{self, BufWriter, Read};
use std::path::Path;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};
use zip::result::ZipError;

use super::draft::Draft;
use super::{har, saz, searched, whole};
use crate::capture::{Capture, Format, Session, SessionId};
use crate::cores;
use crate::http::{Body, Secret};
use crate::import::source::{Cursor, Source};
use crate::import::{self, ImportError, Progress};
use crate::redact::{
    self, Files, Judgement, Leak, Lookout, Misjudged, Options, Receipt, RedactedCapture, Search,
    TooManyNames,
};

/// Bytes written or digested at a time.
const BLOCK: usize = 1 << 20;

/// Why there is no redacted file.
#[derive(Debug, thiserror::Error)]
pub enum RedactError {
    /// The proof found a value.
    #[error("nothing was written: {0}")]
    Leak(#[from] Leak),
    /// The capture is beyond what can be searched.
    #[error("nothing was written: {0}")]
    TooManyNames(#[from] TooManyNames),
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
    /// The redacted file could not be written or read again.
    #[error("nothing was written: {0}")]
    Output(#[source] io::Error),
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

/// What redaction is told beside the capture.
#[derive(Clone, Copy)]
pub struct Order<'a> {
    /// The digest of the file that the capture came from.
    pub input_sha256: &'a str,
    /// How to redact.
    pub options: Options,
    /// What is to be written.
    pub output: Output<'a>,
    /// Says what is wrong with a capture; the original and the written file must be judged alike.
    pub judge: &'a (dyn Fn(&Capture) -> Judgement + Sync),
    /// What it says of the original, where that is known already.
    pub judged: Option<&'a Judgement>,
}

/// Redacts a capture and writes it to memory, as SAZ or else as HAR, with its proof.
///
/// For the other arguments see [`Order`].
pub fn redact_to_bytes<'a>(
    capture: &Capture,
    input_sha256: &'a str,
    options: Options,
    output: impl Into<Output<'a>>,
    judge: &'a (dyn Fn(&Capture) -> Judgement + Sync),
    progress: &Progress<'_>,
) -> Result<(Vec<u8>, Receipt), RedactError> {
    let output = output.into();
    let order = Order { input_sha256, options, output, judge, judged: None };
    let (written, receipt) = proven(capture.clone(), order, Draft::in_memory(), progress)?;
    let bytes = Arc::into_inner(written).and_then(Source::into_memory);
    Ok((bytes.unwrap_or_default(), receipt))
}

/// Redacts a capture and writes it to a file, as SAZ or else as HAR, with its proof. The file appears whole, and only once
/// it is proven; no more of it is in memory than of the original.
pub fn redact_to_file(
    capture: Capture,
    order: Order<'_>,
    path: &Path,
    progress: &Progress<'_>,
) -> Result<Receipt, RedactError> {
    let draft = Draft::beside(path).map_err(RedactError::Output)?;
    let (written, receipt) = proven(capture, order, draft, progress)?;
    whole::write_whole_with(path, |file| each_block(&written, |block| file.write_all(block)))
        .map_err(RedactError::Output)?;
    Ok(receipt)
}

/// Redacts, writes and proves.
fn proven(
    capture: Capture,
    order: Order<'_>,
    draft: Draft,
    progress: &Progress<'_>,
) -> Result<(Arc<Source>, Receipt), RedactError> {
    let Order { output, judge, .. } = order;
    if output.password.is_some() && output.format != Format::Saz {
        return Err(RedactError::NotEncryptable);
    }
    let go_on = || if progress.cancelled() { Err(RedactError::Cancelled) } else { Ok(()) };
    let judgement = order.judged.cloned().unwrap_or_else(|| judge(&capture));
    go_on()?;
    let numbers = capture.numbers();
    let renumbers = output.format != Format::Saz && har::renumbers(&capture);
    let distant = distant_bodies(&capture);
    let mut redacted = redact::redact(capture, order.options)?;
    go_on()?;
    let written = Arc::new(write(&redacted.capture, output, draft)?);
    // The file shows what is in it; one copy less in memory.
    let file = redacted.forget_capture();
    // A body that was gone meanwhile would have read as empty.
    distant.iter().try_for_each(Body::intact).map_err(RedactError::Original)?;
    drop(distant);
    go_on()?;
    let options = import::Options { password: output.password };
    let (output_sha256, reopened) = cores::both(
        || sha256_of(Cursor::new(Arc::clone(&written), 0)),
        || import::open_source(&file, Arc::clone(&written), options, progress),
    );
    let (output_sha256, reopened) = (output_sha256.map_err(RedactError::Output)?, reopened?);
    let (before, after) = (numbers.len(), reopened.sessions.len());
    if before != after {
        return Err(RedactError::SessionsLost { before, after });
    }
    let plain = Output::from(output.format);
    let skeleton = write(&skeleton(), plain, Draft::in_memory())?;
    let skeleton = searched::parts(&Arc::new(skeleton), plain)?;
    let search = Search::new(&redacted, &skeleton)?;
    searched::file(&search, &written, output)?;
    search.texts(&reopened)?;
    let proof = search.proof();
    go_on()?;
    let (look_at, again) = cores::both(|| Lookout::of(&reopened), || judge(&reopened));
    judgement.compare(&numbers, &again, &reopened.numbers())?;
    // Bodies of the re-opened capture lie in what was written.
    drop(reopened);
    let remarks = renumbers.then(|| {
        "A HAR file has no session numbers: the sessions are counted anew from 1".to_owned()
    });
    let files = Files {
        input_sha256: order.input_sha256.to_owned(),
        output_sha256,
        sessions_in: before,
        sessions_out: after,
        remarks: remarks.into_iter().collect(),
        verdict: judgement.verdict,
        look_at,
    };
    Ok((written, Receipt::new(&redacted, proof, files)))
}

/// The bodies that lie in the capture's file.
fn distant_bodies(capture: &Capture) -> Vec<Body> {
    let bodies = |session: &Session| {
        let answer = session.response.as_ref().map(|response| response.body.clone());
        [Some(session.request.body.clone()), answer]
    };
    capture.sessions.iter().flat_map(bodies).flatten().filter(Body::is_distant).collect()
}

fn write(
    capture: &RedactedCapture,
    output: Output<'_>,
    draft: Draft,
) -> Result<Source, RedactError> {
    let mut draft = BufWriter::with_capacity(BLOCK, draft);
    match output.format {
        Format::Saz => draft = saz::write_to(capture, output.password, draft)?,
        Format::Har | Format::RawText => {
            har::write_to(capture, &mut draft).map_err(RedactError::Output)?;
        }
    }
    let draft = draft.into_inner().map_err(|error| RedactError::Output(error.into_error()))?;
    draft.finish().map_err(RedactError::Output)
}

/// A capture with nothing in it: what is written for it is the writer's own.
fn skeleton() -> RedactedCapture {
    let mut capture = Capture::new("", Format::Har);
    let mut session = Session::new(SessionId(1));
    session.response = Some(crate::capture::Response::default());
    capture.sessions.push(session);
    RedactedCapture::of_synthetic(capture)
}

/// Reads a file in pieces.
fn each_block(source: &Source, mut take: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
    let mut at = 0;
    while at < source.len() {
        let length = usize::try_from(source.len() - at).unwrap_or(BLOCK).min(BLOCK);
        take(&source.piece(at, length)?)?;
        at += length as u64;
    }
    Ok(())
}

/// The digest of what a reader gives, in lower-case hexadecimal digits.
pub fn sha256_of(mut from: impl Read) -> io::Result<String> {
    let (mut digest, mut block) = (Sha256::new(), vec![0; BLOCK]);
    loop {
        match from.read(&mut block) {
            Ok(0) => return Ok(spelt(&digest.finalize())),
            Ok(read) => digest.update(block.get(..read).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

fn spelt(digest: &[u8]) -> String {
    digest.iter().fold(String::new(), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
