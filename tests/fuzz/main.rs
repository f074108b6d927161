//! Feeds every parser with changed files: none may panic, hang or grow without bound.
//!
//! `cargo test --test fuzz` tries a few hundred changes of a fixed seed. With `HMA_TRACE_FUZZ_SECONDS=600` each target runs
//! that long from a new seed, which it prints; `HMA_TRACE_FUZZ_SEED` sets it. What makes a target fail is written beside
//! the build; kept under `tests/fuzz/found/TARGET-anything`, it is tried first on every later run.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "helper functions of a test"
)]

mod mutator;
mod seeds;

use std::io::{Cursor, Read as _, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use hma_trace::analysis::Analysis;
use hma_trace::http::{
    Authorization, Challenges, Diagnostics, Headers, mask, request_cookies, response_cookies,
};
use hma_trace::import::{Budget, Options, Progress, Recorded, decode_body, open_bytes};
use hma_trace::jwt::{Keys, Token, find, verify};
use hma_trace::report;
use mutator::{Random, mutate};
use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

/// Changes tried when no time is given.
const TRIES: u32 = 150;

/// The most that one input of at most 64 KiB may take; generous, for a debug build on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// Tries changes of the seeds on a target.
fn fuzz(
    name: &str,
    seeds: &[Vec<u8>],
    change: impl Fn(&mut Vec<u8>, &[u8], &mut Random),
    target: impl Fn(&[u8]),
) {
    for (path, found) in found(name) {
        attempt(name, &found, &target, &path);
    }
    let seconds = std::env::var("HMA_TRACE_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok());
    let until = seconds.map(|seconds| Instant::now() + Duration::from_secs(seconds));
    let seed = std::env::var("HMA_TRACE_FUZZ_SEED").ok().and_then(|text| text.parse().ok());
    let seed: u64 = seed.unwrap_or_else(|| until.map_or(1, |_| clock()));
    let mut random = Random::new(seed);
    let mut tries = 0;
    while until.map_or(tries < TRIES, |until| Instant::now() < until) {
        let mut bytes = seeds[random.below(seeds.len())].clone();
        let other = &seeds[random.below(seeds.len())];
        change(&mut bytes, other, &mut random);
        attempt(name, &bytes, &target, &format!("seed {seed}, try {tries}"));
        tries += 1;
    }
    eprintln!("{name}: {tries} inputs from seed {seed}");
}

/// Feeds one input; one that panics or takes too long is written where it can be found.
fn attempt(name: &str, bytes: &[u8], target: &impl Fn(&[u8]), what: &str) {
    let begun = Instant::now();
    let outcome = catch_unwind(AssertUnwindSafe(|| target(bytes)));
    let took = begun.elapsed();
    if outcome.is_err() || took > PATIENCE {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", bytes.len()));
        std::fs::write(&path, bytes).unwrap();
        panic!(
            "{name}, {what}: panicked {}, took {took:?}; the input is {}",
            outcome.is_err(),
            path.display()
        );
    }
}

/// Inputs that made a target fail once.
fn found(name: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/found");
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let of_target = |path: &&std::path::PathBuf| {
        path.file_name().unwrap().to_string_lossy().starts_with(&format!("{name}-"))
    };
    paths
        .iter()
        .filter(of_target)
        .map(|path| (path.display().to_string(), std::fs::read(path).unwrap()))
        .collect()
}

fn clock() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs()
}

/// Opens a capture and takes it through the whole analysis.
fn open(bytes: &[u8]) {
    if let Ok(capture) = open_bytes("fuzz", bytes, Options::default(), &Progress::none()) {
        let counts = capture.counts;
        assert_eq!(counts.read + counts.repaired + counts.partial, capture.sessions.len());
        let analysis = Analysis::of(capture, &Keys::default());
        assert!(report::analysis_json(&analysis).ends_with("}\n"));
    }
}

fn those(starting: &[&[u8]]) -> Vec<Vec<u8>> {
    let fits = |bytes: &Vec<u8>| starting.iter().any(|start| bytes.starts_with(start));
    seeds::captures().into_iter().filter(fits).collect()
}

#[test]
fn har() {
    fuzz("har", &those(&[b"{", b"\xEF\xBB\xBF{"]), mutate, open);
}

#[test]
fn saz() {
    fuzz("saz", &those(&[b"PK"]), mutate, open);
}

/// Changes inside the members of an archive, past its checksums.
#[test]
fn saz_members() {
    let change = |bytes: &mut Vec<u8>, other: &[u8], random: &mut Random| {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes.as_slice())).unwrap();
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        let changed = random.below(archive.len());
        for index in 0..archive.len().min(60) {
            let mut member = archive.by_index(index).unwrap();
            let name = member.name().unwrap().into_owned();
            let mut content = Vec::new();
            member.read_to_end(&mut content).unwrap();
            if index == changed || random.below(4) == 0 {
                mutate(&mut content, other, random);
            }
            writer.start_file(name, stored).unwrap();
            writer.write_all(&content).unwrap();
        }
        *bytes = writer.finish().unwrap().into_inner();
    };
    fuzz("saz_members", &those(&[b"PK"]), change, open);
}

#[test]
fn raw_text() {
    fuzz("raw_text", &seeds::texts().collect::<Vec<_>>(), mutate, open);
}

#[test]
fn content_decoding() {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(b"hello hello hello hello").unwrap();
    let mut deflate = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
    deflate.write_all(b"hello hello hello hello").unwrap();
    let seeds = [
        gzip.finish().unwrap(),
        deflate.finish().unwrap(),
        b"5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nA: b\r\n\r\n".to_vec(),
        b"\x0b\x02\x80hello\x03".to_vec(),
        b"\x28\xB5\x2F\xFD\x04\x58\x29\x00\x00hello".to_vec(),
    ];
    fuzz("content_decoding", &seeds, mutate, |bytes| {
        for coding in ["gzip", "deflate", "br", "zstd", "gzip, br", "identity"] {
            for transfer in ["", "chunked", "gzip, chunked"] {
                let mut headers = Headers::new();
                headers.push("Content-Encoding", coding);
                headers.push("Transfer-Encoding", transfer);
                for recorded in [Recorded::OnTheWire, Recorded::Decoded] {
                    let decoded =
                        decode_body(bytes.to_vec(), &headers, recorded, &Budget::default());
                    assert!(decoded.body.len() <= 32 << 20);
                }
            }
        }
    });
}

#[test]
fn header_values() {
    fuzz("header_values", &seeds::values(), mutate, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let mut headers = Headers::new();
        for name in
            ["WWW-Authenticate", "x-ms-diagnostics", "Authorization", "Cookie", "Set-Cookie"]
        {
            headers.push(name, text.as_ref());
            let _ = mask::header_value(name, &text);
        }
        for challenge in &Challenges::of(&headers) {
            let _ = (challenge.authorization_uri(), challenge.trusted_issuers());
        }
        if let Some(diagnostics) = Diagnostics::of(&headers) {
            let _ = diagnostics.quoted();
        }
        let _ =
            (Authorization::of(&headers), request_cookies(&headers), response_cookies(&headers));
        let _ = (mask::url(&text), mask::parameters(&text));
    });
}

#[test]
fn tokens() {
    fuzz("tokens", &seeds::values(), mutate, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let keys = Keys::from_jwks(&text).unwrap_or_default();
        let tokens = find(&text).into_iter().map(|(_, token)| token).chain([Token::read(&text)]);
        for token in tokens {
            if let Token::Jwt(jwt) = token {
                let _ = (jwt.actor_token(), jwt.audience(), jwt.expires(), verify(&jwt, &keys));
            }
        }
    });
}
