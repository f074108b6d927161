//! Text as people paste it into tickets, one test for each place it comes from.

use crate::capture::{Capture, NoteKind};
use crate::http::{Authorization, Challenges, Scheme};
use crate::import::open_text;

const BEARER: &str = "Bearer client_id=\"00000002-0000-0ff1-ce00-000000000000\", \
    trusted_issuers=\"00000001-0000-0000-c000-000000000000@5de110f8-2e0f-4d45-891d-bcf2218e253d,00000004-0000-0ff1-ce00-000000000000@contoso.com\", \
    token_types=\"app_asserted_user_v1 service_asserted_app_v1\", authorization_uri=\"https://login.windows.net/common/oauth2/authorize\"";

fn open(text: &str) -> Capture {
    open_text("pasted text", text).unwrap()
}

fn kinds(capture: &Capture) -> Vec<NoteKind> {
    capture.notes.iter().map(|note| note.kind).collect()
}

/// Host, path and status of each session.
fn seen(capture: &Capture) -> Vec<(String, String, u16)> {
    let row = |s: &crate::capture::Session| {
        (s.host().to_owned(), s.request.target.path().to_owned(), s.status())
    };
    capture.sessions.iter().map(row).collect()
}

fn row(host: &str, path: &str, status: u16) -> (String, String, u16) {
    (host.to_owned(), path.to_owned(), status)
}

/// The challenges of the first session.
fn challenges(capture: &Capture) -> Challenges {
    Challenges::of(&capture.sessions[0].response.as_ref().unwrap().headers)
}

fn body(capture: &Capture, at: usize) -> String {
    capture.sessions[at].response.as_ref().unwrap().body.text().into_owned()
}

/// Asserts that the first session's answer offers HMA and Basic.
fn assert_offers_hma(capture: &Capture) {
    let all = challenges(capture);
    let bearer = all.bearer().unwrap();
    assert_eq!(
        (bearer.parameter("client_id"), bearer.authorization_uri()),
        (
            Some("00000002-0000-0ff1-ce00-000000000000"),
            Some("https://login.windows.net/common/oauth2/authorize")
        )
    );
    assert!(all.get(Scheme::Basic).is_some());
}

#[test]
fn fiddlers_raw_view() {
    let capture = open(&format!(
        "GET https://mail.contoso.com/Microsoft-Server-ActiveSync HTTP/1.1\r\nHost: mail.contoso.com\r\nAuthorization: Bearer\r\n\r\n\r\n\
         HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: {BEARER}\r\nWWW-Authenticate: Basic realm=\"mail.contoso.com\"\r\nContent-Length: 0\r\n\r\n\r\n"
    ));
    assert_eq!(seen(&capture), [row("mail.contoso.com", "/Microsoft-Server-ActiveSync", 401)]);
    assert_offers_hma(&capture);
    assert_eq!(kinds(&capture), []);
}

#[test]
fn several_sessions_copied_from_fiddler() {
    let rule = "-".repeat(66);
    let capture = open(&format!(
        "POST https://mail.contoso.com/mapi/emsmdb/ HTTP/1.1\r\nHost: mail.contoso.com\r\nAuthorization: Bearer\r\n\r\n\r\n\
         HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: {BEARER},Basic realm=\"mail.contoso.com\"\r\n\r\nAccess denied\r\n\r\n{rule}\r\n\r\n\
         GET https://mail.contoso.com/owa/healthcheck.htm HTTP/1.1\r\nHost: mail.contoso.com\r\n\r\nrequest body\r\n\r\n{rule}\r\n\r\n\
         GET https://mail.contoso.com/ews/ HTTP/1.1\r\n\r\nHTTP/1.1 200 OK\r\n\r\n<ok/>\r\n{rule}\r\nHTTP/1.1 503 Service Unavailable\r\n\r\n\r\n{rule}\r\n"
    ));
    assert_eq!(
        seen(&capture),
        [
            row("mail.contoso.com", "/mapi/emsmdb/", 401),
            row("mail.contoso.com", "/owa/healthcheck.htm", 0),
            row("mail.contoso.com", "/ews/", 200),
            row("", "", 503),
        ]
    );
    assert_offers_hma(&capture);
    assert_eq!(
        (body(&capture, 0).as_str(), body(&capture, 2).as_str()),
        ("Access denied", "<ok/>")
    );
    assert_eq!(capture.sessions[1].request.body.text(), "request body");
    assert_eq!(kinds(&capture), [NoteKind::ResponseMissing, NoteKind::RequestMissing]);
}

