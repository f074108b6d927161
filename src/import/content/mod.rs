//! Undoes the codings of a body in the order of the wire: transfer codings, then content codings, each from the last
//! named to the first (RFC 9112 §6.1, RFC 9110 §8.4).

mod chunked;
mod compressed;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::capture::NoteKind;
use crate::http::{Body, BodyState, Headers, is_text};

use compressed::{Coding, Outcome};

/// More codings on one body than anybody uses are an attack.
const MAX_CODINGS: usize = 6;

/// How much decoding may still produce, so that a small hostile file cannot fill the memory.
///
/// Clones draw from the same budget, on whichever thread.
#[derive(Clone, Debug)]
pub struct Budget {
    left: Arc<AtomicU64>,
}

impl Budget {
    /// The most one body may decode to, in bytes.
    pub const BODY: u64 = 256 << 20;
    /// The most all bodies of a capture may decode to, in bytes. It bounds time, not memory: large bodies do not stay.
    pub const CAPTURE: u64 = 16 << 30;
    /// Up to this size, in bytes, a body may grow by any factor.
    const UNSUSPICIOUS: u64 = 16 << 20;
    /// Beyond that a body may be at most this many times larger than its coded form.
    const RATIO: u64 = 300;

    /// The most that `coded` bytes may decode to now.
    pub(super) fn limit(&self, coded: u64) -> u64 {
        let plausible = coded.saturating_mul(Self::RATIO).max(Self::UNSUSPICIOUS);
        plausible.min(Self::BODY).min(self.left.load(Ordering::Relaxed))
    }

    /// Takes what was produced from what is left.
    pub(super) fn spend(&self, produced: usize) {
        self.left
            .fetch_sub((produced as u64).min(self.left.load(Ordering::Relaxed)), Ordering::Relaxed);
    }
}

impl Default for Budget {
    fn default() -> Self {
        Self { left: Arc::new(AtomicU64::new(Self::CAPTURE)) }
    }
}

/// Who recorded a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// As it stood on the wire; the headers say which codings are on it.
    OnTheWire,
    /// By a recorder that promises to have undone the codings, and mostly did. What does not look coded is left alone.
    Decoded,
}

/// A decoded body and what was odd about decoding it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The body, its state telling how far decoding came.
    pub body: Body,
    /// What was odd, with a sentence for a person.
    pub oddities: Vec<(NoteKind, String)>,
}

/// Undoes the codings that `headers` name on a body.
pub fn decode_body(
    bytes: Vec<u8>,
    headers: &Headers,
    recorded: Recorded,
    budget: &Budget,
) -> Decoded {
    let wire_size = (recorded == Recorded::OnTheWire).then_some(bytes.len() as u64);
    let mut decoding =
        Decoding { bytes, state: BodyState::Complete, oddities: Vec::new(), recorded };
    if !decoding.bytes.is_empty() {
        decoding.undo_all(headers, budget);
    }
    let body = Body::new(decoding.bytes).with_state(decoding.state).with_wire_size(wire_size);
    Decoded { body, oddities: decoding.oddities }
}

struct Decoding {
    bytes: Vec<u8>,
    state: BodyState,
    oddities: Vec<(NoteKind, String)>,
    recorded: Recorded,
}

impl Decoding {
    fn undo_all(&mut self, headers: &Headers, budget: &Budget) {
        let transfer = listed(headers, "transfer-encoding");
        let content = listed(headers, "content-encoding");
        let codings: Vec<&str> =
            transfer.into_iter().rev().chain(content.into_iter().rev()).collect();
        if codings.len() > MAX_CODINGS {
            self.coded(
                NoteKind::BodyUndecodable,
                "A body claims more codings than anybody uses".into(),
            );
            return;
        }
        for coding in codings {
            let going_on = if coding.eq_ignore_ascii_case("chunked") {
                self.dechunk();
                true
            } else if coding.eq_ignore_ascii_case("identity") {
                true
            } else {
                self.decompress(coding, budget)
            };
            if !going_on {
                break;
            }
        }
    }

