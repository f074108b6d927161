//! The capture shows tunnels where the flow should be.

use crate::flow::{Endpoint, Outcome, Purpose, Step, StepState};
use crate::knowledge::identity_host;
use crate::rules::case::is_own_exchange_name;
use crate::rules::{Case, Evidence, Finding, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "https-not-decrypted",
    title: "HTTPS was not decrypted",
    step: None,
    severity: Severity::Warning,
    why: "Everything that Outlook, Exchange and Entra ID say to each other is encrypted. The recorder saw the \
        encrypted connections (CONNECT tunnels) and not what was said inside, so this capture cannot tell whether \
        modern authentication was even tried. It says nothing against Outlook or the server.",
    fix: &[
        "In Fiddler Classic choose Tools > Options > HTTPS, tick Capture HTTPS CONNECTs and Decrypt HTTPS traffic, and \
            trust the root certificate that it offers",
        "Remove {host} from the list of hosts whose decryption is skipped; only AD FS may stay there",
        "Restart Outlook, so that it opens new connections, and record again from before its start until it connects \
            or shows its error",
        "For Windows account windows that run as an app, allow the loopback for `Microsoft.AAD.BrokerPlugin` (Fiddler: \
            WinConfig)",
    ],
    reference: "Exchange Team Blog: Announcing Hybrid Modern Authentication for Exchange On-Premises (2017), How do \
        I troubleshoot HMA; Fiddler documentation: Decrypt HTTPS traffic",
    fires_on: "### 09:14:07 +12s outlook.exe:4312 // nothing inside is readable
CONNECT mail.contoso.com:443 HTTP/1.1
Host: mail.contoso.com:443

HTTP/1.1 200 Connection Established

### 09:14:09 +9s outlook.exe:4312
CONNECT login.windows.net:443 HTTP/1.1
Host: login.windows.net:443

HTTP/1.1 200 Connection Established
",
    silent_on: r#"### 09:14:07 +12s outlook.exe:4312 // nothing inside is readable
CONNECT mail.contoso.com:443 HTTP/1.1
Host: mail.contoso.com:443

HTTP/1.1 200 Connection Established

### 09:14:09 +9s outlook.exe:4312
CONNECT login.windows.net:443 HTTP/1.1
Host: login.windows.net:443

HTTP/1.1 200 Connection Established

### 09:14:07 +31ms outlook.exe:4312 // empty Bearer
POST https://mail.contoso.com/mapi/emsmdb/?MailboxId=8b4f@contoso.com HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
X-User-Identity: meg@contoso.com
Authorization: Bearer

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:14:07 GMT
X-FEServer: EX1
request-id: 5ca2c827-5147-474c-8457-63c4e5099c6e
WWW-Authenticate: Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="00000001-0000-0000-c000-000000000000@7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90", token_types="app_asserted_user_v1 service_asserted_app_v1", authorization_uri="https://login.windows.net/common/oauth2/authorize"
WWW-Authenticate: Negotiate
WWW-Authenticate: NTLM

### 09:14:31 +212ms outlook.exe:4312 // token request
POST https://login.windows.net/common/oauth2/token HTTP/1.1
Content-Type: application/x-www-form-urlencoded

grant_type=authorization_code&client_id=d3590ed6-52b3-4102-aeff-aad2292ab01c&resource=https%3A%2F%2Fmail.contoso.com%2F&code=sample
HTTP/1.1 200 OK
Content-Type: application/json; charset=utf-8

{"token_type":"Bearer","expires_in":"3899","resource":"https://mail.contoso.com/","access_token":"{{jwt {"aud":"https://mail.contoso.com/","iss":"https://sts.windows.net/7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90/","tid":"7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90","nbf":1772442840,"exp":1772446740,"appid":"d3590ed6-52b3-4102-aeff-aad2292ab01c","scp":"user_impersonation","upn":"meg@contoso.com"}}}","refresh_token":"sample"}

### 09:14:32 +84ms outlook.exe:4312 // token accepted
POST https://mail.contoso.com/mapi/emsmdb/?MailboxId=8b4f@contoso.com HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
Authorization: Bearer {{jwt {"aud":"https://mail.contoso.com/","iss":"https://sts.windows.net/7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90/","tid":"7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90","nbf":1772442840,"exp":1772446740,"appid":"d3590ed6-52b3-4102-aeff-aad2292ab01c","scp":"user_impersonation","upn":"meg@contoso.com"}}}

HTTP/1.1 200 OK
Date: Mon, 02 Mar 2026 09:14:32 GMT
X-FEServer: EX1
X-BEServer: EX2
X-ResponseCode: 0
"#,
    check,
};

/// So many tunnels are named.
const NAMED: usize = 8;

fn check(case: &Case<'_>) -> Vec<Finding> {
    let hidden = &case.flows.visibility.undecrypted;
    let sees_exchange = case
        .readings()
        .any(|r| matches!(r.endpoint, Endpoint::Exchange { purpose: Purpose::Client, .. }));
    // Next to readable Exchange sessions a tunnel matters when it hides another Exchange host, or the sign-in that a
    // flow waits for. Skipping decryption for AD FS alone is good practice.
    let tunnels: Vec<_> = hidden
        .iter()
        .filter(|(host, _)| {
            !sees_exchange
                || is_own_exchange_name(host)
                || identity_host::find(host).is_some() && waits_for_sign_in(case)
        })
        .take(NAMED)
        .collect();
    let Some(((host, session), others)) = tunnels.split_first() else { return Vec::new() };
    let more = match others.len() {
        0 => String::new(),
        1 => " and one more host".to_owned(),
        n => format!(" and {n} more hosts"),
    };
    let mut finding = Finding::new(
        Evidence::request_line(case, *session),
        format!(
            "The traffic with {host}{more} was not decrypted, so the capture cannot show the flow"
        ),
    )
    .fact("host", host.as_str());
    for (_, session) in others {
        finding = finding.and(Evidence::request_line(case, *session));
    }
    if case.flows.flows.iter().any(|f| f.outcome == Outcome::Healthy) {
        finding = finding.severity(Severity::Note);
    }
    vec![finding]
}

fn waits_for_sign_in(case: &Case<'_>) -> bool {
    case.unhealed_flows().any(|flow| {
        let state = |step| flow.steps.iter().find(|s| s.step == step).map(|s| s.state);
        state(Step::Challenge) == Some(StepState::Ok)
            && state(Step::SignIn) == Some(StepState::Missing)
    })
}
