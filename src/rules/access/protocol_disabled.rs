//! The mailbox may not be used by this protocol or device.

use crate::capture::Session;
use crate::flow::{AnswerMessage, Flow, Protocol, Reading, RequestMessage, Step, Subject};
use crate::rules::{Case, Evidence, Finding, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "protocol-disabled",
    title: "The protocol or the device is not allowed for this mailbox",
    step: Some(Step::Access),
    severity: Severity::Warning,
    why: "Sign-in and token are fine, and Exchange knows the user. But the mailbox must not be used in this way: the \
        protocol is switched off for it, or ActiveSync keeps the device in quarantine or blocks it. That is a setting \
        of the mailbox or of the organisation and has nothing to do with Hybrid Modern Authentication; it often comes \
        to light when new clients are let in.",
    fix: &[
        "See which protocols the mailbox may use: `Get-CASMailbox {user} | fl \
            *Enabled,Ews*,ActiveSyncBlockedDeviceIDs`",
        "Switch the one on that is needed: `Set-CASMailbox {user} -MapiHttpEnabled $true -EwsEnabled $true \
            -ActiveSyncEnabled $true -OWAEnabled $true`",
        "ActiveSync: see the state of the device and what the organisation does with new ones: `Get-MobileDevice \
            -Mailbox {user} | fl DeviceId,DeviceType,DeviceModel,DeviceAccessState,DeviceAccessStateReason` \
            `Get-ActiveSyncOrganizationSettings | fl DefaultAccessLevel`",
        "Let Outlook for iOS and Android in where the default is not to allow: `New-ActiveSyncDeviceAccessRule \
            -Characteristic DeviceType -QueryString \"OutlookService\" -AccessLevel Allow`",
        "EWS: see whether the client is on a block list: `Get-OrganizationConfig | fl \
            EwsEnabled,EwsApplicationAccessPolicy,EwsAllowList,EwsBlockList`",
    ],
    reference: "Microsoft Learn: Using hybrid Modern Authentication with Outlook for iOS and Android; [MS-ASCMD] \
        2.2.2, common status codes 126 to 131",
    fires_on: r#"### 09:14:07 +31ms outlook.exe:4312 // empty Bearer
POST https://mail.contoso.com/Microsoft-Server-ActiveSync?Cmd=FolderSync&User=meg%40contoso.com&DeviceId=SAMPLE1&DeviceType=iPhone HTTP/1.1
User-Agent: Apple-iPhone15C3/2202.71
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

### 09:14:32 +84ms outlook.exe:4312 // device blocked
POST https://mail.contoso.com/Microsoft-Server-ActiveSync?Cmd=FolderSync&User=meg%40contoso.com&DeviceId=SAMPLE1&DeviceType=iPhone HTTP/1.1
User-Agent: Apple-iPhone15C3/2202.71
Authorization: Bearer {{jwt {"aud":"https://mail.contoso.com/","iss":"https://sts.windows.net/7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90/","tid":"7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90","nbf":1772442840,"exp":1772446740,"appid":"d3590ed6-52b3-4102-aeff-aad2292ab01c","scp":"user_impersonation","upn":"meg@contoso.com"}}}

HTTP/1.1 403 Forbidden
Date: Mon, 02 Mar 2026 09:14:32 GMT
X-FEServer: EX1
X-BEServer: EX2
MS-Server-ActiveSync: 15.2
"#,
    silent_on: r#"### 09:14:07 +31ms outlook.exe:4312 // empty Bearer
POST https://mail.contoso.com/Microsoft-Server-ActiveSync?Cmd=FolderSync&User=meg%40contoso.com&DeviceId=SAMPLE1&DeviceType=iPhone HTTP/1.1
User-Agent: Apple-iPhone15C3/2202.71
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
POST https://mail.contoso.com/Microsoft-Server-ActiveSync?Cmd=FolderSync&User=meg%40contoso.com&DeviceId=SAMPLE1&DeviceType=iPhone HTTP/1.1
User-Agent: Apple-iPhone15C3/2202.71
Authorization: Bearer {{jwt {"aud":"https://mail.contoso.com/","iss":"https://sts.windows.net/7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90/","tid":"7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90","nbf":1772442840,"exp":1772446740,"appid":"d3590ed6-52b3-4102-aeff-aad2292ab01c","scp":"user_impersonation","upn":"meg@contoso.com"}}}

HTTP/1.1 200 OK
Date: Mon, 02 Mar 2026 09:14:32 GMT
X-FEServer: EX1
X-BEServer: EX2
MS-Server-ActiveSync: 15.2
"#,
    check,
};

/// How an answer says that the mailbox must not be used in this way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// `ProtocolDisabled`, in a header field or in the body.
    ProtocolDisabled,
    /// ActiveSync answers the token with 403.
    DeviceRefused,
    /// ActiveSync's own status, 126 to 131.
    DeviceStatus(u16),
    /// EWS answers the token with 403 and `ErrorAccessDenied`.
    AccessDenied,
}

