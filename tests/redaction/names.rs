//! Names: each kind of name, from each place that shows it to be one, gets one pseudonym in every spelling, and nothing
//! else of it stays.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hma_trace::capture::{Capture, Format};
use hma_trace::export::{RedactError, redact_to_bytes};
use hma_trace::import::{self, Progress};
use hma_trace::redact::{Detector, Judgement, Names, Options};

use crate::place::code;
use crate::recorded::{Kind, Recorded, file};
use crate::search::Readable;
use crate::spelling::{Spelling, percent};

/// A place that shows a name to be one.
struct Shown {
    name: &'static str,
    /// The name of a number.
    value: fn(usize) -> String,
    plant: fn(&mut Recorded, &str),
    /// The detector without which the name stays.
    detector: Detector,
}

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

fn mail(n: usize) -> String {
    format!("zq{}.user@fabrikam.com", code(n))
}

fn logon(n: usize) -> String {
    format!("zq{}user7", code(n))
}

fn windows(n: usize) -> String {
    format!("FABRIKAM\\zq{}user7", code(n))
}

fn host(n: usize) -> String {
    format!("zq{}host.fabrikam.com", code(n))
}

fn domain(n: usize) -> String {
    format!("zq{}domain.test", code(n))
}

fn server(n: usize) -> String {
    format!("ZQ{}SRV01", code(n).to_uppercase())
}

fn guid(n: usize) -> String {
    format!("{:08x}-7a71-4b1d-8a5e-706c616e7465", 0xA000_0000_u64 + n as u64)
}

fn device(n: usize) -> String {
    format!("ZQ{}DEVICE0123456789", code(n).to_uppercase())
}

fn sid(n: usize) -> String {
    format!("S-1-5-21-{}-222222222-333333333-1104", 1_000_000_000 + n)
}

fn address(n: usize) -> String {
    format!("203.{}.{}.{}", 100 + n / 1_000, 100 + n / 100 % 10, 100 + n % 100)
}

fn address6(n: usize) -> String {
    format!("2a02:{:x}::7a71", 0x1000 + n)
}

fn person(n: usize) -> String {
    format!("Zq{} Example", code(n))
}

fn legacy(n: usize) -> String {
    format!("/o=Fabrikam/ou=Exchange Administrative Group/cn=Recipients/cn=zq{}", code(n))
}