    fn dechunk(&mut self) {
        match chunked::dechunk(&self.bytes) {
            Some(chunked::Dechunked { bytes, complete }) => {
                self.bytes = bytes;
                if !complete {
                    self.truncated("A chunked body ends before its last chunk");
                }
            }
            None if self.recorded == Recorded::OnTheWire => self.oddities.push((
                NoteKind::FieldRepaired,
                "The headers say chunked, the body is not; it was taken as it is".into(),
            )),
            None => {}
        }
    }

    /// Undoes one compression; `false` when the next one cannot be tried.
    fn decompress(&mut self, name: &str, budget: &Budget) -> bool {
        let wire = self.recorded == Recorded::OnTheWire;
        let Some(coding) = Coding::parse(name) else {
            if wire {
                let message = "A body has a content coding this program does not know".into();
                self.coded(NoteKind::BodyUndecodable, message);
            }
            return false;
        };
        let looks_coded = coding.recognises(&self.bytes);
        let promised_and_plausible = is_text(&self.bytes) || coding.has_magic();
        if !wire && !looks_coded && promised_and_plausible {
            return true;
        }
        let limit = budget.limit(self.bytes.len() as u64);
        match coding.decode(&self.bytes, limit) {
            Outcome::Whole(bytes) => self.bytes = bytes,
            Outcome::CutOff(bytes) if self.state == BodyState::Truncated => {
                // The cause was noted where the body was found too short.
                self.bytes = bytes;
            }
            Outcome::CutOff(bytes) => {
                self.bytes = bytes;
                self.truncated(&format!("A {} body breaks off", coding.name()));
            }
            Outcome::TooLarge(bytes) => {
                self.bytes = bytes;
                self.state = BodyState::Truncated;
                self.oddities.push((
                    NoteKind::LimitReached,
                    format!(
                        "A {} body grows beyond the limit; its rest was left out",
                        coding.name()
                    ),
                ));
                budget.spend(self.bytes.len());
                return false;
            }
            Outcome::NotThis if is_text(&self.bytes) => {
                if wire {
                    let message = format!(
                        "The headers say {}, the body is plain text; it was taken as it is",
                        coding.name()
                    );
                    self.oddities.push((NoteKind::FieldRepaired, message));
                }
                return true;
            }
            Outcome::NotThis if wire || looks_coded => {
                let message = format!("A body could not be decoded from {}", coding.name());
                self.coded(NoteKind::BodyUndecodable, message);
                return false;
            }
            Outcome::NotThis => return true,
        }
        budget.spend(self.bytes.len());
        true
    }

    fn truncated(&mut self, message: &str) {
        self.state = BodyState::Truncated;
        self.oddities.push((NoteKind::BodyTruncated, message.to_owned()));
    }

    fn coded(&mut self, kind: NoteKind, message: String) {
        self.state = BodyState::Coded;
        self.oddities.push((kind, message));
    }
}

/// The header fields of a message that name codings, to decode its body again.
pub(super) fn codings(headers: &Headers) -> Headers {
    ["transfer-encoding", "content-encoding"]
        .into_iter()
        .flat_map(|name| headers.get_all(name).map(move |value| (name, value)))
        .collect()
}

/// Whether [`decode_body`] would find nothing to undo on a body that was recorded decoded and that begins so. `false`
/// when the whole body is needed to tell.
pub(super) fn leaves_alone(start: &[u8], headers: &Headers) -> bool {
    let (transfer, content) =
        (listed(headers, "transfer-encoding"), listed(headers, "content-encoding"));
    transfer.iter().chain(&content).all(|coding| {
        if coding.eq_ignore_ascii_case("chunked") {
            chunked::dechunk(start).is_none()
        } else {
            coding.eq_ignore_ascii_case("identity")
                || Coding::parse(coding)
                    .is_some_and(|coding| coding.has_magic() && !coding.recognises(start))
        }
    })
}

fn listed<'a>(headers: &'a Headers, name: &'a str) -> Vec<&'a str> {
    headers.listed(name).take(MAX_CODINGS + 1).collect()
}

#[cfg(test)]
mod tests {
    use super::{Budget, Decoded, Recorded, decode_body};
    use crate::capture::NoteKind;
    use crate::http::{BodyState, Headers};
    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
    use proptest::prelude::*;
    use std::io::Write as _;
    use std::sync::Arc;
    use std::sync::atomic::AtomicU64;

