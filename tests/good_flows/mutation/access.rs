//! Breaks at the last step: the token is good and the mailbox stays closed.

use hma_trace::capture::Session;
use hma_trace::rules::Severity;

use super::change::{answer, each, is_own, is_use, refusals, refuse};
use super::{Expected, Row, check};

const USES: &[&str] = &[
    "outlook-windows",
    "outlook-windows-broker",
    "outlook-mac",
    "outlook-mobile-server",
    "activesync-android",
    "federated-windows",
    "mid-session",
];

pub(super) const ROWS: &[Row] = &[
    Row {
        breaks: "nobody fits the token's user",
        on: USES,
        change: |sessions| {
            refusals(
                sessions,
                r#"2000005;reason="The user specified by the user-context in the token does not exist.";error_category="invalid_user""#,
            );
        },
        expected: Expected::Broken("user-not-found"),
    },
    Row {
        breaks: "two fit the token's user",
        on: USES,
        change: |sessions| {
            refusals(
                sessions,
                r#"2000005;reason= "The user specified by the user-context in the token is ambiguous." ;error_category="invalid_user""#,
            );
        },
        expected: Expected::Broken("user-ambiguous"),
    },
    Row {
        breaks: "the back end refuses what the front end took",
        on: USES,
        change: |sessions| {
            each(sessions, is_use, |s| {
                let headers = [
                    ("X-FEServer", "EX01"),
                    ("X-BEServer", "EX02"),
                    ("X-CalculatedBETarget", "ex02.corp.contoso.com"),
                    ("X-BackEndHttpStatus", "401"),
                    ("WWW-Authenticate", "Negotiate"),
                ];
                answer(s, 401, &headers, "");
            });
        },
        expected: Expected::Broken("backend-refused"),
    },
    Row {
        breaks: "one of two front ends refuses the token",
        on: &["outlook-windows-broker", "mid-session"],
        change: |sessions| {
            let first = sessions.iter().position(is_mapi_use).expect("a use");
            let mut refused = sessions[first].clone();
            refuse(
                &mut refused,
                r#"2000000;reason="The token has an invalid signature.";error_category="invalid_signature""#,
            );
            for header in refused.response.iter_mut().flat_map(|r| &mut r.headers) {
                if *header.name == *"X-FEServer" {
                    header.value = "EX09".into();
                }
            }
            sessions.insert(first + 1, refused);
        },
        expected: Expected::Told("one-server-differs", Severity::Warning),
    },
    Row {
        breaks: "the device is quarantined",
        on: &["activesync-android"],
        change: |sessions| {
            each(sessions, is_own_use_at_the_end, |s| {
                let headers = [
                    ("X-FEServer", "EX01"),
                    ("X-BEServer", "EX02"),
                    ("X-MS-ASThrottle", "DeviceQuarantined"),
                ];
                answer(s, 403, &headers, "");
            });
        },
        expected: Expected::Broken("protocol-disabled"),
    },
];

fn is_mapi_use(session: &Session) -> bool {
    is_use(session) && session.request.target.path().starts_with("/mapi")
}

fn is_own_use_at_the_end(session: &Session) -> bool {
    is_own(session) && is_use(session) && session.status() == 200
}

#[test]
fn a_mailbox_that_stays_closed() {
    check(ROWS);
}