#[test]
fn a_rule_inside_a_body_stays() {
    let rule = "-".repeat(40);
    let capture =
        open(&format!("GET https://a.example/ HTTP/1.1\n\nHTTP/1.1 200 OK\n\nTotal\n{rule}\n42\n"));
    assert_eq!(body(&capture, 0), format!("Total\n{rule}\n42"));
}

#[test]
fn curl_verbose() {
    let capture = open(&format!(
        "* Host mail.contoso.com:443 was resolved.\n*   Trying 203.0.113.7:443...\n* Connected to mail.contoso.com (203.0.113.7) port 443\n\
         * ALPN: curl offers h2,http/1.1\n}} [5 bytes data]\n* using HTTP/1.1\n\
         > GET /Microsoft-Server-ActiveSync HTTP/1.1\n> Host: mail.contoso.com\n> User-Agent: curl/8.7.1\n> Accept: */*\n> Authorization: Bearer\n> \n\
         < HTTP/1.1 401 Unauthorized\n< Server: Microsoft-IIS/10.0\n< WWW-Authenticate: {BEARER}\n< WWW-Authenticate: Basic realm=\"mail.contoso.com\"\n\
         < X-FEServer: EX01\n< \n<html>denied</html>* Connection #0 to host mail.contoso.com left intact\n\
         * Issue another request to this URL: 'https://login.contoso.com/'\n\
         > GET / HTTP/2\n> Host: login.contoso.com\n> \n* Request completely sent off\n< HTTP/2 200 \n< content-type: text/html\n< \n\
         100   203  100   203    0     0   1203      0 --:--:-- --:--:-- --:--:--  1208\n> not a mark in curl's eyes\n",
    ));
    assert_eq!(
        seen(&capture),
        [
            row("mail.contoso.com", "/Microsoft-Server-ActiveSync", 401),
            row("login.contoso.com", "/", 200)
        ]
    );
    assert_offers_hma(&capture);
    assert_eq!(Authorization::of(&capture.sessions[0].request.headers), Authorization::EmptyBearer);
    assert_eq!(body(&capture, 0), "<html>denied</html>");
    assert_eq!(kinds(&capture), []);
}

#[test]
fn curl_verbose_and_include_show_a_head_once() {
    let capture = open(
        "> GET /owa/ HTTP/2\n> Host: mail.contoso.com\n> \n< HTTP/2 302 \n< location: /auth\n< \nHTTP/2 302 \nlocation: /auth\n\nmoved\n",
    );
    assert_eq!(seen(&capture), [row("mail.contoso.com", "/owa/", 302)]);
    assert_eq!((body(&capture, 0).as_str(), kinds(&capture)), ("moved", vec![]));
}

#[test]
fn quoted_in_a_message() {
    let capture = open(
        "> Hello support,\n>\n> GET https://mail.contoso.com/owa/ HTTP/1.1\n> Host: mail.contoso.com\n>\n> HTTP/1.1 401 Unauthorized\n> WWW-Authenticate: Negotiate\n>\n> thanks\n",
    );
    assert_eq!(seen(&capture), [row("mail.contoso.com", "/owa/", 401)]);
    assert!(challenges(&capture).get(Scheme::Negotiate).is_some());
    assert_eq!(kinds(&capture), [NoteKind::FieldRepaired]);
}

#[test]
fn postmans_arrows() {
    let capture = open(&format!(
        "Content-Length →0\nDate →Mon, 29 Jan 2018 19:51:46 GMT\nServer →Microsoft-IIS/10.0 Microsoft-HTTPAPI/2.0\n\
         WWW-Authenticate →{BEARER}\nWww-Authenticate →Basic realm=\"mail.contoso.com\"\nX-Powered-By →ASP.NET\n\
         request-id →5ca2c827-5147-474c-8457-63c4e5099c6e\n"
    ));
    assert_eq!(seen(&capture), [row("", "", 401)]);
    assert_offers_hma(&capture);
    let headers = &capture.sessions[0].response.as_ref().unwrap().headers;
    assert_eq!((headers.len(), headers.get("date")), (7, Some("Mon, 29 Jan 2018 19:51:46 GMT")));
}

