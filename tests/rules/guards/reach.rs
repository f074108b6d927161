//! Whether Exchange was reached at all, who answered in its place, and whether its servers agree.

use hma_trace::flow::{Step, StepState};

use super::analyse;
use crate::told;

/// A session with an empty Bearer to an address, and its answer.
fn bearer(time: &str, url: &str, answer: &str) -> String {
    format!(
        "### {time} +31ms outlook.exe:4312\nPOST {url} HTTP/1.1\nOUTLOOK\nX-User-Identity: meg@contoso.com\nAuthorization: Bearer\n\n{answer}"
    )
}

const EWS: &str = "https://mail.contoso.com/EWS/Exchange.asmx";
const GATEWAY: &str = "HTTP/1.1 502 Bad Gateway\nServer: nginx\n";
const GOOD: &str = "HTTP/1.1 401 Unauthorized\nX-FEServer: EX1\nWWW-Authenticate: ENTRA\n";
const MISSING: &str = "HTTP/1.1 401 Unauthorized\nX-FEServer: EX2\nWWW-Authenticate: NO-URI\n";

#[test]
fn a_gateway_that_recovers_is_history() {
    let analysis =
        analyse(&format!("{}PROBE\nISSUED\nACCEPTED\n", bearer("09:14:01", "MAPI", GATEWAY)));
    assert_eq!(told(&analysis), "");
    assert_eq!(analysis.verdict.key(), "healthy");
}

#[test]
fn exchange_that_says_503_itself_is_reached() {
    let answer = "HTTP/1.1 503 Service Unavailable\nX-FEServer: EX1\n";
    let analysis = analyse(&bearer("09:14:07", "MAPI", answer));
    assert!(!told(&analysis).contains("endpoint-unreachable"), "{}", told(&analysis));
}

#[test]
fn autodiscover_may_fail_where_it_is_only_tried() {
    let root = bearer("09:14:01", "https://contoso.com/autodiscover/autodiscover.xml", GATEWAY);
    let analysis = analyse(&format!("{root}PROBE\nISSUED\nACCEPTED\n"));
    assert_eq!(told(&analysis), "");

    let first = bearer(
        "09:14:01",
        "https://autodiscover.contoso.com/autodiscover/autodiscover.xml",
        GATEWAY,
    );
    let second = bearer("09:14:02", "https://mail.contoso.com/autodiscover/autodiscover.xml", GOOD);
    let analysis = analyse(&format!("{first}{second}"));
    assert_eq!(told(&analysis), "", "another address answered");

    let analysis = analyse(&first);
    assert_eq!(told(&analysis), "endpoint-unreachable error @1");
    assert_eq!(analysis.verdict.key(), "broken/challenge/endpoint-unreachable");
}

#[test]
fn fiddlers_word_tells_why_a_host_is_not_reached() {
    let answer = "HTTP/1.1 502 Fiddler - DNS Lookup Failed\nContent-Type: text/html\n\n[Fiddler] DNS Lookup for \"mail.contoso.com\" failed.\n";
    let analysis = analyse(&bearer("09:14:07", "MAPI", answer));
    assert_eq!(told(&analysis), "capture-tool-interfered note @1\nendpoint-unreachable error @1");
    assert_eq!(
        analysis.verdict.summary,
        "mail.contoso.com cannot be reached over MAPI: its name has no address"
    );
}

#[test]
fn a_proxy_that_refuses_the_tunnel_is_told() {
    let refused = "### 09:14:07 outlook.exe:4312
CONNECT mail.contoso.com:443 HTTP/1.1

HTTP/1.1 403 Forbidden
";
    let analysis = analyse(refused);
    assert_eq!(told(&analysis), "endpoint-unreachable error @1");
    assert_eq!(analysis.verdict.key(), "broken/challenge/endpoint-unreachable");
    // A proxy that wants a sign-in of its own first, and other people's hosts.
    for harmless in [
        refused.replace("403 Forbidden", "407 Proxy Authentication Required"),
        refused.replace("mail.contoso.com", "www.example.com"),
        format!("{refused}PROBE\nISSUED\nACCEPTED\n"),
    ] {
        let analysis = analyse(&harmless);
        assert!(!told(&analysis).contains("endpoint-unreachable"), "{harmless}");
    }
}

