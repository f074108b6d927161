//! The back end refuses what the front end let through.

use crate::capture::Session;
use crate::flow::{
    AnswerMessage, Flow, Outcome, Protocol, Reading, RequestMessage, Step, StepState, Subject,
};
use crate::rules::access::{back_end_status, has_back_end_marks, protocol_disabled};
use crate::rules::sign_in::short;
use crate::rules::{Case, Evidence, Finding, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "backend-refused",
    title: "The back end of Exchange refused the request",
    step: Some(Step::Access),
    severity: Severity::Error,
    why: "An Exchange server has two halves. The front end checks the token and passes the request on to the back end \
        of the server that holds the mailbox. Here the front end let the request through, and the back end answered \
        with a refusal or an error, or the front end did not know where the mailbox is. So sign-in and token are in \
        order; the fault lies behind them, on the server that is named in the evidence.",
    fix: &[
        "See which server is meant: `X-FEServer` let the request through, `X-BEServer` or `X-CalculatedBETarget` \
            answered; the `request-id` finds the request in the HttpProxy logs of the one and in the IIS logs of the \
            other",
        "On the back end, see that the application pools run and what the health checks say: `Get-ServerHealth \
            {server} | Where-Object AlertValue -eq Unhealthy` `Get-ServerComponentState {server}` `Test-ServiceHealth \
            {server}`",
        "After a 401 of the back end, see that OAuth is on in its own web site, and compare with a server that works: \
            `Get-MapiVirtualDirectory -Server {server} | fl Identity,*auth*` `Get-WebServicesVirtualDirectory -Server \
            {server} | fl Identity,*auth*`",
        "When `X-CasErrorCode` says that mailbox or user was not found, see where the mailbox is and that its database \
            is mounted: `Get-Mailbox {user} | fl Database,ServerName,ExchangeGuid` `Get-MailboxDatabaseCopyStatus *`",
        "Where Exchange 2010 is still in the organisation, mailboxes on it cannot use Hybrid Modern Authentication: \
            `Get-ExchangeServer | fl Name,AdminDisplayVersion`",
    ],
    reference: "Microsoft Learn: Resolve free/busy errors; Exchange Team Blog: Announcing Hybrid Modern Authentication \
        for Exchange On-Premises (2017), Exchange 2010",
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
HTTP/1.1 200 OK
Content-Type: application/json; charset=utf-8

{"token_type":"Bearer","expires_in":"3899","resource":"https://mail.contoso.com/","access_token":"{{jwt {"aud":"https://mail.contoso.com/","iss":"https://sts.windows.net/7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90/","tid":"7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90","nbf":1772442840,"exp":1772446740,"appid":"d3590ed6-52b3-4102-aeff-aad2292ab01c","scp":"user_impersonation","upn":"meg@contoso.com"}}}","refresh_token":"sample"}

### 09:14:32 +84ms outlook.exe:4312 // back end fails
POST https://mail.contoso.com/mapi/emsmdb/?MailboxId=8b4f@contoso.com HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
Authorization: Bearer {{jwt {"aud":"https://mail.contoso.com/","iss":"https://sts.windows.net/7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90/","tid":"7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90","nbf":1772442840,"exp":1772446740,"appid":"d3590ed6-52b3-4102-aeff-aad2292ab01c","scp":"user_impersonation","upn":"meg@contoso.com"}}}

HTTP/1.1 500 Internal Server Error
Date: Mon, 02 Mar 2026 09:14:32 GMT
X-FEServer: EX1
X-BEServer: EX2
X-CalculatedBETarget: ex2.contoso.com
X-BackEndHttpStatus: 500,500
request-id: 5fdfec03-2389-42b9-bab9-c787a49d09ca
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

/// Of OWA and ECP (Microsoft Learn: Configure Exchange Server on-premises to use Hybrid Modern Authentication).
const ACCOUNT: &str = "See that the account is synchronised with Entra ID: the built-in Administrator never is, and cannot \
    use OWA and ECP with Hybrid Modern Authentication";

fn check(case: &Case<'_>) -> Vec<Finding> {
    case.unhealed_flows()
        .filter_map(|flow| {
            let (reading, session) = decisive(case, flow).or_else(|| page(case, flow))?;
            let finding = finding(case, flow, reading, session);
            // A photo or the address book may fail while the mailbox opens.
            let is_aside = reading.subject == Subject::Aside
                && flow.outcome != Outcome::Broken
                && case.opens_mailbox_on(&flow.host);
            Some(if is_aside { finding.severity(Severity::Warning) } else { finding })
        })
        .collect()
}

/// The session that a flow ended with, if a back end wrote it; of several alike the first.
fn decisive<'a>(case: &Case<'a>, flow: &'a Flow) -> Option<(&'a Reading, &'a Session)> {
    let mut found: Option<(&Reading, &Session)> = None;
    for reading in case.readings_of(flow) {
        if reading.request != RequestMessage::Token || !reading.endpoint.is_hma_candidate() {
            continue;
        }
        let Some(session) = case.session(reading.session) else { continue };
        // What is beside the mailbox says nothing about one that failed.
        if reading.subject == Subject::Aside
            && found.is_some_and(|(known, _)| known.subject == Subject::Mailbox)
        {
            continue;
        }
        let fails = reading.diagnostics.is_none()
            && is_refusal(session)
            && protocol_disabled::told(reading, session).is_none();
        let settles = matches!(reading.answer, AnswerMessage::Success | AnswerMessage::Challenge);
        match found {
            Some((known, _))
                if fails && known.status == reading.status && known.subject == reading.subject => {}
            _ if fails => found = Some((reading, session)),
            // The front end has the last word about the token.
            _ if settles => found = None,
            _ => {}
        }
    }
    found
}

/// The error that OWA or ECP shows a browser that is signed in.
fn page<'a>(case: &Case<'a>, flow: &'a Flow) -> Option<(&'a Reading, &'a Session)> {
    let step = flow.steps.iter().find(|s| s.step == Step::Access)?;
    let failed = step.session.filter(|_| step.state == StepState::Failed)?;
    let reading = case.readings_of(flow).find(|r| r.session == failed)?;
    let is_page = matches!(flow.protocol, Protocol::Owa | Protocol::Ecp)
        && reading.request != RequestMessage::Token;
    is_page.then_some((reading, case.session(failed)?))
}

