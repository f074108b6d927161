//! Breaks at the third step: no token is issued.

use hma_trace::capture::Session;
use hma_trace::rules::Severity;

use super::change::{
    answer, ends_with, error_page, is_authorize, is_identity, is_own, is_probe, is_token_request,
    oauth_error,
};
use super::{Expected, Row, check};

/// Stories in which a window signs the user in.
const WINDOWS: &[&str] =
    &["outlook-windows", "outlook-mac", "second-resource", "activesync-android"];

/// Stories in which a token is asked for.
const REQUESTS: &[&str] = &[
    "outlook-windows",
    "outlook-mac",
    "second-resource",
    "activesync-android",
    "federated-windows",
    "seamless-sso",
    "china",
    "us-government",
    "token-renewed",
    "two-tenants",
];

/// Stories that go through AD FS.
const FEDERATED: &[&str] = &["federated-windows", "federated-active"];

pub(super) const ROWS: &[Row] = &[
    Row {
        breaks: "the address is not registered, says the redirect",
        on: WINDOWS,
        change: |sessions| {
            ends_with(sessions, is_authorize, |s| {
                let location = "urn:ietf:wg:oauth:2.0:oob?error=invalid_resource&error_description=AADSTS500011%3a+Sample.";
                answer(s, 302, &[("Location", location)], "");
            });
        },
        expected: Expected::Broken("spn-missing"),
    },
    Row {
        breaks: "the address is not registered, says the token endpoint",
        on: REQUESTS,
        change: |sessions| token_error(sessions, "invalid_resource", 500_011),
        expected: Expected::Broken("spn-missing"),
    },
    Row {
        breaks: "the grant was revoked",
        on: REQUESTS,
        change: |sessions| token_error(sessions, "invalid_grant", 50173),
        expected: Expected::Broken("grant-revoked"),
    },
    Row {
        breaks: "the grant has expired",
        on: REQUESTS,
        change: |sessions| token_error(sessions, "invalid_grant", 700_082),
        expected: Expected::Broken("grant-expired"),
    },
    Row {
        breaks: "the user is not assigned to the application",
        on: REQUESTS,
        change: |sessions| token_error(sessions, "invalid_grant", 50105),
        expected: Expected::Broken("sign-in-refused"),
    },
    Row {
        breaks: "a policy blocks the sign-in",
        on: REQUESTS,
        change: |sessions| token_error(sessions, "access_denied", 53003),
        expected: Expected::Broken("conditional-access-blocked"),
    },
    Row {
        breaks: "the network admits another tenant only",
        on: REQUESTS,
        change: |sessions| token_error(sessions, "access_denied", 500_021),
        expected: Expected::Broken("tenant-restricted"),
    },
    Row {
        breaks: "the token endpoint speaks in riddles",
        on: REQUESTS,
        change: |sessions| {
            ends_with(sessions, is_token_request, |s| {
                let body = r#"{"error":"unicorn_rampage","error_codes":[0],"error_description":"Sample."}"#;
                answer(s, 400, &[("Content-Type", "application/json")], body);
            });
        },
        expected: Expected::Broken("unknown-token-error"),
    },
    Row {
        breaks: "the password is wrong",
        on: &["outlook-windows", "outlook-mac", "activesync-android"],
        change: |sessions| ends_with(sessions, is_password, |s| error_page(s, 50126)),
        expected: Expected::Broken("sign-in-refused"),
    },
    Row {
        breaks: "OWA's address is not among the reply URLs",
        on: &["owa", "ecp"],
        change: |sessions| ends_with(sessions, is_authorize, |s| error_page(s, 50011)),
        expected: Expected::Broken("reply-url-missing"),
    },
    Row {
        breaks: "AD FS is down",
        on: FEDERATED,
        change: |sessions| {
            ends_with(sessions, is_adfs, |s| {
                answer(s, 503, &[("Server", "Microsoft-HTTPAPI/2.0")], "");
            });
        },
        expected: Expected::Broken("federation-unreachable"),
    },
    Row {
        breaks: "a proxy refuses the tunnel to Entra ID",
        on: WINDOWS,
        change: |sessions| {
            ends_with(sessions, is_identity, |s| {
                "CONNECT".clone_into(&mut s.request.method);
                let url = format!("https://{}:443", s.host());
                super::change::move_to(s, &url);
                s.tunnel = true;
                answer(s, 403, &[("Via", "1.1 proxy.contoso.com")], "");
            });
        },
        expected: Expected::Broken("identity-blocked"),
    },
    Row {
        breaks: "the user is asked again and again",
        on: &["outlook-windows", "activesync-android"],
        change: |sessions| {
            let from = sessions.iter().position(is_probe).expect("a probe");
            let to = sessions.iter().position(is_token_request).expect("a token");
            let round = sessions[from..=to].to_vec();
            sessions.truncate(from);
            for minutes in 1..=4 {
                sessions.extend(round.iter().cloned().map(|mut s| {
                    super::change::delay(&mut s, chrono::TimeDelta::minutes(minutes));
                    s
                }));
            }
        },
        expected: Expected::Broken("sign-in-loop"),
    },
    Row {
        breaks: "the sign-in is asked for a second factor, and the user gives it",
        on: &["second-factor"],
        change: |_| {},
        expected: Expected::Told("sign-in-interrupted", Severity::Note),
    },
];

fn token_error(sessions: &mut Vec<Session>, error: &str, code: u32) {
    ends_with(sessions, is_token_request, |s| oauth_error(s, error, code));
}

fn is_password(session: &Session) -> bool {
    session.request.target.path() == "/common/login"
}

fn is_adfs(session: &Session) -> bool {
    !is_own(session) && session.host() == "adfs.contoso.com"
}

#[test]
fn a_sign_in_that_gives_no_token() {
    check(ROWS);
}