    const TEXT: &[u8] = b"{\"error\":\"interaction_required\"}";
    /// [`TEXT`] as `brotli -q 0`-like uncompressed meta-blocks: 7-bit window, one block, the empty last block.
    fn brotli(text: &[u8]) -> Vec<u8> {
        // WBITS=16 (one 0 bit), ISLAST=0, MNIBBLES=4 (00), MLEN-1 in 16 bits, ISUNCOMPRESSED=1, padding.
        let header = (u32::try_from(text.len()).unwrap() - 1) << 4 | 1 << 20;
        let mut coded = header.to_le_bytes()[..3].to_vec();
        coded.extend_from_slice(text);
        coded.push(3);
        coded
    }

    fn zstd(text: &[u8]) -> Vec<u8> {
        ruzstd::encoding::compress_to_vec(text, ruzstd::encoding::CompressionLevel::Fastest)
    }

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn zlib(text: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn raw_deflate(text: &[u8]) -> Vec<u8> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn chunk(bytes: &[u8]) -> Vec<u8> {
        let mut coded = Vec::new();
        for piece in bytes.chunks(7) {
            coded.extend_from_slice(format!("{:x};note=1\r\n", piece.len()).as_bytes());
            coded.extend_from_slice(piece);
            coded.extend_from_slice(b"\r\n");
        }
        coded.extend_from_slice(b"0\r\nX-Trailer: 1\r\n\r\n");
        coded
    }

    fn decode(bytes: Vec<u8>, headers: &[(&str, &str)], recorded: Recorded) -> Decoded {
        let headers: Headers = headers.iter().copied().collect();
        decode_body(bytes, &headers, recorded, &Budget::default())
    }

    fn on_the_wire(bytes: Vec<u8>, headers: &[(&str, &str)]) -> Decoded {
        decode(bytes, headers, Recorded::OnTheWire)
    }

    #[test]
    fn every_coding_is_undone() {
        for (coding, bytes) in [
            ("gzip", gzip(TEXT)),
            ("x-gzip", [gzip(&TEXT[..10]), gzip(&TEXT[10..])].concat()),
            ("deflate", zlib(TEXT)),
            ("Deflate", raw_deflate(TEXT)),
            ("br", brotli(TEXT)),
            ("zstd", zstd(TEXT)),
            ("identity", TEXT.to_vec()),
        ] {
            let size = bytes.len() as u64;
            let decoded = on_the_wire(bytes, &[("Content-Encoding", coding)]);
            assert_eq!(decoded.body.text(), String::from_utf8_lossy(TEXT), "{coding}");
            assert_eq!(
                (decoded.oddities, decoded.body.wire_size),
                (vec![], Some(size)),
                "{coding}"
            );
        }
    }

    #[test]
    fn codings_are_undone_in_the_order_of_the_wire() {
        let coded = chunk(&gzip(&zlib(&brotli(TEXT))));
        let headers = [("Content-Encoding", "br, deflate"), ("Transfer-Encoding", "gzip, chunked")];
        assert_eq!(on_the_wire(coded, &headers).body.bytes(), TEXT);
        let headers = [
            ("Content-Encoding", "br"),
            ("Content-Encoding", "deflate"),
            ("Transfer-Encoding", "gzip"),
            ("Transfer-Encoding", "chunked"),
        ];
        assert_eq!(on_the_wire(chunk(&gzip(&zlib(&brotli(TEXT)))), &headers).body.bytes(), TEXT);
    }

    #[test]
    fn a_body_that_only_claims_a_coding_is_left_alone() {
        for header in [
            ("Transfer-Encoding", "chunked"),
            ("Content-Encoding", "gzip"),
            ("Content-Encoding", "br"),
        ] {
            let decoded = on_the_wire(TEXT.to_vec(), &[header]);
            assert_eq!(
                (decoded.body.bytes().as_ref(), decoded.body.state),
                (TEXT, BodyState::Complete)
            );
            assert_eq!(decoded.oddities[0].0, NoteKind::FieldRepaired);
            let decoded = decode(TEXT.to_vec(), &[header], Recorded::Decoded);
            assert_eq!((decoded.body.bytes().as_ref(), decoded.oddities), (TEXT, vec![]));
        }
    }

    #[test]
    fn a_recorder_that_forgot_to_decode_is_helped() {
        for (coding, bytes) in
            [("gzip", gzip(TEXT)), ("zstd", zstd(TEXT)), ("br", brotli(&[0xFF; 9]))]
        {
            let decoded = decode(bytes.clone(), &[("Content-Encoding", coding)], Recorded::Decoded);
            assert_ne!(decoded.body.bytes(), bytes, "{coding}");
            assert_eq!(decoded.oddities, [], "{coding}");
        }
    }

    #[test]
    fn a_coding_that_breaks_off_keeps_what_was_there() {
        let long: Vec<u8> = (0..20_000_u32).flat_map(u32::to_le_bytes).collect();
        for (coding, bytes) in
            [("gzip", gzip(&long)), ("deflate", zlib(&long)), ("deflate", raw_deflate(&long))]
        {
            let cut = bytes[..bytes.len() / 2].to_vec();
            let decoded = on_the_wire(cut, &[("Content-Encoding", coding)]);
            assert_eq!(decoded.body.state, BodyState::Truncated, "{coding}");
            assert!(
                !decoded.body.is_empty() && long.starts_with(&decoded.body.bytes()),
                "{coding}"
            );
            assert_eq!(decoded.oddities[0].0, NoteKind::BodyTruncated);
        }
        let mut cut = chunk(TEXT);
        cut.truncate(20);
        let decoded = on_the_wire(cut, &[("Transfer-Encoding", "chunked")]);
        assert_eq!(decoded.body.state, BodyState::Truncated);
        assert!(TEXT.starts_with(&decoded.body.bytes()));
    }

    #[test]
    fn what_cannot_be_decoded_stays_as_it_is() {
        let garbage = [0x1F, 0x8B, 0xFF, 0xFF, 0x00, 0x01];
        for coding in ["gzip", "br", "zstd", "compress"] {
            let decoded = on_the_wire(garbage.to_vec(), &[("Content-Encoding", coding)]);
            assert_eq!(
                (decoded.body.bytes().as_ref(), decoded.body.state),
                (&garbage[..], BodyState::Coded)
            );
            assert_eq!(decoded.oddities[0].0, NoteKind::BodyUndecodable, "{coding}");
        }
    }

    #[test]
    fn a_bomb_is_cut_at_the_limit() {
        let bomb = gzip(&vec![0; 64 << 20]);
        let decoded = on_the_wire(bomb.clone(), &[("Content-Encoding", "gzip")]);
        assert_eq!(decoded.oddities[0].0, NoteKind::LimitReached);
        assert!(decoded.body.len() <= 20 << 20, "{}", decoded.body.len());

        let budget = Budget { left: Arc::new(AtomicU64::new(1000)) };
        let headers: Headers = [("Content-Encoding", "gzip")].into_iter().collect();
        let decoded = decode_body(bomb, &headers, Recorded::OnTheWire, &budget);
        assert_eq!((decoded.body.len(), budget.limit(1)), (1000, 0));
    }

    proptest! {
        #[test]
        fn any_bytes_are_decoded_without_panic(
            bytes in prop::collection::vec(any::<u8>(), 0..200),
            coding in "(gzip|deflate|br|zstd|x)(, (gzip|deflate|br|zstd))?",
            chunked in any::<bool>(),
        ) {
            let transfer = if chunked { "chunked" } else { "identity" };
            let headers = [("Content-Encoding", coding.as_str()), ("Transfer-Encoding", transfer)];
            let _ = on_the_wire(bytes.clone(), &headers);
            let _ = decode(bytes, &headers, Recorded::Decoded);
        }

        #[test]
        fn chunking_is_undone(bytes in prop::collection::vec(any::<u8>(), 1..200)) {
            let decoded = on_the_wire(chunk(&bytes), &[("Transfer-Encoding", "chunked")]);
            prop_assert_eq!(decoded.body.bytes().into_owned(), bytes);
        }
    }
}
