//! Flow reconstruction and verdict, text in and text out: a capture in raw-text notation, and what the program makes of it.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its own text must stop")]

use hma_trace::analysis::Analysis;
use hma_trace::import::open_text;
use hma_trace::jwt::{Keys, example};

const CHALLENGE: &str = r#"HTTP/1.1 401 Unauthorized
Server: Microsoft-IIS/10.0
X-FEServer: EX01
Date: Mon, 02 Mar 2026 09:14:07 GMT
WWW-Authenticate: Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="00000001-0000-0000-c000-000000000000@2f6d0d7b-5b1c-4f0e-9d5e-1a2b3c4d5e6f", token_types="app_asserted_user_v1 service_asserted_app_v1", authorization_uri="https://login.windows.net/common/oauth2/authorize"
WWW-Authenticate: Negotiate
WWW-Authenticate: NTLM
"#;

const TOKEN: &str = r#"{{jwt {"aud":"https://mail.contoso.com/","iss":"https://sts.windows.net/2f6d0d7b-5b1c-4f0e-9d5e-1a2b3c4d5e6f/","tid":"2f6d0d7b-5b1c-4f0e-9d5e-1a2b3c4d5e6f","nbf":1772442600,"exp":1772446800,"upn":"ann@contoso.com","appid":"d3590ed6-52b3-4102-aeff-aad2292ab01c"}}}"#;

fn analysis(text: &str) -> Analysis {
    let text = example::expand(&text.replace("CHALLENGE\n", CHALLENGE).replace("TOKEN", TOKEN));
    Analysis::of(open_text("test", &text).unwrap(), &Keys::default())
}

/// `hma mapi mail.contoso.com: probe ok 1, challenge ok 1, sign-in hidden, token ok 2, access ok 2 = healthy`
fn flows(analysis: &Analysis) -> String {
    analysis
        .flows
        .flows
        .iter()
        .map(|flow| {
            let steps: Vec<_> = flow
                .steps
                .iter()
                .map(|s| match s.session {
                    Some(session) => format!("{} {} {session}", s.step.id(), s.state.id()),
                    None => format!("{} {}", s.step.id(), s.state.id()),
                })
                .collect();
            format!(
                "{} {} {}: {} = {}",
                flow.mechanism.id(),
                flow.protocol.id(),
                flow.host,
                steps.join(", "),
                flow.outcome.id()
            )
        })
        .collect::<Vec<_>>()
        .join("\n")
}

const PROBE: &str = "### outlook.exe:1234
POST https://mail.contoso.com/mapi/emsmdb/?MailboxId=x HTTP/1.1
Authorization: Bearer
X-User-Identity: ann@contoso.com

CHALLENGE
";

const TOKEN_REQUEST: &str = "### outlook.exe:1234
POST https://login.windows.net/common/oauth2/token HTTP/1.1
Content-Type: application/x-www-form-urlencoded

grant_type=refresh_token&resource=https%3A%2F%2Fmail.contoso.com%2F&refresh_token=r

";

const ISSUED: &str = "HTTP/1.1 200 OK
Content-Type: application/json