#[test]
fn a_proxy_whose_credentials_the_client_does_not_have_is_told() {
    let asks = |credentials: &str| {
        format!(
            "### 09:14:07 outlook.exe:4312\nCONNECT mail.contoso.com:443 HTTP/1.1\n{credentials}\nHTTP/1.1 407 Proxy Authentication Required\nProxy-Authenticate: Negotiate\n"
        )
    };
    let analysis = analyse(&[asks(""), asks("")].concat());
    assert_eq!(told(&analysis), "endpoint-unreachable error @2");
    assert_eq!(
        analysis.verdict.summary,
        "mail.contoso.com cannot be reached: the proxy wants credentials of its own first"
    );
    let open = asks("").replace("407 Proxy Authentication Required", "200 OK");
    let under_way = asks("Proxy-Authorization: Negotiate YIIGhgYGKwYBBQUCoIIGej\n");
    for harmless in [asks(""), [asks(""), under_way].concat(), [asks(""), asks(""), open].concat()]
    {
        let analysis = analyse(&harmless);
        assert!(!told(&analysis).contains("endpoint-unreachable"), "{harmless}");
        assert!(!told(&analysis).contains("no-exchange-traffic"), "{harmless}");
    }
}

#[test]
fn other_programs_have_paths_like_exchange() {
    for answer in [GATEWAY, "HTTP/1.1 401 Unauthorized\nServer: nginx\n"] {
        let analysis = analyse(&bearer("09:14:07", "https://api.example.com/ews/orders", answer));
        assert_eq!(told(&analysis), "");
    }
}

#[test]
fn a_refusal_without_a_header_of_exchange_is_suspected() {
    let answer = "HTTP/1.1 401 Unauthorized\nServer: Microsoft-IIS/10.0\nWWW-Authenticate: NTLM\n";
    let analysis = analyse(&bearer("09:14:07", "MAPI", answer));
    assert_eq!(told(&analysis), "not-exchange-answering error @1");
    assert_eq!(analysis.findings[0].certainty.id(), "suspected");

    let answer = "HTTP/1.1 403 Forbidden\nServer: Microsoft-HTTPAPI/2.0\n";
    let analysis = analyse(&bearer("09:14:07", "MAPI", answer));
    assert_eq!(told(&analysis), "not-exchange-answering error @1");
    assert_eq!(analysis.findings[0].certainty.id(), "proven");
    assert!(analysis.verdict.summary.contains("Web Application Proxy"));
}

#[test]
fn a_page_in_place_of_exchange_is_told_and_a_redirect_of_autodiscover_is_not() {
    let page = "HTTP/1.1 200 OK\nServer: nginx\nContent-Type: text/html\n\n<html>Sign in</html>\n";
    let analysis = analyse(&bearer("09:14:07", EWS, page));
    assert_eq!(told(&analysis), "not-exchange-answering error @1");

    let moved = "HTTP/1.1 302 Found\nServer: nginx\nLocation: https://mail.contoso.com/autodiscover/autodiscover.xml\n";
    let analysis = analyse(&bearer(
        "09:14:07",
        "https://autodiscover.contoso.com/autodiscover/autodiscover.xml",
        moved,
    ));
    assert_eq!(told(&analysis), "");
}

#[test]
fn who_takes_exchanges_headers_away_but_lets_tokens_through_does_no_harm() {
    let bare = "HTTP/1.1 401 Unauthorized\nServer: nginx\nWWW-Authenticate: NTLM\n";
    let accepted = "### 09:14:20 +31ms outlook.exe:4312\nPOST MAPI HTTP/1.1\nOUTLOOK\nAuthorization: Bearer TOKEN\n\nHTTP/1.1 200 OK\nContent-Type: application/mapi-http\n";
    let analysis = analyse(&format!("{}{accepted}", bearer("09:14:07", "MAPI", bare)));
    assert!(!told(&analysis).contains("not-exchange-answering"), "{}", told(&analysis));
}

