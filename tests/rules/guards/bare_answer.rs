//! Answers without their requests, as people paste them into tickets.

use crate::{analyse, told};
use hma_trace::rules::{Certainty, Part};

const CHALLENGE: &str = r#"HTTP/1.1 401 Unauthorized
WWW-Authenticate: Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="00000001-0000-0000-c000-000000000000@7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90", token_types="app_asserted_user_v1 service_asserted_app_v1""#;

const AUTHORITY: &str =
    r#", authorization_uri="https://login.windows.net/common/oauth2/authorize""#;

#[test]
fn a_challenge_alone_is_judged_and_only_suspected() {
    let analysis = analyse(CHALLENGE);
    assert_eq!(told(&analysis), "authorization-uri-missing error @1");
    let finding = &analysis.findings[0];
    assert_eq!(finding.certainty, Certainty::Suspected);
    assert!(finding.evidence.iter().all(|e| e.part == Part::ResponseHeader));
    assert!(finding.message.contains("<host>"), "{}", finding.message);
    assert_eq!(analysis.verdict.key(), "broken/challenge/authorization-uri-missing");
}

#[test]
fn a_good_challenge_alone_breaks_nothing() {
    let analysis = analyse(&format!("{CHALLENGE}{AUTHORITY}\n"));
    assert_eq!(told(&analysis), "");
    assert_eq!(analysis.verdict.key(), "not-enough-evidence");
}

#[test]
fn a_refusal_alone_names_what_is_wrong_with_the_token() {
    let refused = |reason: &str| {
        format!(
            "{CHALLENGE}\nx-ms-diagnostics: 2000003;reason=\"{reason}\";error_category=\"invalid_resource\"\n"
        )
    };
    let text = refused(
        "The audience claim value is invalid 'https://mail.contoso.com'. Expected 'https://ex01.corp.contoso.com'",
    );
    assert_eq!(told(&analyse(&text)), "audience-host-mismatch error @1");
    let unavailable = format!(
        "{CHALLENGE}{AUTHORITY}\nx-ms-diagnostics: 4000000;reason=\"Flighting is not enabled for domain 'meg@contoso.com'.\";error_category=\"oauth_not_available\"\n"
    );
    assert_eq!(told(&analyse(&unavailable)), "oauth-not-available error @1");
}

#[test]
fn answers_of_others_stay_others() {
    for text in [
        "HTTP/1.1 401 Unauthorized\nWWW-Authenticate: Bearer realm=\"payroll\"\n",
        "HTTP/1.1 401 Unauthorized\nWWW-Authenticate: Negotiate\nServer: Microsoft-IIS/10.0\n",
    ] {
        assert_eq!(told(&analyse(text)), "no-exchange-traffic note @-", "{text}");
    }
}
