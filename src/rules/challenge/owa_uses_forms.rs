//! The browser is sent to Exchange's own sign-in page, not to Entra ID.

use std::collections::HashSet;

use crate::flow::{AnswerMessage, Flow, Protocol, Reading, Step, WebStep, is_good_challenge};
use crate::rules::challenge::parent_domain;
use crate::rules::{Case, Evidence, Finding, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "owa-uses-forms",
    title: "Outlook on the web does not use modern authentication",
    step: Some(Step::Challenge),
    severity: Severity::Warning,
    why: "Mail clients of this organisation sign in at Entra ID, but Outlook on the web or the admin centre sends the \
        browser to its own forms page or to AD FS. Passwords then go to Exchange or AD FS itself, and what Entra ID \
        demands, a second factor or a managed device, does not count there. Exchange 2019 CU14 with the update of \
        April 2024, and later versions, can use Entra ID for them too.",
    fix: &[
        "See that all servers are new enough, 15.2.1544.11 or later: `Get-ExchangeServer | fl \
            Name,AdminDisplayVersion`",
        "Add the addresses to the reply URLs, and write the whole list back: `$x = Get-MgServicePrincipal -Filter \
            \"AppId eq '00000002-0000-0ff1-ce00-000000000000'\"` `$x.ReplyUrls += \"https://{host}/owa\", \
            \"https://{host}/ecp\"` `Update-MgServicePrincipal -ServicePrincipalId $x.Id -ReplyUrls $x.ReplyUrls`",
        "Switch the admin centre over first: `Get-EcpVirtualDirectory | Set-EcpVirtualDirectory -FormsAuthentication \
            $false -BasicAuthentication $false -DigestAuthentication $false -AdfsAuthentication $false \
            -OAuthAuthentication $true`",
        "Then Outlook on the web, and run `iisreset` on each server: `Get-OwaVirtualDirectory | \
            Set-OwaVirtualDirectory -FormsAuthentication $false -BasicAuthentication $false -DigestAuthentication $false \
            -AdfsAuthentication $false -OAuthAuthentication $true`",
        "Keep an account that is synchronised to Entra ID as administrator: the built-in Administrator cannot sign in \
            there",
    ],
    reference: "Microsoft Learn: Configure Exchange Server on-premises to use Hybrid Modern Authentication (revision \
        of December 2024), Enable Hybrid Modern Authentication for OWA and ECP",
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

### 09:14:20 +31ms msedge.exe:901 // the forms page
GET https://mail.contoso.com/owa/ HTTP/1.1
User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36

HTTP/1.1 302 Found
Date: Mon, 02 Mar 2026 09:14:20 GMT
X-FEServer: EX1
Location: https://mail.contoso.com/owa/auth/logon.aspx?url=https%3a%2f%2fmail.contoso.com%2fowa%2f&reason=0

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

### 09:14:20 +31ms msedge.exe:901 // Entra ID
GET https://mail.contoso.com/owa/ HTTP/1.1
User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36

HTTP/1.1 302 Found
Date: Mon, 02 Mar 2026 09:14:20 GMT
X-FEServer: EX1
Location: https://login.microsoftonline.com/common/oauth2/authorize?client_id=00000002-0000-0ff1-ce00-000000000000&redirect_uri=https%3A%2F%2Fmail.contoso.com%2Fowa%2F&response_mode=form_post&response_type=code+id_token&scope=openid

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

/// One finding for each host.
fn check(case: &Case<'_>) -> Vec<Finding> {
    let web = |flow: &&Flow| !flow.online && matches!(flow.protocol, Protocol::Owa | Protocol::Ecp);
    let offering: HashSet<&str> = case
        .readings()
        .filter(|r| {
            is_good_challenge(r)
                && r.endpoint.is_hma_candidate()
                && !matches!(r.endpoint.protocol(), Some(Protocol::Owa | Protocol::Ecp))
        })
        .filter_map(|r| Some(parent_domain(case.session(r.session)?.host())))
        .collect();
    let mut told: HashSet<&str> = HashSet::new();
    let mut findings = Vec::new();
    for flow in case.flows.flows.iter().filter(web) {
        let Some((reading, page)) = sign_in_page(case, flow) else { continue };
        if page == WebStep::SentToEntra || !told.insert(flow.host.as_str()) {
            continue;
        }
        let uses_hma = offering.contains(parent_domain(&flow.host));
        findings.push(finding(case, flow, reading, page, uses_hma));
    }
    findings
}

/// The page that the flow's browser was sent to last. Where that is not recorded, the password that it posted tells.
fn sign_in_page<'a>(case: &Case<'a>, flow: &'a Flow) -> Option<(&'a Reading, WebStep)> {
    let pages = || {
        case.readings_of(flow)
            .filter(|r| r.answer == AnswerMessage::Redirect && r.spoke_as_exchange)
            .filter_map(|r| Some((r, r.web?)))
            .filter(|(_, page)| {
                matches!(page, WebStep::SentToEntra | WebStep::SentToAdfs | WebStep::Forms)
            })
    };
    let is_sent = |(reading, _): &(&Reading, WebStep)| {
        case.session(reading.session)
            .is_some_and(|s| !s.request.method.eq_ignore_ascii_case("POST"))
    };
    pages().filter(is_sent).last().or_else(|| pages().last())
}

fn finding(
    case: &Case<'_>,
    flow: &Flow,
    reading: &Reading,
    page: WebStep,
    uses_hma: bool,
) -> Finding {
    let place = if page == WebStep::SentToAdfs { "AD FS" } else { "its own forms page" };
    let contrast =
        if uses_hma { ", although mail clients of the organisation use Entra ID" } else { "" };
    let finding = Finding::new(
        Evidence::response_header(case, reading.session, "Location"),
        format!("{} at {} sends browsers to {place}{contrast}", flow.protocol.name(), flow.host),
    )
    .and(Evidence::request_line(case, reading.session))
    .flow(flow.id)
    .fact("host", flow.host.as_str());
    if uses_hma { finding } else { finding.severity(Severity::Note) }
}
