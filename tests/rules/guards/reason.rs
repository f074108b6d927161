//! One reason for each refused token: which rule tells it, and which stay silent.

use super::{TOKEN, analyse};
use crate::told;

/// Probe, token and a refusal on an address, with the token's text changed.
fn refused_at(path: &str, change: (&str, &str), headers: &str) -> String {
    let token = TOKEN.replace(change.0, change.1);
    format!(
        "PROBE
### 09:14:31 +212ms outlook.exe:4312
POST https://login.windows.net/common/oauth2/token HTTP/1.1
Content-Type: application/x-www-form-urlencoded

grant_type=refresh_token&resource=https%3A%2F%2Fmail.contoso.com%2F&refresh_token=sample
HTTP/1.1 200 OK
Content-Type: application/json

{{\"access_token\":\"{token}\"}}
### 09:14:32 +40ms outlook.exe:4312
POST https://mail.contoso.com{path} HTTP/1.1
OUTLOOK
Authorization: Bearer {token}

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:14:32 GMT
X-FEServer: EX1
{headers}
"
    )
}

fn refused(change: (&str, &str), diagnostics: &str) -> String {
    let headers = format!("WWW-Authenticate: ENTRA, error=\"invalid_token\"\n{diagnostics}");
    refused_at("/mapi/emsmdb/?MailboxId=8b4f@contoso.com", change, &headers)
}

const SAME: (&str, &str) = ("", "");
const OLD: (&str, &str) = ("\"exp\":1772446740", "\"exp\":1772440000");
const YOUNG: (&str, &str) = ("\"nbf\":1772442840", "\"nbf\":1772444000");
const GRAPH: (&str, &str) = ("https://mail.contoso.com/\"", "https://graph.microsoft.com\"");
const BY_ID: (&str, &str) =
    ("\"aud\":\"https://mail.contoso.com/\"", "\"aud\":\"00000002-0000-0ff1-ce00-000000000000\"");
const STRANGER: (&str, &str) =
    ("7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90", "b1f0c3d2-5a47-4e19-8c6b-0d9e7f6a5b43");
const INVALID: &str =
    r#"x-ms-diagnostics: 2000001;reason="The token is invalid.";error_category="invalid_token""#;
const EXPIRED: &str =
    r#"x-ms-diagnostics: 2000002;reason="The token has expired.";error_category="token_expired""#;
const ISSUER: &str = r#"x-ms-diagnostics: 2000009;reason="The issuer of the token is unknown.";error_category="invalid_issuer""#;

#[test]
fn every_odd_token_has_one_reason() {
    for (change, said, rule, certainty) in [
        (SAME, "", "token-rejected", "suspected"),
        (SAME, INVALID, "token-rejected", "proven"),
        (SAME, EXPIRED, "token-expired", "proven"),
        (OLD, "", "token-expired", "proven"),
        (OLD, INVALID, "token-expired", "proven"),
        (OLD, EXPIRED, "token-expired", "proven"),
        (YOUNG, "", "token-not-yet-valid", "proven"),
        (YOUNG, EXPIRED, "token-not-yet-valid", "proven"),
        (GRAPH, "", "audience-other-api", "suspected"),
        (GRAPH, INVALID, "audience-other-api", "proven"),
        (BY_ID, INVALID, "audience-other-api", "proven"),
        (STRANGER, "", "token-tenant-untrusted", "suspected"),
        (STRANGER, ISSUER, "token-tenant-untrusted", "proven"),
        (SAME, ISSUER, "token-rejected", "proven"),
    ] {
        let analysis = analyse(&refused(change, said));
        assert_eq!(told(&analysis), format!("{rule} error @3"), "{change:?} {said}");
        assert_eq!(analysis.findings[0].certainty.id(), certainty, "{change:?} {said}");
        assert_eq!(analysis.verdict.rule, Some(rule));
    }
}

#[test]
fn a_code_that_says_more_outweighs_what_is_odd_about_the_token() {
    let signature = r#"x-ms-diagnostics: 2000000;reason="invalid signature";error_category="invalid_signature""#;
    for change in [OLD, GRAPH, STRANGER] {
        let analysis = analyse(&refused(change, signature));
        assert_eq!(told(&analysis), "token-signature-rejected error @3");
    }
}

#[test]
fn a_fresh_token_that_counts_as_expired_means_a_wrong_clock() {
    let analysis = analyse(&refused(SAME, EXPIRED));
    assert!(analysis.findings[0].message.contains("clock of the server is wrong"));
    let analysis = analyse(&refused(OLD, EXPIRED));
    assert!(!analysis.findings[0].message.contains("clock"), "{}", analysis.findings[0].message);
}

#[test]
fn an_expired_token_that_could_not_be_renewed_is_told_by_the_sign_in() {
    let renewal = super::token_error("refresh_token", "invalid_grant", 50_173)
        .replace("09:14:20", "09:14:40");
    let analysis = analyse(&format!("{}{renewal}", refused(OLD, EXPIRED)));
    assert_eq!(told(&analysis), "grant-revoked error @4");
    assert_eq!(analysis.verdict.key(), "broken/sign-in/grant-revoked");
}

#[test]
fn a_host_that_trusts_everybody_or_names_no_tenant_is_not_compared() {
    for realm in ["*", "contoso.com"] {
        let text = refused(STRANGER, ISSUER)
            .replace("PROBE\n", super::PROBE)
            .replace("ENTRA", &format!("{}{}", super::NO_URI, super::AUTHORITY))
            .replace(
                "000000000000@7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90",
                &format!("000000000000@{realm}"),
            );
        assert_eq!(told(&analyse(&text)), "token-rejected error @3", "{realm}");
    }
}

#[test]
fn a_second_trusted_tenant_is_trusted() {
    let text = refused(STRANGER, ISSUER)
        .replace("PROBE\n", super::PROBE)
        .replace("ENTRA", &format!("{}{}", super::NO_URI, super::AUTHORITY))
        .replace(
            "000000000000@7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90",
            "000000000000@7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90,00000001-0000-0000-c000-000000000000@b1f0c3d2-5a47-4e19-8c6b-0d9e7f6a5b43",
        );
    assert_eq!(told(&analyse(&text)), "token-rejected error @3");
}

#[test]
fn a_missing_scope_is_suspected_only_where_the_needed_one_is_known() {
    let weak = ("user_impersonation", "User.Read");
    let headers = "WWW-Authenticate: ENTRA, error=\"invalid_token\"";
    let at = |path: &str| {
        refused_at(path, weak, headers)
            .replace("PROBE\n", super::PROBE)
            .replace("POST MAPI", &format!("POST https://mail.contoso.com{path}"))
    };
    let analysis = analyse(&at("/EWS/Exchange.asmx"));
    assert_eq!(told(&analysis), "scope-missing error @3");
    assert_eq!(analysis.findings[0].certainty.id(), "suspected");
    let analysis = analyse(&at("/mapi/emsmdb/"));
    assert_eq!(told(&analysis), "token-rejected error @3");
}

#[test]
fn an_answer_from_behind_the_front_end_is_the_back_ends() {
    let headers = "X-BEServer: EX2\nWWW-Authenticate: ENTRA\nWWW-Authenticate: Negotiate";
    let text = refused_at("/mapi/emsmdb/?MailboxId=8b4f@contoso.com", SAME, headers);
    let analysis = analyse(&text);
    assert_eq!(told(&analysis), "backend-refused error @3");
    assert_eq!(analysis.verdict.key(), "broken/access/backend-refused");
    assert!(analysis.findings[0].message.contains("EX2 answered 401"));
}

#[test]
fn an_expired_token_whose_successor_fails_behind_the_front_end_is_history() {
    let fails = "### 09:15:00 +40ms outlook.exe:4312
POST MAPI HTTP/1.1
OUTLOOK
Authorization: Bearer TOKEN

HTTP/1.1 500 Internal Server Error
X-FEServer: EX1
X-BEServer: EX2
";
    let analysis = analyse(&format!("{}{fails}", refused(OLD, EXPIRED)));
    assert_eq!(told(&analysis), "backend-refused error @4");
}
