//! A server that calls another server is refused.

use crate::flow::{
    AnswerMessage, Endpoint, Flow, IdentityPurpose, Mechanism, Purpose, Reading, RequestMessage,
};
use crate::knowledge::diagnostics_code;
use crate::rules::{Case, Evidence, Finding, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "server-to-server-refused",
    title: "A call between servers was refused",
    step: None,
    severity: Severity::Note,
    why: "Exchange servers call Exchange Online and each other for free/busy, mailbox moves and archives, with means \
        of their own: OAuth with tokens for servers, WS-Security messages under a federation trust, or Windows \
        sign-in at the mailbox replication proxy. That has nothing to do with how Outlook signs in, so it does not \
        count in the verdict; it is told because it is broken too.",
    fix: &[
        "Test OAuth from the side that calls, the servers in the Exchange Management Shell, Exchange Online in its \
            PowerShell: `Test-OAuthConnectivity -Service EWS -TargetUri https://outlook.office365.com/ews/exchange.asmx \
            -Mailbox <mailbox>` `Test-OAuthConnectivity -Service EWS -TargetUri https://{host}/metadata/json/1 -Mailbox \
            <mailbox>`",
        "Since October 2025 the servers need the dedicated application for calls to Exchange Online, which a script \
            of CSS-Exchange creates: `.\\ConfigureExchangeHybridApplication.ps1 \
            -FullyConfigureExchangeHybridApplication`",
        "Where a key was not found or a signature is not valid, upload the current Auth certificate: `Get-AuthConfig \
            | fl CurrentCertificateThumbprint` `.\\ConfigureExchangeHybridApplication.ps1 -UpdateCertificate`",
        "Where WS-Security is refused, refresh the trust, twice, and see that the method is on: `Get-FederationTrust \
            | Set-FederationTrust -RefreshMetadata` `Get-WebServicesVirtualDirectory | fl \
            Server,WSSecurityAuthentication`",
        "Where a mailbox move is refused, see that the proxy for it is on: `Get-WebServicesVirtualDirectory | fl \
            Server,MRSProxyEnabled` `Test-MigrationServerAvailability -ExchangeRemoteMove -RemoteServer {host}`",
        "Where the answer of {host} has no header of Exchange, a device in front of it wants a sign-in of its own: \
            publish `/autodiscover` and `/EWS` without pre-authentication",
    ],
    reference: "Microsoft Learn: Resolve free/busy errors in Exchange hybrid; Exchange Team Blog: Deep Dive: How \
        Hybrid Authentication Really Works (2017); microsoft/CSS-Exchange: ConfigureExchangeHybridApplication",
    fires_on: "### 09:14:07 +120ms w3wp.exe:9012 // free/busy by WS-Security
POST https://mail.contoso.com/EWS/Exchange.asmx/WSSecurity HTTP/1.1
User-Agent: ASProxy/CrossForest/EmailDomain//15.02.1544.011
Content-Type: text/xml; charset=utf-8

HTTP/1.1 500 Internal Server Error
Date: Mon, 02 Mar 2026 09:14:07 GMT
Content-Type: text/xml; charset=utf-8
X-FEServer: EX1

<s:Fault><faultcode>a:InvalidSecurity</faultcode><faultstring>An error occurred when verifying security for the message.</faultstring></s:Fault>
",
    silent_on: "### 09:14:07 +120ms w3wp.exe:9012 // free/busy by WS-Security
POST https://mail.contoso.com/EWS/Exchange.asmx/WSSecurity HTTP/1.1
User-Agent: ASProxy/CrossForest/EmailDomain//15.02.1544.011
Content-Type: text/xml; charset=utf-8

HTTP/1.1 200 OK
Date: Mon, 02 Mar 2026 09:14:07 GMT
Content-Type: text/xml; charset=utf-8
X-FEServer: EX1
",
    check,
};

/// How servers call each other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Means {
    OAuth,
    WsSecurity,
    MrsProxy,
}

