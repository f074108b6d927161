//! Planted secrets: every place × every format, searched in every form.

use std::borrow::Cow;
use std::io::{Cursor, Read as _};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use super::{RedactError, redact_to_bytes};
use crate::capture::{Capture, Format, Response, Session, SessionId};
use crate::http::{Body, Target};
use crate::import::{self, Progress};
use crate::redact::{ENCODINGS, Judgement, Names, Options, Receipt};

/// What is planted; unmistakable, with characters that every encoding spells differently.
const SECRET: &str = "Sample-Passw0rd&7+x";

/// A session in which nothing is secret.
fn session(number: u32) -> Session {
    let mut session = Session::new(SessionId(number));
    session.request.method = "POST".into();
    session.request.version = "HTTP/1.1".into();
    session.request.target = Target::new("https://mail.contoso.com/EWS/Exchange.asmx");
    session.request.headers.push("Authorization", "Bearer");
    session.started = Some("2026-03-02T09:14:07.120Z".parse().unwrap());
    session.process = Some("outlook:1234".into());
    let mut response = Response {
        status: 401,
        version: "HTTP/1.1".into(),
        reason: "Unauthorized".into(),
        ..Response::default()
    };
    response.headers.push(
        "WWW-Authenticate",
        r#"Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="00000001-0000-0000-c000-000000000000@5de110f8-2e0f-4d45-891d-bcf2218e253d", authorization_uri="https://login.windows.net/common/oauth2/authorize",Basic realm="mail.contoso.com""#,
    );
    response.headers.push(
        "x-ms-diagnostics",
        r#"2000003;reason="The hostname component of the audience claim value is invalid. Expected 'https://mail.contoso.com'. Actual 'http://mail.contoso.com'.";error_category="invalid_resource""#,
    );
    session.response = Some(response);
    session
}

fn capture(sessions: Vec<Session>) -> Capture {
    let mut capture = Capture::new("trace.saz", Format::Saz);
    capture.sessions = sessions;
    capture
}