fn bearer(claims: &str) -> String {
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    format!("Bearer {}.{}.c2ln", part(r#"{"alg":"RS256"}"#), part(claims))
}

fn claim(s: &mut Recorded, name: &str, v: &str) {
    s.sent("Authorization", bearer(&serde_json::json!({ name: v }).to_string()));
}

fn issuer(s: &mut Recorded, realm: &str) {
    s.got(
        "WWW-Authenticate",
        format!("Bearer trusted_issuers=\"00000001-0000-0000-c000-000000000000@{realm}\""),
    );
}

const fn shown(
    name: &'static str,
    value: fn(usize) -> String,
    detector: Detector,
    plant: fn(&mut Recorded, &str),
) -> Shown {
    Shown { name, value, plant, detector }
}

/// The query of ActiveSync: version, command, language, device, policy key, kind of device.
fn coded_query(device: &str) -> String {
    let length = u8::try_from(device.len()).unwrap();
    let head = [141, 9, 9, 4, length];
    STANDARD.encode([&head, device.as_bytes(), b"\x00\x05Phone"].concat())
}

const PLACES: &[Shown] = &[
    shown("mail address in a header", mail, Detector::MailAddress, |s, v| {
        s.sent("X-User-Identity", v);
    }),
    shown("device in a coded ActiveSync query", device, Detector::ActiveSync, |s, v| {
        s.url = format!("https://mail.contoso.com/Microsoft-Server-ActiveSync?{}", coded_query(v));
    }),
    shown("mail address in a parameter", mail, Detector::MailAddress, |s, v| {
        s.url = format!("https://login.windows.net/x?anything={}", percent(v));
    }),
    shown("mail address in a path", mail, Detector::MailAddress, |s, v| {
        s.url = format!("https://login.microsoftonline.com/common/UserRealm/{v}");
    }),
    shown("mail address in JSON", mail, Detector::MailAddress, |s, v| {
        s.get("application/json", format!("{{\"mail\":\"{v}\"}}"));
    }),
    shown("mail address in XML", mail, Detector::MailAddress, |s, v| {
        s.send("text/xml", format!("<EMailAddress>{v}</EMailAddress>"));
    }),
    shown("mail address in a diagnostic", mail, Detector::MailAddress, |s, v| {
        s.got("x-ms-diagnostics", format!("2000010;reason=\"The user '{v}' is unknown.\""));
    }),
    shown("user claim", logon, Detector::PersonalClaim, |s, v| claim(s, "unique_name", v)),
    shown("user of a form", logon, Detector::User, |s, v| {
        s.send("application/x-www-form-urlencoded", format!("username={v}&a=b"));
    }),
    shown("user of Basic", logon, Detector::Authorization, |s, v| {
        s.sent("Authorization", format!("Basic {}", STANDARD.encode(format!("{v}:Plain-7"))));
    }),
    shown("Windows user of Basic", windows, Detector::Authorization, |s, v| {
        s.sent("Authorization", format!("Basic {}", STANDARD.encode(format!("{v}:Plain-7"))));
    }),
    shown("user in XML", windows, Detector::User, |s, v| {
        s.send("text/xml", format!("<o:Username>{v}</o:Username>"));
    }),
    shown("hint", logon, Detector::User, |s, v| {
        s.url = format!("https://login.windows.net/x?login_hint={v}");
    }),
    shown("host of a request", host, Detector::Host, |s, v| s.url = format!("https://{v}/owa/")),
    shown("host of a tunnel", host, Detector::Host, |s, v| {
        s.method = "CONNECT".into();
        s.url = format!("{v}:443");
        s.sent("Host", format!("{v}:443"));
    }),
    shown("host in a header", host, Detector::Host, |s, v| s.sent("X-Forwarded-Host", v)),
    shown("host in an address", host, Detector::AddressHost, |s, v| {
        s.get("text/plain", format!("see https://{v}/x"));
    }),
    shown("host in an escaped address", host, Detector::AddressHost, |s, v| {
        s.get("application/json", format!("{{\"a\":\"https:\\/\\/{v}\\/x\"}}"));
    }),
    shown("host in a claim", host, Detector::AddressHost, |s, v| {
        claim(s, "aud", &format!("https://{v}/"));
    }),
    shown("realm", host, Detector::Realm, |s, v| {
        s.got("WWW-Authenticate", format!("Basic realm=\"{v}\""));
    }),
    shown("realm of an issuer", domain, Detector::Realm, issuer),
    shown("domain of a host", domain, Detector::Host, |s, v| {
        s.url = format!("https://mail.{v}/owa/");
    }),
    shown("domain of a user", domain, Detector::MailAddress, |s, v| {
        s.sent("X-Any", format!("zq@{v}"));
    }),
    shown("server", server, Detector::Server, |s, v| s.got("X-FEServer", v)),
    shown("server behind", server, Detector::Server, |s, v| s.got("X-DiagInfo", v)),
    shown("proxy", server, Detector::Server, |s, v| s.got("Via", format!("1.1 {v}"))),
    shown("tenant of an issuer", guid, Detector::Realm, issuer),
    shown("tenant in a path", guid, Detector::Tenant, |s, v| {
        s.url = format!("https://login.microsoftonline.com/{v}/oauth2/authorize");
    }),
    shown("tenant claim", guid, Detector::PersonalClaim, |s, v| claim(s, "tid", v)),
    shown("tenant in JSON", guid, Detector::Identifier, |s, v| {
        s.get("application/json", format!("{{\"tenantId\":\"{v}\"}}"));
    }),
    shown("object claim", guid, Detector::PersonalClaim, |s, v| claim(s, "oid", v)),
    shown("object in JSON", guid, Detector::Identifier, |s, v| {
        s.get("application/json", format!("{{\"objectId\":\"{v}\"}}"));
    }),
    shown("mailbox", guid, Detector::MailAddress, |s, v| {
        s.url = format!("https://mail.contoso.com/mapi/emsmdb/?MailboxId={v}@contoso.com");
    }),
    shown("SID claim", sid, Detector::PersonalClaim, |s, v| claim(s, "primarysid", v)),
    shown("SID in a text", sid, Detector::SecurityId, |s, v| {
        s.got("X-Any", format!("for {v}, no"));
    }),
    shown("device claim", guid, Detector::PersonalClaim, |s, v| claim(s, "deviceid", v)),
    shown("device in a parameter", device, Detector::Identifier, |s, v| {
        s.url = format!("https://mail.contoso.com/Microsoft-Server-ActiveSync?DeviceId={v}");
    }),
    shown("device in a header", device, Detector::Identifier, |s, v| s.sent("X-DeviceId", v)),
    shown("address of a server", address, Detector::IpAddress, |s, v| {
        s.har.push(("", "serverIPAddress", v.into()));
        s.flags.push(("x-hostip", v.into()));
    }),
    shown("address of a client", address, Detector::IpAddress, |s, v| {
        s.sent("X-Forwarded-For", format!("{v}, 127.0.0.1"));
    }),
    shown("address claim", address, Detector::PersonalClaim, |s, v| claim(s, "ipaddr", v)),
    shown("address as host", address, Detector::Host, |s, v| s.url = format!("https://{v}/owa/")),
    shown("new address", address6, Detector::IpAddress, |s, v| s.sent("X-Forwarded-For", v)),
    shown("person claim", person, Detector::PersonalClaim, |s, v| claim(s, "name", v)),
    shown("person in JSON", person, Detector::Person, |s, v| {
        s.get("application/json", format!("{{\"displayName\":\"{v}\"}}"));
    }),
    shown("person in XML", person, Detector::Person, |s, v| {
        s.get("text/xml", format!("<User><DisplayName>{v}</DisplayName></User>"));
    }),
    shown("person in a page", person, Detector::Person, |s, v| {
        s.get(
            "text/html",
            format!("<html><script>$Config={{\"sDisplayName\":\"{v}\"}}</script></html>"),
        );
    }),
    shown("legacy name", legacy, Detector::Person, |s, v| {
        s.get("text/xml", format!("<User><LegacyDN>{v}</LegacyDN></User>"));
    }),
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
