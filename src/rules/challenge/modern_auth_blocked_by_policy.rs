//! Exchange does OAuth, and a policy keeps it from this user.

use crate::flow::{Protocol, Step};
use crate::rules::challenge::flighting::{Meaning, Refusal, refusals, users_with_offer};
use crate::rules::{Case, Evidence, Finding, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "modern-auth-blocked-by-policy",
    title: "A policy blocks modern authentication for this user",
    step: Some(Step::Challenge),
    severity: Severity::Error,
    why: "The client said who the user is, and Exchange answered that modern authentication is not enabled for this \
        very user: x-ms-diagnostics 4000000 quotes the user and the challenge has no authorization_uri. Exchange \
        2019 CU13 and later decide so by an authentication policy, the user's own or the organisation's default, \
        which can block each protocol by itself (BlockModernAuthMapi, BlockModernAuthActiveSync and so on). A user \
        whose mail domain is not an accepted domain gets the same answer.",
    fix: &[
        "See which policy counts for the user; where the first is empty the default counts: `Get-User {user} | fl \
            AuthenticationPolicy` `Get-OrganizationConfig | fl DefaultAuthenticationPolicy,OAuth2ClientProfileEnabled`",
        "See what it blocks, here by `BlockModernAuth{protocol}`: `Get-AuthenticationPolicy | fl \
            Name,BlockModernAuth*`",
        "Give the user a policy that allows it: `Set-User {user} -AuthenticationPolicy \"<policy>\"`",
        "Policies are cached: wait half an hour, or run `iisreset` on the servers of {host}",
        "If no policy blocks, see that the mail domain is accepted: `Get-AcceptedDomain | fl DomainName,DomainType`",
    ],
    reference: "Microsoft Learn: Enabling Modern Auth in Exchange on-premises (authentication policies); answers \
        recorded on Exchange Server SE",
    fires_on: r#"### 09:14:07 +31ms outlook.exe:4312 // empty Bearer
POST https://mail.contoso.com/mapi/emsmdb/?MailboxId=8b4f@contoso.com HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
X-User-Identity: meg@contoso.com
Authorization: Bearer

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:14:07 GMT
X-FEServer: EX1
request-id: 5ca2c827-5147-474c-8457-63c4e5099c6e
WWW-Authenticate: Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="00000001-0000-0000-c000-000000000000@7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90", token_types="app_asserted_user_v1 service_asserted_app_v1", error="invalid_token"
WWW-Authenticate: Negotiate
WWW-Authenticate: NTLM
x-ms-diagnostics: 4000000;reason="Flighting is not enabled for domain 'meg@contoso.com'.";error_category="oauth_not_available"

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
    let mut blocked: Vec<Refusal<'_>> = refusals(case);
    blocked.retain(|refusal| refusal.meaning == Meaning::UserBlocked);
    if blocked.is_empty() {
        return Vec::new();
    }
    let offered = users_with_offer(case);
    blocked
        .iter()
        .map(|refusal| {
            let Refusal { flow, reading, user, .. } = *refusal;
            let user = user.unwrap_or_default();
            let finding = Finding::new(
                Evidence::response_header(case, reading.session, "x-ms-diagnostics"),
                format!(
                    "{} does not allow modern authentication over {} for {user}",
                    flow.host,
                    flow.protocol.name()
                ),
            )
            .and(Evidence::request_header(case, reading.session, "X-User-Identity"))
            .and(Evidence::response_header(case, reading.session, "WWW-Authenticate"))
            .flow(flow.id)
            .fact("host", flow.host.as_str())
            .fact("user", user)
            .fact("protocol", parameter(flow.protocol));
            // Where another protocol is offered to the same user, the domain is accepted: it is the policy.
            if offered.contains(&user.to_ascii_lowercase()) { finding } else { finding.suspected() }
        })
        .collect()
}

/// The end of the policy's parameter: `BlockModernAuthMapi`.
const fn parameter(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::ActiveSync => "ActiveSync",
        Protocol::Autodiscover => "Autodiscover",
        Protocol::Ews => "WebServices",
        Protocol::Mapi => "Mapi",
        Protocol::Oab => "OfflineAddressBook",
        other => other.name(),
    }
}
