//! Breaks at the first step: the client does not ask, or cannot.

use hma_trace::rules::Severity;

use super::change::{
    Sessions, each, is_identity, is_own, is_probe, is_use, move_to, rewrite, rewrite_bearer, send,
};
use super::{Expected, Row, check};

const NTLM: &str = "NTLM TlRMTVNTUAADAAAAGAAYAH4AAAA=";

pub(super) const ROWS: &[Row] = &[
    Row {
        breaks: "one of two Outlooks is set to Windows sign-in",
        on: &["two-tenants"],
        change: |sessions| windows_sign_in(sessions, "outlook.exe:20044"),
        expected: Expected::Broken("no-empty-bearer"),
    },
    Row {
        breaks: "the only Outlook is set to Windows sign-in",
        on: &["outlook-windows", "outlook-windows-broker", "second-resource"],
        change: |sessions| windows_sign_in(sessions, "outlook.exe:11832"),
        expected: Expected::Told("no-empty-bearer", Severity::Warning),
    },
    Row {
        breaks: "Outlook is from 2010",
        on: &["outlook-windows", "outlook-windows-broker", "second-resource"],
        change: |sessions| {
            windows_sign_in(sessions, "outlook.exe:11832");
            each(sessions, is_own, |session| {
                rewrite(&mut session.request.headers, "User-Agent", |_| {
                    let agent =
                        "Microsoft Office/14.0 (Windows NT 6.1; Microsoft Outlook 14.0.7268; Pro)";
                    Some(agent.to_owned())
                });
            });
        },
        expected: Expected::Broken("client-too-old"),
    },
    Row {
        breaks: "the profile uses Outlook Anywhere",
        on: &["outlook-windows", "outlook-windows-broker"],
        change: |sessions| {
            windows_sign_in(sessions, "outlook.exe:11832");
            for session in
                sessions.iter_mut().filter(|s| s.request.target.path().starts_with("/mapi"))
            {
                "RPC_IN_DATA".clone_into(&mut session.request.method);
                move_to(session, "https://mail.contoso.com/rpc/rpcproxy.dll?8b4f@contoso.com:6001");
            }
        },
        expected: Expected::Broken("rpc-over-http"),
    },
    Row {
        breaks: "the client does nothing with the challenge and asks again, for minutes",
        on: &["outlook-windows", "outlook-windows-broker"],
        change: |sessions| {
            sessions.retain(|s| !is_identity(s) && !is_use(s));
            again(sessions);
        },
        expected: Expected::Broken("challenge-ignored"),
    },
    Row {
        breaks: "the client sends a password after the challenge",
        on: &["outlook-windows", "activesync-android"],
        change: |sessions| {
            sessions.retain(|s| !is_identity(s));
            each(sessions, is_use, |s| send(s, Some("Basic a2ltOlNhbXBsZS1QYXNzdzByZA==")));
        },
        expected: Expected::Broken("challenge-ignored"),
    },
];

/// A process knows Windows sign-in only: no Bearer, no Bearer challenge, NTLM where there was a token, no Entra ID.
fn windows_sign_in(sessions: &mut Sessions, process: &str) {
    sessions.retain(|s| s.process.as_deref() != Some(process) || !is_identity(s));
    for session in sessions.iter_mut().filter(|s| s.process.as_deref() == Some(process)) {
        if is_probe(session) {
            rewrite_bearer(session, |_| None);
            send(session, None);
        } else if is_own(session) {
            send(session, Some(NTLM));
        }
    }
}

/// The last probe is sent five times more, a minute apart.
fn again(sessions: &mut Sessions) {
    let is_asking = |s: &&hma_trace::capture::Session| is_own(s);
    let last = sessions.iter().rfind(is_asking).expect("a probe").clone();
    for minutes in 1..=5 {
        let mut next = last.clone();
        next.started = next.started.map(|t| t + chrono::TimeDelta::minutes(minutes));
        if let Some(answer) = &mut next.response {
            rewrite(&mut answer.headers, "Date", |_| None);
        }
        sessions.push(next);
    }
}

#[test]
fn a_client_that_does_not_ask() {
    check(ROWS);
}
