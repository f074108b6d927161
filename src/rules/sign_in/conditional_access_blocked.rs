//! A policy of the tenant does not let the sign-in through.

use serde_json::Value;

use crate::flow::Step;
use crate::rules::sign_in::failure::{Failure, Kind, failures};
use crate::rules::{Case, Evidence, Finding, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "conditional-access-blocked",
    title: "Conditional Access blocked the sign-in",
    step: Some(Step::SignIn),
    severity: Severity::Error,
    why: "Name and password may be right, but a policy of the tenant does not allow this sign-in: Conditional Access \
        asks for a compliant or joined device, an approved app or a trusted place, or blocks outright; security \
        defaults or the risk of the user or the sign-in do the same. Hybrid Modern Authentication brings on-premises \
        mailboxes under these policies, often for the first time, because policies for Office 365 Exchange Online \
        count for them too.",
    fix: &[
        "Find the attempt in Entra ID > Sign-in logs by the request id or correlation id in the evidence; the tab \
            Conditional Access names the policy and the condition that decided: `Connect-MgGraph -Scopes \
            AuditLog.Read.All,Policy.Read.All` `Get-MgAuditLogSignIn -Filter \"userPrincipalName eq '{user}'\" -Top 20 \
            | Select-Object CreatedDateTime,AppDisplayName,ConditionalAccessStatus,CorrelationId`",
        "If the evidence lists ids under capolids, these are the blocking policies: \
            `Get-MgIdentityConditionalAccessPolicy -ConditionalAccessPolicyId {policy}`",
        "Meet the condition (join or enrol the device, use an approved app, sign in from a trusted place), or exclude \
            {user} or the client from the policy if it is not meant for them",
        "Look up the code: `hma-trace explain {code}`",
    ],
    reference: "Microsoft Learn: Microsoft Entra authentication and authorization error codes, 53000 to 53011, 530032, \
        530035; Microsoft Learn: Troubleshooting sign-in problems with Conditional Access",
    fires_on: r#"### 09:14:07 +31ms outlook.exe:4312 // empty Bearer
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
HTTP/1.1 400 Bad Request
Content-Type: application/json; charset=utf-8
x-ms-request-id: f840b3e7-8740-4698-b252-d759825e0300

{"error":"interaction_required","error_description":"AADSTS53003: Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.","error_codes":[53003],"correlation_id":"0d7b3e7c-93a1-4a3c-8d7e-7ad0c2b7f5a1","suberror":"message_only","claims":"{\"access_token\":{\"capolids\":{\"essential\":true,\"values\":[\"3c1f0a86-52d7-4a0e-9b8a-5d4e7c2b1f60\"]}}}"}
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

/// So many policies are named.
const NAMED: usize = 10;

fn check(case: &Case<'_>) -> Vec<Finding> {
    failures(case, Kind::ConditionalAccess)
        .into_iter()
        // What healed is an interruption: the user met the condition.
        .filter(|failure| !failure.healed)
        .map(|failure| finding(case, &failure))
        .collect()
}

fn finding(case: &Case<'_>, failure: &Failure<'_>) -> Finding {
    let policies = policies(failure);
    let by = match policies.len() {
        0 => String::new(),
        1 => " (one policy is named)".to_owned(),
        n => format!(" ({n} policies are named)"),
    };
    let message = format!(
        "A policy of the tenant blocked the sign-in for {} with {}{}{by}",
        failure.flow.host,
        failure.name(),
        failure.meaning()
    );
    let mut finding = failure.finding(case, message);
    if let Some(first) = policies.first() {
        finding = finding
            .and(Evidence::response_body(failure.reading.session, "capolids", policies.join(", ")))
            .fact("policy", first.as_str());
    }
    finding
}

/// The ids of the blocking policies: `capolids` in the claims that Entra ID asks for.
fn policies(failure: &Failure<'_>) -> Vec<String> {
    let answer = failure.session.response.as_ref().and_then(|answer| answer.body.json());
    let claims: Option<Value> = answer.as_ref().and_then(|body| match body.get("claims")? {
        Value::String(text) => serde_json::from_str(text).ok(),
        claims => Some(claims.clone()),
    });
    let values = claims
        .as_ref()
        .and_then(|claims| claims.get("access_token")?.get("capolids")?.get("values")?.as_array());
    values
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .filter(|id| id.len() <= 36 && id.chars().all(|c| c.is_ascii_hexdigit() || c == '-'))
        .take(NAMED)
        .map(str::to_owned)
        .collect()
}