fn percent(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn jwt(claims: &str, signature: &str) -> String {
    format!(
        "{}.{}.{}",
        URL_SAFE_NO_PAD.encode(r#"{"alg":"RS256","kid":"k"}"#),
        URL_SAFE_NO_PAD.encode(claims),
        signature
    )
}

fn header(session: &mut Session, name: &str, value: String) {
    session.request.headers.retain(|h| !h.name.eq_ignore_ascii_case(name));
    session.request.headers.push(name, value);
}

fn answer(session: &mut Session) -> &mut Response {
    session.response.get_or_insert_default()
}

fn request_body(session: &mut Session, content_type: &str, text: impl Into<String>) {
    session.request.target = Target::new("https://login.microsoftonline.com/common/oauth2/token");
    session.request.headers.push("Content-Type", content_type);
    session.request.body = Body::new(text.into());
}

fn answer_body(session: &mut Session, content_type: &str, text: impl Into<String>) {
    session.request.target = Target::new("https://login.microsoftonline.com/common/oauth2/token");
    let answer = answer(session);
    answer.headers.push("Content-Type", content_type);
    answer.body = Body::new(text.into());
}

type Plant = (&'static str, fn(&mut Session));

const PLACES: &[Plant] = &[
    ("Basic credentials", |s| {
        header(
            s,
            "Authorization",
            format!("Basic {}", STANDARD.encode(format!("CONTOSO\\anna:{SECRET}"))),
        );
    }),
    ("proxy credentials", |s| {
        header(
            s,
            "Proxy-Authorization",
            format!("Basic {}", STANDARD.encode(format!("anna:{SECRET}"))),
        );
    }),
    ("opaque token", |s| header(s, "Authorization", format!("Bearer {SECRET}"))),
    ("token signature", |s| {
        header(s, "Authorization", format!("Bearer {}", jwt("{}", "Sample-Passw0rd_7_x")));
    }),
    ("handshake", |s| {
        header(
            s,
            "Authorization",
            format!("NTLM {}", STANDARD.encode(format!("NTLMSSP\0\x03{SECRET}"))),
        );
    }),
    ("handshake answer", |s| {
        answer(s).headers.push(
            "WWW-Authenticate",
            format!("NTLM {}", STANDARD.encode(format!("NTLMSSP\0\x02{SECRET}"))),
        );
    }),
    ("cookie", |s| header(s, "Cookie", format!("cadata={SECRET}; x=1"))),
    ("set cookie", |s| answer(s).headers.push("Set-Cookie", format!("ESTSAUTH={SECRET}; path=/"))),
    ("PRT header", |s| header(s, "x-ms-RefreshTokenCredential", SECRET.into())),
    ("serialized identity", |s| header(s, "X-CommonAccessToken", SECRET.into())),
    ("user of an address", |s| {
        s.request.target =
            Target::new(format!("https://anna:{}@mail.contoso.com/", percent(SECRET)));
    }),
    ("query", |s| {
        s.request.target =
            Target::new(format!("https://mail.contoso.com/owa/?code={}", percent(SECRET)));
    }),
    ("address in a query", |s| {
        let inner = format!("https://mail.contoso.com/owa/?id_token={}", percent(SECRET));
        s.request.target =
            Target::new(format!("https://login.windows.net/x?returnUrl={}", percent(&inner)));
    }),
    ("redirect", |s| {
        answer(s).headers.push(
            "Location",
            format!("urn:ietf:wg:oauth:2.0:oob#access_token={}", percent(SECRET)),
        );
    }),
    ("referer", |s| {
        header(s, "Referer", format!("https://mail.contoso.com/?SAMLResponse={}", percent(SECRET)));
    }),
    ("form", |s| {
        request_body(
            s,
            "application/x-www-form-urlencoded",
            format!("grant_type=password&password={}", percent(SECRET)),
        );
    }),
    ("form without type", |s| {
        request_body(s, "", format!("grant_type=refresh_token&refresh_token={}", percent(SECRET)));
    }),
    ("multipart", |s| {
        request_body(
            s,
            "multipart/form-data; boundary=B",
            format!(
                "--B\r\nContent-Disposition: form-data; name=\"passwd\"\r\n\r\n{SECRET}\r\n--B--"
            ),
        );
    }),
    ("JSON", |s| {
        answer_body(
            s,
            "application/json",
            serde_json::json!({"a": [{"refresh_token": SECRET}]}).to_string(),
        );
    }),
    ("JSON in JSON", |s| {
        let inner = serde_json::json!({ "password": SECRET }).to_string();
        answer_body(s, "application/json", serde_json::json!({ "data": inner }).to_string());
    }),
    ("JSON cut off", |s| {
        answer_body(s, "application/json", format!(r#"{{"a":1,"access_token":"{SECRET}"#));
    }),
    ("XML", |s| {
        answer_body(
            s,
            "application/soap+xml",
            "<a><o:Password>Sample-Passw0rd&amp;7+x</o:Password></a>",
        );
    }),
    ("assertion", |s| {
        answer_body(
            s,
            "text/xml",
            "<a><saml:Assertion><b>Sample-Passw0rd&amp;7+x</b></saml:Assertion></a>",
        );
    }),
    ("page script", |s| {
        answer_body(
            s,
            "text/html",
            format!("<html><script>$Config={{\"sFT\":\"{SECRET}\"}}</script></html>"),
        );
    }),
    ("hidden input", |s| {
        answer_body(
            s,
            "text/html",
            "<html><input type=\"hidden\" name=\"wresult\" value=\"Sample-Passw0rd&amp;7+x\"></html>",
        );
    }),
    ("comment", |s| s.comment = Some(format!("password={}", percent(SECRET)))),
    ("binary body", |s| {
        answer(s).headers.push("Content-Type", "application/mapi-http");
        answer(s).body = Body::new([b"\0\x01".as_slice(), SECRET.as_bytes()].concat());
    }),
    ("signature in an actor token", |s| {
        let inner = jwt("{}", "Sample-Passw0rd_7_x");
        let outer = format!(
            "{}.{}.",
            URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#),
            URL_SAFE_NO_PAD.encode(format!(r#"{{"actortoken":"{inner}"}}"#))
        );
        header(s, "Authorization", format!("Bearer {outer}"));
    }),
    ("everywhere else, once known", |s| {
        request_body(
            s,
            "application/x-www-form-urlencoded",
            format!("password={}", percent(SECRET)),
        );
        header(s, "X-Trace", format!("said {SECRET} and {}", percent(SECRET)));
        s.comment = Some(format!("he typed {SECRET}"));
        answer_body(
            s,
            "text/plain",
            format!(
                "{} {}",
                STANDARD.encode(format!("{{\"p\":\"{SECRET}\"}}")),
                STANDARD.encode(SECRET)
            ),
        );
    }),
];

fn run(capture: &Capture, names: Names, format: Format) -> (Vec<u8>, Receipt) {
    redact_to_bytes(
        capture,
        "00",
        Options { names, ..Options::default() },
        format,
        &|_| Judgement::default(),
        &Progress::none(),
    )
    .unwrap()
}

/// The file's bytes and its members'.
fn contents(bytes: &[u8]) -> Vec<Cow<'_, [u8]>> {
    let mut all = vec![Cow::Borrowed(bytes)];
    if let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(bytes)) {
        for index in 0..archive.len() {
            let mut member = Vec::new();
            archive.by_index(index).unwrap().read_to_end(&mut member).unwrap();
            all.push(Cow::Owned(member));
        }
    }
    all
}

fn holds(bytes: &[u8], needle: &str) -> bool {
    contents(bytes).iter().any(|part| String::from_utf8_lossy(part).contains(needle))
}

fn reopened(bytes: &[u8]) -> Capture {
    import::open_bytes("x", bytes, import::Options::default(), &Progress::none()).unwrap()
}

#[test]
fn a_planted_secret_is_gone_from_every_place_in_every_format() {
    for (place, plant) in PLACES {
        for format in [Format::Har, Format::Saz] {
            for names in [Names::Keep, Names::Pseudonymize] {
                let mut planted = session(2);
                plant(&mut planted);
                let original = capture(vec![session(1), planted]);
                let (bytes, receipt) = run(&original, names, format);
                for form in
                    ["Passw0rd", "UGFzc3cwcm", "Bhc3N3MHJk", "QYXNzdzByZ", "P\0a\0s\0s\0w\0"]
                {
                    assert!(!holds(&bytes, form), "{place} in {format:?}, {names:?}: {form}");
                }
                assert!(!receipt.removed.is_empty(), "{place} in {format:?}");
                let again = reopened(&bytes);
                assert_eq!(again.sessions.len(), 2, "{place} in {format:?}");
                assert_eq!(
                    again.session(SessionId(1)).unwrap().request.headers.get("authorization"),
                    Some("Bearer")
                );
            }
        }
    }
}

#[test]
fn what_analysis_reads_survives() {
    for format in [Format::Har, Format::Saz] {
        let mut token = session(2);
        let raw = jwt(
            r#"{"aud":"https://mail.contoso.com/","tid":"5de110f8-2e0f-4d45-891d-bcf2218e253d","upn":"anna@contoso.com","exp":1772446447,"scp":"user_impersonation"}"#,
            "c2lnbmF0dXJl",
        );
        header(&mut token, "Authorization", format!("Bearer {raw}"));
        let mut refused = session(3);
        answer_body(
            &mut refused,
            "application/json",
            r#"{"error":"invalid_grant","error_description":"AADSTS50173: expired","error_codes":[50173]}"#,
        );
        let original = capture(vec![session(1), token, refused]);

        let (bytes, _) = run(&original, Names::Keep, format);
        let kept = reopened(&bytes);
        let first = kept.session(SessionId(1)).unwrap();
        for (now, before) in kept.sessions.iter().zip(&original.sessions) {
            assert_eq!(
                (now.status(), now.started, &now.process),
                (before.status(), before.started, &before.process)
            );
        }
        let before = original.sessions[0].response.as_ref().unwrap();
        for name in ["WWW-Authenticate", "x-ms-diagnostics"] {
            assert_eq!(first.response_header(name), before.headers.get(name));
        }
        assert!(kept.sessions[2].response.as_ref().unwrap().body.text().contains("AADSTS50173"));

        let (bytes, receipt) = run(&original, Names::Pseudonymize, format);
        assert!(!holds(&bytes, "contoso") && !holds(&bytes, "5de110f8") && receipt.pseudonyms == 3);
        let renamed = reopened(&bytes);
        let used = renamed.sessions[1].request.headers.get("authorization").unwrap();
        let claims =
            String::from_utf8(URL_SAFE_NO_PAD.decode(used.split('.').nth(1).unwrap()).unwrap())
                .unwrap();
        let host = renamed.sessions[1].host();
        assert!(claims.contains(&format!("\"aud\":\"https://{host}/\"")), "{claims}");
        let tenant = claims.split("\"tid\":\"").nth(1).unwrap().split('"').next().unwrap();
        let challenge = renamed.sessions[0].response_header("WWW-Authenticate").unwrap();
        assert!(
            challenge.contains(&format!("@{tenant}"))
                && challenge.contains(&format!("realm=\"{host}\""))
        );
        assert!(challenge.contains("https://login.windows.net/common/oauth2/authorize"));
        assert!(claims.contains("user_impersonation") && claims.contains("1772446447"));
    }
}

#[test]
fn redacting_twice_changes_nothing_more() {
    for format in [Format::Har, Format::Saz] {
        let planted: Vec<_> = PLACES
            .iter()
            .zip(1..)
            .map(|((_, plant), number)| {
                let mut session = session(number);
                plant(&mut session);
                session
            })
            .collect();
        let original = capture(planted);
        let (once, _) = run(&original, Names::Pseudonymize, format);
        let first = reopened(&once);
        let (twice, receipt) = run(&first, Names::Pseudonymize, format);
        let second = reopened(&twice);
        for (a, b) in first.sessions.iter().zip(&second.sessions) {
            assert_eq!(a, b, "session {} as {format:?}", a.id);
        }
        assert_eq!(receipt.removed, [], "{format:?}");
    }
}

#[test]
fn a_changed_verdict_writes_nothing_and_so_does_cancelling() {
    let original = capture(vec![session(1)]);
    let options = Options::default();
    let judge = |capture: &Capture| Judgement {
        verdict: capture.sessions[0].host().to_owned(),
        findings: Vec::new(),
    };
    let result = redact_to_bytes(&original, "00", options, Format::Har, &judge, &Progress::none());
    assert!(matches!(result, Err(RedactError::Misjudged(_))));
    let cancel = std::sync::atomic::AtomicBool::new(true);
    let progress = Progress::new(&|_, _, _| {}, &cancel);
    let result = redact_to_bytes(&original, "00", options, Format::Har, &judge, &progress);
    assert!(matches!(result, Err(RedactError::Cancelled)));
}

#[test]
fn a_receipt_tells_counts_and_no_values() {
    let mut planted = session(7);
    header(
        &mut planted,
        "Authorization",
        format!("Basic {}", STANDARD.encode(format!("anna:{SECRET}"))),
    );
    let (bytes, receipt) = run(&capture(vec![planted]), Names::Pseudonymize, Format::Har);
    let json = serde_json::to_value(&receipt).unwrap();
    assert_eq!(json["schema"], "hma-trace/receipt/1");
    assert_eq!(json["removed"][0], serde_json::json!({ "kind": "basic-credentials", "count": 1 }));
    assert_eq!(json["rescan"]["found"], 0);
    assert_eq!(json["rescan"]["encodings"], serde_json::json!(ENCODINGS));
    assert_eq!(json["output_sha256"].as_str().map(str::len), Some(64));
    assert_eq!(
        json["remarks"].as_array().map(Vec::len),
        Some(1),
        "session 7 is session 1 in a HAR"
    );
    assert!(!json.to_string().contains("Passw0rd") && !bytes.is_empty());
}
