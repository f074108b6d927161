//! `AutoDetect`, the service that tells Outlook for iOS and Android where a mailbox is. The phone never talks to the
//! organisation's own servers: Exchange Online does so on its behalf (Microsoft Learn: Using hybrid Modern
//! Authentication with Outlook for iOS and Android).

use serde_json::Value;

use crate::capture::{Capture, Session, SessionId};
use crate::knowledge::exchange_online_host;
use crate::knowledge::microsoft_service::is_microsoft;
use crate::knowledge::public_mail::is_public_mail;

/// Whether the capture shows a phone being told that its mailbox is on a server of the organisation's own, with modern
/// authentication.
pub(super) fn finds_own_server(capture: &Capture) -> bool {
    capture.sessions.iter().any(names_own_server)
}

/// The organisation's own `ActiveSync` server of which a phone was last told that it names no authority, and the session
/// that tells so: the phone asks its user for a password there.
pub fn server_without_authority(capture: &Capture) -> Option<(SessionId, String)> {
    let (id, answer) =
        capture.sessions.iter().rev().find_map(|session| Some((session.id, answer(session)?)))?;
    if rows(&answer).any(is_own_server) {
        return None;
    }
    let lacking = rows(&answer).find(|row| {
        let text = |name: &str| row.get(name).and_then(Value::as_str);
        let is_own = |host: &str| !host.is_empty() && !is_microsoft(host) && !is_public_mail(host);
        text("protocol") == Some("eas")
            && text("aad") == Some("")
            && row.get("onprem") != Some(&Value::Bool(false))
            && text("hostname").is_some_and(is_own)
    })?;
    Some((id, lacking.get("hostname")?.as_str()?.to_owned()))
}

fn names_own_server(session: &Session) -> bool {
    answer(session).is_some_and(|answer| rows(&answer).any(is_own_server))
}

/// What `AutoDetect` answers.
fn answer(session: &Session) -> Option<Value> {
    let host = session.host();
    let is_autodetect = (host.ends_with(".outlookmobile.com")
        || host.ends_with(".outlookmobile.us"))
        && session.request.target.path().starts_with("/detect");
    session.response.as_ref().filter(|_| is_autodetect)?.body.json()
}

fn rows(answer: &Value) -> impl Iterator<Item = &Value> {
    ["services", "protocols"].into_iter().filter_map(|name| answer.get(name)?.as_array()).flatten()
}

fn is_own_server(row: &Value) -> bool {
    let text = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default();
    !text("aad").is_empty()
        && !text("hostname").is_empty()
        && !exchange_online_host::is_exchange_online(text("hostname"))
}

#[cfg(test)]
mod tests {
    use super::names_own_server;
    use crate::capture::{Response, Session, SessionId};
    use crate::http::{Body, Target};

    #[test]
    fn an_own_server_has_a_name_and_an_authority() {
        for (row, expected) in [
            (
                r#"{"protocol":"eas","hostname":"mail.contoso.com","aad":"https://login.windows.net/common/oauth2/authorize"}"#,
                true,
            ),
            (r#"{"protocol":"eas","hostname":"mail.contoso.com","aad":""}"#, false),
            (
                r#"{"protocol":"rest","hostname":"outlook.office365.com","aad":"https://login.windows.net/common/oauth2/authorize"}"#,
                false,
            ),
        ] {
            let mut session = Session::new(SessionId(1));
            session.request.target =
                Target::new("https://prod-autodetect.outlookmobile.com/detect?services=office365");
            session.response = Some(Response {
                status: 200,
                body: Body::new(format!(r#"{{"services":[],"protocols":[{row}]}}"#)),
                ..Response::default()
            });
            assert_eq!(names_own_server(&session), expected, "{row}");
        }
    }
}
