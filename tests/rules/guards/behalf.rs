//! On whose behalf a sign-in is: another program's, another application's and another person's heal and blame nothing.

use super::{ACCEPTED, ISSUED, PROBE, TOKEN, analyse, token_error};
use crate::told;

/// A token request of Teams for a resource of its own, with its answer.
fn teams(asks: &str, answer: &str) -> String {
    format!(
        "### 09:14:25 +200ms ms-teams.exe:900
POST https://login.microsoftonline.com/common/oauth2/v2.0/token HTTP/1.1
Content-Type: application/x-www-form-urlencoded

grant_type=refresh_token&client_id=1fec8e78-bce4-4aaf-ab1b-5451cc387264&{asks}&refresh_token=sample
{answer}
"
    )
}

const OPAQUE: &str = r#"HTTP/1.1 200 OK
Content-Type: application/json; charset=utf-8

{"token_type":"Bearer","expires_in":"3899","access_token":"sample"}
"#;

const BLOCKED: &str = r#"HTTP/1.1 400 Bad Request
Content-Type: application/json; charset=utf-8

{"error":"interaction_required","error_description":"AADSTS53003: Blocked.","error_codes":[53003]}
"#;

/// A browser opens the sign-in of the Azure portal.
const PORTAL: &str = "### 09:14:26 +60ms msedge.exe:77
GET https://login.microsoftonline.com/common/oauth2/v2.0/authorize?client_id=c44b4083-3bb0-49c1-b47d-974e53cbdf3c&response_type=code&scope=openid+profile&redirect_uri=https%3A%2F%2Fportal.azure.com%2Fsignin%2Findex%2F HTTP/1.1
User-Agent: Mozilla/5.0

";

const PORTAL_OPENS: &str = "HTTP/1.1 302 Found
Location: https://portal.azure.com/signin/index/?code=sample&state=1
";

#[test]
fn a_token_for_something_else_heals_nothing() {
    let refused = token_error("refresh_token", "invalid_resource", 500_011);
    let portal = format!("{PORTAL}{PORTAL_OPENS}");
    for other in [
        teams("scope=User.Read%20openid%20profile%20offline_access", OPAQUE),
        teams("scope=00000003-0000-0000-c000-000000000000%2F.default", OPAQUE),
        teams("resource=00000003-0000-0000-c000-000000000000", OPAQUE),
        // Of what names nothing the application tells whose it is.
        teams("scope=openid%20offline_access", OPAQUE),
        portal,
    ] {
        let analysis = analyse(&format!("PROBE\n{refused}{other}"));
        assert_eq!(told(&analysis), "spn-missing error @2", "{other}");
        assert_eq!(analysis.verdict.key(), "broken/sign-in/spn-missing", "{other}");
    }
}

#[test]
fn a_token_of_the_same_application_that_names_nothing_may_be_the_one() {
    let refused = token_error("refresh_token", "invalid_grant", 50_173);
    let again = teams("scope=openid%20offline_access", OPAQUE)
        .replace("1fec8e78-bce4-4aaf-ab1b-5451cc387264", "d3590ed6-52b3-4102-aeff-aad2292ab01c");
    let analysis = analyse(&format!("PROBE\n{refused}{again}"));
    assert_eq!(told(&analysis), "grant-revoked note @2");
}

