//! Browsers: OWA and ECP, whose sign-in is a redirect and a form, and who may not be there at all.

use hma_trace::analysis::Analysis;
use hma_trace::import::{Options, Progress, open_bytes};
use hma_trace::jwt::Keys;

use super::analyse;
use crate::told;

const ENTRA_WEB: &str = "https://login.microsoftonline.com/common/oauth2/authorize?client_id=00000002-0000-0ff1-ce00-000000000000&redirect_uri=https%3a%2f%2fmail.contoso.com%2fowa%2f&response_type=code+id_token";

/// A browser's session, and its answer.
fn browser(time: &str, request: &str, answer: &str) -> String {
    format!(
        "### {time} +31ms msedge.exe:901\n{request} HTTP/1.1\nUser-Agent: Mozilla/5.0\n\n{answer}\n"
    )
}

fn sent(time: &str) -> String {
    let answer = format!("HTTP/1.1 302 Found\nX-FEServer: EX1\nLocation: {ENTRA_WEB}\n");
    browser(time, "GET https://mail.contoso.com/owa/", &answer)
}

/// The form that Entra ID had the browser post, and what Exchange made of it.
fn posted(time: &str, location: &str) -> String {
    format!(
        "### {time} +31ms msedge.exe:901\nPOST https://mail.contoso.com/owa/ HTTP/1.1\nUser-Agent: Mozilla/5.0\nContent-Type: application/x-www-form-urlencoded\n\ncode=sample&id_token=sample\nHTTP/1.1 302 Found\nX-FEServer: EX1\nLocation: {location}\n\n"
    )
}

fn page(time: &str) -> String {
    let answer = "HTTP/1.1 200 OK\nX-FEServer: EX1\nX-BEServer: EX2\n";
    browser(time, "GET https://mail.contoso.com/owa/", answer)
}

fn signed_in(hour: &str) -> String {
    let at = |time: &str| format!("{hour}:{time}");
    let entra = browser(&at("14:02"), &format!("GET {ENTRA_WEB}"), "HTTP/1.1 200 OK\n");
    [sent(&at("14:01")), entra, posted(&at("14:10"), "/owa/"), page(&at("14:11"))].concat()
}

fn refused(hour: &str) -> String {
    let at = |time: &str| format!("{hour}:{time}");
    let answer = "HTTP/1.1 200 OK\nContent-Type: text/html\n\n<html>$Config={\"strServiceExceptionMessage\":\"AADSTS53003: Access has been blocked by Conditional Access policies.\",\"sErrorCode\":\"53003\"};</html>\n";
    [sent(&at("14:01")), browser(&at("14:02"), &format!("GET {ENTRA_WEB}"), answer)].concat()
}

#[test]
fn a_browser_is_judged_by_its_latest_sign_in() {
    let analysis = analyse(&signed_in("09"));
    assert_eq!(analysis.verdict.key(), "healthy");
    let analysis = analyse(&[signed_in("09"), refused("10")].concat());
    assert_eq!(told(&analysis), "conditional-access-blocked error @6");
    assert_eq!(analysis.verdict.key(), "broken/sign-in/conditional-access-blocked");
    let analysis = analyse(&[refused("09"), signed_in("10")].concat());
    assert_eq!(analysis.verdict.key(), "healthy", "a refusal that healed is history");
}

#[test]
fn a_sign_in_that_exchange_does_not_take_is_the_latest_word_too() {
    let again = [sent("10:14:01"), posted("10:14:10", "/owa/auth/errorfe.aspx?httpCode=500")];
    let analysis = analyse(&[signed_in("09"), again.concat()].concat());
    assert!(analysis.verdict.key().starts_with("broken/token"), "{}", analysis.verdict.key());
}

#[test]
fn a_browser_that_is_sent_away_once_more_and_closed_is_still_healthy() {
    let analysis = analyse(&[signed_in("09"), sent("10:14:01")].concat());
    assert_eq!(told(&analysis), "");
    assert_eq!(analysis.verdict.key(), "healthy");
}

#[test]
fn owa_that_cannot_be_reached_is_told() {
    let gateway = "HTTP/1.1 503 Service Unavailable\nServer: BigIP\n";
    let owa = "GET https://mail.contoso.com/owa/";
    let analysis = analyse(&browser("09:14:07", owa, gateway));
    assert_eq!(told(&analysis), "endpoint-unreachable error @1");
    assert_eq!(
        analysis.verdict.summary,
        "mail.contoso.com cannot be reached over OWA: a gateway answers 503 in its place"
    );
    for (harmless, why) in [
        ("HTTP/1.1 503 Service Unavailable\nX-FEServer: EX1\n", "Exchange itself is busy"),
        ("HTTP/1.1 404 Not Found\nServer: nginx\n", "somebody answers"),
    ] {
        let analysis = analyse(&browser("09:14:07", owa, harmless));
        assert!(!told(&analysis).contains("endpoint-unreachable"), "{why}");
    }
    let other = browser("09:14:07", "GET https://shop.example.com/ecp/articles/7", gateway);
    assert!(!told(&analyse(&other)).contains("endpoint-unreachable"), "another program's path");
    let recovered = [browser("09:13:07", owa, gateway), signed_in("09")].concat();
    assert_eq!(analyse(&recovered).verdict.key(), "healthy");
}