/// Of a body so much is looked at, in bytes; what is looked for stands at its beginning.
const LOOKED_AT: usize = 4096;

fn check(case: &Case<'_>) -> Vec<Finding> {
    case.hma_flows().filter_map(|flow| finding(case, flow)).collect()
}

fn finding(case: &Case<'_>, flow: &Flow) -> Option<Finding> {
    let mut refused = None;
    for reading in case.readings_of(flow).filter(|r| r.request == RequestMessage::Token) {
        let Some(session) = case.session(reading.session) else { continue };
        match (told(reading, session), &reading.answer) {
            (Some(told), _) => {
                refused.get_or_insert((session, told));
            }
            (None, AnswerMessage::Success) if reading.subject == Subject::Mailbox => refused = None,
            _ => {}
        }
    }
    let (session, told) = refused?;
    let (what, evidence) = match &told {
        Told::ProtocolDisabled => (
            format!("{} is switched off for the mailbox", flow.protocol.name()),
            Evidence::response_body(session.id, "error", "ProtocolDisabled"),
        ),
        Told::DeviceRefused => (
            "ActiveSync does not let the device or the mailbox in".to_owned(),
            Evidence::status(case, session.id),
        ),
        Told::DeviceStatus(status) => (
            format!("ActiveSync does not let the device in (status {status})"),
            Evidence::response_body(session.id, "Status", status.to_string()),
        ),
        Told::AccessDenied => (
            "EWS is not allowed for the mailbox or the client".to_owned(),
            Evidence::response_body(session.id, "ResponseCode", "ErrorAccessDenied"),
        ),
    };
    let finding = Finding::new(evidence, format!("{} accepts the token, but {what}", flow.host))
        .and(Evidence::request_line(case, session.id))
        .flow(flow.id)
        .fact("host", flow.host.as_str())
        .fact("user", flow.user.clone().unwrap_or_default());
    let finding = match told {
        Told::DeviceRefused => finding,
        _ => finding.and(Evidence::status(case, session.id)),
    };
    let is_sure = matches!(told, Told::ProtocolDisabled | Told::DeviceStatus(_));
    Some(if is_sure { finding } else { finding.suspected() })
}

/// What an answer to a token says about protocol and device.
pub(super) fn told(reading: &Reading, session: &Session) -> Option<Told> {
    let answer = session.response.as_ref()?;
    if !matches!(reading.answer, AnswerMessage::Success | AnswerMessage::Refusal) {
        return None;
    }
    let protocol = reading.endpoint.protocol();
    let refused = reading.answer == AnswerMessage::Refusal;
    if protocol == Some(Protocol::ActiveSync) && refused {
        return Some(Told::DeviceRefused);
    }
    // A large answer is one that was given.
    if answer.body.is_distant() || !refused && protocol != Some(Protocol::ActiveSync) {
        return None;
    }
    let body = answer.body.bytes();
    let bytes = body.get(..LOOKED_AT).unwrap_or(&body);
    if protocol == Some(Protocol::ActiveSync) {
        return device_status(bytes).map(Told::DeviceStatus);
    }
    let says = |word: &str| bytes.windows(word.len()).any(|window| window == word.as_bytes());
    let in_header = || answer.headers.iter().any(|h| h.value.contains("ProtocolDisabled"));
    if refused && (says("ProtocolDisabled") || in_header()) {
        Some(Told::ProtocolDisabled)
    } else if refused && protocol == Some(Protocol::Ews) && says("ErrorAccessDenied") {
        Some(Told::AccessDenied)
    } else {
        None
    }
}

/// The first status in an ActiveSync answer, if it is one of those about user and device: WBXML 1.3 with a `Status` of
/// three digits as an inline string ([MS-ASWBXML] 2.1.2.1, [MS-ASCMD] 2.2.2). 132 and above want a policy first.
fn device_status(bytes: &[u8]) -> Option<u16> {
    let body = bytes.strip_prefix(&[0x03, 0x01, 0x6A, 0x00])?;
    let (at, _) = body.iter().enumerate().take(16).find(|(_, byte)| **byte == 0x03)?;
    let text: String = body
        .iter()
        .skip(at + 1)
        .take(4)
        .take_while(|byte| **byte != 0)
        .map(|byte| char::from(*byte))
        .collect();
    text.parse().ok().filter(|status| (126..=131).contains(status))
}

#[cfg(test)]
mod tests {
    use super::device_status;

    #[test]
    fn the_status_of_a_folder_synchronisation_is_read() {
        let answer = |status: &str| {
            let head = [0x03, 0x01, 0x6A, 0x00, 0x00, 0x07, 0x56, 0x4C, 0x03];
            [&head[..], status.as_bytes(), &[0x00, 0x01, 0x01]].concat()
        };
        assert_eq!(device_status(&answer("129")), Some(129));
        assert_eq!(device_status(&answer("1")), None);
        assert_eq!(device_status(&answer("142")), None);
        assert_eq!(device_status(b"<html>129</html>"), None);
        assert_eq!(device_status(&[]), None);
    }
}
