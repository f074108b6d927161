//! Archives that are cut off, damaged, encrypted or odd, and several of these at once.

use super::open;
use crate::capture::{Capture, NoteKind};
use crate::http::{BodyState, Secret};
use crate::import::{ImportError, Options, Progress};
use std::io::{Cursor, Write as _};
use zip::unstable::write::FileOptionsExt as _;
use zip::write::{SimpleFileOptions, StreamWriter, ZipWriter};
use zip::{AesMode, CompressionMethod};

const PASSWORD: &str = "Winter2026!";
const META: &str = "<Session BitFlags=\"1\"><SessionTimers ClientBeginRequest=\"2026-03-02T09:14:07Z\"/></Session>";

/// Sessions 1 to `sessions`, with bodies long enough that a cut hits them.
fn members(sessions: u32) -> Vec<(String, String)> {
    let numbers: Vec<_> =
        (0..2000_u32).map(|n| format!("{:x}", n.wrapping_mul(2_654_435_761))).collect();
    let filler = numbers.join(",");
    (1..=sessions)
        .flat_map(|n| {
            [
                (
                    format!("raw/{n}_c.txt"),
                    format!("GET https://mail.contoso.com/{n} HTTP/1.1\r\n\r\n"),
                ),
                (format!("raw/{n}_s.txt"), format!("HTTP/1.1 200 OK\r\n\r\n{filler}")),
                (format!("raw/{n}_m.xml"), META.to_owned()),
            ]
        })
        .collect()
}

