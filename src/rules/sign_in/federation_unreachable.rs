//! AD FS, or another federated identity provider, fails.

use std::collections::{HashMap, HashSet};

use chrono::TimeDelta;
use serde_json::Value;

use crate::capture::Session;
use crate::flow::{Actor, AnswerMessage, IdentityPurpose, Outcome, Reading, Step};
use crate::http::{Authorization, Scheme, Target};
use crate::rules::sign_in::failure::{JUDGED, user_of};
use crate::rules::sign_in::waiting::Waiting;
use crate::rules::{Case, Evidence, Finding, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "federation-unreachable",
    title: "The federated identity provider failed",
    step: Some(Step::SignIn),
    severity: Severity::Error,
    why: "The domain of the user is federated: Entra ID sends the sign-in on to AD FS or another identity provider of \
        the organisation, and waits for its word. That provider did not answer, answered with a server error, \
        refused Windows sign-in, or said with an MSIS code that it cannot do what was asked. Entra ID issues no token before it gets a good answer, so \
        every client of such users is locked out, whatever Exchange does.",
    fix: &[
        "See whether the provider is up and reachable from where the user is (inside by AD FS, outside by the Web \
            Application Proxy): `Test-NetConnection {host} -Port 443` `Invoke-WebRequest \
            https://{host}/adfs/idpinitiatedsignon.htm -UseBasicParsing` `Invoke-WebRequest \
            https://{host}/adfs/services/trust/mex -UseBasicParsing`",
        "On the AD FS servers, look at the service and at the event log AD FS/Admin at the time of the session: \
            `Get-Service adfssrv` `Get-AdfsEndpoint | Where-Object Enabled | Select-Object AddressPath,Proxy` \
            `Get-WinEvent -LogName \"AD FS/Admin\" -MaxEvents 50`",
        "Compare what Entra ID knows of the federation: `Connect-MgGraph -Scopes Domain.Read.All` \
            `Get-MgDomainFederationConfiguration -DomainId {domain} | Select-Object \
            IssuerUri,PassiveSignInUri,ActiveSignInUri`",
        "An MSIS code in the evidence names what AD FS lacks; its text stands in the same event log",
        "If only the recording fails: AD FS with extended protection refuses Windows sign-in through Fiddler; let \
            Fiddler skip decryption for {host}",
    ],
    reference: "Exchange Team Blog: Announcing Hybrid Modern Authentication for Exchange On-Premises (2017), AD FS; \
        Microsoft Learn: Troubleshoot AD FS",
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

### 09:14:08 +150ms outlook.exe:4312 // Entra ID sends the user to AD FS
GET https://login.windows.net/common/oauth2/authorize?response_type=code&client_id=d3590ed6-52b3-4102-aeff-aad2292ab01c&resource=https%3A%2F%2Fmail.contoso.com%2F&redirect_uri=urn%3Aietf%3Awg%3Aoauth%3A2.0%3Aoob&login_hint=meg%40contoso.com HTTP/1.1

HTTP/1.1 302 Found
x-ms-request-id: 9a41d1c5-0b34-4c1a-8b43-1d6a1f1c0e00
Location: https://sts.contoso.com/adfs/ls/?wa=wsignin1.0&wtrealm=urn%3afederation%3aMicrosoftOnline&username=meg%40contoso.com

### 09:14:09 +30ms outlook.exe:4312 // AD FS
GET https://sts.contoso.com/adfs/ls/?wa=wsignin1.0&wtrealm=urn%3afederation%3aMicrosoftOnline&username=meg%40contoso.com HTTP/1.1

HTTP/1.1 503 Service Unavailable
Server: Microsoft-HTTPAPI/2.0
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

### 09:14:08 +150ms outlook.exe:4312 // Entra ID sends the user to AD FS
GET https://login.windows.net/common/oauth2/authorize?response_type=code&client_id=d3590ed6-52b3-4102-aeff-aad2292ab01c&resource=https%3A%2F%2Fmail.contoso.com%2F&redirect_uri=urn%3Aietf%3Awg%3Aoauth%3A2.0%3Aoob&login_hint=meg%40contoso.com HTTP/1.1

HTTP/1.1 302 Found
x-ms-request-id: 9a41d1c5-0b34-4c1a-8b43-1d6a1f1c0e00
Location: https://sts.contoso.com/adfs/ls/?wa=wsignin1.0&wtrealm=urn%3afederation%3aMicrosoftOnline&username=meg%40contoso.com

### 09:14:09 +30ms outlook.exe:4312 // AD FS
GET https://sts.contoso.com/adfs/ls/?wa=wsignin1.0&wtrealm=urn%3afederation%3aMicrosoftOnline&username=meg%40contoso.com HTTP/1.1

HTTP/1.1 200 OK
Server: Microsoft-HTTPAPI/2.0
Content-Type: text/html; charset=utf-8

<html><form method="POST" action="https://login.microsoftonline.com/login.srf"></form></html>

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

/// What an identity provider did in place of signing the user in.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Trouble {
    /// It could not be reached.
    NoConnection,
    /// No answer was recorded although the recording went on.
    NoAnswer,
    /// A server error.
    Status(u16),
    /// An error of AD FS with its number.
    Named(String),
    /// The WS-Trust endpoint did not accept name and password.
    Credentials,
    /// Windows sign-in was refused more than once.
    Windows,
}

