//! The committed sample traces are what their definitions say, and are fit to be shown.

#![expect(clippy::unwrap_used, reason = "a helper of tests may fail")]

#[path = "../examples/make_samples/generator/mod.rs"]
mod generator;

use std::{collections::BTreeSet, fs, path::Path};

use hma_trace::{
    capture::Capture,
    import::{self, Progress},
    jwt::{Keys, Signature, Token, verify},
    training::samples::SAMPLES,
};

/// Hosts that may occur: contoso.com, its neighbour fabrikam.com, and Microsoft's own.
const HOSTS: &[&str] = &[
    "contoso.com",
    "fabrikam.com",
    "login.microsoftonline.com",
    "login.windows.net",
    "accesscontrol.windows.net",
    "aadcdn.msftauth.net",
    "outlook.office365.com",
    "office.com",
    "officeapps.live.com",
    "microsoft.com",
    "msftconnecttest.com",
    "msn.com",
    "office.net",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn open(file_name: &str, bytes: &[u8]) -> Capture {
    import::open_bytes(file_name, bytes, import::Options::default(), &Progress::none()).unwrap()
}

#[test]
fn the_definitions_give_the_committed_files() {
    let outputs = generator::generate(root()).map_err(|mistake| mistake.to_string()).unwrap();
    for output in &outputs {
        let committed = fs::read(root().join(&output.path)).unwrap_or_default();
        assert!(
            committed == output.bytes,
            "{} is stale: cargo run --example make_samples",
            output.path
        );
    }
    let generated: BTreeSet<_> =
        outputs.iter().filter_map(|output| output.path.strip_prefix("sample-traces/")).collect();
    for entry in fs::read_dir(root().join("sample-traces")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let ours = [".gitattributes", "definitions"].contains(&name.as_str());
        assert!(ours || generated.contains(name.as_str()), "{name}: a stranger");
    }
}

#[test]
fn every_sample_opens_without_an_oddity_and_is_as_full_as_a_real_capture() {
    for sample in SAMPLES {
        let capture = open(sample.file_name, sample.bytes());
        assert!(capture.notes.is_empty(), "{}: {:?}", sample.file_name, capture.notes);
        let sessions = capture.sessions.len();
        assert!((15..=40).contains(&sessions), "{}: {sessions} sessions", sample.file_name);
        let numbers: Vec<_> = capture.sessions.iter().map(|session| session.id.0).collect();
        assert_eq!(numbers, (1..=u32::try_from(sessions).unwrap()).collect::<Vec<_>>());
        assert!(capture.sessions.iter().all(|session| session.started.is_some()));
        assert!(capture.sessions.iter().all(|session| session.response.is_some()));
        if let Some(session) = sample.expected.session {
            assert!(numbers.contains(&session), "{}: no session {session}", sample.file_name);
        }
    }
}

#[test]
fn the_formats_of_one_sample_hold_the_same_sessions() {
    for sample in SAMPLES {
        let first = SAMPLES.iter().find(|other| other.name == sample.name).unwrap();
        let (one, other) =
            (open(first.file_name, first.bytes()), open(sample.file_name, sample.bytes()));
        for (a, b) in one.sessions.iter().zip(&other.sessions) {
            assert_eq!(a.request.target, b.request.target);
            assert_eq!(a.status(), b.status());
            assert_eq!((a.started, a.timing.total), (b.started, b.timing.total));
            assert_eq!(a.process_name(), b.process_name(), "{} {}", sample.file_name, a.id);
            assert_eq!(a.request.body.bytes(), b.request.body.bytes());
            assert_eq!(
                a.response.as_ref().map(|r| r.body.bytes()),
                b.response.as_ref().map(|r| r.body.bytes())
            );
        }
    }
}

#[test]
fn no_host_and_no_secret_is_anybody_elses() {
    for sample in SAMPLES {
        for session in open(sample.file_name, sample.bytes()).sessions {
            let host = session.host();
            let mut known = HOSTS.iter().filter_map(|known| host.strip_suffix(known));
            assert!(
                known.any(|rest| rest.is_empty() || rest.ends_with('.')),
                "{}: {host}",
                sample.file_name
            );
            for (name, value) in session.request.body.form() {
                if ["passwd", "Password", "refresh_token", "code", "flowToken"]
                    .contains(&name.as_str())
                {
                    assert!(value.starts_with("Sample-"), "{}: {name}", sample.file_name);
                }
            }
        }
    }
}

#[test]
fn every_token_verifies_with_the_sample_key_set() {
    let keys = SAMPLES
        .iter()
        .flat_map(|sample| open(sample.file_name, sample.bytes()).sessions)
        .find(|session| session.request.target.path().ends_with("/discovery/keys"))
        .and_then(|session| Keys::from_jwks(&session.response?.body.text()).ok())
        .unwrap();
    let mut tokens = 0;
    for sample in SAMPLES {
        let sessions = open(sample.file_name, sample.bytes()).sessions;
        // What goes by plain http was never meant for that address.
        for session in sessions.iter().filter(|s| s.request.target.scheme() == "https") {
            let Some(value) = session.request.headers.get("authorization") else { continue };
            let Some(text) = value.strip_prefix("Bearer ") else { continue };
            let Token::Jwt(jwt) = Token::read(text) else { panic!("{}: no JWT", sample.name) };
            assert_eq!(verify(&jwt, &keys), Signature::Verified, "{} {}", sample.name, session.id);
            // The audience is the host's own, and what breaks, breaks on the server's side; but for one story.
            let audience = format!("{}/", session.request.target.origin());
            let is_own = jwt.audience() == Some(audience.as_str());
            let is_panel = sample.name == "audience-other-api"
                && session.process_name().is_some_and(|name| name.starts_with("roompanel"));
            assert_ne!(is_own, is_panel, "{} {}", sample.name, session.id);
            tokens += 1;
        }
    }
    assert!(tokens > 50, "{tokens} tokens");
}
