//! Opens captures: HAR, SAZ and pasted HTTP text. The format is told by content, never by extension. What is odd becomes
//! a note; only a file that holds no capture at all is an error. Nothing here knows OAuth.

mod content;
mod error;
mod file;
mod gather;
mod har;
mod head;
mod parallel;
mod progress;
mod raw_text;
mod saz;
mod shared;
pub(crate) mod source;
mod time;

pub use content::{Budget, Decoded, Recorded, decode_body};
pub use error::ImportError;
pub use file::open_file;
pub use progress::{Progress, Stage};

use std::borrow::Cow;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use crate::capture::Capture;
use crate::http::Secret;
use source::Source;

/// The most a gzip-compressed capture file may decompress to, in bytes.
const MAX_UNPACKED: u64 = 2 << 30;

/// The beginning of a file that tells its format, in bytes.
const START: usize = 64 << 10;

/// The largest body that is kept in memory, in bytes. Larger ones stay in the file.
const SMALL_BODY: usize = 16 << 10;

/// Whether a body of so many bytes is kept in memory.
const fn kept_in_memory(length: usize) -> bool {
    length <= SMALL_BODY
}

/// How to open a capture.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'a> {
    /// Opens an encrypted SAZ.
    pub password: Option<&'a Secret>,
}

/// Opens a capture from memory. The name only labels it.
pub fn open_bytes(
    file_name: &str,
    bytes: &[u8],
    options: Options<'_>,
    progress: &Progress<'_>,
) -> Result<Capture, ImportError> {
    open_source(file_name, Arc::new(Source::copied(bytes)), options, progress)
}

/// Opens a capture from memory that is shared with the capture: large bodies stay where they are.
pub fn open_shared(
    file_name: &str,
    bytes: Arc<Vec<u8>>,
    options: Options<'_>,
    progress: &Progress<'_>,
) -> Result<Capture, ImportError> {
    open_source(file_name, Arc::new(Source::memory(bytes)), options, progress)
}

/// The sessions that lie in a folder, an unpacked SAZ, as the bytes of a SAZ file. The same files give the same bytes.
pub fn folder_as_saz(folder: &Path, progress: &Progress<'_>) -> Result<Vec<u8>, ImportError> {
    saz::folder::packed(folder, progress)
}

/// Opens pasted text: HTTP text in the notation described in the module `raw_text`, or a HAR file's JSON.
pub fn open_text(name: &str, text: &str) -> Result<Capture, ImportError> {
    open_bytes(name, text.as_bytes(), Options::default(), &Progress::none())
}

/// Opens a capture from wherever it lies.
pub(crate) fn open_source(
    file_name: &str,
    source: Arc<Source>,
    options: Options<'_>,
    progress: &Progress<'_>,
) -> Result<Capture, ImportError> {
    let start = beginning(&source)?;
    if start.starts_with(&[0x1F, 0x8B]) {
        let unpacked = Source::memory(unpacked(source, progress)?);
        let start = beginning(&unpacked)?;
        open_plain(file_name, &Arc::new(unpacked), &start, options, progress)
    } else {
        open_plain(file_name, &source, &start, options, progress)
    }
}

/// What a file begins with, by which its format is known.
fn beginning(source: &Source) -> Result<Vec<u8>, ImportError> {
    let mut start = vec![0; START];
    let filled = source.fill_at(0, &mut start).map_err(ImportError::Read)?;
    start.truncate(filled);
    Ok(start)
}

/// The content of a gzip-compressed file.
fn unpacked(source: Arc<Source>, progress: &Progress<'_>) -> Result<Arc<Vec<u8>>, ImportError> {
    /// Bytes between two looks at the cancel flag.
    const BLOCK: u64 = 1 << 20;
    let packed = std::io::BufReader::new(source::Cursor::new(source, 0));
    let mut decoder = flate2::bufread::MultiGzDecoder::new(packed);
    let mut unpacked = Vec::new();
    loop {
        let before = unpacked.len();
        let end = (&mut decoder).take(BLOCK).read_to_end(&mut unpacked);
        if unpacked.len() as u64 > MAX_UNPACKED {
            return Err(ImportError::TooLarge { limit: MAX_UNPACKED });
        }
        progress.step(Stage::Reading, unpacked.len() as u64, 0)?;
        if end.is_err() || unpacked.len() == before {
            // A gzip file cut off still holds the beginning of a capture, which says by itself that it is cut off.
            if end.is_err() && unpacked.is_empty() {
                return Err(ImportError::NotACapture { found: "a damaged gzip file" });
            }
            return Ok(unpacked.into());
        }
    }
}