#[test]
fn powershells_dump_of_names_and_values() {
    let capture = open(
        "Testing EAS endpoint with an empty bearer\nThe remote server returned an error: (401) Unauthorized.\n\n\
         x-ms-diagnostics=4000000;reason=\"Flighting is not enabled for domain 'mail.contoso.com'.\";error_category=\"oauth_not_available\"\n\
         X-OWA-Version=15.2.1544.11\nX-FEServer=EX01\nLocation=https://mail.contoso.com/\nSet-Cookie=TS01a32329=0140; Path=/\n\
         WWW-Authenticate=Bearer client_id=\"00000002-0000-0ff1-ce00-000000000000\", token_types=\"app_asserted_user_v1 service_asserted_app_v1\", error=\"invalid_token\",Basic realm=\"mail.contoso.com\"\n",
    );
    let response = capture.sessions[0].response.as_ref().unwrap();
    assert_eq!(response.status, 401);
    assert_eq!(response.headers.get("location"), Some("https://mail.contoso.com/"));
    assert_eq!(response.headers.get("set-cookie"), Some("TS01a32329=0140; Path=/"));
    assert!(response.headers.get("x-ms-diagnostics").unwrap().starts_with("4000000;"));
    let all = challenges(&capture);
    assert_eq!(all.bearer().unwrap().authorization_uri(), None);
    assert!(all.get(Scheme::Basic).is_some());
    assert_eq!(kinds(&capture), [NoteKind::FieldRepaired, NoteKind::RequestMissing]);
}

#[test]
fn powershells_lists_and_tables() {
    for text in [
        "Server           : Microsoft-IIS/10.0\nWWW-Authenticate : Bearer client_id=\"x\",\n                   authorization_uri=\"https://login.windows.net/common/oauth2/authorize\"\n",
        "Key              Value\n---              -----\nServer           Microsoft-IIS/10.0\nWWW-Authenticate Bearer client_id=\"x\", authorization_uri=\"https://login.windows.net/common/oauth2/authorize\"\n",
    ] {
        let capture = open(text);
        let response = capture.sessions[0].response.as_ref().unwrap();
        assert_eq!((response.status, response.headers.len()), (401, 2), "{text}");
        assert_eq!(response.headers.get("server"), Some("Microsoft-IIS/10.0"));
        assert_eq!(
            challenges(&capture).bearer().unwrap().authorization_uri(),
            Some("https://login.windows.net/common/oauth2/authorize")
        );
    }
}

#[test]
fn the_one_line_of_the_connectivity_analyzer() {
    let capture = open(
        "Testing HTTP Authentication Methods for URL https://mail.contoso.com/Microsoft-Server-ActiveSync/.\n\
         An HTTP 401 Unauthorized response was received from the remote Microsoft-IIS/10.0 server.\n\
         HTTP Response Headers: request-id: 8f2514fe-ba3e-4105-9c35-0a276e75331b x-ms-diagnostics: 4000000;reason=\"Flighting is not enabled for domain 'mail.contoso.com'.\";error_category=\"oauth_not_available\" \
         X-OWA-Version: 15.2.1544.11 X-FEServer: EX01 WWW-Authenticate: Bearer client_id=\"00000002-0000-0ff1-ce00-000000000000\", trusted_issuers=\"00000001-0000-0000-c000-000000000000@1d3c9b43-0d0f-45d9-a207-99dc10fb7d4a\", token_types=\"app_asserted_user_v1 service_asserted_app_v1\", error=\"invalid_token\" \
         WWW-Authenticate: Basic realm=\"mail.contoso.com\" Date: Wed, 03 Jul 2024 07:44:30 GMT Content-Length: 0 Set-Cookie: TS01a32329=<cookie>; Path=/\n",
    );
    let response = capture.sessions[0].response.as_ref().unwrap();
    assert_eq!((response.status, response.headers.len()), (401, 9));
    assert_eq!(
        capture.sessions[0].request.target.as_str(),
        "https://mail.contoso.com/Microsoft-Server-ActiveSync/"
    );
    assert_eq!(response.headers.get("set-cookie"), Some("TS01a32329=<cookie>; Path=/"));
    assert_eq!(response.headers.get("date"), Some("Wed, 03 Jul 2024 07:44:30 GMT"));
    let all = challenges(&capture);
    assert_eq!(all.bearer().unwrap().parameter("error"), Some("invalid_token"));
    assert!(all.get(Scheme::Basic).is_some());
}