#[test]
fn a_setting_that_spreads_meanwhile_is_no_difference() {
    let missing = MISSING.replace("EX2", "EX1");
    let analysis =
        analyse(&format!("{}{}", bearer("09:14:01", EWS, &missing), bearer("09:14:05", EWS, GOOD)));
    assert!(!told(&analysis).contains("authorities-differ"), "{}", told(&analysis));
}

#[test]
fn front_ends_that_differ_are_told_though_the_flow_gets_on() {
    let analysis =
        analyse(&format!("{}PROBE\nISSUED\nACCEPTED\n", bearer("09:14:01", "MAPI", MISSING)));
    assert_eq!(told(&analysis), "authorities-differ warning @1");
    assert_eq!(analysis.verdict.key(), "healthy");
}

#[test]
fn a_virtual_directory_without_oauth_is_told_once() {
    let off = "HTTP/1.1 401 Unauthorized\nX-FEServer: EX1\nWWW-Authenticate: NTLM\n";
    let analysis = analyse(&format!("PROBE\n{}ISSUED\nACCEPTED\n", bearer("09:14:09", EWS, off)));
    assert_eq!(told(&analysis), "bearer-not-offered error @2");
    let analysis =
        analyse(&format!("{}PROBE\nISSUED\nACCEPTED\n", bearer("09:14:01", "MAPI", off)));
    assert_eq!(told(&analysis), "", "the same server offers it afterwards");
    let other = off.replace("EX1", "EX2");
    let analysis =
        analyse(&format!("{}PROBE\nISSUED\nACCEPTED\n", bearer("09:14:01", "MAPI", &other)));
    assert_eq!(told(&analysis), "authorities-differ warning @1");
}

#[test]
fn names_of_one_cloud_and_other_organisations_do_not_differ() {
    let alias = GOOD.replace(
        "ENTRA",
        "NO-URI, authorization_uri=\"https://login.microsoftonline.com/7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90/oauth2/authorize\"",
    );
    let analysis =
        analyse(&format!("PROBE\n{}ISSUED\nACCEPTED\n", bearer("09:14:09", EWS, &alias)));
    assert_eq!(told(&analysis), "");

    let adfs = GOOD.replace(
        "ENTRA",
        "NO-URI, authorization_uri=\"https://adfs.fabrikam.com/adfs/oauth2/authorize\", issuer_kind=\"ADFS\"",
    );
    let foreign = bearer("09:14:09", "https://mail.fabrikam.com/EWS/Exchange.asmx", &adfs);
    let analysis = analyse(&format!("PROBE\n{foreign}ISSUED\nACCEPTED\n"));
    assert!(!told(&analysis).contains("authorities-differ"), "{}", told(&analysis));
    // The same in one organisation is a difference.
    let own = foreign.replace("mail.fabrikam.com", "mail.contoso.com");
    let analysis = analyse(&format!("PROBE\n{own}ISSUED\nACCEPTED\n"));
    assert!(told(&analysis).contains("authorities-differ warning @2"), "{}", told(&analysis));
}

/// An Autodiscover look-up without sign-in.
fn look_up(status: &str, body: &str) -> String {
    format!(
        "### 09:14:00 +31ms Mail:212\nGET https://autodiscover.contoso.com/autodiscover/autodiscover.json?Email=meg@contoso.com&Protocol=ActiveSync HTTP/1.1\nUser-Agent: iOS/17.4 (21E219) accountsd/1.0\n\nHTTP/1.1 {status}\nX-FEServer: EX1\nContent-Type: application/json\n\n{body}\n"
    )
}