{\"token_type\":\"Bearer\",\"resource\":\"https://mail.contoso.com/\",\"access_token\":\"TOKEN\"}
";

const REVOKED: &str = "HTTP/1.1 400 Bad Request
Content-Type: application/json

{\"error\":\"invalid_grant\",\"error_description\":\"AADSTS50173: The provided grant has expired due to it being revoked.\",\"error_codes\":[50173]}
";

const ACCESS: &str = "### outlook.exe:1234
POST https://mail.contoso.com/mapi/emsmdb/?MailboxId=x HTTP/1.1
Authorization: Bearer TOKEN
X-RequestType: Connect

HTTP/1.1 200 OK
X-FEServer: EX01
Date: Mon, 02 Mar 2026 09:14:09 GMT
X-ResponseCode: 0
";

const REFUSED: &str = "### outlook.exe:1234
POST https://mail.contoso.com/mapi/emsmdb/?MailboxId=x HTTP/1.1
Authorization: Bearer TOKEN

HTTP/1.1 401 Unauthorized
X-FEServer: EX01
x-ms-diagnostics: 2000001;reason=\"The token is invalid.\";error_category=\"invalid_token\"
WWW-Authenticate: Bearer client_id=\"00000002-0000-0ff1-ce00-000000000000\", error=\"invalid_token\"
";

#[test]
fn the_good_flow_has_five_good_steps() {
    let analysis = analysis(&[PROBE, TOKEN_REQUEST, ISSUED, ACCESS].concat());
    assert_eq!(
        flows(&analysis),
        "hma mapi mail.contoso.com: probe ok 1, challenge ok 1, sign-in ok 2, token ok 3, access ok 3 = healthy"
    );
    assert_eq!(analysis.verdict.key(), "healthy");
    let token = &analysis.flows.tokens[0];
    assert_eq!((token.issued_in.map(|s| s.0), token.used_in.len()), (Some(2), 1));
    let checks: Vec<_> =
        token.checks.iter().map(|c| format!("{} {}", c.kind.id(), c.state.id())).collect();
    assert_eq!(checks, ["audience-host ok", "audience-scheme ok", "lifetime ok", "tenant ok"]);
}

#[test]
fn a_broker_hides_the_sign_in() {
    let analysis = analysis(&[PROBE, ACCESS].concat());
    assert_eq!(
        flows(&analysis),
        "hma mapi mail.contoso.com: probe ok 1, challenge ok 1, sign-in hidden, token ok 2, access ok 2 = healthy"
    );
}

#[test]
fn a_capture_may_start_with_the_token() {
    let analysis = analysis(ACCESS);
    assert_eq!(
        flows(&analysis),
        "hma mapi mail.contoso.com: probe hidden, challenge hidden, sign-in hidden, token ok 1, access ok 1 = healthy"
    );
}

#[test]
fn a_break_that_healed_is_history() {
    let healed = analysis(&[PROBE, TOKEN_REQUEST, REVOKED, TOKEN_REQUEST, ISSUED, ACCESS].concat());
    assert_eq!(healed.verdict.key(), "healthy");
    let refused_first = analysis(&[PROBE, REFUSED, TOKEN_REQUEST, ISSUED, ACCESS].concat());
    assert_eq!(refused_first.verdict.key(), "healthy");
}

#[test]
fn a_break_after_a_good_time_counts() {
    let analysis = analysis(&[PROBE, ACCESS, PROBE, TOKEN_REQUEST, REVOKED].concat());
    assert_eq!(
        flows(&analysis),
        "hma mapi mail.contoso.com: probe ok 3, challenge ok 3, sign-in failed 4, token missing, access missing = broken"
    );
}

#[test]
fn a_missing_photo_does_not_hide_the_break_behind_it() {
    let missing = ACCESS.replace("200 OK", "404 Not Found");
    let healthy = analysis(&[PROBE, ACCESS, &missing].concat());
    assert_eq!(healthy.verdict.key(), "healthy");
    let broken = analysis(&[PROBE, ACCESS, &missing, REFUSED, REFUSED].concat());
    assert!(flows(&broken).ends_with("token failed 4, access missing = broken"));
    assert_eq!(broken.verdict.key(), "broken/token/token-rejected");
}

#[test]
fn owa_and_ecp_of_one_host_fail_each_in_a_session_of_its_own() {
    let refused = |application: &str| {
        format!(
            "### msedge.exe:900
GET https://mail.contoso.com/{application}/ HTTP/1.1

HTTP/1.1 302 Found
X-FEServer: EX01
Location: https://login.microsoftonline.com/common/oauth2/authorize?redirect_uri=https%3A%2F%2Fmail.contoso.com%2F{application}%2F

### msedge.exe:900
GET https://login.microsoftonline.com/common/oauth2/authorize?redirect_uri=https%3A%2F%2Fmail.contoso.com%2F{application}%2F HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
x-ms-request-id: r

<script>$Config={{\"sErrorCode\":\"50011\",\"strServiceExceptionMessage\":\"AADSTS50011: No.\"}}</script>
"
        )
    };
    let both = analysis(&[refused("owa"), refused("owa"), refused("ecp")].concat());
    let told = flows(&both);
    assert!(
        told.contains("hma owa mail.contoso.com: probe ok 1, challenge ok 1, sign-in failed 2")
    );
    assert!(
        told.contains("hma ecp mail.contoso.com: probe ok 5, challenge ok 5, sign-in failed 6")
    );
}

#[test]
fn a_capture_that_ends_with_a_probe_after_access_stays_healthy() {
    let analysis = analysis(&[PROBE, ACCESS, PROBE].concat());
    assert_eq!(analysis.verdict.key(), "healthy");
}

#[test]
fn a_refused_token_fails_its_step_and_an_unknown_user_fails_access() {
    let refused = analysis(&[PROBE, REFUSED].concat());
    assert!(
        flows(&refused).ends_with("token failed 2, access missing = broken"),
        "{}",
        flows(&refused)
    );
    let unknown_user = REFUSED.replace(
        "2000001;reason=\"The token is invalid.\";error_category=\"invalid_token\"",
        "2000005;reason=\"The user specified by the user-context in the token does not exist.\";error_category=\"invalid_user\"",
    );
    let unknown_user = analysis(&[PROBE, &unknown_user].concat());
    assert!(
        flows(&unknown_user).ends_with("token ok 2, access failed 2 = broken"),
        "{}",
        flows(&unknown_user)
    );
}

#[test]
fn a_capture_that_ends_early_is_not_called_broken() {
    let analysis = analysis(PROBE);
    assert_eq!(
        flows(&analysis),
        "hma mapi mail.contoso.com: probe ok 1, challenge ok 1, sign-in missing, token missing, access missing = not-enough-evidence"
    );
    assert_eq!(analysis.verdict.outcome.id(), "not-enough-evidence");
}

#[test]
fn hosts_protocols_and_processes_make_flows_of_their_own() {
    let other_host = PROBE
        .replace("mail.contoso.com", "autodiscover.contoso.com")
        .replace("/mapi/emsmdb/", "/autodiscover/autodiscover.xml");
    let other_process = ACCESS.replace("outlook.exe:1234", "outlook.exe:99");
    let analysis = analysis(&[PROBE, &other_host, ACCESS, &other_process].concat());
    let found = flows(&analysis);
    let lines: Vec<_> = found
        .lines()
        .map(|l| (l.split(':').next().unwrap(), l.rsplit("= ").next().unwrap()))
        .collect();
    assert_eq!(
        lines,
        [
            ("hma mapi mail.contoso.com", "healthy"),
            ("hma autodiscover autodiscover.contoso.com", "not-enough-evidence"),
            ("hma mapi mail.contoso.com", "healthy"),
        ]
    );
}

#[test]
fn windows_sign_in_is_not_hma_and_not_broken() {
    let ntlm = "### outlook.exe:1
POST https://mail.contoso.com/EWS/Exchange.asmx HTTP/1.1

HTTP/1.1 401 Unauthorized
X-FEServer: EX01
WWW-Authenticate: Negotiate, NTLM
### outlook.exe:1
POST https://mail.contoso.com/EWS/Exchange.asmx HTTP/1.1
Authorization: NTLM TlRMTVNTUAADAAAA

HTTP/1.1 200 OK
X-FEServer: EX01
";
    let analysis = analysis(ntlm);
    assert!(flows(&analysis).starts_with("ntlm ews mail.contoso.com:"));
    assert_eq!(analysis.verdict.outcome.id(), "not-hma");
}

#[test]
fn ad_fs_modern_authentication_is_recognised_and_is_not_hma() {
    let probe = analysis(&PROBE.replace(
        "CHALLENGE\n",
        &CHALLENGE.replace(
            "https://login.windows.net/common/oauth2/authorize\"",
            "https://sts.contoso.com/adfs/oauth2/authorize\", issuer_kind=\"ADFS\"",
        ),
    ));
    assert!(flows(&probe).starts_with("adfs mapi"), "{}", flows(&probe));
    assert_eq!(probe.verdict.outcome.id(), "not-hma");
}

#[test]
fn servers_talking_to_servers_are_kept_apart() {
    let outer = r#"{{jwt {"alg":"none","typ":"JWT"} {"aud":"00000002-0000-0ff1-ce00-000000000000/mail.contoso.com@contoso.com","nameid":"x","actortoken":"a.b.c"}}}"#;
    let analysis = analysis(&format!(
        "### w3wp.exe:1\nPOST https://mail.contoso.com/EWS/Exchange.asmx HTTP/1.1\nUser-Agent: ASProxy/CrossForest/EmailDomain//15.02\nAuthorization: Bearer {outer}\n\nHTTP/1.1 401 Unauthorized\nX-FEServer: EX01\nx-ms-diagnostics: 2000000;reason=\"bad\";error_category=\"invalid_signature\"\n"
    ));
    assert!(flows(&analysis).starts_with("server-to-server ews"), "{}", flows(&analysis));
    assert_eq!(analysis.verdict.outcome.id(), "not-hma");
}

#[test]
fn a_web_server_on_the_root_domain_is_no_exchange() {
    let analysis = analysis(&format!(
        "### outlook.exe:1234\nPOST https://contoso.com/autodiscover/autodiscover.xml HTTP/1.1\nAuthorization: Bearer\n\nHTTP/1.1 404 Not Found\nServer: nginx\n{PROBE}{ACCESS}"
    ));
    assert_eq!(analysis.verdict.key(), "healthy");
    assert!(
        flows(&analysis).starts_with("unknown autodiscover contoso.com"),
        "{}",
        flows(&analysis)
    );
}

#[test]
fn exchange_online_is_not_hybrid_modern_authentication() {
    let analysis = analysis(&ACCESS.replace("mail.contoso.com", "outlook.office365.com"));
    assert!(
        flows(&analysis).starts_with("unknown mapi outlook.office365.com"),
        "{}",
        flows(&analysis)
    );
    assert_ne!(analysis.verdict.outcome.id(), "healthy");
}

#[test]
fn an_error_for_another_resource_belongs_to_another_flow() {
    let elsewhere = TOKEN_REQUEST.replace("mail.contoso.com", "autodiscover.contoso.com");
    let analysis = analysis(&[PROBE, &elsewhere, REVOKED].concat());
    assert!(flows(&analysis).contains("sign-in missing"), "{}", flows(&analysis));
}

#[test]
fn sessions_out_of_order_are_read_by_their_times() {
    let timed = |text: &str, time: &str| text.replacen("### ", &format!("### {time} "), 1);
    let ordered = [timed(PROBE, "09:00:01"), timed(ACCESS, "09:00:05")];
    let shuffled = analysis(&[ordered[1].clone(), ordered[0].clone()].concat());
    assert_eq!(
        flows(&shuffled),
        "hma mapi mail.contoso.com: probe ok 2, challenge ok 2, sign-in hidden, token ok 1, access ok 1 = healthy"
    );
}

#[test]
fn a_token_is_compared_with_the_place_and_the_moment_of_its_use() {
    let late = ACCESS.replace("09:14:09", "11:20:00");
    let elsewhere = ACCESS.replace("https://mail.contoso.com", "http://webmail.contoso.com");
    let messages = |text: &str| -> Vec<String> {
        analysis(text).flows.tokens[0]
            .checks
            .iter()
            .map(|c| format!("{} {}: {}", c.kind.id(), c.state.id(), c.message))
            .collect()
    };
    assert!(
        messages(&late).contains(&"lifetime failed: Expired 60 min before it was used.".to_owned()),
        "{:?}",
        messages(&late)
    );
    assert_eq!(
        messages(&elsewhere)[..2],
        [
            "audience-host failed: Issued for mail.contoso.com, but sent to webmail.contoso.com.",
            "audience-scheme failed: Issued for https, but sent by http.",
        ]
    );
}

#[test]
fn a_foreign_tenant_is_noticed() {
    let foreign = PROBE.replace(
        "CHALLENGE\n",
        &CHALLENGE.replace(
            "2f6d0d7b-5b1c-4f0e-9d5e-1a2b3c4d5e6f",
            "aaaaaaaa-0000-0000-0000-000000000000",
        ),
    );
    let analysis = analysis(&[foreign.as_str(), ACCESS].concat());
    let tenant = analysis.flows.tokens[0].checks.last().unwrap();
    assert_eq!((tenant.kind.id(), tenant.state.id()), ("tenant", "failed"));
}

#[test]
fn labels_say_what_a_session_means() {
    let analysis = analysis(&[PROBE, TOKEN_REQUEST, REVOKED, ACCESS].concat());
    let labels: Vec<_> = analysis
        .flows
        .readings
        .iter()
        .map(|r| {
            format!(
                "{} | {}",
                r.request_label(analysis.capture.session(r.session).unwrap()),
                r.answer_label()
            )
        })
        .collect();
    assert_eq!(
        labels,
        [
            "MAPI probe: empty Bearer | 401: get a token at login.windows.net",
            "Refresh token for mail.contoso.com | 400: invalid_grant (AADSTS50173)",
            "MAPI Connect with token | 200: access",
        ]
    );
}

#[test]
fn a_gateway_has_not_answered_the_probe() {
    let silent = "### outlook.exe:1234
POST https://autodiscover.contoso.com/autodiscover/autodiscover.xml HTTP/1.1
Authorization: Bearer
X-User-Identity: ann@contoso.com

HTTP/1.1 504 Gateway Timeout
";
    let redirect = "### outlook.exe:1234
GET http://autodiscover.contoso.com/autodiscover/autodiscover.xml HTTP/1.1

HTTP/1.1 302 Found
X-FEServer: EX01
Location: https://mail.contoso.com/autodiscover/autodiscover.xml
";
    let analysis = analysis(&[silent, redirect, ACCESS].concat());
    assert_eq!(
        analysis.flows.flows[0].mechanism.id(),
        "unknown",
        "Exchange said nothing of Bearer"
    );
    assert_eq!(analysis.verdict.key(), "healthy");
}

#[test]
fn a_network_that_goes_after_a_good_time_is_no_broken_challenge() {
    let gone = PROBE.replace("CHALLENGE\n", "HTTP/1.1 504 Gateway Timeout\n");
    let analysis = analysis(&[ACCESS, &gone, &gone].concat());
    assert_eq!(analysis.verdict.key(), "healthy");
}

#[test]
fn a_verdict_says_what_was_reached() {
    let autodiscover =
        |text: &str| text.replace("/mapi/emsmdb/?MailboxId=x", "/autodiscover/autodiscover.xml");
    let settings = autodiscover(ACCESS);
    assert_eq!(
        analysis(&settings).verdict.summary,
        "Hybrid Modern Authentication works: Autodiscover to mail.contoso.com got an answer with a token"
    );
    let windows = ACCESS.replace("Bearer TOKEN", "Negotiate YII=");
    assert_eq!(
        analysis(&[settings.as_str(), &windows].concat()).verdict.summary,
        "Hybrid Modern Authentication works: Autodiscover to mail.contoso.com got an answer with a token, but MAPI to \
            mail.contoso.com uses Negotiate"
    );
    let online = |text: &str| text.replace("mail.contoso.com", "outlook.office365.com");
    let refused = online(&[PROBE, TOKEN_REQUEST, REVOKED].concat());
    let summary = analysis(&refused).verdict.summary;
    assert!(summary.starts_with("Only Exchange Online was asked for"), "{summary}");
}
