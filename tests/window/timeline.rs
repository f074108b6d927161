//! The ladder by keyboard and wheel, its pictures; the tokens and the findings in what they lead to.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use eframe::egui::accesskit::Toggled;
use eframe::egui::{Event, Key, Modifiers, MouseWheelUnit, Role, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use hma_trace::training::samples::SAMPLES;

use crate::driver::{Window, copied, has, opened, press, sample_analysis, show, text_analysis};

fn sample(name: &str) -> Window {
    opened(sample_analysis(name), vec2(1400.0, 1000.0))
}

fn text(capture: &str) -> Window {
    opened(text_analysis(capture), vec2(1400.0, 1000.0))
}

fn click(window: &mut Window, label: &str) {
    window.get_all_by_label_contains(label).next().unwrap().click();
    window.run_ok();
}

fn selected(window: &Window) -> String {
    let mut rows = window.query_all_by_role(Role::ListItem);
    let row = rows.find(|n| n.accesskit_node().toggled() == Some(Toggled::True));
    row.and_then(|n| n.accesskit_node().label()).unwrap_or_default()
}

/// What the keyboard is on.
fn focused(window: &Window) -> String {
    let node = window.root().query_all_by_role(Role::Button).find(egui_kittest::Node::is_focused);
    let row =
        || window.root().query_all_by_role(Role::ListItem).find(egui_kittest::Node::is_focused);
    node.or_else(row).and_then(|n| n.accesskit_node().label()).unwrap_or_default()
}

/// Clicks something that copies.
fn copy(window: &mut Window, label: &str) -> String {
    window.get_all_by_label_contains(label).next().unwrap().click();
    copied(window)
}

#[test]
fn folds_open_and_close_by_keyboard() {
    let mut window = sample("authorization-uri-missing");
    press(&mut window, Key::Home);
    assert!(focused(&window).starts_with("Unfold 4 sessions"), "{}", focused(&window));
    press(&mut window, Key::ArrowRight);
    assert!(focused(&window).starts_with("Fold 4 sessions"), "{}", focused(&window));
    press(&mut window, Key::ArrowRight);
    assert!(selected(&window).starts_with("Session 1: "), "{}", selected(&window));
    press(&mut window, Key::ArrowDown);
    press(&mut window, Key::ArrowLeft);
    assert!(focused(&window).starts_with("Unfold 4 sessions"), "{}", focused(&window));
    press(&mut window, Key::Enter);
    assert!(has(&window, "Session 1: "));
}

#[test]
fn all_folds_open_and_close_at_once() {
    let mut window = sample("healthy-outlook-mapi");
    click(&mut window, "Unfold all routine sessions");
    press(&mut window, Key::Home);
    assert!(focused(&window).starts_with("Fold "), "{}", focused(&window));
    click(&mut window, "Fold all routine sessions");
    press(&mut window, Key::Home);
    assert!(focused(&window).starts_with("Unfold "), "{}", focused(&window));
}

#[test]
fn enter_on_a_session_opens_the_inspector() {
    let mut window = sample("authorization-uri-missing");
    click(&mut window, "Hide the inspector");
    assert!(!has(&window, "Hide the inspector"));
    press(&mut window, Key::ArrowUp);
    press(&mut window, Key::Enter);
    assert!(has(&window, "Hide the inspector"));
    assert!(selected(&window).starts_with("Session 8: "), "{}", selected(&window));
}

/// Many sessions none of which folds away.
fn many(count: usize) -> String {
    let mut capture = String::new();
    for number in 1..=count {
        let _ = write!(
            capture,
            "### {number} 09:14:07\nPOST https://host{number}.contoso.com/EWS/Exchange.asmx\n\
             Authorization: Bearer\n\nHTTP/1.1 401 Unauthorized\nX-FEServer: EX01\n"
        );
    }
    capture
}

fn number(row: &str) -> usize {
    row.trim_start_matches("Session ").split(':').next().unwrap().parse().unwrap()
}

#[test]
fn pages_turn_and_ends_are_reached() {
    let mut window = text(&many(400));
    press(&mut window, Key::Home);
    assert_eq!(number(&selected(&window)), 1);
    press(&mut window, Key::PageDown);
    let page = number(&selected(&window));
    assert!((2..20).contains(&page), "{page}");
    press(&mut window, Key::PageDown);
    press(&mut window, Key::PageUp);
    // Rows are not all of one height.
    assert!(number(&selected(&window)).abs_diff(page) <= 1);
    press(&mut window, Key::End);
    press(&mut window, Key::PageDown);
    assert_eq!(number(&selected(&window)), 400);
    press(&mut window, Key::PageUp);
    assert!(number(&selected(&window)) < 400);
}

#[test]
fn the_wheel_with_ctrl_and_the_buttons_zoom() {
    let mut window = sample("authorization-uri-missing");
    assert!(has(&window, "Ladder at 100 %"));
    window.hover_at(eframe::egui::pos2(700.0, 400.0));
    window.event(Event::MouseWheel {
        unit: MouseWheelUnit::Line,
        delta: vec2(0.0, 3.0),
        modifiers: Modifiers::COMMAND,
        phase: eframe::egui::TouchPhase::Move,
        source: eframe::egui::MouseWheelSource::Unknown,
    });
    window.run_ok();
    assert!(!has(&window, "Ladder at 100 %"));
    click(&mut window, "back to 100 %");
    assert!(has(&window, "Ladder at 100 %"));
    click(&mut window, "Reduce the ladder");
    assert!(has(&window, "Ladder at 87 %"));
    click(&mut window, "Fit the ladder to the window");
    assert!(has(&window, "Session 18: ") || has(&window, "Unfold"), "the last row is in sight");
}

#[test]
fn a_small_window_shows_the_ladder_whole() {
    let window = opened(sample_analysis("healthy-federated-adfs"), vec2(1000.0, 700.0));
    for lane in ["Client 2 processes", "Exchange 4 hosts", "Entra ID login", "AD FS adfs"] {
        let rect = window.get_all_by_label_contains(lane).next().unwrap().rect();
        assert!(rect.right() < 930.0, "{lane} ends at {}", rect.right());
    }
}

#[test]
fn the_overview_says_how_much_failed() {
    let window = text(&many(400));
    assert!(has(&window, "Overview: "), "a long ladder has an overview");
}

#[test]
fn every_sample_draws_its_timeline_tokens_and_findings() {
    let sizes = [vec2(1400.0, 900.0), vec2(720.0, 480.0), vec2(2560.0, 1440.0)];
    for (sample, size) in SAMPLES.iter().zip(sizes.into_iter().cycle()) {
        let mut window = opened(sample_analysis(sample.name), size);
        for tab in ["Tokens", "Findings", "Timeline"] {
            show(&mut window, tab);
        }
    }
}

const TOKEN: &str = r#"### 5 09:14:07
POST https://mail.contoso.com/mapi/emsmdb/
Authorization: Bearer {{jwt {"aud":"https://mail.contoso.com/","upn":"greg@contoso.com","appid":"x"}}}

HTTP/1.1 200 OK
X-FEServer: EX01
"#;

#[test]
fn a_claim_leads_to_the_header_that_carries_it() {
    let mut window = text(TOKEN);
    show(&mut window, "Tokens");
    click(&mut window, "Show where upn stands");
    assert!(selected(&window).starts_with("Session 5: "), "{}", selected(&window));
    assert!(has(&window, "Authorization"));
}

#[test]
fn claims_are_searched_and_copied() {
    let mut window = text(TOKEN);
    show(&mut window, "Tokens");
    assert_eq!(copy(&mut window, "Copy upn"), "upn: greg@contoso.com");
    let table = copy(&mut window, "Copy claims as Markdown");
    assert!(table.contains("| upn | greg@contoso.com |"), "{table}");
    window.get_by_label("Search claims").click();
    window.run_ok();
    window.get_by_label("Search claims").type_text("greg");
    window.run_ok();
    assert!(has(&window, "1 of 3"));
    assert!(has(&window, "Copy upn") && !has(&window, "Copy appid"));
}

#[test]
fn up_and_down_choose_a_token() {
    let mut window = sample("healthy-outlook-mapi");
    show(&mut window, "Tokens");
    assert!(selected(&window).starts_with("t1 "), "{}", selected(&window));
    press(&mut window, Key::ArrowDown);
    assert!(selected(&window).starts_with("t2 "), "{}", selected(&window));
}

#[test]
fn without_tokens_the_reason_is_said() {
    let mut window = sample("https-not-decrypted");
    show(&mut window, "Tokens");
    assert!(has(&window, "turn on HTTPS decryption"));
    let mut window = sample("authorization-uri-missing");
    show(&mut window, "Tokens");
    assert!(has(&window, "The flow broke before a token was issued"));
}

#[test]
fn findings_are_filtered_by_severity() {
    let mut window = sample("basic-fallback");
    show(&mut window, "Findings");
    assert!(has(&window, "Error: ") && has(&window, "Warning: "));
    click(&mut window, "Show 2 warnings only");
    assert!(!has(&window, "Error: ") && has(&window, "Warning: "));
    click(&mut window, "Show 2 warnings only");
    assert!(has(&window, "Error: "));
    click(&mut window, "Close all findings");
    assert!(!has(&window, "Copy reference"));
    click(&mut window, "Open all findings");
    assert!(has(&window, "Proven: the capture shows it"));
}

#[test]
fn a_finding_names_its_source() {
    let mut window = opened(sample_analysis("authorization-uri-missing"), vec2(1400.0, 2400.0));
    show(&mut window, "Findings");
    assert!(copy(&mut window, "Copy reference").contains("Exchange Team Blog"));
    click(&mut window, "Show in timeline");
    assert!(selected(&window).starts_with("Session 9: "), "{}", selected(&window));
}

#[test]
fn a_huge_ladder_is_alive() {
    let mut window = text(&many(5_000));
    press(&mut window, Key::End);
    assert_eq!(number(&selected(&window)), 5_000);
    let begin = Instant::now();
    for _ in 0..20 {
        window.step();
    }
    // Far above what it takes, far below what drawing every row would take.
    let frame = begin.elapsed() / 20;
    assert!(frame < Duration::from_millis(400), "{frame:?} a frame");
}