fn write<W: std::io::Write + std::io::Seek>(
    mut writer: ZipWriter<W>,
    sessions: u32,
    options: SimpleFileOptions,
) -> W {
    for (name, content) in members(sessions) {
        writer.start_file(name, options).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap()
}

fn archive(sessions: u32, options: SimpleFileOptions) -> Vec<u8> {
    write(ZipWriter::new(Cursor::new(Vec::new())), sessions, options).into_inner()
}

/// An archive written as a stream, its sizes behind the members.
fn streamed(sessions: u32) -> Vec<u8> {
    let mut writer = ZipWriter::new_stream(Vec::new());
    for (name, content) in members(sessions) {
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    let stream: StreamWriter<Vec<u8>> = writer.finish().unwrap();
    stream.into_inner()
}

/// Every way to encrypt, and none.
fn encryptions() -> [(&'static str, SimpleFileOptions); 4] {
    let plain = SimpleFileOptions::default();
    [
        ("none", plain),
        ("ZipCrypto", plain.with_deprecated_encryption(PASSWORD.as_bytes()).unwrap()),
        ("AES-128", plain.with_aes_encryption(AesMode::Aes128, PASSWORD)),
        ("AES-256", plain.with_aes_encryption(AesMode::Aes256, PASSWORD)),
    ]
}

fn read(bytes: &[u8], password: Option<&str>) -> Result<Capture, ImportError> {
    let secret = password.map(Secret::new);
    open("a.saz", bytes, Options { password: secret.as_ref() }, &Progress::none())
}

fn kinds(capture: &Capture) -> Vec<NoteKind> {
    capture.notes.iter().map(|note| note.kind).collect()
}

fn position(bytes: &[u8], of: &[u8]) -> usize {
    bytes.windows(of.len()).position(|window| window == of).unwrap()
}

/// The place behind the last member.
fn directory(bytes: &[u8]) -> usize {
    position(bytes, b"PK\x01\x02")
}

#[test]
fn every_encryption_opens_without_its_directory() {
    for (name, options) in encryptions() {
        let whole = archive(3, options);
        let capture = read(&whole[..directory(&whole)], Some(PASSWORD)).unwrap();
        assert_eq!(capture.sessions.len(), 3, "{name}");
        assert_eq!(kinds(&capture), [NoteKind::FileTruncated], "{name}");
        assert_eq!(capture.sessions, read(&whole, Some(PASSWORD)).unwrap().sessions, "{name}");
        assert!(capture.notes[0].message.contains("9 members"), "{}", capture.notes[0].message);
        assert!(capture.notes[0].message.contains(" 0 of them incomplete"));
    }
}

#[test]
fn what_was_written_of_a_member_is_read() {
    for (name, options) in encryptions() {
        let whole = archive(3, options);
        let cut = position(&whole, b"raw/3_s.txt") + 2000;
        let capture = read(&whole[..cut], Some(PASSWORD)).unwrap();
        assert_eq!(capture.sessions.len(), 3, "{name}");
        assert_eq!((capture.counts.read, capture.counts.partial), (2, 1), "{name}");
        assert!(capture.notes[0].message.contains(" 1 of them incomplete"), "{name}");
        assert!(kinds(&capture).contains(&NoteKind::MemberUnreadable), "{name}");
        let third = &capture.sessions[2];
        assert_eq!(third.request.target.path(), "/3", "{name}");
        if name == "none" {
            let body = &third.response.as_ref().unwrap().body;
            assert!(body.text().starts_with("0,9e3779b1,"), "{name}");
        }
    }
}

#[test]
fn sizes_behind_the_members_are_found() {
    let whole = streamed(3);
    let flags = u16::from_le_bytes([whole[6], whole[7]]);
    assert_ne!(flags & 8, 0, "the sizes stand behind the members");
    assert_eq!(read(&whole, None).unwrap().sessions.len(), 3);
    let capture = read(&whole[..directory(&whole)], None).unwrap();
    assert_eq!((capture.sessions.len(), kinds(&capture)), (3, vec![NoteKind::FileTruncated]));

    // The four bytes that mark the sizes may be left out (APPNOTE §4.3.9.3).
    let mut unmarked = Vec::new();
    let mut rest = &whole[..directory(&whole)];
    while let Some(at) = rest.windows(4).position(|window| window == b"PK\x07\x08") {
        unmarked.extend(&rest[..at]);
        rest = &rest[at + 4..];
    }
    unmarked.extend(rest);
    let capture = read(&unmarked, None).unwrap();
    assert_eq!((capture.sessions.len(), kinds(&capture)), (3, vec![NoteKind::FileTruncated]));
}

#[test]
fn an_archive_cut_anywhere_keeps_what_stands_before_the_cut() {
    for whole in [archive(2, SimpleFileOptions::default()), streamed(2)] {
        let starts: Vec<usize> =
            (1..=2).map(|n| position(&whole, format!("raw/{n}_s.txt").as_bytes())).collect();
        for cut in (0..directory(&whole)).step_by(97) {
            let complete = starts.iter().filter(|start| **start < cut).count();
            match read(&whole[..cut], None) {
                Ok(capture) => assert!(capture.sessions.len() >= complete, "cut at {cut}"),
                Err(error) => assert!(complete == 0, "cut at {cut}: {error}"),
            }
        }
    }
}

#[test]
fn a_hole_in_the_middle_loses_only_what_stood_there() {
    let mut bytes =
        archive(4, SimpleFileOptions::default().compression_method(CompressionMethod::Stored));
    bytes.truncate(directory(&bytes));
    let (from, to) = (position(&bytes, b"raw/2_c.txt") - 30, position(&bytes, b"raw/3_c.txt") - 30);
    bytes[from..to].fill(0);
    let capture = read(&bytes, None).unwrap();
    assert_eq!(capture.sessions.iter().map(|s| s.id.0).collect::<Vec<_>>(), [1, 3, 4]);
    assert_eq!(capture.counts.read, 3);
}

#[test]
fn more_members_than_the_short_directory_counts_are_salvaged() {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for n in 0..66_000 {
        writer.start_file(format!("raw/{n}_c.txt"), options).unwrap();
        writer.write_all(b"GET https://a.example/ HTTP/1.1\r\n\r\n").unwrap();
    }
    let whole = writer.finish().unwrap().into_inner();
    assert_eq!(read(&whole[..directory(&whole)], None).unwrap().sessions.len(), 66_000);
}

#[test]
fn a_wrong_password_is_told_from_damage() {
    for (name, options) in encryptions().into_iter().skip(1) {
        let whole = archive(3, options);
        assert!(matches!(read(&whole, None), Err(ImportError::PasswordRequired)), "{name}");
        for n in 0..300 {
            let wrong = read(&whole, Some(&format!("wrong{n}")));
            assert!(matches!(wrong, Err(ImportError::WrongPassword)), "{name} {n}: {wrong:?}");
            if name != "ZipCrypto" && n > 8 {
                break;
            }
        }
        // The first member is damaged, the password is right.
        let mut damaged = whole.clone();
        let at = position(&damaged, b"raw/1_c.txt") + 11 + 40;
        damaged[at] ^= 0xFF;
        let capture = read(&damaged, Some(PASSWORD)).unwrap();
        assert_eq!((capture.sessions.len(), capture.counts.partial), (3, 1), "{name}");
        assert!(kinds(&capture).contains(&NoteKind::MemberUnreadable), "{name}");
        assert!(matches!(read(&damaged, Some("wrong")), Err(ImportError::WrongPassword)), "{name}");
        // Every body is damaged.
        let mut damaged = whole.clone();
        for n in 1..=3 {
            for kind in ["c.txt", "s.txt", "m.xml"] {
                let name = format!("raw/{n}_{kind}");
                let at = position(&damaged, name.as_bytes()) + name.len() + 11 + 16 + 14;
                damaged[at] ^= 0xFF;
            }
        }
        let capture = read(&damaged, Some(PASSWORD));
        assert!(!matches!(capture, Err(ImportError::WrongPassword)), "{name}");
    }
}

#[test]
fn only_what_is_encrypted_needs_the_password() {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (at, (name, content)) in members(2).into_iter().enumerate() {
        let plain = SimpleFileOptions::default();
        let options =
            if at < 3 { plain } else { plain.with_aes_encryption(AesMode::Aes256, PASSWORD) };
        writer.start_file(name, options).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    let bytes = writer.finish().unwrap().into_inner();
    assert!(matches!(read(&bytes, None), Err(ImportError::PasswordRequired)));
    assert_eq!(read(&bytes, Some(PASSWORD)).unwrap().counts.read, 2);
    // A password that nothing asks for does no harm.
    let plain = archive(1, SimpleFileOptions::default());
    assert_eq!(read(&plain, Some("anything")).unwrap().counts.read, 1);
}

#[test]
fn names_that_lead_elsewhere_are_only_names() {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for name in [
        "../../raw/1_c.txt",
        "/etc/raw/2_c.txt",
        "C:\\raw\\3_c.txt",
        "raw/../4_c.txt",
        "../../etc/passwd",
    ] {
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(b"GET https://a.example/ HTTP/1.1\r\n\r\n").unwrap();
    }
    let bytes = writer.finish().unwrap().into_inner();
    let capture = read(&bytes, None).unwrap();
    assert_eq!(capture.sessions.iter().map(|s| s.id.0).collect::<Vec<_>>(), [1, 2, 3]);
}

#[test]
fn two_members_of_one_name_are_told() {
    let request = |n| format!("GET https://mail.contoso.com/{n} HTTP/1.1\r\n\r\n");
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (n, name) in ["raw/1_c.txt", "raw/2_c.txt", "raw/3_c.txt"].into_iter().enumerate() {
        writer.start_file(name, stored).unwrap();
        writer.write_all(request(n).as_bytes()).unwrap();
    }
    let mut bytes = writer.finish().unwrap().into_inner();
    while let Some(at) = bytes.windows(11).position(|window| window == b"raw/2_c.txt") {
        bytes[at + 4] = b'1';
    }
    let capture = read(&bytes, None).unwrap();
    let paths: Vec<_> = capture.sessions.iter().map(|s| s.request.target.path()).collect();
    assert_eq!(paths, ["/1", "/2"]);
    assert_eq!(capture.notes[0].kind, NoteKind::FieldRepaired);
    assert!(capture.notes[0].message.starts_with("1 members"));
}

#[test]
fn a_body_kept_apart_stays_complete() {
    let capture = read(&archive(1, SimpleFileOptions::default()), None).unwrap();
    assert_eq!(capture.sessions[0].response.as_ref().unwrap().body.state, BodyState::Complete);
}
