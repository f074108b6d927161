//! The window, driven as a keyboard or a screen reader drives it.

use eframe::egui::accesskit::Toggled;
use eframe::egui::{Key, Modifiers, Role, Vec2, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use hma_trace::gui::App;
use hma_trace::report::{self, Format, Style};
use hma_trace::training::samples::{self, SAMPLES};

use crate::driver::{
    Window, analysis_of, copied, everything, opened, sample_analysis, show, text_analysis,
    wait_for, window,
};

const PASSWORD: &str = "### 7 outlook.exe:4242
POST https://mail.contoso.com/EWS/Exchange.asmx HTTP/1.1
Authorization: Basic Z3JlZzpodW50ZXIyLXZlcnktc2VjcmV0
Cookie: cadata=chocolate-chip-secret
Content-Type: application/x-www-form-urlencoded

username=greg&password=formsecret99
HTTP/1.1 200 OK
Content-Type: application/json

{\"access_token\":\"jsonsecret99\"}
";

const SIZE: Vec2 = vec2(1400.0, 900.0);

fn start_screen() -> Window {
    window(SIZE, |creation| App::new(creation, Vec::new()))
}

fn sample(name: &str) -> Window {
    opened(sample_analysis(name), SIZE)
}

fn text(capture: &str) -> Window {
    opened(text_analysis(capture), SIZE)
}

#[test]
fn the_start_screen_offers_to_open_paste_and_learn() {
    let harness = start_screen();
    harness.get_by_label("Open…");
    harness.get_by_label("Paste HTTP text…");
    harness.get_by_label("Sample: Exchange's challenge names no place to get a token");
}

#[test]
fn every_sample_shows_its_verdict_and_every_view() {
    for sample in SAMPLES {
        let mut harness = opened(analysis_of(sample), SIZE);
        let verdict = match (sample.expected.outcome, sample.expected.step) {
            ("broken", Some(step)) => format!("Verdict: Broken at the {step}"),
            ("healthy", _) => "Verdict: Healthy".to_owned(),
            ("not-hma", _) => "Verdict: Not modern authentication".to_owned(),
            _ => "Verdict: Not enough evidence".to_owned(),
        };
        assert!(harness.query_by_label(&verdict).is_some(), "{}: {verdict}", sample.file_name);
        for view in ["Sessions", "Tokens", "Findings", "Timeline"] {
            show(&mut harness, view);
        }
        for page in ["Request", "Auth", "Token", "Timing", "Raw", "Response"] {
            show(&mut harness, page);
        }
    }
}

#[test]
fn a_sample_opens_from_its_card_and_closes_again() {
    let mut harness = start_screen();
    let card = "Sample: Exchange's challenge names no place to get a token";
    harness.get_by_label(card).scroll_to_me();
    harness.run_ok();
    harness.get_by_label(card).click();
    harness.step();
    wait_for(&mut harness, "Verdict: Broken at the challenge");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::W);
    harness.run_ok();
    harness.get_by_label("Open…");
}

#[test]
fn a_chosen_session_is_shown_in_the_inspector() {
    let mut harness = sample("authorization-uri-missing");
    harness.get_by_role_and_label(Role::Heading, "Session 9");
    // The missing parameter is a row of its own.
    harness.get_by_label("missing");
    show(&mut harness, "Sessions");
    harness.query_all_by_label_contains("Session 10:").next().unwrap().click();
    harness.run_ok();
    assert!(harness.query_by_role_and_label(Role::Heading, "Session 10").is_some());
    harness.key_press(Key::ArrowUp);
    harness.run_ok();
    harness.key_press(Key::ArrowUp);
    harness.run_ok();
    assert!(harness.query_by_role_and_label(Role::Heading, "Session 8").is_some());
}

#[test]
fn the_filter_narrows_the_table() {
    let mut harness = sample("healthy-outlook-mapi");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::F);
    harness.run_ok();
    harness.get_by_label("Filter sessions").type_text("host:mail.contoso.com status:401");
    harness.run_ok();
    assert!(everything(&harness).contains(" of 34"));
    harness.get_by_label("Filter sessions").type_text(" frobnicate");
    harness.run_ok();
    harness.get_by_label("No session fits the filter");
    harness.get_by_label("Clear filter").click();
    harness.run_ok();
    assert!(harness.query_by_label("No session fits the filter").is_none());
}

#[test]
fn views_have_shortcuts() {
    let mut harness = sample("healthy-outlook-mapi");
    for (key, tab) in [
        (Key::Num2, "Sessions"),
        (Key::Num3, "Tokens"),
        (Key::Num4, "Findings"),
        (Key::Num1, "Timeline"),
    ] {
        harness.key_press_modifiers(Modifiers::ALT, key);
        harness.run_ok();
        let node = harness.get_by_role_and_label(Role::Tab, tab);
        assert_eq!(node.accesskit_node().toggled(), Some(Toggled::True), "{tab}");
    }
}

#[test]
fn the_look_is_a_choice() {
    let mut harness = start_screen();
    harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::P);
    harness.run_ok();
    harness.get_by_label("Command").type_text("light");
    harness.run_ok();
    harness.key_press(Key::Enter);
    harness.run_ok();
    assert!(!harness.ctx.global_style().visuals.dark_mode);
    harness.key_press(Key::F1);
    harness.run_ok();
    harness.get_by_role_and_label(Role::Heading, "Keyboard shortcuts");
    harness.key_press(Key::Escape);
    harness.run_ok();
    assert!(harness.query_by_role_and_label(Role::Heading, "Keyboard shortcuts").is_none());
}