#[test]
fn a_browser_that_signs_in_elsewhere_does_not_heal_outlook_on_the_web() {
    let application = "https://login.microsoftonline.com/common/oauth2/authorize?client_id=00000002-0000-0ff1-ce00-000000000000&redirect_uri=https%3a%2f%2fmail.contoso.com%2fowa%2f&response_mode=form_post&response_type=code+id_token&scope=openid&nonce=1";
    let analysis = analyse(&format!(
        r#"### 09:14:07 +60ms msedge.exe:77
GET https://mail.contoso.com/owa/ HTTP/1.1
User-Agent: Mozilla/5.0

HTTP/1.1 302 Found
X-FEServer: EX1
Location: {application}
### 09:14:08 +60ms msedge.exe:77
GET {application} HTTP/1.1
User-Agent: Mozilla/5.0

HTTP/1.1 400 Bad Request
Content-Type: text/html

<script>$Config={{"iErrorCode":50011,"strServiceExceptionMessage":"AADSTS50011: The redirect URI does not match"}}</script>
{PORTAL}{PORTAL_OPENS}"#
    ));
    assert_eq!(told(&analysis), "reply-url-missing error @2");
    assert_eq!(analysis.verdict.key(), "broken/sign-in/reply-url-missing");
}

#[test]
fn refusals_of_something_else_are_not_outlooks() {
    let page = "HTTP/1.1 200 OK
Content-Type: text/html

<html/>
### 09:14:27 +60ms msedge.exe:77
POST https://login.microsoftonline.com/common/login HTTP/1.1
User-Agent: Mozilla/5.0

login=sample
HTTP/1.1 200 OK
Content-Type: text/html

<script>$Config={\"sErrorCode\":\"50126\"}</script>
";
    let bare = "### 09:14:25 +60ms msedge.exe:77
GET https://login.windows.net/common/oauth2/authorize HTTP/1.1
User-Agent: Mozilla/5.0

HTTP/1.1 200 OK
Content-Type: text/html

<script>$Config={\"sErrorCode\":\"900144\"}</script>
";
    let federated = |query: &str| {
        format!(
            "### 09:14:25 +60ms msedge.exe:77
GET https://adfs.contoso.com/adfs/ls/?{query} HTTP/1.1
User-Agent: Mozilla/5.0

HTTP/1.1 500 Internal Server Error
Content-Type: text/html

<html>MSIS7065: There are no registered protocol handlers</html>
"
        )
    };
    for other in [
        teams("scope=User.Read%20openid", BLOCKED),
        format!("{PORTAL}{page}"),
        bare.to_owned(),
        federated("SAMLRequest=sample&RelayState=sample"),
        federated("wa=wsignin1.0&wtrealm=https%3A%2F%2Fapp.fabrikam.com%2F"),
    ] {
        let analysis = analyse(&format!("PROBE\n{other}"));
        assert_eq!(told(&analysis), "", "{other}");
        assert_eq!(analysis.verdict.key(), "not-enough-evidence", "{other}");
    }
    let analysis = analyse(&format!(
        "PROBE\n{}",
        federated("wa=wsignin1.0&wtrealm=urn:federation:MicrosoftOnline")
    ));
    assert_eq!(told(&analysis), "federation-unreachable error @2");
}

/// What stands for Bob where it stands for Meg otherwise.
fn of_bob(text: &str) -> String {
    text.replace("TOKEN", TOKEN).replace("meg@contoso.com", "bob@contoso.com")
}

const NO_SUCH_USER: &str = "### 09:14:40 +84ms outlook.exe:4312 // token refused
POST MAPI HTTP/1.1
OUTLOOK
Authorization: Bearer TOKEN

HTTP/1.1 401 Unauthorized
X-FEServer: EX1
x-ms-diagnostics: 2000005;reason=\"The user specified by the user-context in the token does not exist.\";error_category=\"invalid_user\"
";

#[test]
fn one_account_that_works_does_not_hide_another_that_does_not() {
    let blocked = token_error("refresh_token", "interaction_required", 53_003);
    let bob = of_bob(PROBE);
    for (text, expected) in [
        (
            format!(
                "PROBE\nISSUED\nACCEPTED\n{bob}{}{}ACCEPTED\n",
                of_bob(ISSUED),
                of_bob(NO_SUCH_USER)
            ),
            "broken/access/user-not-found",
        ),
        (format!("{}ACCEPTED\n", of_bob(NO_SUCH_USER)), "broken/access/user-not-found"),
        (
            format!("PROBE\nISSUED\nACCEPTED\n{bob}{blocked}ACCEPTED\n"),
            "broken/sign-in/conditional-access-blocked",
        ),
        (
            format!("PROBE\nISSUED\nACCEPTED\n{bob}{}", of_bob(&[ISSUED, ACCEPTED].concat())),
            "healthy",
        ),
    ] {
        let analysis = analyse(&text);
        assert_eq!(analysis.verdict.key(), expected);
        assert_eq!(analysis.flows.flows.len(), 2, "{expected}");
    }
}

#[test]
fn another_persons_token_heals_nothing() {
    let refused = token_error("refresh_token", "invalid_grant", 50_173);
    let elsewhere = |text: &str| of_bob(text).replace("outlook.exe:4312", "outlook.exe:977");
    let accepted = elsewhere(ACCEPTED);
    let issued = elsewhere(ISSUED);
    for other in [format!("{issued}{accepted}"), issued, accepted] {
        let analysis = analyse(&format!("PROBE\n{refused}{other}"));
        assert_eq!(told(&analysis), "grant-revoked error @2");
        assert_eq!(analysis.verdict.key(), "broken/sign-in/grant-revoked");
        let finding = &analysis.findings[0];
        assert!(finding.message.ends_with("of meg@contoso.com, and no new sign-in followed"));
    }
}

#[test]
fn who_signs_in_with_another_name_than_the_mail_address_is_one_person() {
    let refused = token_error("refresh_token", "invalid_grant", 50_173);
    let named = PROBE.replace("meg@contoso.com", "meg.smith@contoso.com");
    let analysis = analyse(&format!("{named}{refused}ISSUED\nACCEPTED\n"));
    assert_eq!(told(&analysis), "grant-revoked note @2");
    assert_eq!(analysis.verdict.key(), "healthy");
    assert_eq!(analysis.flows.flows.len(), 1);
    // A request that says both names tells it for the whole capture.
    let both = ACCEPTED.replace("OUTLOOK\n", "OUTLOOK\nX-User-Identity: meg.smith@contoso.com\n");
    let analysis = analyse(&format!("{named}{}{refused}{both}", of_bob(PROBE)));
    let flows: Vec<_> = analysis.flows.flows.iter().map(|f| f.sessions.len()).collect();
    assert_eq!(flows, [2, 1]);
}

const NTLM: &str = "### 09:14:40 +52ms outlook.exe:4312 // NTLM
POST MAPI HTTP/1.1
OUTLOOK
Authorization: NTLM TlRMTVNTUAADAAAAGAAYAH4AAAA=

HTTP/1.1 200 OK
X-FEServer: EX1
X-BEServer: EX2
";

/// Somebody looks up where Entra ID's endpoints are.
fn discovery(process: &str) -> String {
    format!(
        "### 09:14:41 +52ms {process}
GET https://login.microsoftonline.com/common/discovery/instance?api-version=1.1 HTTP/1.1

HTTP/1.1 200 OK
Content-Type: application/json

{{}}
"
    )
}

#[test]
fn another_program_at_entra_id_does_not_follow_outlooks_challenge() {
    let graph = teams("scope=User.Read", OPAQUE);
    for other in [discovery("ms-teams.exe:900"), graph] {
        let analysis = analyse(&format!("PROBE\n{NTLM}{other}"));
        assert!(told(&analysis).starts_with("challenge-ignored"), "{other}");
    }
    for own in [
        discovery("outlook.exe:4312"),
        discovery("Microsoft.AAD.BrokerPlugin.exe:7"),
        discovery("").replace("+52ms ", "+52ms"),
    ] {
        let analysis = analyse(&format!("PROBE\n{NTLM}{own}"));
        assert_eq!(told(&analysis), "", "{own}");
    }
}

#[test]
fn another_program_at_entra_id_does_not_show_that_exchange_uses_it() {
    let graph = teams("scope=User.Read", OPAQUE);
    for other in [discovery("ms-teams.exe:900"), graph] {
        let analysis = analyse(&format!("{NTLM}{other}"));
        assert_eq!(told(&analysis), "no-empty-bearer warning @1", "{other}");
        assert_eq!(analysis.verdict.key(), "not-hma/no-empty-bearer", "{other}");
    }
    let outlooks = teams("scope=openid", OPAQUE)
        .replace("1fec8e78-bce4-4aaf-ab1b-5451cc387264", "d3590ed6-52b3-4102-aeff-aad2292ab01c");
    let analysis = analyse(&format!("{NTLM}{outlooks}"));
    assert_eq!(analysis.verdict.key(), "broken/probe/no-empty-bearer");
}

#[test]
fn three_accounts_that_sign_in_once_each_are_no_loop() {
    let window = |user: &str| {
        format!(
            "### 09:14:29 +700ms outlook.exe:4312 // interactive sign-in
GET https://login.windows.net/common/oauth2/authorize?response_type=code&client_id=d3590ed6-52b3-4102-aeff-aad2292ab01c&resource=https%3A%2F%2Fmail.contoso.com%2F&redirect_uri=urn%3Aietf%3Awg%3Aoauth%3A2.0%3Aoob&login_hint={user}%40contoso.com HTTP/1.1

HTTP/1.1 302 Found
Location: urn:ietf:wg:oauth:2.0:oob?code=sample
"
        )
    };
    let round = |user: &str| format!("PROBE\n{}ISSUED\n", window(user));
    let three: String = ["meg", "bob", "ann"].map(round).concat();
    assert_eq!(told(&analyse(&three)), "");
    let one = round("meg").repeat(3);
    assert_eq!(told(&analyse(&one)), "sign-in-loop error @5");
}

#[test]
fn what_a_server_lacks_for_everybody_is_told_once() {
    let off = PROBE.replace("ENTRA", "NO-URI");
    let analysis = analyse(&format!("{off}{}", of_bob(&off)));
    assert_eq!(told(&analysis), "authorization-uri-missing error @1");
    assert_eq!(analysis.flows.flows.len(), 2);
}

#[test]
fn a_program_that_was_started_again_is_the_same_client() {
    let off = PROBE.replace("ENTRA", "NO-URI");
    let restarted = |text: &str| text.replace("outlook.exe:4312", "outlook.exe:977");
    let works = restarted(&[PROBE, ISSUED, ACCEPTED].concat());
    let analysis = analyse(&format!("{off}{works}"));
    assert_eq!(told(&analysis), "");
    assert_eq!(analysis.verdict.key(), "healthy");
    assert_eq!(analysis.flows.flows.len(), 1);
    // Two that run at the same time are two, and so are two people.
    let analysis = analyse(&format!("{off}{works}{off}"));
    assert_eq!(told(&analysis), "authorization-uri-missing error @1");
    let analysis = analyse(&format!("{}{works}", of_bob(&off)));
    assert_eq!(told(&analysis), "authorization-uri-missing error @1");
    let other = works.replace("outlook.exe", "hxtsr.exe");
    assert_eq!(told(&analyse(&format!("{off}{other}"))), "authorization-uri-missing error @1");
}

#[test]
fn what_nobody_signs_in_for_belongs_to_whom_the_client_works_for() {
    let anonymous = "### 09:14:20 +31ms outlook.exe:4312
GET http://autodiscover.contoso.com/autodiscover/autodiscover.xml HTTP/1.1
OUTLOOK

HTTP/1.1 302 Found
X-FEServer: EX1
Location: https://autodiscover.contoso.com/autodiscover/autodiscover.xml
";
    let named =
        PROBE.replace("MAPI", "https://autodiscover.contoso.com/autodiscover/autodiscover.xml");
    let analysis = analyse(&format!("{named}{anonymous}"));
    assert_eq!(analysis.flows.flows.len(), 1);
}
