//! What a diagnosis rests on stays, byte for byte: scheme words, emptiness, challenges, diagnostics, codes, times, sizes,
//! and the names of requests.

use hma_trace::capture::{Capture, Format, Session};
use hma_trace::export::redact_to_bytes;
use hma_trace::import::{self, Progress};
use hma_trace::redact::{Judgement, Names, Options};

use crate::recorded::{Kind, Recorded, file};

const REQUEST_ID: &str = "5ca2c827-5147-474c-8457-63c4e5099c6e";

/// Fields that name nobody, sent.
const SENT: &[(&str, &str)] = &[
    ("Authorization", "Bearer"),
    ("Authorization", "Bearer (redacted-1)"),
    ("Authorization", "Negotiate"),
    ("User-Agent", "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)"),
    ("client-request-id", REQUEST_ID),
    ("X-MapiHttpCapability", "1"),
    ("X-RequestId", "{5CA2C827-5147-474C-8457-63C4E5099C6E}:1"),
    ("X-ClientApplication", "Outlook/16.0.17928.20156"),
    ("Cookie", "empty=; "),
    ("Content-Type", "application/mapi-http"),
];

/// Fields that name nobody, answered.
const GOT: &[(&str, &str)] = &[
    (
        "WWW-Authenticate",
        r#"Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="00000001-0000-0000-c000-000000000000@*", token_types="app_asserted_user_v1 service_asserted_app_v1", authorization_uri="https://login.windows.net/common/oauth2/authorize", error="invalid_token",Basic realm="""#,
    ),
    ("WWW-Authenticate", "Negotiate"),
    ("WWW-Authenticate", "NTLM"),
    (
        "x-ms-diagnostics",
        r#"2000003;reason="The audience claim value is invalid 'aud'.";error_category="invalid_resource""#,
    ),
    (
        "x-ms-diagnostics",
        r#"4000000;reason="Flighting is not enabled.";error_category="oauth_not_available""#,
    ),
    ("request-id", REQUEST_ID),
    ("x-ms-request-id", REQUEST_ID),
    ("x-ms-clitelem", "1,50173,0,,"),
    ("x-ms-ests-server", "2.1.22300.9 - WEULR1 ProdSlices"),
    ("X-ResponseCode", "0"),
    ("X-ServerApplication", "Exchange/15.02.1544.011"),
    ("X-OWA-Version", "15.2.1544.11"),
    ("X-CasErrorCode", "MailboxGuidWithDomainNotFound"),
    ("X-AutoDiscovery-Error", "LiveIdBasicAuth:AuthFailed"),
    ("Retry-After", "30"),
    ("Date", "Mon, 02 Mar 2026 09:14:07 GMT"),
    ("Via", "1.1 google"),
    ("Server", "Microsoft-IIS/10.0"),
    (
        "Location",
        "ms-appx-web://Microsoft.AAD.BrokerPlugIn/d3590ed6-52b3-4102-aeff-aad2292ab01c?error=access_denied&error_subcode=cancel",
    ),
    (
        "Location",
        "https://login.microsoftonline.com/common/oauth2/authorize?response_type=code&client_id=d3590ed6-52b3-4102-aeff-aad2292ab01c&resource=https%3A%2F%2Foutlook.office365.com%2F&prompt=login&error=invalid_resource&error_description=AADSTS500011%3a+The+resource",
    ),
];

/// Bodies that name nobody, answered.
const BODIES: &[(&str, &str)] = &[
    (
        "application/json",
        r#"{"error":"invalid_grant","error_description":"AADSTS50173: The provided grant has expired. Trace ID: 5ca2c827-5147-474c-8457-63c4e5099c6e Correlation ID: 5ca2c827-5147-474c-8457-63c4e5099c6e Timestamp: 2026-03-02 09:14:07Z","error_codes":[50173],"timestamp":"2026-03-02 09:14:07Z","trace_id":"5ca2c827-5147-474c-8457-63c4e5099c6e","correlation_id":"5ca2c827-5147-474c-8457-63c4e5099c6e","suberror":"bad_token"}"#,
    ),
    (
        "text/html; charset=utf-8",
        r#"<!DOCTYPE html><html><script>$Config={"strMainMessage":"x","strServiceExceptionMessage":"AADSTS65001: no consent","sErrorCode":"65001","iErrorCode":65001,"correlationId":"5ca2c827-5147-474c-8457-63c4e5099c6e","sessionId":"5ca2c827-5147-474c-8457-63c4e5099c6e","hpgid":1104,"pgid":"ConvergedError"};</script></html>"#,
    ),
    (
        "text/xml",
        "<s:Envelope><s:Body><s:Fault><faultcode>a:ErrorAccessDenied</faultcode><faultstring>MSIS7066: denied</faultstring></s:Fault></s:Body></s:Envelope>",
    ),
    (
        "application/json",
        r#"{"Protocol":"ActiveSync","Url":"https://outlook.office365.com/Microsoft-Server-ActiveSync"}"#,
    ),
    (
        "application/json",
        r#"{"code":"InvalidAuthenticationToken","token_type":"Bearer","expires_in":3599,"scope":"EAS.AccessAsUser.All"}"#,
    ),
];

fn sessions() -> Vec<Recorded> {
    let base = || {
        let mut session = Recorded::new();
        session.url = "https://outlook.office365.com/mapi/emsmdb/?cert=1".into();
        session.status = 401;
        session
    };
    let sent = SENT.iter().map(|(name, value)| {
        let mut session = base();
        session.sent(name, *value);
        session
    });
    let got = GOT.iter().map(|(name, value)| {
        let mut session = base();
        session.got(name, *value);
        session
    });
    let bodies = BODIES.iter().map(|(kind, text)| {
        let mut session = base();
        session.get(kind, *text);
        session
    });
    sent.chain(got).chain(bodies).collect()
}

fn opened(bytes: &[u8]) -> Vec<Session> {
    import::open_bytes("t", bytes, import::Options::default(), &Progress::none()).unwrap().sessions
}

#[test]
fn what_a_diagnosis_rests_on_stays() {
    let bytes = file(&sessions(), Kind::Har);
    let capture =
        import::open_bytes("t", &bytes, import::Options::default(), &Progress::none()).unwrap();
    let judge = |_: &Capture| Judgement::default();
    for names in [Names::Keep, Names::Pseudonymize] {
        for format in [Format::Har, Format::Saz] {
            let options = Options { names, ..Options::default() };
            let none = Progress::none();
            let (out, receipt) =
                redact_to_bytes(&capture, "00", options, format, &judge, &none).unwrap();
            assert_eq!((receipt.removed, receipt.pseudonyms), (Vec::new(), 0));
            for (before, after) in capture.sessions.iter().zip(opened(&out)) {
                assert_eq!(before.request.target, after.request.target);
                assert_eq!((before.status(), before.started), (after.status(), after.started));
                assert_eq!(before.timing.total, after.timing.total);
                for field in &before.request.headers {
                    let value = after.request.headers.get(&field.name).unwrap_or_default();
                    assert_eq!(value.trim(), field.value.trim(), "{}", field.name);
                }
                let answers = (before.response.as_ref().unwrap(), after.response.as_ref().unwrap());
                let (before, after) = answers;
                for field in &before.headers {
                    assert_eq!(after.headers.get(&field.name), Some(&*field.value));
                }
                assert_eq!(before.body.text(), after.body.text());
            }
        }
    }
}