impl Means {
    const fn name(self) -> &'static str {
        match self {
            Self::OAuth => "A server's OAuth call",
            Self::WsSecurity => "A server's WS-Security call",
            Self::MrsProxy => "A mailbox move",
        }
    }
}

fn check(case: &Case<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = sign_in(case).into_iter().collect();
    findings.extend(case.flows.flows.iter().filter_map(|flow| call(case, flow)));
    findings
}

/// A call that was refused and not answered well afterwards.
fn call(case: &Case<'_>, flow: &Flow) -> Option<Finding> {
    let means = means(case, flow)?;
    let mut refused: Option<&Reading> = None;
    for reading in case.readings_of(flow) {
        if is_refusal(means, reading) {
            refused.get_or_insert(reading);
        } else if reading.answer == AnswerMessage::Success {
            refused = None;
        }
    }
    let reading = refused?;
    let told = reading.diagnostics.as_ref();
    let why = told
        .and_then(|d| diagnostics_code::find(d.code))
        .map(|known| format!(": {}", known.meaning.trim_end_matches('.')))
        .unwrap_or_default();
    let decisive = if told.is_some() {
        Evidence::response_header(case, reading.session, "x-ms-diagnostics")
    } else {
        Evidence::status(case, reading.session)
    };
    let by = if reading.spoke_as_exchange || told.is_some() {
        ""
    } else {
        " by something else than Exchange"
    };
    let message = format!(
        "{} to {} was refused with {}{by}{why}; this is not part of HMA",
        means.name(),
        flow.host,
        reading.status
    );
    Some(
        Finding::new(decisive, message)
            .and(Evidence::request_line(case, reading.session))
            .and(Evidence::request_header(case, reading.session, "User-Agent"))
            .fact("host", flow.host.as_str()),
    )
}

fn means(case: &Case<'_>, flow: &Flow) -> Option<Means> {
    match flow.mechanism {
        Mechanism::ServerToServer => return Some(Means::OAuth),
        Mechanism::WsSecurity => return Some(Means::WsSecurity),
        _ => {}
    }
    let first = case.readings_of(flow).next()?;
    matches!(first.endpoint, Endpoint::Exchange { purpose: Purpose::MrsProxy, .. })
        .then_some(Means::MrsProxy)
}

fn is_refusal(means: Means, reading: &Reading) -> bool {
    let refused = reading.status >= 400;
    match means {
        // The first 401 of a handshake is an answer as it should be: to an empty Bearer, to no credential, to NTLM's
        // opening.
        Means::OAuth => {
            let foreign = reading.request == RequestMessage::Probe
                && !reading.spoke_as_exchange
                && reading.challenges.bearer().is_none();
            refused && (reading.request == RequestMessage::Token || foreign)
        }
        Means::WsSecurity => refused,
        Means::MrsProxy => {
            let opens = reading.request == RequestMessage::Anonymous
                || reading.challenges.iter().any(|challenge| challenge.blob.is_some());
            refused && !(reading.status == 401 && opens)
        }
    }
}

/// The latest answer to a server that asks for its token, if that is an error: where it first stands.
fn sign_in(case: &Case<'_>) -> Option<Finding> {
    let asks = |reading: &&Reading| {
        reading.endpoint.identity() == Some(IdentityPurpose::AccessControl)
            || reading
                .token_request()
                .is_some_and(|asked| asked.confidential && asked.grant_type == "client_credentials")
    };
    let answers: Vec<&Reading> = case.readings().filter(asks).collect();
    let error = answers.last()?.oauth_error()?;
    let same = |r: &&&Reading| r.oauth_error().is_some_and(|known| known.name() == error.name());
    let last = answers.iter().rev().take_while(same).last()?;
    let host = case.session(last.session)?.host();
    let name: String = error.name().chars().take(60).collect();
    Some(
        Finding::new(
            Evidence::response_body(last.session, "error", name.as_str()),
            format!("{host} gave a server no token: {name}; this is not part of HMA"),
        )
        .and(Evidence::request_line(case, last.session)),
    )
}
