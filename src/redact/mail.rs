//! Mail in the answers of mail services: what somebody wrote, and to whom. What the service says of itself stays.

use serde_json::Value;

use super::detector::Detector;
use super::kind::SecretKind;
use super::ledger::{Ledger, MASK, is_mask};
use super::secrets;

/// Parts of paths of services that answer with mail, in lower case.
const SERVICES: &[&str] = &["/ews/", "/owa/service.svc", "/api/v1.0/", "/api/v2.0/", "/api/beta/"];
/// The same for Microsoft Graph, whose other answers are about accounts.
const GRAPH: &[&str] = &[
    "/messages",
    "/mailfolders",
    "/events",
    "/calendar",
    "/contacts",
    "/inbox",
    "/todo/",
    "/onenote/",
];
const GRAPH_VERSIONS: &[&str] = &["/v1.0/", "/beta/"];

/// Keys whose text is somebody's, be it one word only, in lower case.
const KEYS: &[&str] = &[
    "subject",
    "normalizedsubject",
    "conversationtopic",
    "preview",
    "bodypreview",
    "body",
    "textbody",
    "uniquebody",
    "normalizedbody",
    "content",
    "contentbytes",
    "value",
    "name",
    "displayname",
    "displayto",
    "displaycc",
    "displaybcc",
    "location",
    "filename",
    "title",
    "notes",
    "companyname",
    "department",
    "jobtitle",
    "categories",
    "postalcode",
    "city",
    "street",
];

/// What keys hold under which the service says what failed.
const FAILURES: &[&str] = &["error", "fault", "exception"];

/// Elements between which `Name` and `Value` are the service's own words.
const SETTINGS: &[&str] = &["usersetting", "domainsetting", "messagexml", "code", "subcode"];

/// Whether the answers under a path are mail.
pub(super) fn is_mail(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    let is_graph = || {
        GRAPH_VERSIONS.iter().any(|version| path.starts_with(version))
            && GRAPH.iter().any(|part| path.contains(part))
    };
    SERVICES.iter().any(|service| path.contains(service)) || is_graph()
}

/// Whether the innermost of some elements is about the service and not about mail.
pub(super) fn is_service(elements: &[String]) -> bool {
    let Some((element, above)) = elements.split_last() else { return false };
    let is_pair = ["name", "value"].iter().any(|name| element.eq_ignore_ascii_case(name));
    let is_setting = || {
        above.last().is_some_and(|above| SETTINGS.contains(&above.to_ascii_lowercase().as_str()))
    };
    secrets::is_service_element(element) && (!is_pair || is_setting())
}

/// A JSON document without the mail in it; `None` when it holds none.
pub(super) fn json(text: &str, ledger: &mut Ledger) -> Option<String> {
    if !ledger.uses(Detector::Mail) {
        return None;
    }
    let mut document: Value = serde_json::from_str(text).ok()?;
    if !hide("", &mut document, ledger) {
        return None;
    }
    serde_json::to_string(&document).ok()
}

/// Hides texts in place and tells whether there were any.
fn hide(key: &str, value: &mut Value, ledger: &mut Ledger) -> bool {
    match value {
        Value::String(text) => {
            let key = key.to_ascii_lowercase();
            let is_failure = FAILURES.iter().any(|word| key.contains(word));
            let is_service =
                is_failure || (!KEYS.contains(&key.as_str()) && secrets::is_service_element(&key));
            let is_letter =
                KEYS.contains(&key.as_str()) || text.trim().contains(char::is_whitespace);
            let hides = is_letter && !is_service && !text.is_empty() && !is_mask(text);
            if hides {
                ledger.count(SecretKind::MailContent);
                MASK.clone_into(text);
            }
            hides
        }
        Value::Array(items) => {
            let mut changed = false;
            for item in items {
                changed |= hide(key, item, ledger);
            }
            changed
        }
        Value::Object(members) => {
            let mut changed = false;
            for (key, member) in members {
                changed |= hide(key, member, ledger);
            }
            changed
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{is_mail, is_service, json};
    use crate::redact::ledger::Ledger;

    #[test]
    fn services_of_mail_are_known_by_their_path() {
        for path in ["/EWS/Exchange.asmx", "/owa/service.svc", "/v1.0/me/messages", "/api/v2.0/me"]
        {
            assert!(is_mail(path), "{path}");
        }
        for path in
            ["/owa/auth.owa", "/v1.0/me", "/autodiscover/autodiscover.svc", "/common/events"]
        {
            assert!(!is_mail(path), "{path}");
        }
    }

    #[test]
    fn letters_go_and_the_service_still_answers() {
        let answer = r#"{"value":[{"subject":"Merger","bodyPreview":"The salary is","from":{"emailAddress":{"name":"Anna Miller","address":"anna@contoso.com"}},"x":"a b"}],"error":{"code":"ErrorAccessDenied","message":"Access is denied."},"Id":"AAMk1"}"#;
        let clean = json(answer, &mut Ledger::new(None)).unwrap();
        assert_eq!(
            clean,
            r#"{"value":[{"subject":"(redacted)","bodyPreview":"(redacted)","from":{"emailAddress":{"name":"(redacted)","address":"anna@contoso.com"}},"x":"(redacted)"}],"error":{"code":"ErrorAccessDenied","message":"Access is denied."},"Id":"AAMk1"}"#
        );
        assert_eq!(json(&clean, &mut Ledger::new(None)), None);
    }

    #[test]
    fn a_pair_is_of_the_service_only_in_its_settings() {
        let path = |path: &[&str]| path.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert!(is_service(&path(&["MessageXml", "Value"])));
        assert!(!is_service(&path(&["ExtendedProperty", "Value"])));
        assert!(!is_service(&path(&["Mailbox", "Name"])));
        assert!(is_service(&path(&["Mailbox", "EmailAddress"])));
    }
}
