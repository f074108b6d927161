//! Something in front of Exchange answers in its place.

use crate::capture::Session;
use crate::flow::{AnswerMessage, Flow, Outcome, Protocol, Reading, Step};
use crate::http::{Target, response_cookies};
use crate::knowledge::front_end::{self, FrontEnd, Place};
use crate::knowledge::outlook_version::outlook_of;
use crate::rules::challenge::{
    RootDomains, finders, is_client_address, is_page, speaks_for_exchange,
};
use crate::rules::client::person;
use crate::rules::{Case, Evidence, Finding, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "not-exchange-answering",
    title: "Something else answers in place of Exchange",
    step: Some(Step::Challenge),
    severity: Severity::Error,
    why: "Every answer of Exchange carries header fields of its own, such as request-id and X-FEServer. The answer to \
        this request has none of them, and refuses it or shows a page: a reverse proxy, gateway or firewall wants a \
        sign-in of its own before it lets anybody through. Mail clients cannot do that, and the empty Bearer never \
        reaches Exchange.",
    fix: &[
        "Find the device: compare the addresses that the name has where the client is with those of the Exchange \
            servers: `Resolve-DnsName {host}`",
        "Publish `/autodiscover`, `/mapi`, `/EWS`, `/OAB` and `/Microsoft-Server-ActiveSync` of {host} without \
            pre-authentication",
        "At Web Application Proxy do that for the applications of Exchange: `Get-WebApplicationProxyApplication | fl \
            Name,ID,ExternalUrl,ExternalPreauthentication` `Set-WebApplicationProxyApplication -ID <id> \
            -ExternalPreauthentication PassThrough`",
        "Let the device pass the headers `Authorization` and `WWW-Authenticate` unchanged, and let it not block \
            unknown user agents",
        "For Outlook on phones let Microsoft's addresses `52.125.128.0/20` and `52.127.96.0/23` through",
        "Test from outside: an empty Bearer to {host} must be answered with `X-FEServer` or `request-id`",
    ],
    reference: "Microsoft Learn: Using hybrid Modern Authentication with Outlook for iOS and Android (no \
        pre-authentication); Microsoft Learn: Resolve free/busy errors in Exchange hybrid; Exchange Team Blog: \
        Announcing Hybrid Modern Authentication for Exchange On-Premises (2017)",
    fires_on: "### 09:14:07 +31ms outlook.exe:4312 // empty Bearer
POST https://mail.contoso.com/mapi/emsmdb/?MailboxId=8b4f@contoso.com HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
X-User-Identity: meg@contoso.com
Authorization: Bearer

HTTP/1.1 302 Found
Date: Mon, 02 Mar 2026 09:14:07 GMT
Server: BigIP
Location: https://mail.contoso.com/my.policy
",
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
    let roots = RootDomains::of(case);
    // Exchange Online is asked first, whoever the mailbox belongs to.
    let finders = finders(case, case.flows.flows.iter().filter(|flow| !flow.online));
    case.flows
        .flows
        .iter()
        .filter(|flow| {
            !flow.online
                && flow.outcome != Outcome::Healthy
                && matches!(
                    flow.protocol,
                    Protocol::Autodiscover
                        | Protocol::Mapi
                        | Protocol::Ews
                        | Protocol::Oab
                        | Protocol::ActiveSync
                )
                && !roots.tries(flow)
        })
        .filter_map(|flow| Some((flow, finding(case, flow)?)))
        .map(|(flow, finding)| {
            // Who found the server by another address has lost nothing yet.
            let is_found =
                flow.protocol == Protocol::Autodiscover && finders.contains(&person(case, flow));
            if is_found { finding.severity(Severity::Warning) } else { finding }
        })
        .collect()
}

/// How an answer shows that Exchange did not write it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// It leads to a page.
    Redirect,
    /// It is a page.
    Page,
    /// It refuses without a header field of Exchange.
    Refusal,
}

