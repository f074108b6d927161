//! The cookies that a session sends and receives, with what their attributes mean. Their values are credentials.

use eframe::egui::Ui;
use lucide_icons::Icon;

use super::row::{Pen, Row, Tone};
use super::{Subject, shown};
use crate::gui::theme;
use crate::gui::widgets;
use crate::http::{Cookie, Secret, request_cookies, response_cookies};
use crate::knowledge::front_end::{self, Place};

/// What the cookies of sign-ins are for.
const KNOWN: &[(&str, &str)] = &[
    ("cadata", "The sign-in by form to OWA, encrypted"),
    ("cadatakey", "A key to cadata"),
    ("cadataiv", "A part of the key to cadata"),
    ("cadatattl", "When the sign-in by form ends"),
    ("x-backendcookie", "Which back-end server holds the mailbox"),
    ("x-owa-canary", "Guards against requests that another site makes the browser send"),
    ("clientid", "A number for this browser"),
    ("exchangecookie", "Keeps the client at one server"),
    ("mapisession", "The MAPI session that Connect opened"),
    ("mapicontext", "The MAPI session that Connect opened"),
    ("mapisequence", "The number of the call within the MAPI session"),
    ("routingkey", "Which server a load balancer chose"),
    ("estsauth", "The user's sign-in at Entra ID, for this browser session"),
    ("estsauthpersistent", "The user's sign-in at Entra ID, kept (“Stay signed in”)"),
    ("estsauthlight", "That there is a sign-in at Entra ID"),
    ("estssc", "How Entra ID keeps its sign-in"),
    ("buid", "A number for this browser at Entra ID"),
    ("esctx", "Ties a sign-in page to this browser"),
    ("fpc", "A number for this browser at Entra ID"),
    ("x-ms-gateway-slice", "Which part of Entra ID answers"),
    ("stsservicecookie", "Which part of Entra ID answers"),
    ("msisauth", "The user's sign-in at AD FS"),
    ("msisauthenticated", "When the user signed in at AD FS"),
    ("msisloopdetectioncookie", "Counts visits, so that AD FS can stop a loop of redirects"),
    ("msissamlrequest", "The question that brought the user to AD FS"),
    ("openidconnect.nonce", "Ties an answer of Entra ID to the question (OWA)"),
];

pub(super) fn ui(ui: &mut Ui, subject: &Subject<'_>, pen: &mut Pen<'_>) {
    let sent = request_cookies(&subject.session.request.headers);
    let answer = subject.session.response.as_ref();
    let received = answer.map(|answer| response_cookies(&answer.headers)).unwrap_or_default();
    if sent.is_empty() && received.is_empty() {
        widgets::empty(
            ui,
            Icon::Cookie,
            "No cookies",
            "This session neither sends nor sets a cookie",
        );
        return;
    }
    if !sent.is_empty() {
        widgets::rule(ui, &format!("Sent with the request · {}", sent.len()));
        for (at, cookie) in sent.iter().enumerate() {
            row(ui, pen, cookie, &format!("sent/{at}"));
        }
    }
    if !received.is_empty() {
        widgets::rule(ui, &format!("Set by the answer · {}", received.len()));
        for (at, cookie) in received.iter().enumerate() {
            let place = format!("set/{at}");
            row(ui, pen, cookie, &place);
            for (number, attribute) in cookie.attributes.split(';').map(str::trim).enumerate() {
                if attribute.is_empty() {
                    continue;
                }
                let (name, value) = attribute.split_once('=').unwrap_or((attribute, ""));
                Row {
                    name: &shown(name.trim()),
                    value: &shown(value.trim()),
                    meaning: attribute_meaning(name.trim(), value.trim()),
                    place: &format!("{place}/{number}"),
                    tone: Tone::Part,
                    joint: "=",
                    ..Row::default()
                }
                .ui(ui, pen);
            }
            if cookie.attribute("secure").is_none() && !cookie.value.is_empty() {
                let words = "Not marked Secure: a browser also sends it over http, where everybody can read it";
                ui.label(theme::small(words).color(pen.theme.warning));
            }
        }
    }
}

fn row(ui: &mut Ui, pen: &mut Pen<'_>, cookie: &Cookie, place: &str) {
    let secret = !cookie.value.is_empty();
    let open = secret && pen.revealed.contains(place);
    let value = if open || !secret {
        shown(&cookie.value)
    } else {
        Secret::new(&*cookie.value).to_string()
    };
    let value = if value.is_empty() { "(empty: the cookie is deleted)".to_owned() } else { value };
    let meaning = cookie_meaning(&cookie.name);
    Row {
        name: &shown(&cookie.name),
        value: &value,
        meaning: &meaning,
        place,
        joint: "=",
        hides: secret.then_some(open),
        ..Row::default()
    }
    .ui(ui, pen);
}

fn cookie_meaning(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let known = KNOWN
        .iter()
        .find(|(known, _)| lower == *known || (known.contains('.') && lower.starts_with(known)));
    match known {
        Some((_, meaning)) => (*meaning).to_owned(),
        None => front_end::find(Place::Cookie, name)
            .map(|device| format!("Set by {}", device.name))
            .unwrap_or_default(),
    }
}

/// RFC 6265 §4.1.2.
fn attribute_meaning(name: &str, value: &str) -> &'static str {
    match (name.to_ascii_lowercase().as_str(), value.to_ascii_lowercase().as_str()) {
        ("path", _) => "Sent back to this path and those below it",
        ("domain", _) => "Sent back to this domain and those below it",
        ("expires", _) => "Until when the client keeps it",
        ("max-age", "0") => "The client deletes it",
        ("max-age", _) => "How long the client keeps it, in seconds",
        ("secure", _) => "Sent back over https only",
        ("httponly", _) => "Hidden from scripts",
        ("samesite", "none") => "Sent back from pages of other sites too",
        ("samesite", "lax") => "Sent back from other sites only when the user follows a link",
        ("samesite", "strict") => "Never sent back from pages of other sites",
        ("partitioned", _) => "Kept apart for each site that embeds this one",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::cookie_meaning;

    #[test]
    fn known_cookies_say_what_they_are_for() {
        assert!(cookie_meaning("cadataKey").contains("key"));
        assert!(cookie_meaning("OpenIdConnect.nonce.v3.abc").contains("Entra ID"));
        assert!(cookie_meaning("TS01a32329").contains("F5"));
        assert_eq!(cookie_meaning("other"), "");
    }
}
