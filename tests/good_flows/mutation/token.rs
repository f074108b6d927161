//! Breaks at the fourth step: Exchange does not take the token.

use super::change::{Sessions, each, is_use, refusals, send_token};
use super::{Expected, Row, check};

/// Stories in which a token for the organisation's own server is used.
const USES: &[&str] = &[
    "outlook-windows",
    "outlook-windows-broker",
    "outlook-mac",
    "outlook-mobile-server",
    "activesync-android",
    "federated-windows",
    "mid-session",
    "us-government",
    "second-factor",
    "device-code",
];

pub(super) const ROWS: &[Row] = &[
    Row {
        breaks: "the load balancer renames the host",
        on: USES,
        change: |sessions| {
            refusals(
                sessions,
                r#"2000003;reason="The hostname component of the audience claim value is invalid. Expected 'https://mail.contoso.com'. Actual 'https://ex01.corp.contoso.com'.";error_category="invalid_resource""#,
            );
        },
        expected: Expected::Broken("audience-host-mismatch"),
    },
    Row {
        breaks: "TLS is offloaded",
        on: USES,
        change: |sessions| {
            refusals(
                sessions,
                r#"2000003;reason="The hostname component of the audience claim value is invalid. Expected 'https://mail.contoso.com'. Actual 'http://mail.contoso.com'.";error_category="invalid_resource""#,
            );
        },
        expected: Expected::Broken("audience-scheme-mismatch"),
    },
    Row {
        breaks: "the token is for Exchange Online",
        on: USES,
        change: |sessions| {
            with_claims(
                sessions,
                r#""aud":"https://outlook.office365.com/","nbf":1772442000,"exp":1772449000"#,
            );
            refusals(
                sessions,
                r#"2000003;reason="The hostname component of the audience claim value 'https://outlook.office365.com/' is invalid";error_category="invalid_resource""#,
            );
        },
        expected: Expected::Broken("audience-other-api"),
    },
    Row {
        breaks: "the token has expired and nobody renews it",
        on: USES,
        change: |sessions| {
            with_claims(
                sessions,
                r#""aud":"https://mail.contoso.com/","nbf":1772420000,"exp":1772430000"#,
            );
            refusals(
                sessions,
                r#"2000002;reason="The token has expired.";error_category="token_expired""#,
            );
        },
        expected: Expected::Broken("token-expired"),
    },
    Row {
        breaks: "the token's time has not begun",
        on: USES,
        change: |sessions| {
            with_claims(
                sessions,
                r#""aud":"https://mail.contoso.com/","nbf":1772470000,"exp":1772480000"#,
            );
            refusals(
                sessions,
                r#"2000001;reason="The token is invalid.";error_category="invalid_token""#,
            );
        },
        expected: Expected::Broken("token-not-yet-valid"),
    },
    Row {
        breaks: "the token is another tenant's",
        on: USES,
        change: |sessions| {
            with_claims(
                sessions,
                r#""aud":"https://mail.contoso.com/","tid":"9c1d3f52-1b44-4f6a-8f0e-7d2a5e6c8b10","iss":"https://sts.windows.net/9c1d3f52-1b44-4f6a-8f0e-7d2a5e6c8b10/","nbf":1772442000,"exp":1772449000"#,
            );
            refusals(
                sessions,
                r#"2000009;reason="The issuer of the token is unknown. Issuer was 'https://sts.windows.net/9c1d3f52-1b44-4f6a-8f0e-7d2a5e6c8b10/'.";error_category="invalid_issuer""#,
            );
            each(sessions, is_use, trusting_one_tenant);
        },
        expected: Expected::Broken("token-tenant-untrusted"),
    },
    Row {
        breaks: "Exchange's copy of Entra ID's keys is old",
        on: USES,
        change: |sessions| {
            refusals(
                sessions,
                r#"2000000;reason="The token has an invalid signature.";error_category="invalid_signature""#,
            );
        },
        expected: Expected::Broken("token-signature-rejected"),
    },
    Row {
        breaks: "Exchange fails inside",
        on: USES,
        change: |sessions| refusals(sessions, r#"2000007;error_category="internal_error""#),
        expected: Expected::Broken("token-rejected"),
    },
    Row {
        breaks: "the token lacks the permission",
        on: USES,
        change: |sessions| {
            refusals(
                sessions,
                r#"2000008;reason="Access to this API requires the following permissions: 'EWS.AccessAsUser.All'.";error_category="invalid_grant""#,
            );
        },
        expected: Expected::Broken("scope-missing"),
    },
];

/// Every client sends a token with these claims, and those that all tokens of the stories have.
fn with_claims(sessions: &mut Sessions, claims: &str) {
    let common = r#""appid":"d3590ed6-52b3-4102-aeff-aad2292ab01c","scp":"user_impersonation EAS.AccessAsUser.All EWS.AccessAsUser.All","upn":"kim.akers@contoso.com""#;
    each(sessions, is_use, |s| send_token(s, &format!("{common},{claims}")));
}

/// The challenge trusts one tenant instead of any.
fn trusting_one_tenant(session: &mut hma_trace::capture::Session) {
    super::change::rewrite_bearer(session, |challenge| {
        Some(challenge.replace("@*", "@2f6d0d7b-5b1c-4f0e-9d5e-1a2b3c4d5e6f"))
    });
}

#[test]
fn a_token_that_exchange_refuses() {
    check(ROWS);
}