/// A browser whose Kerberos ticket is refused tries NTLM once; more refusals are no handshake.
const REFUSALS: usize = 2;

/// A recording that goes on for so long behind a request has waited for its answer.
const PATIENCE: TimeDelta = TimeDelta::seconds(20);

fn check(case: &Case<'_>) -> Vec<Finding> {
    let troubles = troubles(case);
    if troubles.is_empty() {
        return Vec::new();
    }
    let waiting = Waiting::of(case);
    let mut findings: Vec<Finding> = Vec::new();
    for (session, reading, trouble) in troubles {
        let Some((flow, false)) = waiting.flow_for(case, reading) else { continue };
        if flow.outcome == Outcome::Healthy || findings.iter().any(|f| f.flow == Some(flow.id)) {
            continue;
        }
        let host = session.host();
        let user = user_of(case, flow, session.id);
        let domain = user.as_deref().and_then(|u| u.rsplit_once('@')).map(|(_, domain)| domain);
        let (told, evidence) = match &trouble {
            Trouble::NoConnection => {
                ("could not be reached".to_owned(), Evidence::status(case, session.id))
            }
            Trouble::NoAnswer => ("did not answer".to_owned(), Evidence::status(case, session.id)),
            Trouble::Status(status) => {
                (format!("answered with status {status}"), Evidence::status(case, session.id))
            }
            Trouble::Named(code) => (
                format!("refused with {code}"),
                Evidence::response_body(session.id, "error", code.as_str()),
            ),
            Trouble::Credentials => (
                "did not accept name and password".to_owned(),
                Evidence::response_body(session.id, "fault", "FailedAuthentication"),
            ),
            Trouble::Windows => (
                "refused Windows sign-in again and again".to_owned(),
                Evidence::status(case, session.id),
            ),
        };
        let finding = Finding::new(
            evidence,
            format!(
                "The identity provider {host} {told}, so the sign-in for {} ended there",
                flow.host
            ),
        )
        .and(Evidence::request_line(case, session.id))
        .flow(flow.id)
        .fact("host", host)
        .fact("domain", domain.unwrap_or_default());
        let is_sure = !matches!(trouble, Trouble::NoAnswer | Trouble::Windows);
        findings.push(if is_sure { finding } else { finding.suspected() });
    }
    findings
}

