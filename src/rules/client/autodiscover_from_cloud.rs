//! The client looks for its mailbox in the cloud only.

use crate::capture::Session;
use crate::flow::{AnswerMessage, Endpoint, Flow, Outcome, Protocol, Reading, Step};
use crate::http::Target;
use crate::knowledge::exchange_online_host::is_exchange_online;
use crate::knowledge::outlook_version::{MailClient, outlook_of};
use crate::rules::client::client_name;
use crate::rules::{Case, Evidence, Finding, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "autodiscover-from-cloud",
    title: "Autodiscover was answered by Exchange Online only",
    step: Some(Step::Probe),
    severity: Severity::Warning,
    why: "Outlook asks Exchange Online first where a mailbox is. Here Exchange Online answered that the mailbox is \
        its own, and no server of your organisation was asked afterwards. That is right for a mailbox in the cloud. \
        For a mailbox on-premises it is the reason why Outlook signs in for the wrong place: often the user has a \
        second mailbox in Exchange Online by mistake. Whether this mailbox is on-premises, the capture cannot tell.",
    fix: &[
        "See where the mailbox is, in the Exchange Management Shell on-premises and in Exchange Online PowerShell; a \
            mailbox on-premises is a MailUser in the cloud: `Get-Recipient {user} | fl RecipientTypeDetails`",
        "If both have a mailbox, keep the right one: take the Exchange Online licence from the user, and after saving \
            its content remove the second mailbox in Exchange Online PowerShell: `Set-User {user} \
            -PermanentlyClearPreviousMailboxInfo`",
        "Only where the organisation has no mailbox in the cloud at all, let Outlook skip Exchange Online, which \
            would break mailboxes there: `reg add HKCU\\Software\\Microsoft\\Office\\16.0\\Outlook\\AutoDiscover /v \
            ExcludeExplicitO365Endpoint /t REG_DWORD /d 1`",
    ],
    reference: "Microsoft Learn: Outlook 2016 implementation of Autodiscover (step for Office 365); Microsoft Learn: \
        Using hybrid Modern Authentication with Outlook for iOS and Android",
    fires_on: r#"### 09:14:01 +120ms outlook.exe:4312 // Exchange Online says: here
GET https://outlook.office365.com/autodiscover/autodiscover.json/v1.0/meg@contoso.com?Protocol=AutodiscoverV1&RedirectCount=1 HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)

HTTP/1.1 200 OK
Date: Mon, 02 Mar 2026 09:14:01 GMT
Content-Type: application/json
X-FEServer: AM0PR01CA0001

{"Protocol":"AutodiscoverV1","Url":"https://outlook.office365.com/autodiscover/autodiscover.xml"}
"#,
    silent_on: r#"### 09:14:01 +120ms outlook.exe:4312 // Exchange Online says: there
GET https://outlook.office365.com/autodiscover/autodiscover.json/v1.0/meg@contoso.com?Protocol=AutodiscoverV1&RedirectCount=1 HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)

HTTP/1.1 200 OK
Date: Mon, 02 Mar 2026 09:14:01 GMT
Content-Type: application/json
X-FEServer: AM0PR01CA0001

{"Protocol":"AutodiscoverV1","Url":"https://autodiscover.contoso.com/autodiscover/autodiscover.xml"}

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

/// One finding speaks for the file.
fn check(case: &Case<'_>) -> Vec<Finding> {
    let works = case.hma_flows().any(|flow| flow.outcome == Outcome::Healthy);
    if works || case.hides_exchange() {
        return Vec::new();
    }
    let is_own = |r: &Reading| matches!(r.endpoint, Endpoint::Exchange { online: false, .. });
    let last_own = case.flows.readings.iter().rposition(is_own);
    let asks = |flow: &&Flow| flow.online && flow.protocol == Protocol::Autodiscover;
    case.flows
        .flows
        .iter()
        .filter(asks)
        .filter(|flow| is_outlook(flow))
        .find_map(|flow| finding(case, flow, last_own))
        .into_iter()
        .collect()
}

/// Outlook on computers; the mobile apps talk to the cloud by design.
fn is_outlook(flow: &Flow) -> bool {
    let agent = flow.user_agent.as_deref().unwrap_or_default();
    outlook_of(agent)
        .is_some_and(|known| matches!(known.client, MailClient::Windows | MailClient::Mac))
}

fn finding(case: &Case<'_>, flow: &Flow, last_own: Option<usize>) -> Option<Finding> {
    let answered = case
        .readings_of(flow)
        .filter(|r| r.answer == AnswerMessage::Success)
        .filter(|r| last_own.is_none_or(|own| own < case.place(r.session)))
        .filter_map(|r| case.session(r.session))
        .find(|session| stays_in_the_cloud(session))?;
    let asked = answered.request.target.path().rsplit('/').next().unwrap_or_default();
    let user = flow
        .user
        .clone()
        .or_else(|| asked.contains('@').then(|| asked.to_owned()))
        .or_else(|| answered.request.target.query("Email"))
        .unwrap_or_default();
    Some(
        Finding::new(
            Evidence::request_line(case, answered.id),
            format!(
                "{} asked {} for its mailbox and no server of the organisation: right only if the mailbox is in \
                    Exchange Online",
                client_name(flow),
                flow.host
            ),
        )
        .and(Evidence::status(case, answered.id))
        .flow(flow.id)
        .suspected()
        .fact("user", user),
    )
}

/// Whether an answer leads to Exchange Online; one that names a server of the organisation does not.
fn stays_in_the_cloud(session: &Session) -> bool {
    let Some(response) = &session.response else { return false };
    let url = response.body.json().and_then(|json| {
        let (_, url) =
            json.as_object()?.iter().find(|(name, _)| name.eq_ignore_ascii_case("Url"))?;
        Some(Target::new(url.as_str()?))
    });
    match url {
        Some(url) => is_exchange_online(url.host()),
        None => response.headers.get("content-type").is_some_and(|kind| kind.contains("xml")),
    }
}
