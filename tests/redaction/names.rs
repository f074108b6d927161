//! Names: each kind of name, from each place that shows it to be one, gets one pseudonym in every spelling, and nothing
//! else of it stays.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hma_trace::capture::{Capture, Format};
use hma_trace::export::{RedactError, redact_to_bytes};
use hma_trace::import::{self, Progress};
use hma_trace::redact::{Detector, Judgement, Names, Options};

use crate::recorded::{Kind, Recorded, file};
use crate::search::Readable;
use crate::shown::{PLACES, Shown, bearer, issuer};
use crate::spelling::Spelling;

const SPELLINGS: &[Spelling] = &[
    Spelling::Raw,
    Spelling::Percent,
    Spelling::PercentAll,
    Spelling::PercentTwice,
    Spelling::Base64,
    Spelling::Base64Url,
    Spelling::Utf16Base64,
    Spelling::Json,
    Spelling::HtmlDecimal,
    Spelling::HtmlHex,
    Spelling::Xml,
];

/// A session for each place that shows a name, and one for each spelling of the name in a place that says nothing.
fn sessions(places: &[(usize, &Shown)]) -> Vec<Recorded> {
    let mut all = Vec::new();
    for (number, shown) in places {
        let value = (shown.value)(*number);
        let mut session = Recorded::new();
        (shown.plant)(&mut session, &value);
        all.push(session);
        for spelling in SPELLINGS {
            let mut session = Recorded::new();
            session.sent("X-Seen", spelling.of(&value));
            session.get("text/plain", format!("I saw {} there", spelling.of(&value)));
            all.push(session);
        }
    }
    all
}

fn redacted(sessions: &[Recorded], from: Kind, to: Format, options: Options) -> Vec<u8> {
    tried(sessions, from, to, options).unwrap()
}

fn tried(
    sessions: &[Recorded],
    from: Kind,
    to: Format,
    options: Options,
) -> Result<Vec<u8>, RedactError> {
    let none = Progress::none();
    let capture =
        import::open_bytes("trace", &file(sessions, from), import::Options::default(), &none)
            .unwrap();
    redact_to_bytes(&capture, "00", options, to, &|_| Judgement::default(), &none)
        .map(|(out, _)| out)
}

fn reopened(bytes: &[u8]) -> Capture {
    import::open_bytes("out", bytes, import::Options::default(), &Progress::none()).unwrap()
}

#[test]
fn a_name_has_one_pseudonym_in_every_spelling() {
    let places: Vec<_> = PLACES.iter().enumerate().collect();
    let sessions = sessions(&places);
    let mut failures = Vec::new();
    for (from, to) in [(Kind::Har, Format::Saz), (Kind::Saz, Format::Har)] {
        let out = redacted(&sessions, from, to, Options::default());
        let readable = Readable::of(&out);
        let capture = reopened(&out);
        for ((number, shown), group) in
            places.iter().zip(capture.sessions.chunks(1 + SPELLINGS.len()))
        {
            let value = (shown.value)(*number);
            if readable.holds(&value.to_ascii_lowercase()) {
                failures.push(format!("{} from {from:?}: it is still there", shown.name));
            }
            let seen: Vec<String> = group[1..]
                .iter()
                .zip(SPELLINGS)
                .map(|(session, spelling)| {
                    spelling.undo(session.request.headers.get("x-seen").unwrap())
                })
                .collect();
            if seen.iter().any(|mask| *mask != seen[0]) || seen[0].eq_ignore_ascii_case(&value) {
                failures.push(format!("{} from {from:?}: {seen:?}", shown.name));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn without_any_one_detector_of_names_something_stays() {
    let needed = |detector: Detector| {
        let own = PLACES.iter().enumerate().filter(|(_, shown)| shown.detector == detector);
        let mut idle = own.clone().map(|(number, shown)| {
            // Alone: another place may show half of the name.
            let options = Options { without: Some(detector), ..Options::default() };
            let out = redacted(&sessions(&[(number, shown)]), Kind::Har, Format::Har, options);
            Readable::of(&out).holds(&(shown.value)(number).to_ascii_lowercase())
        });
        own.clone().next().is_none() || idle.any(|stays| stays)
    };
    let idle: Vec<_> = Detector::ALL.into_iter().filter(|detector| !needed(*detector)).collect();
    assert!(idle.is_empty(), "without these nothing stays: {idle:?}");
}

#[test]
fn the_proof_refuses_what_is_still_known_elsewhere() {
    let places: Vec<_> = PLACES.iter().enumerate().take(1).collect();
    for detector in [Detector::Elsewhere, Detector::ElsewhereEscaped, Detector::ElsewhereBase64] {
        let options = Options { without: Some(detector), ..Options::default() };
        let out = tried(&sessions(&places), Kind::Har, Format::Har, options);
        assert!(matches!(out, Err(RedactError::Leak(_))), "{detector:?}");
    }
}

#[test]
fn kept_names_stay_as_they_are() {
    let places: Vec<_> = PLACES.iter().enumerate().collect();
    let options = Options { names: Names::Keep, ..Options::default() };
    let out = Readable::of(&redacted(&sessions(&places), Kind::Har, Format::Har, options));
    for (number, shown) in places {
        assert!(out.holds(&(shown.value)(number).to_ascii_lowercase()), "{}", shown.name);
    }
}

#[test]
fn what_relates_names_relates_their_pseudonyms() {
    let mut probe = Recorded::new();
    probe.url = "https://Mail.Fabrikam.com/mapi/emsmdb/".into();
    issuer(&mut probe, "5de110f8-2e0f-4d45-891d-bcf2218e253d");
    probe.got("X-FEServer", "EX01");
    let mut used = Recorded::new();
    used.url = "http://autodiscover.fabrikam.com/autodiscover.json".into();
    used.sent("Authorization", bearer(
        r#"{"aud":"http://mail.fabrikam.com","tid":"5de110f8-2e0f-4d45-891d-bcf2218e253d","upn":"anna@fabrikam.com","iss":"https://sts.windows.net/5de110f8-2e0f-4d45-891d-bcf2218e253d/"}"#,
    ));
    used.got("X-CalculatedBETarget", "ex01.corp.fabrikam.com");
    used.sent("X-User-Identity", "Anna@Fabrikam.com");
    let capture = reopened(&redacted(&[probe, used], Kind::Har, Format::Har, Options::default()));
    let [probe, used] = capture.sessions.as_slice() else { panic!() };
    let host = probe.host();
    let domain = host.strip_prefix("mail.").unwrap();
    assert_eq!(used.host(), format!("autodiscover.{domain}"));
    assert_eq!((probe.request.target.scheme(), used.request.target.scheme()), ("https", "http"));
    let token = used.request.headers.get("authorization").unwrap();
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
    let claims: serde_json::Value = serde_json::from_slice(&claims).unwrap();
    assert_eq!(claims["aud"], format!("http://{host}"));
    assert_eq!(claims["upn"], used.request.headers.get("x-user-identity").unwrap());
    assert!(claims["upn"].as_str().unwrap().ends_with(&format!("@{domain}")));
    let tenant = claims["tid"].as_str().unwrap();
    assert_eq!(claims["iss"], format!("https://sts.windows.net/{tenant}/"));
    assert!(probe.response_header("www-authenticate").unwrap().contains(&format!("@{tenant}\"")));
    let target = used.response_header("x-calculatedbetarget").unwrap();
    assert!(target.ends_with(&format!(".{domain}")) && target.split('.').count() == 4, "{target}");
}