#[test]
fn a_browsers_developer_tools() {
    let text = "Request URL: https://mail.contoso.com/mapi/emsmdb/\nRequest Method: POST\nStatus Code: 401 Unauthorized\n\
         Remote Address: 203.0.113.7:443\nReferrer Policy: strict-origin-when-cross-origin\nResponse Headers\n\
         content-length: 0\nserver: Microsoft-IIS/10.0\nwww-authenticate: Negotiate\nRequest Headers\n:authority: mail.contoso.com\n\
         authorization: Bearer\naccept: */*\n";
    // Newer versions put each value on a line of its own.
    for text in [text, &text.replace(": ", "\n")] {
        let capture = open(text);
        assert_eq!(seen(&capture), [row("mail.contoso.com", "/mapi/emsmdb/", 401)], "{text}");
        let session = &capture.sessions[0];
        assert_eq!(session.request.method, "POST");
        assert_eq!(Authorization::of(&session.request.headers), Authorization::EmptyBearer);
        assert_eq!(
            (session.request.headers.len(), session.response.as_ref().unwrap().headers.len()),
            (2, 3)
        );
        assert_eq!(kinds(&capture), [NoteKind::FieldRepaired, NoteKind::FieldRepaired]);
    }
}

#[test]
fn a_bare_answer() {
    let capture =
        open("HTTP/1.1 401 Unauthorized\nWWW-Authenticate: Negotiate, NTLM\nX-FEServer: EX01\n");
    assert_eq!(seen(&capture), [row("", "", 401)]);
    assert_eq!(kinds(&capture), [NoteKind::RequestMissing]);
}

#[test]
fn headers_joined_by_commas() {
    let capture = open(&format!(
        "HTTP/1.1 401 Unauthorized\nContent-Length: 0, Server: Microsoft-IIS/10.0, WWW-Authenticate: {BEARER},Negotiate,NTLM,Basic realm=\"mail.contoso.com\", \
         x-ms-diagnostics: 2000003;reason=\"The audience claim value is invalid 'aud'.\";error_category=\"invalid_resource\",\nX-FEServer: EX01\n"
    ));
    let headers = &capture.sessions[0].response.as_ref().unwrap().headers;
    assert_eq!((headers.len(), headers.get("content-length")), (5, Some("0")));
    assert!(headers.get("x-ms-diagnostics").unwrap().starts_with("2000003;"));
    assert_offers_hma(&capture);
    let words: Vec<_> = challenges(&capture).iter().map(|c| c.word.clone()).collect();
    assert_eq!(words, ["Bearer", "Negotiate", "NTLM", "Basic"]);
}

#[test]
fn headers_joined_by_nothing() {
    let capture = open(
        "HTTP/1.1 401 Unauthorizedrequest-id: 33086db3-69f9-4cdf-8ffe-ee364539e113x-ms-diagnostics: 2000004;reason=\"The tenant for tenant guid 'contoso.com' does not exist.\";error_category=\"invalid_tenant\"\
         Server: Microsoft-IIS/8.5WWW-Authenticate: Bearer client_id=\"00000002-0000-0ff1-ce00-000000000000\", error=\"invalid_token\",Negotiate,NTLM,Basic realm=\"autodiscover.contoso.com\"\n",
    );
    let response = capture.sessions[0].response.as_ref().unwrap();
    assert_eq!((response.status, response.reason.as_str()), (401, "Unauthorized"));
    assert_eq!(
        (response.headers.len(), response.headers.get("request-id")),
        (4, Some("33086db3-69f9-4cdf-8ffe-ee364539e113"))
    );
    assert_eq!(response.headers.get("server"), Some("Microsoft-IIS/8.5"));
}

#[test]
fn a_request_and_its_answer_each_on_one_line() {
    let capture = open(
        "GET https://mail.contoso.com/mapi/emsmdb/ HTTP/1.1 Host: mail.contoso.com Authorization: Bearer\n\
         HTTP/1.1 401 Unauthorized Server: Microsoft-IIS/10.0 WWW-Authenticate: NTLM\n",
    );
    assert_eq!(seen(&capture), [row("mail.contoso.com", "/mapi/emsmdb/", 401)]);
    assert_eq!(Authorization::of(&capture.sessions[0].request.headers), Authorization::EmptyBearer);
    assert_eq!(capture.sessions[0].response.as_ref().unwrap().reason, "Unauthorized");
}

#[test]
fn indented_fenced_and_with_typographic_quotes() {
    let capture = open(
        "```http\n    GET https://mail.contoso.com/owa/ HTTP/1.1\n    Host: mail.contoso.com\n\n    HTTP/1.1 401 Unauthorized\n    Server: Microsoft-IIS/10.0\n    WWW-Authenticate: Basic realm=“mail.contoso.com”\n```\n",
    );
    assert_eq!(seen(&capture), [row("mail.contoso.com", "/owa/", 401)]);
    assert_eq!(
        challenges(&capture).get(Scheme::Basic).unwrap().parameter("realm"),
        Some("mail.contoso.com")
    );
}