#[test]
fn a_look_up_that_fails_is_told_unless_the_client_gets_on() {
    let failed = look_up("404 Not Found", r#"{"ErrorCode":"UserNotFound","ErrorMessage":"x"}"#);
    let analysis = analyse(&failed);
    assert_eq!(told(&analysis), "autodiscover-url-wrong error @1");
    assert_eq!(analysis.verdict.key(), "broken/challenge/autodiscover-url-wrong");
    let analysis = analyse(&format!("{failed}PROBE\nISSUED\nACCEPTED\n"));
    assert_eq!(told(&analysis), "");

    let unknown = look_up("400 Bad Request", r#"{"ErrorCode":"InvalidProtocol"}"#);
    assert_eq!(told(&analyse(&unknown)), "", "servers do not have every protocol");
}

#[test]
fn an_address_that_answers_is_not_wrong() {
    let found =
        look_up("200 OK", r#"{"Protocol":"ActiveSync","Url":"https://mail.contoso.com/x"}"#);
    let analysis = analyse(&format!("{found}{}", bearer("09:14:07", EWS, GOOD)));
    assert_eq!(told(&analysis), "");
    let gone = bearer("09:14:07", EWS, GATEWAY);
    let analysis = analyse(&format!("{found}{gone}"));
    assert_eq!(told(&analysis), "autodiscover-url-wrong error @1", "one cause, one error");
}

const FORMS: &str = "### 09:14:20 +31ms msedge.exe:901
GET https://mail.contoso.com/owa/ HTTP/1.1

HTTP/1.1 302 Found
X-FEServer: EX1
Location: https://mail.contoso.com/owa/auth/logon.aspx?reason=0
";

#[test]
fn forms_where_nothing_shows_hma_are_not_hma() {
    let analysis = analyse(FORMS);
    assert_eq!(told(&analysis), "owa-uses-forms note @1");
    assert_eq!(analysis.verdict.key(), "not-hma/owa-uses-forms");
}

#[test]
fn forms_that_gave_way_to_entra_are_history() {
    let entra = FORMS.replace("09:14:20", "09:20:00").replace(
        "https://mail.contoso.com/owa/auth/logon.aspx?reason=0",
        "https://login.microsoftonline.com/common/oauth2/authorize?x=1",
    );
    let analysis = analyse(&format!("PROBE\nISSUED\nACCEPTED\n{FORMS}{entra}"));
    assert_eq!(told(&analysis), "");
}

#[test]
fn a_policy_is_proven_where_the_same_user_gets_another_protocol() {
    let blocked = "HTTP/1.1 401 Unauthorized\nX-FEServer: EX1\nWWW-Authenticate: NO-URI, error=\"invalid_token\"\nx-ms-diagnostics: 4000000;reason=\"Flighting is not enabled for domain 'meg@contoso.com'.\";error_category=\"oauth_not_available\"\n";
    let analysis =
        analyse(&format!("PROBE\nISSUED\nACCEPTED\n{}", bearer("09:15:00", EWS, blocked)));
    assert_eq!(told(&analysis), "modern-auth-blocked-by-policy error @4");
    assert_eq!(analysis.findings[0].certainty.id(), "proven");
    assert!(analysis.findings[0].fix().iter().any(|step| step.contains("WebServices")));
}

/// The decision table of 4000000: whom the text quotes, who was named, whether an authority stands beside it.
#[test]
fn every_kind_of_4000000_has_its_reading() {
    for (quoted, user, authority, expected) in [
        ("contoso.com", true, true, "oauth-not-available error proven"),
        ("meg@contoso.com", true, true, "oauth-not-available error proven"),
        ("meg@contoso.com", true, false, "modern-auth-blocked-by-policy error suspected"),
        ("contoso.com", true, false, "oauth-not-available error suspected"),
        ("mail.contoso.com", true, false, "oauth-not-available error suspected"),
        ("mail.contoso.com", false, true, "oauth-not-available error proven"),
        ("contoso.com", false, false, "oauth-not-available error suspected"),
        ("mail.contoso.com", false, false, "oauth-not-available note proven"),
        // The server's own name, as its Basic challenge tells it.
        ("ex1.contoso.local", false, false, "oauth-not-available note proven"),
    ] {
        let challenge = if authority { "ENTRA" } else { "NO-URI" };
        let answer = format!(
            "HTTP/1.1 401 Unauthorized\nX-FEServer: EX1\nWWW-Authenticate: {challenge}, error=\"invalid_token\"\nWWW-Authenticate: Basic realm=\"ex1.contoso.local\"\nx-ms-diagnostics: 4000000;reason=\"Flighting is not enabled for domain '{quoted}'.\";error_category=\"oauth_not_available\"\n"
        );
        let mut session = bearer("09:14:07", "MAPI", &answer);
        if !user {
            session = session.replace("X-User-Identity: meg@contoso.com\n", "");
        }
        let analysis = analyse(&session);
        let found: Vec<String> = analysis
            .findings
            .iter()
            .map(|f| format!("{} {} {}", f.rule, f.severity.id(), f.certainty.id()))
            .collect();
        assert_eq!(found, [expected], "{quoted} {user} {authority}");
    }
}

#[test]
fn what_fiddler_says_of_a_handshake_is_more_than_its_status_line() {
    let answer = "HTTP/1.1 502 Fiddler - Connection Failed\nContent-Type: text/html\n\n[Fiddler] The connection to 'mail.contoso.com' failed. fiddler.network.https> HTTPS handshake to mail.contoso.com (for #7) failed.\n";
    let analysis = analyse(&bearer("09:14:07", "MAPI", answer));
    assert_eq!(
        analysis.verdict.summary,
        "mail.contoso.com cannot be reached over MAPI: the TLS handshake with it fails"
    );
}

#[test]
fn the_step_that_a_gateway_breaks_is_shown_broken() {
    let analysis = analyse(&bearer("09:14:07", "MAPI", GATEWAY));
    let flow = &analysis.flows.flows[0];
    let challenge = flow.steps.iter().find(|s| s.step == Step::Challenge).unwrap();
    assert_eq!(challenge.state, StepState::Failed);
    assert_eq!(challenge.session, flow.sessions.first().copied());
}

#[test]
fn servers_of_one_virtual_directory_are_compared_with_each_other() {
    let other = "https://autodiscover.contoso.com/autodiscover/autodiscover.xml";
    let text = [
        bearer("09:14:05", other, GOOD),
        bearer("09:14:06", EWS, GOOD),
        bearer("09:14:07", EWS, MISSING),
    ];
    let analysis = analyse(&text.concat());
    let finding = analysis.findings.iter().find(|f| f.rule == "authorities-differ").unwrap();
    assert!(
        finding.message.contains("but mail.contoso.com (EWS, server EX1)"),
        "{}",
        finding.message
    );
}

#[test]
fn each_protocol_that_a_gateway_keeps_is_told_with_its_name() {
    let page = "HTTP/1.1 302 Found\nServer: BigIP\nLocation: https://mail.contoso.com/my.policy\n";
    let analysis =
        analyse(&[bearer("09:14:06", EWS, page), bearer("09:14:07", "MAPI", page)].concat());
    let messages: Vec<_> = analysis.findings.iter().map(|f| f.message.as_str()).collect();
    assert_eq!(messages.len(), 2);
    assert!(messages[0].contains("clients of EWS") && messages[1].contains("clients of MAPI"));
}

#[test]
fn the_organisations_own_autodiscover_is_blamed_before_exchange_onlines() {
    let look_up = |time: &str, host: &str| {
        format!(
            "### {time} +31ms\nGET https://{host}/autodiscover/autodiscover.json?Email=meg%40contoso.com&Protocol=ActiveSync HTTP/1.1\nUser-Agent: Apple-iPhone12C1/2107.71\n\nHTTP/1.1 200 OK\nContent-Type: application/json\nX-FEServer: EX1\n\n{{\"Protocol\":\"ActiveSync\",\"Url\":\"https://old.contoso.com/Microsoft-Server-ActiveSync\"}}\n"
        )
    };
    let phone = "### 09:14:09 +31ms\nOPTIONS https://old.contoso.com/Microsoft-Server-ActiveSync HTTP/1.1\nUser-Agent: Apple-iPhone12C1/2107.71\nAuthorization: Bearer\n\nHTTP/1.1 404 Not Found\nServer: nginx\n";
    let text = [
        look_up("09:14:07", "outlook.office365.com"),
        look_up("09:14:08", "autodiscover.contoso.com"),
        phone.to_owned(),
        phone.replace("09:14:09", "09:14:19"),
    ];
    let analysis = analyse(&text.concat());
    assert_eq!(told(&analysis), "autodiscover-url-wrong error @2");
    let sessions: Vec<_> =
        analysis.findings[0].evidence.iter().filter_map(|e| Some(e.session?.0)).collect();
    assert_eq!(sessions, [2, 3, 3, 2], "the first of the failures");
}
