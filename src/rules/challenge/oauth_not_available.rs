//! Exchange could do OAuth and will not do it for this client.

use std::collections::HashSet;

use crate::flow::Step;
use crate::rules::challenge::flighting::{Meaning, Refusal, refusals};
use crate::rules::{Case, Evidence, Finding, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "oauth-not-available",
    title: "Exchange says that OAuth is not available here",
    step: Some(Step::Challenge),
    severity: Severity::Error,
    why: "x-ms-diagnostics 4000000 (\"Flighting is not enabled\") means that this Exchange can do modern \
        authentication, but does not offer it to this client. With an authorization_uri in the same answer the \
        organisation-wide switch for Outlook, OAuth2ClientProfileEnabled, is off or has not spread yet. Without one, \
        the mail domain may not be an accepted domain; when the text quotes the user, an authentication policy \
        blocks the protocol, which modern-auth-blocked-by-policy tells. When the text quotes only the host name and \
        the request named no user, the answer says nothing: newer builds answer every such probe so, and Outlook may \
        work well.",
    fix: &[
        "See the switches: `Get-OrganizationConfig | fl OAuth2ClientProfileEnabled,DefaultAuthenticationPolicy`",
        "Switch modern authentication on for Outlook; it is cached, so wait or run `iisreset` afterwards: \
            `Set-OrganizationConfig -OAuth2ClientProfileEnabled $true`",
        "See whether a policy blocks the user: `Get-User {user} | fl AuthenticationPolicy` `Get-AuthenticationPolicy | \
            fl Name,BlockModernAuth*`",
        "If one does, give the user a policy that allows it and wait half an hour: `Set-User {user} \
            -AuthenticationPolicy \"<policy>\"`",
        "See that the mail domain is accepted: `Get-AcceptedDomain | fl DomainName`",
        "If a tool sent the probe to {host} (`Test-HMAEAS`, a connectivity test, `curl`), repeat it with the address \
            of a mailbox in the header `X-User-Identity`",
    ],
    reference: "Exchange Team Blog: Announcing Hybrid Modern Authentication for Exchange On-Premises (2017), \
        Auth_URI failures; Microsoft Q&A 1792037; CSS-Exchange Test-HMAEAS.ps1",
    fires_on: r#"### 09:14:07 +31ms outlook.exe:4312 // empty Bearer
POST https://mail.contoso.com/mapi/emsmdb/?MailboxId=8b4f@contoso.com HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
X-User-Identity: meg@contoso.com
Authorization: Bearer

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:14:07 GMT
X-FEServer: EX1
request-id: 5ca2c827-5147-474c-8457-63c4e5099c6e
WWW-Authenticate: Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="00000001-0000-0000-c000-000000000000@7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90", token_types="app_asserted_user_v1 service_asserted_app_v1", authorization_uri="https://login.windows.net/common/oauth2/authorize", error="invalid_token"
WWW-Authenticate: Negotiate
WWW-Authenticate: NTLM
x-ms-diagnostics: 4000000;reason="Flighting is not enabled for domain 'contoso.com'.";error_category="oauth_not_available"

### 09:14:08 +52ms outlook.exe:4312 // Negotiate
POST https://mail.contoso.com/mapi/emsmdb/?MailboxId=8b4f@contoso.com HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
Authorization: Negotiate YIIGhgYGKwYBBQUCoIIGej

HTTP/1.1 200 OK
Date: Mon, 02 Mar 2026 09:14:08 GMT
X-FEServer: EX1
X-BEServer: EX2
"#,
    silent_on: r#"### 09:14:07 +31ms outlook.exe:4312 // empty Bearer
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

fn check(case: &Case<'_>) -> Vec<Finding> {
    // What is off for a host is off for everybody.
    let mut told: HashSet<String> = HashSet::new();
    let findings = refusals(case).into_iter().filter_map(|refusal| finding(case, &refusal));
    findings.filter(|finding| told.insert(finding.message.clone())).collect()
}

fn finding(case: &Case<'_>, refusal: &Refusal<'_>) -> Option<Finding> {
    let Refusal { flow, reading, meaning, user } = *refusal;
    let host = flow.host.as_str();
    let message = match meaning {
        Meaning::UserBlocked => return None,
        Meaning::ClientProfileOff => format!(
            "{host} names Entra ID and says in the same answer that OAuth is not available: \
                OAuth2ClientProfileEnabled is off or has not spread"
        ),
        Meaning::NotOffered => format!(
            "{host} does not offer OAuth over {} to {}: its mail domain is not accepted, or a switch or policy is off",
            flow.protocol.name(),
            user.unwrap_or("this client")
        ),
        Meaning::BareProbe => format!(
            "{host} cannot be judged by a probe that names no user: 4000000 about its own name says nothing"
        ),
    };
    let mut finding =
        Finding::new(Evidence::response_header(case, reading.session, "x-ms-diagnostics"), message)
            .and(Evidence::response_header(case, reading.session, "WWW-Authenticate"))
            .and(Evidence::request_header(case, reading.session, "X-User-Identity"))
            .flow(flow.id)
            .fact("host", host)
            .fact("user", user.or(flow.user.as_deref()).unwrap_or_default());
    if case.session(reading.session).is_some_and(|s| s.response_header("x-owa-version").is_some()) {
        finding = finding.and(Evidence::response_header(case, reading.session, "X-OWA-Version"));
    }
    Some(match meaning {
        Meaning::BareProbe => finding.severity(Severity::Note),
        Meaning::NotOffered => finding.suspected(),
        _ => finding,
    })
}