fn finding(case: &Case<'_>, flow: &Flow) -> Option<Finding> {
    let asks =
        |r: &&Reading| r.endpoint.is_hma_candidate() && (r.sent_bearer() || is_mail_client(flow));
    let mut found: Option<(&Session, Sign)> = None;
    for reading in case.readings_of(flow).filter(asks) {
        let Some(session) = case.session(reading.session) else { continue };
        let sign = sign(reading, session);
        // Exchange answered, or somebody who lets tokens through.
        let passes = speaks_for_exchange(reading)
            || reading.diagnostics.is_some()
            || reading.sent_bearer() && reading.succeeded() && sign.is_none();
        if passes {
            return None;
        }
        if let (None, Some(sign)) = (found, sign) {
            found = Some((session, sign));
        }
    }
    let (session, sign) = found?;
    let device = device(session);
    let by = device.map(|d| format!(" ({})", d.name)).unwrap_or_default();
    let what = match sign {
        Sign::Redirect => format!(
            "{} leads clients of {} to a page{by} in place of answering as Exchange",
            flow.host,
            flow.protocol.name()
        ),
        Sign::Page => format!(
            "{} answers clients of {} with a page{by} that is not Exchange's",
            flow.host,
            flow.protocol.name()
        ),
        Sign::Refusal => format!(
            "{} refuses Bearer over {} with {} and no header of Exchange{by}: something else answers",
            flow.host,
            flow.protocol.name(),
            session.status()
        ),
    };
    let server = session.response_header("server").unwrap_or_default();
    let foreign = !server.is_empty() && !server.to_ascii_lowercase().contains("microsoft-iis");
    let decisive = match sign {
        Sign::Redirect => Evidence::response_header(case, session.id, "Location"),
        Sign::Page | Sign::Refusal => Evidence::status(case, session.id),
    };
    let finding = Finding::new(decisive, what)
        .and(Evidence::response_header(case, session.id, "X-FEServer"))
        .and(Evidence::response_header(case, session.id, "Server"))
        .and(Evidence::request_header(case, session.id, "Authorization"))
        .flow(flow.id)
        .fact("host", flow.host.as_str());
    // A device may also take Exchange's header fields out of its answers.
    Some(if sign == Sign::Refusal && !foreign { finding.suspected() } else { finding })
}

fn is_mail_client(flow: &Flow) -> bool {
    flow.user_agent.as_deref().is_some_and(|agent| outlook_of(agent).is_some())
}

fn sign(reading: &Reading, session: &Session) -> Option<Sign> {
    let response = session.response.as_ref()?;
    if speaks_for_exchange(reading)
        || response.headers.is_empty()
        || !is_client_address(session.request.target.path())
        || reading.challenges.bearer().is_some_and(|bearer| bearer.authorization_uri().is_some())
    {
        return None;
    }
    match &reading.answer {
        AnswerMessage::Redirect => {
            leads_elsewhere(response.headers.get("location")?).then_some(Sign::Redirect)
        }
        AnswerMessage::Success if is_page(response) => Some(Sign::Page),
        AnswerMessage::Challenge if reading.status == 401 && reading.sent_bearer() => {
            Some(Sign::Refusal)
        }
        AnswerMessage::Refusal if reading.sent_bearer() => Some(Sign::Refusal),
        _ => None,
    }
}

/// Autodiscover redirects to another Autodiscover, old hosts to new ones; a sign-in page has an address of its own.
fn leads_elsewhere(location: &str) -> bool {
    let path = Target::new(location).path().to_ascii_lowercase();
    let path = path.trim_start_matches('/');
    !["autodiscover", "ews", "mapi", "oab", "microsoft-server-activesync"]
        .iter()
        .any(|directory| path.starts_with(directory))
}

fn device(session: &Session) -> Option<&'static FrontEnd> {
    let headers = &session.response.as_ref()?.headers;
    let location = headers.get("location").map(Target::new);
    location
        .and_then(|target| front_end::find(Place::RedirectPath, target.path()))
        .or_else(|| front_end::find(Place::Server, headers.get("server")?))
        .or_else(|| {
            response_cookies(headers)
                .iter()
                .find_map(|cookie| front_end::find(Place::Cookie, &cookie.name))
        })
}