#[test]
fn a_page_that_the_user_left_is_no_server_that_is_gone() {
    let har = |error: &str| {
        format!(
            r#"{{"log":{{"version":"1.2","creator":{{"name":"x","version":"1"}},"entries":[
        {{"startedDateTime":"2026-03-02T09:14:07Z","time":31,
         "request":{{"method":"GET","url":"https://mail.contoso.com/owa/","headers":[{{"name":"User-Agent","value":"Mozilla/5.0"}}]}},
         "response":{{"status":0,"headers":[],"content":{{"size":0}},"_error":"{error}"}}}}]}}}}"#
        )
    };
    let told = |error: &str| {
        let har = har(error);
        let capture =
            open_bytes("x.har", har.as_bytes(), Options::default(), &Progress::none()).unwrap();
        told(&Analysis::of(capture, &Keys::default()))
    };
    assert!(told("net::ERR_NAME_NOT_RESOLVED").contains("endpoint-unreachable error @1"));
    assert!(!told("net::ERR_ABORTED").contains("endpoint-unreachable"));
}

/// The picture that every browser asks for, whoever its user is.
fn favicon(time: &str) -> String {
    let icon = "GET https://mail.contoso.com/owa/auth/15.2.1544/themes/resources/favicon.ico";
    browser(time, icon, "HTTP/1.1 200 OK\nX-FEServer: EX1\nContent-Type: image/x-icon\n")
}

#[test]
fn an_error_page_and_its_favicon_are_no_mailbox() {
    let entra = browser("09:14:02", &format!("GET {ENTRA_WEB}"), "HTTP/1.1 200 OK\n");
    let signed_in = [sent("09:14:01"), entra, posted("09:14:10", "/owa/")].concat();
    let owa = "GET https://mail.contoso.com/owa/";
    let failed = browser(
        "09:14:11",
        owa,
        "HTTP/1.1 500 Internal Server Error\nX-FEServer: EX1\nContent-Type: text/html\n",
    );
    let error = "https://mail.contoso.com/owa/auth/errorfe.aspx?httpCode=500&msg=UserNotFound";
    let sent_off = browser(
        "09:14:11",
        owa,
        &format!("HTTP/1.1 302 Found\nX-FEServer: EX1\nLocation: {error}\n"),
    );
    let shown = browser("09:14:12", &format!("GET {error}"), "HTTP/1.1 200 OK\nX-FEServer: EX1\n");
    for (rest, end) in [
        (failed.clone(), "then answered 500"),
        ([failed, favicon("09:14:12")].concat(), "then answered 500"),
        ([sent_off, shown, favicon("09:14:13")].concat(), "then showed an error page"),
    ] {
        let analysis = analyse(&[signed_in.clone(), rest].concat());
        assert_eq!(told(&analysis), "backend-refused error @4");
        assert_eq!(analysis.verdict.key(), "broken/access/backend-refused");
        assert!(analysis.verdict.summary.ends_with(end), "{}", analysis.verdict.summary);
    }
    let analysis = analyse(&[signed_in.clone(), favicon("09:14:11")].concat());
    assert_eq!(analysis.verdict.key(), "not-enough-evidence", "the page itself is not there");
    let analysis = analyse(&[signed_in, favicon("09:14:11"), page("09:14:12")].concat());
    assert_eq!(analysis.verdict.key(), "healthy");
}

#[test]
fn a_favicon_does_not_end_a_loop() {
    let round = |minute: u32| {
        let at = |second: u32| format!("09:{minute}:{second}");
        let entra = browser(&at(12), &format!("GET {ENTRA_WEB}"), "HTTP/1.1 200 OK\n");
        [sent(&at(11)), entra, posted(&at(20), "/owa/"), favicon(&at(21))].concat()
    };
    let analysis = analyse(&[14, 15, 16, 17].map(round).concat());
    assert_eq!(analysis.verdict.key(), "broken/sign-in/sign-in-loop");
}

#[test]
fn an_error_that_the_browser_is_to_post_is_read_in_the_page() {
    let form = |error: &str, text: &str| {
        format!(
            "HTTP/1.1 200 OK\nContent-Type: text/html\n\n<html><form method=\"POST\" action=\"https://mail.contoso.com/owa/\"><input type=\"hidden\" name=\"error\" value=\"{error}\" /><input type=\"hidden\" name=\"error_description\" value=\"{text}\" /></form></html>\n"
        )
    };
    let refused = form("access_denied", "AADSTS50105: The user isn&#39;t assigned to a role.");
    let entra = browser("09:14:02", &format!("GET {ENTRA_WEB}"), &refused);
    let analysis = analyse(&[sent("09:14:01"), entra].concat());
    assert_eq!(told(&analysis), "sign-in-refused error @2");
    assert_eq!(analysis.verdict.key(), "broken/sign-in/sign-in-refused");
    let unknown = form("invalid_resource", "AADSTS500011: The resource principal was not found.");
    let question = "GET https://login.microsoftonline.com/common/oauth2/v2.0/authorize?client_id=d3590ed6-52b3-4102-aeff-aad2292ab01c&scope=https%3A%2F%2Fmail.contoso.com%2F%2F.default&response_mode=form_post&redirect_uri=http%3A%2F%2Flocalhost%3A53682";
    let analysis = analyse(&["PROBE\n", &browser("09:14:12", question, &unknown)].concat());
    assert_eq!(analysis.verdict.key(), "broken/sign-in/spn-missing");
}
