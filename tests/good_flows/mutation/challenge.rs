//! Breaks at the second step: Exchange, or who answers in its place, does not say where to get a token.

use hma_trace::rules::Severity;

use super::change::{
    answer, challenges, each, ends_with, is_own, is_probe, rewrite_bearer, without_authority,
};
use super::{Expected, Row, check};

const MAIL_CLIENTS: &[&str] = &[
    "outlook-windows",
    "outlook-windows-broker",
    "outlook-mac",
    "second-resource",
    "activesync-android",
    "federated-windows",
    "china",
    "two-tenants",
];

pub(super) const ROWS: &[Row] = &[
    Row {
        breaks: "Bearer is missing from the challenge",
        on: MAIL_CLIENTS,
        change: |sessions| challenges(sessions, |s| rewrite_bearer(s, |_| None)),
        expected: Expected::Broken("bearer-not-offered"),
    },
    Row {
        breaks: "authorization_uri is missing from the challenge",
        on: MAIL_CLIENTS,
        change: |sessions| challenges(sessions, |s| rewrite_bearer(s, without_authority)),
        expected: Expected::Broken("authorization-uri-missing"),
    },
    Row {
        breaks: "authorization_uri is empty",
        on: MAIL_CLIENTS,
        change: |sessions| {
            challenges(sessions, |s| {
                rewrite_bearer(s, |c| Some(without_authority(c)? + ", authorization_uri=\"\""));
            });
        },
        expected: Expected::Broken("authorization-uri-missing"),
    },
    Row {
        breaks: "authorization_uri leads to somebody else",
        on: MAIL_CLIENTS,
        change: |sessions| {
            challenges(sessions, |s| {
                rewrite_bearer(s, |c| {
                    Some(
                        without_authority(c)?
                            + ", authorization_uri=\"https://sso.fabrikam.com/authorize\"",
                    )
                });
            });
        },
        expected: Expected::Broken("authorization-uri-not-entra"),
    },
    Row {
        breaks: "authorization_uri leads to AD FS",
        on: MAIL_CLIENTS,
        change: |sessions| {
            challenges(sessions, |s| {
                rewrite_bearer(s, |c| {
                    let uri = "https://adfs.contoso.com/adfs/oauth2/authorize";
                    Some(
                        without_authority(c)?
                            + &format!(", authorization_uri=\"{uri}\", issuer_kind=\"ADFS\""),
                    )
                });
            });
        },
        expected: Expected::Told("authorization-uri-not-entra", Severity::Warning),
    },
    Row {
        breaks: "OAuth2ClientProfileEnabled is off",
        on: MAIL_CLIENTS,
        change: |sessions| challenges(sessions, |s| not_available(s, "contoso.com")),
        expected: Expected::Broken("oauth-not-available"),
    },
    Row {
        breaks: "an authentication policy blocks the user",
        on: &["outlook-windows", "outlook-windows-broker", "outlook-mac", "activesync-android"],
        change: |sessions| {
            challenges(sessions, |s| {
                rewrite_bearer(s, without_authority);
                not_available(s, "kim.akers@contoso.com");
            });
        },
        expected: Expected::Broken("modern-auth-blocked-by-policy"),
    },
    Row {
        breaks: "a gateway answers in Exchange's place",
        on: MAIL_CLIENTS,
        change: |sessions| {
            challenges(sessions, |s| {
                let headers =
                    [("Server", "Microsoft-HTTPAPI/2.0"), ("WWW-Authenticate", "Negotiate")];
                answer(s, 401, &headers, "");
            });
        },
        expected: Expected::Broken("not-exchange-answering"),
    },
    Row {
        breaks: "a portal answers in Exchange's place",
        on: MAIL_CLIENTS,
        change: |sessions| {
            challenges(sessions, |s| {
                let headers =
                    [("Server", "Gateway"), ("Location", "https://portal.fabrikam.com/login")];
                answer(s, 302, &headers, "");
            });
        },
        expected: Expected::Broken("not-exchange-answering"),
    },
    Row {
        breaks: "Exchange cannot be reached",
        on: &["outlook-windows-broker", "outlook-mac", "activesync-android"],
        change: |sessions| {
            sessions.retain(|s| is_own(s) || s.host().contains("officeapps"));
            each(sessions, is_own, |s| {
                let page = "[Fiddler] The connection to 'mail.contoso.com' failed.";
                answer(s, 502, &[("Content-Type", "text/html")], page);
            });
        },
        expected: Expected::Broken("endpoint-unreachable"),
    },
    Row {
        breaks: "Autodiscover does not know the mailbox",
        on: &["outlook-mobile-server"],
        change: |sessions| {
            ends_with(sessions, is_json, |s| {
                let headers = [("X-FEServer", "EX01"), ("Content-Type", "application/json")];
                let body = r#"{"ErrorCode":"UserNotFound","ErrorMessage":"Sample."}"#;
                answer(s, 200, &headers, body);
            });
        },
        expected: Expected::Broken("autodiscover-url-wrong"),
    },
    Row {
        breaks: "one virtual directory names another cloud",
        on: &["outlook-windows", "second-resource"],
        change: |sessions| {
            let is_mapi = |s: &&mut hma_trace::capture::Session| {
                is_probe(s) && s.request.target.path().starts_with("/mapi")
            };
            sessions.iter_mut().filter(is_mapi).for_each(|s| {
                rewrite_bearer(s, |c| {
                    Some(c.replace("login.windows.net", "login.microsoftonline.us"))
                });
            });
        },
        expected: Expected::Told("authorities-differ", Severity::Warning),
    },
    Row {
        breaks: "OWA shows its own logon page while Outlook uses HMA",
        on: &["outlook-windows-broker"],
        change: |sessions| {
            let mut page = sessions.first().expect("a session").clone();
            "GET".clone_into(&mut page.request.method);
            super::change::move_to(&mut page, "https://mail.contoso.com/owa/");
            super::change::send(&mut page, None);
            let location = "https://mail.contoso.com/owa/auth/logon.aspx?url=https%3a%2f%2fmail.contoso.com%2fowa%2f";
            answer(&mut page, 302, &[("Location", location), ("X-FEServer", "EX01")], "");
            sessions.push(page);
        },
        expected: Expected::Told("owa-uses-forms", Severity::Warning),
    },
];

fn is_json(session: &hma_trace::capture::Session) -> bool {
    session.request.target.path().ends_with("/autodiscover.json")
}

fn not_available(session: &mut hma_trace::capture::Session, whom: &str) {
    let reason = format!(
        "4000000;reason=\"Flighting is not enabled for domain '{whom}'.\";error_category=\"oauth_not_available\""
    );
    session.response.as_mut().expect("an answer").headers.push("x-ms-diagnostics", reason);
}

#[test]
fn a_challenge_that_leads_nowhere() {
    check(ROWS);
}
