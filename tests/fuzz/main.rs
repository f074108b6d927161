//! Feeds every parser with changed files: none may panic, hang or grow without bound.
//!
//! `cargo test --test fuzz` tries a few hundred changes of a fixed seed. With `HMA_TRACE_FUZZ_SECONDS=600` each target runs
//! that long from a new seed, which it prints; `HMA_TRACE_FUZZ_SEED` sets it. What makes a target fail is written beside
//! the build; kept under `tests/fuzz/found/TARGET-anything`, it is tried first on every later run.
//!
//! `fuzz/` holds the same targets for cargo-fuzz, which sees what code an input reaches.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "helper functions of a test"
)]

mod mutator;
mod seeds;
mod targets;

use std::io::{Cursor, Read as _, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use mutator::{Random, mutate};

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

fn those(starting: &[&[u8]]) -> Vec<Vec<u8>> {
    let fits = |bytes: &Vec<u8>| starting.iter().any(|start| bytes.starts_with(start));
    seeds::captures().into_iter().filter(fits).collect()
}

#[test]
fn har() {
    fuzz("har", &those(&[b"{", b"\xEF\xBB\xBF{"]), mutate, targets::capture);
}

#[test]
fn saz() {
    fuzz("saz", &those(&[b"PK"]), mutate, targets::capture);
}

/// Changes inside the members of an archive, past its checksums.
#[test]
fn saz_members() {
    let change = |bytes: &mut Vec<u8>, other: &[u8], random: &mut Random| {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes.as_slice())).unwrap();
        let changed = random.below(archive.len());
        let mut members = Vec::new();
        for index in 0..archive.len().min(60) {
            let mut member = archive.by_index(index).unwrap();
            let name = member.name().unwrap().into_owned();
            let mut content = Vec::new();
            member.read_to_end(&mut content).unwrap();
            if index == changed || random.below(4) == 0 {
                mutate(&mut content, other, random);
            }
            members.push((name, content));
        }
        *bytes = targets::archive(members.into_iter());
    };
    fuzz("saz_members", &those(&[b"PK"]), change, targets::capture);
}

/// Members made of nothing but changed pieces.
#[test]
fn saz_pieces() {
    let pieces: Vec<_> = seeds::texts().collect();
    fuzz("saz_pieces", &[pieces.join(&0)], mutate, targets::members);
}

#[test]
fn raw_text() {
    fuzz("raw_text", &seeds::texts().collect::<Vec<_>>(), mutate, targets::capture);
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
    fuzz("content_decoding", &seeds, mutate, targets::content);
}

#[test]
fn header_values() {
    fuzz("header_values", &seeds::values(), mutate, targets::values);
}

#[test]
fn tokens() {
    fuzz("tokens", &seeds::values(), mutate, targets::tokens);
}