#[test]
fn secrets_are_hidden_until_one_is_asked_for() {
    let secrets = ["Z3JlZ", "hunter2", "chocolate", "formsecret99", "jsonsecret99"];
    let mut harness = text(PASSWORD);
    for view in ["Sessions", "Tokens", "Findings", "Timeline"] {
        show(&mut harness, view);
        for page in ["Request", "Response", "Auth", "Token", "Timing", "Raw"] {
            if view != "Tokens" {
                show(&mut harness, page);
            }
            let all = everything(&harness);
            for secret in secrets {
                assert!(!all.contains(secret), "{view}, {page}: {secret}");
            }
        }
    }
    show(&mut harness, "Request");
    harness.get_by_label("Show Cookie").click();
    harness.run_ok();
    let all = everything(&harness);
    assert!(all.contains("chocolate-chip-secret") && !all.contains("Z3JlZ"));
    harness.get_by_label("Hide Cookie").click();
    harness.run_ok();
    assert!(!everything(&harness).contains("chocolate"));
}

#[test]
fn copies_hold_no_secret() {
    let mut harness = text(PASSWORD);
    for name in ["Copy session as cURL", "Copy session as Markdown"] {
        harness.get_by_label(name).click();
        let copied = copied(&mut harness);
        assert!(copied.contains("mail.contoso.com") && copied.contains("•••"), "{copied}");
        assert!(!copied.contains("Z3JlZ") && !copied.contains("formsecret"), "{copied}");
        harness.step();
    }
}

#[test]
fn a_file_that_is_no_capture_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("holiday.jpg");
    std::fs::write(&path, b"\xFF\xD8\xFF\xE0").unwrap();
    let mut harness = window(SIZE, |creation| App::new(creation, vec![path]));
    wait_for(&mut harness, "holiday.jpg could not be opened");
    harness.get_by_label("Back").click();
    harness.run_ok();
    harness.get_by_label("Paste HTTP text…");
}

#[test]
fn pasted_text_is_analysed() {
    let mut harness = start_screen();
    harness.get_by_label("Paste HTTP text…").click();
    harness.run_ok();
    harness.get_by_label("HTTP text").type_text(PASSWORD);
    harness.run_ok();
    harness.get_by_label("Analyse").click();
    harness.step();
    wait_for(&mut harness, "Verdict: ");
}

#[test]
fn the_redaction_dialog_lists_what_will_go() {
    let mut harness = text(PASSWORD);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::E);
    harness.step();
    wait_for(&mut harness, "Cookies");
    harness.run_ok();
    harness.get_by_label("User names with passwords (Basic)");
    harness.get_by_label("Save as…");
    harness.get_by_label("Cancel").click();
    harness.run_ok();
    assert!(harness.query_by_label("Save as…").is_none());
}

#[test]
fn the_report_is_that_of_the_command_line() {
    let analysis = analysis_of(samples::find("authorization-uri-missing").unwrap());
    let mut harness = sample("authorization-uri-missing");
    for (choice, format) in [
        ("HTML: one page with the timeline, for a browser or a printer", Format::Html),
        ("Markdown: for a ticket or a wiki", Format::Markdown),
        ("Text: for a mail", Format::Text),
        ("JSON: for scripts", Format::Json),
    ] {
        harness.key_press_modifiers(Modifiers::COMMAND, Key::R);
        harness.run_ok();
        harness.get_by_role_and_label(Role::Heading, "Report");
        harness.get_by_label("Save as…");
        harness.get_by_label(choice).click();
        harness.run_ok();
        harness.get_by_label("Copy report").click();
        let written = report::analysis(&analysis, format, Style::default());
        assert_eq!(copied(&mut harness), written, "{choice}");
        harness.get_by_label("Cancel").click();
        harness.run_ok();
        assert!(harness.query_by_label("Copy report").is_none());
    }
}

#[test]
fn the_verdict_and_a_finding_are_copied_as_markdown() {
    let mut harness = sample("authorization-uri-missing");
    harness.get_by_label("Copy verdict as Markdown").click();
    let verdict = copied(&mut harness);
    for words in ["**✖ Broken at the challenge step**", "## Evidence", "```http\n", "## Fix"] {
        assert!(verdict.contains(words), "{words}: {verdict}");
    }
    show(&mut harness, "Findings");
    let button = harness.query_all_by_label("Copy finding as Markdown").next().unwrap();
    button.click_accesskit();
    let finding = copied(&mut harness);
    for words in ["**Error:**", "## Evidence", "```http\n", "`authorization-uri-missing`"] {
        assert!(finding.contains(words), "{words}: {finding}");
    }
}

#[test]
fn the_verdict_can_be_copied_from_the_palette() {
    let mut harness = sample("authorization-uri-missing");
    harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::P);
    harness.run_ok();
    harness.get_by_label("Command").type_text("copy verdict");
    harness.run_ok();
    harness.key_press(Key::Enter);
    wait_for(&mut harness, "Copied");
}
