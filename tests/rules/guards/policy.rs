//! Refusals by policy, age or registration: which rule tells which, and what is history.

use super::{analyse, token_error};
use crate::told;

#[test]
fn an_old_sign_in_that_the_user_repeats_is_a_note() {
    for code in [70_008, 70_043, 700_082, 700_084] {
        let refused = token_error("refresh_token", "invalid_grant", code);
        let analysis = analyse(&format!("PROBE\n{refused}ISSUED\nACCEPTED\n"));
        assert_eq!(told(&analysis), "grant-expired note @2", "{code}");
        assert_eq!(analysis.verdict.key(), "healthy");
        let analysis = analyse(&format!("PROBE\n{refused}"));
        assert_eq!(told(&analysis), "grant-expired error @2", "{code}");
    }
}

#[test]
fn a_second_factor_that_never_came_is_a_refusal_and_one_that_came_a_note() {
    let refused = token_error("refresh_token", "interaction_required", 50_076);
    let analysis = analyse(&format!("PROBE\n{refused}"));
    assert_eq!(told(&analysis), "sign-in-refused error @2");
    let analysis = analyse(&format!("PROBE\n{refused}ISSUED\nACCEPTED\n"));
    assert_eq!(told(&analysis), "sign-in-interrupted note @2");
}

#[test]
fn what_the_service_retries_by_itself_is_not_told_once_it_went_well() {
    let refused = token_error("refresh_token", "temporarily_unavailable", 90_033);
    let analysis = analyse(&format!("PROBE\n{refused}ISSUED\nACCEPTED\n"));
    assert_eq!(told(&analysis), "");
}

#[test]
fn policies_block_by_many_codes_and_name_themselves() {
    for code in [53_000, 53_001, 53_002, 53_003, 53_004, 53_010, 53_011, 530_032, 530_035] {
        let refused = token_error("authorization_code", "access_denied", code);
        let analysis = analyse(&format!("PROBE\n{refused}"));
        assert_eq!(told(&analysis), "conditional-access-blocked error @2", "{code}");
        assert_eq!(analysis.verdict.key(), "broken/sign-in/conditional-access-blocked");
    }
    let named = hma_trace::rules::find("conditional-access-blocked").unwrap().fires_on;
    let finding = &crate::analyse(named).findings[0];
    let policy = "3c1f0a86-52d7-4a0e-9b8a-5d4e7c2b1f60";
    assert!(finding.evidence.iter().any(|e| e.name == "capolids" && e.value == policy));
    assert!(finding.fix().iter().any(|step| step.contains(policy)));
}

#[test]
fn a_device_that_was_then_registered_is_an_interruption() {
    let refused = token_error("authorization_code", "interaction_required", 53_000);
    let analysis = analyse(&format!("PROBE\n{refused}ISSUED\nACCEPTED\n"));
    assert_eq!(told(&analysis), "sign-in-interrupted note @2");
}

#[test]
fn tenant_restrictions_are_the_networks_and_cross_tenant_settings_are_not() {
    for (code, rule) in [
        (500_021, "tenant-restricted"),
        (500_022, "tenant-restricted"),
        (500_212, "sign-in-refused"),
        (500_213, "sign-in-refused"),
    ] {
        let refused = token_error("authorization_code", "access_denied", code);
        let analysis = analyse(&format!("PROBE\n{refused}"));
        assert_eq!(told(&analysis), format!("{rule} error @2"), "{code}");
    }
}

#[test]
fn a_reply_url_of_another_application_is_an_ordinary_refusal() {
    let refused = token_error("authorization_code", "invalid_request", 50_011);
    let analysis = analyse(&format!("PROBE\n{refused}"));
    assert_eq!(told(&analysis), "sign-in-refused error @2");
}

#[test]
fn ecp_alone_needs_its_reply_url_too() {
    let analysis = analyse(
        r#"### 09:20:01 +20ms msedge.exe:900
GET https://mail.contoso.com/ecp/ HTTP/1.1

HTTP/1.1 302 Found
X-FEServer: EX1
Location: https://login.microsoftonline.com/common/oauth2/authorize?client_id=00000002-0000-0ff1-ce00-000000000000&redirect_uri=https%3a%2f%2fmail.contoso.com%2fecp%2f&response_type=code+id_token

### 09:20:02 +95ms msedge.exe:900
GET https://login.microsoftonline.com/common/oauth2/authorize?client_id=00000002-0000-0ff1-ce00-000000000000&redirect_uri=https%3a%2f%2fmail.contoso.com%2fecp%2f&response_type=code+id_token HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<script>$Config={"strServiceExceptionMessage":"AADSTS50011: The redirect URI does not match.","sErrorCode":"50011"};</script>
"#,
    );
    assert_eq!(told(&analysis), "reply-url-missing error @2");
    assert_eq!(analysis.verdict.key(), "broken/sign-in/reply-url-missing");
    assert!(analysis.findings[0].message.contains("https://mail.contoso.com/ecp"));
}

#[test]
fn another_refusal_of_a_browser_belongs_to_owa_and_not_to_outlook() {
    let analysis = analyse(
        r#"PROBE
ISSUED
ACCEPTED
### 09:20:01 +20ms msedge.exe:900
GET https://mail.contoso.com/owa/ HTTP/1.1

HTTP/1.1 302 Found
X-FEServer: EX1
Location: https://login.microsoftonline.com/common/oauth2/authorize?client_id=00000002-0000-0ff1-ce00-000000000000&redirect_uri=https%3a%2f%2fmail.contoso.com%2fowa%2f&response_type=code+id_token

### 09:20:02 +95ms msedge.exe:900
GET https://login.microsoftonline.com/common/oauth2/authorize?client_id=00000002-0000-0ff1-ce00-000000000000&redirect_uri=https%3a%2f%2fmail.contoso.com%2fowa%2f&response_type=code+id_token HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<script>$Config={"strServiceExceptionMessage":"AADSTS53003: Access has been blocked.","sErrorCode":"53003"};</script>
"#,
    );
    assert_eq!(told(&analysis), "conditional-access-blocked error @5");
    let flow = analysis.findings[0].flow.and_then(|id| analysis.flows.flow(id)).unwrap();
    assert_eq!(flow.protocol.id(), "owa");
}

#[test]
fn an_error_whose_body_was_dropped_is_not_called_one_without_words() {
    let refused = token_error("refresh_token", "invalid_grant", 50_173);
    let (head, _) = refused.split_once("{\"error").unwrap();
    let dropped = head.replace("x-ms-request-id", "Content-Length: 712\nx-ms-request-id");
    let analysis = analyse(&format!("PROBE\n{dropped}"));
    assert_eq!(told(&analysis), "bodies-missing note @2\nunknown-token-error error @2");
    let finding = &analysis.findings[1];
    assert!(finding.message.ends_with("the body that tells why is not in this file"));
    assert_eq!(finding.certainty.id(), "suspected");
}
