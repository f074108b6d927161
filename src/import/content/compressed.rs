//! The compressions of HTTP bodies, each decoded within a limit.

use std::io::{self, Read};

use flate2::bufread::{DeflateDecoder, GzDecoder, ZlibDecoder};
use ruzstd::decoding::StreamingDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};

const GZIP_MAGIC: &[u8] = &[0x1F, 0x8B, 0x08];
const ZSTD_MAGIC: &[u8] = &[0x28, 0xB5, 0x2F, 0xFD];

/// A compression (IANA "HTTP Content Coding Registry").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::import) enum Coding {
    Gzip,
    Deflate,
    Brotli,
    Zstd,
}

/// What became of the bytes.
pub(in crate::import) enum Outcome {
    /// Decoded to the end.
    Whole(Vec<u8>),
    /// Decoded until the coding broke off.
    CutOff(Vec<u8>),
    /// Decoded up to the limit.
    TooLarge(Vec<u8>),
    /// Not in this coding.
    NotThis,
}

impl Coding {
    /// Reads the name in a header.
    pub(super) fn parse(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => Self::Gzip,
            "deflate" => Self::Deflate,
            "br" => Self::Brotli,
            "zstd" => Self::Zstd,
            _ => return None,
        })
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Deflate => "deflate",
            Self::Brotli => "br",
            Self::Zstd => "zstd",
        }
    }

    /// Whether the coding announces itself in its first bytes.
    pub(super) const fn has_magic(self) -> bool {
        matches!(self, Self::Gzip | Self::Zstd)
    }

    /// Whether the first bytes are those of this coding.
    pub(in crate::import) fn recognises(self, bytes: &[u8]) -> bool {
        match self {
            Self::Gzip => bytes.starts_with(GZIP_MAGIC),
            Self::Zstd => bytes.starts_with(ZSTD_MAGIC),
            Self::Deflate => is_zlib(bytes),
            Self::Brotli => false,
        }
    }

    /// Decodes to at most `limit` bytes.
    pub(in crate::import) fn decode(self, coded: &[u8], limit: u64) -> Outcome {
        match self {
            Self::Gzip if self.recognises(coded) => Self::gunzip(coded, limit),
            Self::Zstd if self.recognises(coded) => Self::unzstd(coded, limit),
            Self::Gzip | Self::Zstd => Outcome::NotThis,
            Self::Deflate if is_zlib(coded) => match read(ZlibDecoder::new(coded), limit, true) {
                Outcome::NotThis => read(DeflateDecoder::new(coded), limit, false),
                outcome => outcome,
            },
            Self::Deflate => read(DeflateDecoder::new(coded), limit, false),
            Self::Brotli => read(brotli_decompressor::Decompressor::new(coded, 4096), limit, false),
        }
    }

    /// A gzip body may be several members in a row (RFC 1952 §2.2); what follows the last is ignored.
    fn gunzip(coded: &[u8], limit: u64) -> Outcome {
        let mut whole = Vec::new();
        let mut rest = coded;
        while rest.starts_with(GZIP_MAGIC) {
            let mut decoder = GzDecoder::new(rest);
            let piece = read(&mut decoder, limit.saturating_sub(whole.len() as u64), true);
            if let Some(end) = join(&mut whole, piece) {
                return end;
            }
            rest = decoder.into_inner();
        }
        Outcome::Whole(whole)
    }

    /// A zstd body may be several frames in a row, skippable ones among them (RFC 8878 §3.1).
    fn unzstd(coded: &[u8], limit: u64) -> Outcome {
        let mut whole = Vec::new();
        let mut rest = coded;
        while !rest.is_empty() {
            match StreamingDecoder::new(&mut rest) {
                Ok(decoder) => {
                    let piece = read(decoder, limit.saturating_sub(whole.len() as u64), true);
                    if let Some(end) = join(&mut whole, piece) {
                        return end;
                    }
                }
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => rest = rest.get(length as usize..).unwrap_or_default(),
                Err(_) if whole.is_empty() => return Outcome::NotThis,
                Err(_) => break,
            }
        }
        Outcome::Whole(whole)
    }
}

/// Adds one of several pieces in a row. What the whole comes to, if nothing can follow this piece.
fn join(whole: &mut Vec<u8>, piece: Outcome) -> Option<Outcome> {
    let (bytes, end): (_, fn(Vec<u8>) -> Outcome) = match piece {
        Outcome::Whole(bytes) => {
            append(whole, bytes);
            return None;
        }
        Outcome::NotThis if whole.is_empty() => return Some(Outcome::NotThis),
        Outcome::NotThis => (Vec::new(), Outcome::CutOff),
        Outcome::CutOff(bytes) => (bytes, Outcome::CutOff),
        Outcome::TooLarge(bytes) => (bytes, Outcome::TooLarge),
    };
    append(whole, bytes);
    Some(end(std::mem::take(whole)))
}

/// Whether the first two bytes are a zlib header (RFC 1950 §2.2).
fn is_zlib(bytes: &[u8]) -> bool {
    matches!(bytes, [cmf, flags, ..]
        if cmf & 0x0F == 8 && (u16::from(*cmf) * 256 + u16::from(*flags)).is_multiple_of(31))
}

/// Reads up to `limit` bytes. After an error, what came before it counts if the beginning left no doubt about the coding
/// (`certain`) or if nothing but the end is missing.
fn read(decoder: impl Read, limit: u64, certain: bool) -> Outcome {
    let mut bytes = Vec::new();
    let end = decoder.take(limit.saturating_add(1)).read_to_end(&mut bytes);
    if bytes.len() as u64 > limit {
        bytes.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        return Outcome::TooLarge(bytes);
    }
    match end {
        Ok(_) => Outcome::Whole(bytes),
        Err(error)
            if !bytes.is_empty() && (certain || error.kind() == io::ErrorKind::UnexpectedEof) =>
        {
            Outcome::CutOff(bytes)
        }
        Err(_) => Outcome::NotThis,
    }
}

/// Appends without copying when there is nothing yet.
fn append(whole: &mut Vec<u8>, bytes: Vec<u8>) {
    if whole.is_empty() {
        *whole = bytes;
    } else {
        whole.extend_from_slice(&bytes);
    }
}
