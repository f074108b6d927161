//! What a receipt says besides counts, and files that only a password opens.

use hma_trace::capture::{Capture, Format};
use hma_trace::export::{Output, RedactError, redact_to_bytes};
use hma_trace::http::Secret;
use hma_trace::import::{self, ImportError, Progress};
use hma_trace::redact::{Judgement, Options, Receipt};

use crate::recorded::{Kind, Recorded, file};
use crate::search::Readable;

fn capture(sessions: &[Recorded]) -> Capture {
    let bytes = file(sessions, Kind::Saz);
    import::open_bytes("trace", &bytes, import::Options::default(), &Progress::none()).unwrap()
}

fn share(sessions: &[Recorded], output: Output<'_>) -> Result<(Vec<u8>, Receipt), RedactError> {
    let judge = |_: &Capture| Judgement::default();
    let none = Progress::none();
    redact_to_bytes(&capture(sessions), "00", Options::default(), output, &judge, &none)
}

#[test]
fn what_looks_random_and_stays_is_shown_and_no_more_of_it_than_its_beginning() {
    let mut session = Recorded::new();
    session.sent("X-Unheard-Of", "x7Kq9ZbT4mW2pL8vN3cR");
    session.sent("client-request-id", "5de110f8-2e0f-4d45-891d-bcf2218e253d");
    session.got("X-Again", "id=x7Kq9ZbT4mW2pL8vN3cR");
    let (_, receipt) = share(&[session], Format::Har.into()).unwrap();
    let [look] = receipt.look_at.texts.as_slice() else { panic!("{:?}", receipt.look_at) };
    assert_eq!((look.place.as_str(), look.length, look.count), ("X-Unheard-Of", 20, 2));
    let json = serde_json::to_value(&receipt).unwrap();
    assert_eq!(json["look_at"]["texts"][0]["session"], 1);
    assert_eq!(json["look_at"]["texts"][0]["begins"], "x7Kq");
    assert!(!json.to_string().contains("x7Kq9"));
}

#[test]
fn an_encrypted_file_opens_with_its_password_only() {
    let mut session = Recorded::new();
    session.sent("X-Plain", "to be read");
    let password = Secret::new("correct horse");
    let output = Output { format: Format::Saz, password: Some(&password) };
    let (bytes, receipt) = share(std::slice::from_ref(&session), output).unwrap();
    assert_eq!(receipt.sessions_out, 1);
    let open = |password| {
        let options = import::Options { password };
        import::open_bytes("out", &bytes, options, &Progress::none())
    };
    let again = open(Some(&password)).unwrap();
    assert_eq!(again.sessions[0].request.headers.get("x-plain"), Some("to be read"));
    assert!(matches!(open(None), Err(ImportError::PasswordRequired)));
    assert!(open(Some(&Secret::new("wrong horse"))).is_err());
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&bytes)).unwrap();
    for index in 0..archive.len() {
        let member = archive.by_index_raw(index).unwrap();
        assert!(member.encrypted() || member.is_dir(), "{}", member.name().unwrap());
    }
    let output = Output { format: Format::Har, password: Some(&password) };
    assert!(matches!(share(&[session], output), Err(RedactError::NotEncryptable)));
}

#[test]
fn the_receipt_tells_nothing_of_what_was_removed() {
    let mut session = Recorded::new();
    session.url = "https://mail.zqaaaaplanted.test/?code=Zqaaabplanted7x9Q2v".into();
    session.sent("Authorization", "Bearer Zqaaacplanted7x9Q2v");
    let (_, receipt) = share(&[session], Format::Saz.into()).unwrap();
    let json = serde_json::to_vec(&receipt).unwrap();
    assert!(!Readable::of(&json).holds("planted"));
}