fn open_plain(
    file_name: &str,
    source: &Arc<Source>,
    start: &[u8],
    options: Options<'_>,
    progress: &Progress<'_>,
) -> Result<Capture, ImportError> {
    if start.starts_with(b"PK\x03\x04") || start.starts_with(b"PK\x05\x06") {
        return saz::open(file_name, source, options, progress);
    }
    let mark = if start.starts_with(&[0xEF, 0xBB, 0xBF]) { 3 } else { 0 };
    let text = start.get(mark..).unwrap_or_default();
    if let Some(json) = har::json_start(text) {
        return har::open(file_name, source, (mark + json) as u64, progress);
    }
    // Anything else that may be text is read whole.
    let whole = usize::try_from(source.len()).unwrap_or(usize::MAX);
    let whole = source.piece(0, whole).map_err(ImportError::Read)?;
    let text = without_byte_order_mark(&whole);
    if text.trim_ascii().is_empty() {
        return Err(ImportError::NotACapture { found: "an empty file" });
    }
    if let Some(json) = har::json_start(&text) {
        let source = Arc::new(Source::memory(Arc::new(text.into_owned())));
        return har::open(file_name, &source, json as u64, progress);
    }
    if text.iter().take(4096).any(|byte| *byte == 0) {
        return Err(ImportError::NotACapture { found: "a binary file" });
    }
    raw_text::open(file_name, &String::from_utf8_lossy(&text), progress)
}

/// The text in UTF-8, whichever Unicode encoding its byte order mark announces.
fn without_byte_order_mark(bytes: &[u8]) -> Cow<'_, [u8]> {
    let utf16 = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = rest.as_chunks::<2>().0.iter().map(|pair| unit(*pair));
        let text: String =
            char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
        Cow::Owned(text.into_bytes())
    };
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => Cow::Borrowed(rest),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => Cow::Borrowed(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::{ImportError, Options, Progress, open_bytes};
    use crate::capture::{Capture, Format};
    use proptest::prelude::*;
    use std::io::Write as _;

    const HAR: &str = r#"{"log":{"version":"1.2","entries":[{"request":{"method":"GET","url":"https://mail.contoso.com/"},"response":{"status":200}}]}}"#;

    fn open(bytes: &[u8]) -> Result<Capture, ImportError> {
        open_bytes("trace.dat", bytes, Options::default(), &Progress::none())
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn the_content_tells_the_format() {
        let utf16: Vec<u8> =
            [0xFEFF].into_iter().chain(HAR.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let jsonp = format!("onInputData({HAR});");
        let bom = format!("\u{FEFF}{HAR}");
        for bytes in
            [HAR.as_bytes(), &gzip(HAR.as_bytes()), &utf16, jsonp.as_bytes(), bom.as_bytes()]
        {
            let capture = open(bytes).unwrap();
            assert_eq!((capture.format, capture.sessions.len()), (Format::Har, 1));
        }
        assert_eq!(super::open_text("pasted text", HAR).unwrap().format, Format::Har);
        let text = open(b"\xEF\xBB\xBFGET /owa/{id} HTTP/1.1\nHost: mail.contoso.com\n").unwrap();
        assert_eq!((text.format, text.sessions.len()), (Format::RawText, 1));
    }

    #[test]
    fn what_is_no_capture_is_told_what_was_expected() {
        for bytes in [
            &b""[..],
            b"  \r\n",
            b"I'm not a saz file.",
            b"{}",
            b"[]",
            b"{\"log-invalid\":{\"entries\":[]}}",
            b"\x7FELF\x02\x01\x00\x00",
            b"\x1F\x8B\x08\x00",
        ] {
            let error = open(bytes).unwrap_err();
            assert!(matches!(error, ImportError::NotACapture { .. }), "{error:?}");
            let message = error.to_string();
            for word in ["HAR", "log.entries", "SAZ", "_c.txt", "HTTP text"] {
                assert!(message.contains(word), "{message}");
            }
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_opened_without_panic(
            magic in prop::sample::select(vec![&b""[..], b"PK\x03\x04", b"\x1F\x8B\x08", b"{\"log\":", b"HTTP/1.1 ", b"### "]),
            bytes in prop::collection::vec(any::<u8>(), 0..300),
        ) {
            let _ = open(&[magic, &bytes].concat());
        }
    }
}
