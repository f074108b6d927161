//! The timeline, the tokens and the findings, driven as a keyboard or a screen reader drives them.

use std::fmt::Write as _;

use eframe::egui::accesskit::Toggled;
use eframe::egui::{Key, Role, Vec2, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::driver::{Window, copied, has, opened, sample_analysis, show, text_analysis};

const HEALTHY: &str = r#"
### 1 2026-03-02T09:14:00Z outlook.exe:7720
POST https://mail.contoso.com/mapi/emsmdb/
Authorization: Bearer

HTTP/1.1 401 Unauthorized
X-FEServer: EX01
WWW-Authenticate: Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="00000001-0000-0000-c000-000000000000@t", token_types="app_asserted_user_v1 service_asserted_app_v1", authorization_uri="https://login.windows.net/common/oauth2/authorize"
### 2 09:14:03
POST https://login.microsoftonline.com/common/oauth2/token
Content-Type: application/x-www-form-urlencoded

grant_type=authorization_code&resource=https%3A%2F%2Fmail.contoso.com%2F&client_id=d3590ed6-52b3-4102-aeff-aad2292ab01c
HTTP/1.1 200 OK
Content-Type: application/json

{"token_type":"Bearer","access_token":"{{jwt {"aud":"https://mail.contoso.com/","exp":1772446421}}}"}
### 3 09:14:05 outlook.exe:7720
POST https://mail.contoso.com/mapi/emsmdb/
Authorization: Bearer {{jwt {"aud":"https://mail.contoso.com/","exp":1772446421}}}

HTTP/1.1 200 OK
X-FEServer: EX01
"#;

const SIZE: Vec2 = vec2(1400.0, 1000.0);

fn sample(name: &str) -> Window {
    opened(sample_analysis(name), SIZE)
}

fn text(capture: &str) -> Window {
    opened(text_analysis(capture), SIZE)
}

fn with_token(token: &str) -> Window {
    let mut window = text(&format!(
        "### 5 09:14:07\nPOST https://mail.contoso.com/mapi/emsmdb/\nAuthorization: Bearer {token}\n\n\
         HTTP/1.1 200 OK\nX-FEServer: EX01\n"
    ));
    show(&mut window, "Tokens");
    window
}

fn click(window: &mut Window, label: &str) {
    window.get_by_label_contains(label).click();
    window.run_ok();
}

/// The numbers of the session rows in sight.
fn rows(window: &Window) -> Vec<u32> {
    let labels = window.get_all_by_role(Role::ListItem).filter_map(|n| n.accesskit_node().label());
    let number = |label: String| label.strip_prefix("Session ")?.split(':').next()?.parse().ok();
    labels.filter_map(number).collect()
}

/// The session row that is selected.
fn selected(window: &Window) -> Option<String> {
    let mut rows = window.query_all_by_role(Role::ListItem);
    let row = rows.find(|n| n.accesskit_node().toggled() == Some(Toggled::True))?;
    row.accesskit_node().label()
}

/// Clicks something that copies.
fn copy(window: &mut Window, label: &str) -> String {
    window.get_all_by_label_contains(label).next().unwrap().click();
    copied(window)
}

#[test]
fn the_first_break_is_in_sight_when_a_capture_opens() {
    let window = sample("authorization-uri-missing");
    let row = selected(&window).unwrap();
    assert!(row.starts_with("Session 9: Autodiscover probe: empty Bearer, 401"), "{row}");
    assert!(row.contains("First break: the challenge: Exchange answered"), "{row}");
    assert!(has(&window, "Missing: sign in and get a token"));
}

#[test]
fn a_click_selects_a_session() {
    let mut window = sample("authorization-uri-missing");
    click(&mut window, "Session 8: ");
    assert!(selected(&window).unwrap().starts_with("Session 8: "));
}

#[test]
fn arrow_keys_move_the_selection() {
    let mut window = sample("authorization-uri-missing");
    // The first row is a fold: the selection stays until a session is gone to.
    for (key, expected) in [
        (Key::ArrowUp, "Session 8: "),
        (Key::ArrowDown, "Session 9: "),
        (Key::Home, "Session 9: "),
        (Key::ArrowDown, "Session 5: "),
    ] {
        window.key_press(key);
        window.run_ok();
        let row = selected(&window).unwrap();
        assert!(row.starts_with(expected), "{key:?}: {row}");
    }
}

#[test]
fn a_fold_opens_and_closes() {
    let mut window = sample("authorization-uri-missing");
    window.key_press(Key::Home);
    window.run_ok();
    assert!(!rows(&window).contains(&1));
    click(&mut window, "Unfold 4 sessions");
    assert!(rows(&window).contains(&1), "{:?}", rows(&window));
    click(&mut window, "Fold 4 sessions");
    assert!(!rows(&window).contains(&1));
}

#[test]
fn a_flow_can_be_looked_at_alone() {
    let mut window = sample("healthy-outlook-mapi");
    let all = rows(&window);
    click(&mut window, "Flow: All flows");
    click(&mut window, "Show OAB to mail.contoso.com only");
    assert!(rows(&window).len() < all.len(), "{:?}", rows(&window));
    click(&mut window, "Flow: OAB to mail.contoso.com");
    click(&mut window, "All flows");
    assert_eq!(rows(&window).len(), all.len());
}

#[test]
fn only_rows_in_sight_are_made() {
    let mut capture = String::new();
    for number in 1..=3000 {
        // A status of its own for every session, so that none folds away.
        let _ = write!(
            capture,
            "### {number} 09:14:07\nPOST https://host{number}.contoso.com/EWS/Exchange.asmx\n\
             Authorization: Bearer\n\nHTTP/1.1 401 Unauthorized\nX-FEServer: EX01\n"
        );
    }
    let mut window = text(&capture);
    assert!(rows(&window).len() < 40, "{}", rows(&window).len());
    window.key_press(Key::End);
    window.run_ok();
    assert!(selected(&window).unwrap().starts_with("Session 3000: "));
}

#[test]
fn the_timeline_is_copied_as_a_picture() {
    let mut window = sample("spn-missing");
    click(&mut window, "Pictures of the timeline");
    let picture = copy(&mut window, "Copy timeline as SVG");
    assert!(picture.starts_with("<svg") && picture.contains("AADSTS500011"), "{picture}");
}

#[test]
fn claims_tell_what_they_mean_and_whether_they_fit() {
    let mut window = with_token(
        r#"{{jwt {"aud":"https://owa.contoso.com/","exp":1772446327,"upn":"greg@contoso.com"}}}"#,
    );
    for label in [
        "t1 Access token for owa.contoso.com",
        "Expires 58 min after use",
        "Issued for owa.contoso.com, but sent to mail.contoso.com",
        "2 Mar 2026, 10:12:07 UTC",
        "Signature not checked",
    ] {
        assert!(has(&window, label), "{label}");
    }
    let json = copy(&mut window, "Copy header and claims as JSON");
    assert!(json.contains("\"RS256\"") && json.contains("owa.contoso.com"), "{json}");
    click(&mut window, "session 5");
    show(&mut window, "Timeline");
    assert!(selected(&window).unwrap().starts_with("Session 5: "));
}

#[test]
fn a_token_inside_a_token_has_its_own_table() {
    let mut window = with_token(
        r#"{{jwt {"alg":"none"} {"nameid":"greg","actortoken":"{{jwt {\"iss\":\"inner-issuer\"}}}"}}}"#,
    );
    assert!(has(&window, "Inside: t2 Actor token"));
    assert!(has(&window, "inner-issuer"));
    click(&mut window, "t2 Actor token for");
    assert!(has(&window, "Travels inside"));
}

#[test]
fn unreadable_tokens_say_so() {
    // {"alg":"RSA-OAEP","enc":"A256GCM"}
    let encrypted = "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.a2V5.aXY.dGV4dA.dGFn";
    assert!(has(&with_token(encrypted), "nobody but the service can read it"));
    assert!(has(&with_token("EwCwA8l6BAAU"), "This token is opaque"));
    let mut none = text("GET https://mail.contoso.com/owa/\n\nHTTP/1.1 200 OK\n");
    show(&mut none, "Tokens");
    assert!(has(&none, "No tokens"));
}

#[test]
fn a_finding_shows_proof_reason_and_fix() {
    let mut window = sample("authorization-uri-missing");
    show(&mut window, "Findings");
    assert!(has(&window, "Error: Exchange answered the empty Bearer"));
    assert!(has(&window, "at the challenge step"));
    assert!(has(&window, "proven"));
    let command = copy(&mut window, "Copy command of step 1");
    assert!(command.starts_with("Get-AuthServer"), "{command}");
}

#[test]
fn every_command_of_a_fix_is_copied_alone() {
    let mut window = sample("spn-missing");
    // It shows the same steps.
    click(&mut window, "Hide the inspector");
    show(&mut window, "Findings");
    for (button, command) in [
        ("Copy command of step 1", "Connect-MgGraph -Scopes Application.ReadWrite.All"),
        ("Copy command 2 of step 2", "$x.ServicePrincipalNames | Sort-Object"),
    ] {
        assert_eq!(copy(&mut window, button), command);
    }
    assert!(has(&window, "Read the names that are there; https://mail.contoso.com/ is missing:"));
}

#[test]
fn evidence_leads_to_its_session() {
    let mut window = sample("authorization-uri-missing");
    click(&mut window, "Session 8: ");
    show(&mut window, "Findings");
    click(&mut window, "Session 9, WWW-Authenticate: ");
    show(&mut window, "Timeline");
    assert!(selected(&window).unwrap().starts_with("Session 9: "));
}

#[test]
fn findings_close_and_open() {
    let mut window = sample("authorization-uri-missing");
    show(&mut window, "Findings");
    click(&mut window, "Error: Exchange answered");
    assert!(!has(&window, "Session 9, WWW-Authenticate: "));
    click(&mut window, "Error: Exchange answered");
    assert!(has(&window, "Session 9, WWW-Authenticate: "));
}

#[test]
fn no_findings_are_said_in_a_sentence() {
    let mut window = text(HEALTHY);
    show(&mut window, "Findings");
    assert!(has(&window, "No findings"));
    assert!(has(&window, "the flow reached the mailbox as it should"));
}

#[test]
fn the_import_report_leads_to_the_sessions() {
    let mut window = text(
        "### 3\nGET https://mail.contoso.com/owa/ HTTP/1.1\n### 4\nGET https://mail.contoso.com/owa/ HTTP/1.1\n\nHTTP/1.1 200 OK\n",
    );
    window.get_by_role_and_label(Role::Link, "Import report").click();
    window.run_ok();
    assert!(
        window
            .query_by_label("2 sessions: 1 as recorded, 0 repaired, 1 partial; 0 could not be read")
            .is_some()
    );
    assert!(window.query_by_label("Answers missing (partial)").is_some());
    window.get_by_role_and_label(Role::Link, "Session 3").click();
    window.run_ok();
    assert!(window.query_by_role_and_label(Role::Heading, "Import report").is_none());
}