/// Of each provider the first trouble behind which no good answer follows, in the order of time.
fn troubles<'a>(case: &Case<'a>) -> Vec<(&'a Session, &'a Reading, Trouble)> {
    let ended = case.capture.ended();
    let mut providers: HashMap<&str, Option<(&Session, &Reading, Trouble)>> = HashMap::new();
    let mut named: HashSet<String> = HashSet::new();
    let mut reached: HashSet<&str> = HashSet::new();
    let mut refused: HashMap<&str, Vec<(&Session, &Reading)>> = HashMap::new();
    for reading in case.readings() {
        let Some(session) = case.session(reading.session) else { continue };
        if reading.endpoint.actor() == Actor::EntraId {
            named.extend(provider_named_in(session, reading));
        }
        let is_provider = reading.endpoint.actor() == Actor::IdentityProvider
            || session.tunnel && named.contains(session.host());
        if !is_provider {
            continue;
        }
        let went_on = || {
            let waited = session.started.zip(ended).map(|(start, end)| end - start);
            waited.is_some_and(|waited| waited > PATIENCE)
        };
        let entry = providers.entry(session.host()).or_default();
        let refusals = refused.entry(session.host()).or_default();
        if refuses_windows(session, reading) {
            refusals.push((session, reading));
            continue;
        }
        // Asking for the sign-in once more makes up for no refusal.
        let asks_again = reading.status == 401 && !refusals.is_empty();
        match trouble(session, reading) {
            None if asks_again => {}
            Some(Trouble::NoAnswer) if !went_on() => {}
            // A window that was closed leaves such sessions behind.
            Some(Trouble::NoAnswer | Trouble::NoConnection) if reached.contains(session.host()) => {
            }
            Some(trouble) => {
                entry.get_or_insert((session, reading, trouble));
            }
            // An open tunnel is no answer of the provider.
            None if session.tunnel => {}
            None => {
                reached.insert(session.host());
                *entry = None;
                refusals.clear();
            }
        }
    }
    let windows = |host: &str| {
        let refusals = refused.get(host).filter(|refusals| refusals.len() >= REFUSALS)?;
        refusals.first().map(|(session, reading)| (*session, *reading, Trouble::Windows))
    };
    let mut troubles: Vec<_> = providers
        .into_iter()
        .filter_map(|(host, trouble)| trouble.or_else(|| windows(host)))
        .collect();
    troubles.sort_by_key(|(session, ..)| case.place(session.id));
    troubles.truncate(JUDGED);
    troubles
}

/// The provider to which an answer of Entra ID sends the user: a redirect, or what it knows of the user's domain.
fn provider_named_in(session: &Session, reading: &Reading) -> Option<String> {
    let answer = session.response.as_ref()?;
    let target = if reading.endpoint.identity() == Some(IdentityPurpose::UserRealm) {
        let body = answer.body.json()?;
        let url = ["AuthURL", "federation_active_auth_url"]
            .iter()
            .find_map(|name| body.get(*name).and_then(Value::as_str))?;
        Target::new(url)
    } else {
        let target = Target::new(answer.headers.get("location")?);
        let is_sign_in = target.path().to_ascii_lowercase().starts_with("/adfs/")
            || target.query("wa").is_some_and(|wa| wa == "wsignin1.0");
        is_sign_in.then_some(target)?
    };
    (!target.host().is_empty()).then(|| target.host().to_owned())
}

fn trouble(session: &Session, reading: &Reading) -> Option<Trouble> {
    let Some(answer) = &session.response else {
        return Some(if session.error.is_some() {
            Trouble::NoConnection
        } else {
            Trouble::NoAnswer
        });
    };
    if session.tunnel {
        return (answer.status >= 500 || answer.status == 0 && session.error.is_some())
            .then_some(Trouble::NoConnection);
    }
    let text = answer.body.text();
    let location = answer.headers.get("location").unwrap_or_default();
    if let Some(code) = named_error(&text).or_else(|| named_error(location)) {
        return Some(Trouble::Named(code));
    }
    let is_trust = reading.endpoint.identity() == Some(IdentityPurpose::WsTrust);
    if is_trust && (text.contains("FailedAuthentication") || text.contains("ID3242")) {
        return Some(Trouble::Credentials);
    }
    match (&reading.answer, answer.status) {
        (AnswerMessage::Missing, _) => Some(Trouble::NoAnswer),
        (_, 0) => Some(Trouble::NoConnection),
        (_, status @ 500..) => Some(Trouble::Status(status)),
        _ => None,
    }
}

/// Whether a provider refuses what Windows signs in with, rather than answering the handshake's first half.
fn refuses_windows(session: &Session, reading: &Reading) -> bool {
    let is_sent = matches!(
        Authorization::of(&session.request.headers),
        Authorization::Scheme(Scheme::Negotiate | Scheme::Ntlm, _)
    );
    reading.status == 401 && is_sent && reading.challenges.iter().all(|c| c.blob.is_none())
}

/// `MSIS7065`: the number of an error of AD FS.
fn named_error(text: &str) -> Option<String> {
    text.split("MSIS").skip(1).find_map(|rest| {
        let digits: String = rest.chars().take_while(char::is_ascii_digit).take(5).collect();
        (digits.len() >= 4).then(|| format!("MSIS{digits}"))
    })
}