/// Whether the answer is a failure behind the front end: the back end's own, or that of finding it.
fn is_refusal(session: &Session) -> bool {
    match session.status() {
        401 | 403 => has_back_end_marks(session) || back_end_status(session).is_some(),
        404 => session.response_header("x-caserrorcode").is_some(),
        500.. => {
            has_back_end_marks(session)
                || back_end_status(session).is_some()
                || session.response_header("x-feserver").is_some()
        }
        _ => false,
    }
}

fn finding(case: &Case<'_>, flow: &Flow, reading: &Reading, session: &Session) -> Finding {
    let header = |name: &str| session.response_header(name).filter(|value| !value.is_empty());
    let server = header("x-beserver").or_else(|| header("x-calculatedbetarget"));
    let status = back_end_status(session).unwrap_or(reading.status);
    let is_page = reading.request != RequestMessage::Token;
    let is_redirect = reading.answer == AnswerMessage::Redirect;
    let message = match (server, header("x-caserrorcode")) {
        _ if is_redirect => {
            format!("{} took the sign-in and then showed an error page", flow.name())
        }
        _ if is_page => format!("{} took the sign-in and then answered {status}", flow.name()),
        (_, Some(reason)) => {
            format!("{} let the token in but found no back end: {}", flow.host, short(reason))
        }
        (Some(server), None) => {
            format!(
                "{} let the token in, and the back end {} answered {status}",
                flow.host,
                short(server)
            )
        }
        (None, None) => format!("{} failed behind the token check with {status}", flow.host),
    };
    let evidence = if is_redirect {
        Evidence::response_header(case, session.id, "Location")
    } else {
        Evidence::status(case, session.id)
    };
    let mut finding = Finding::new(evidence, message)
        .flow(flow.id)
        .fact("host", flow.host.as_str())
        .fact("server", server.unwrap_or_default())
        .fact("user", flow.user.clone().unwrap_or_default());
    for name in ["X-BackEndHttpStatus", "X-CasErrorCode", "X-BEServer", "X-FEServer", "request-id"]
    {
        if header(name).is_some() {
            finding = finding.and(Evidence::response_header(case, session.id, name));
        }
    }
    // Without a word of the back end the front end itself may have failed.
    let is_told = server.is_some()
        || header("x-caserrorcode").is_some()
        || back_end_status(session).is_some();
    let finding = if is_told { finding } else { finding.suspected() };
    if is_page { finding.advice(ACCOUNT) } else { finding }
}
