//! The window's frame: tabs, dialogs, settings, driven as a keyboard or a screen reader drives them.

use std::path::PathBuf;

use eframe::egui::accesskit::Toggled;
use eframe::egui::{Key, Modifiers, Role, Theme, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use hma_trace::gui::App;

use crate::driver::{Window, everything, press_with, wait_for};

fn window(files: Vec<PathBuf>) -> Window {
    let mut window = Harness::builder()
        .with_size(vec2(1400.0, 900.0))
        .with_theme(Theme::Dark)
        .build_eframe(|creation| App::new(creation, files));
    window.step();
    window
}

fn sample_path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("sample-traces").join(name)
}

/// The name of the tab in front, of those of open captures.
fn front(window: &Window) -> String {
    let mut chosen = window.query_all_by(|node| {
        let name = node.label().unwrap_or_default();
        node.role() == Role::Tab
            && node.toggled() == Some(Toggled::True)
            && [".saz, ", ".har, ", "text, "].iter().any(|end| name.contains(end))
    });
    let name = chosen.next().and_then(|node| node.accesskit_node().label());
    assert!(chosen.next().is_none());
    name.unwrap_or_default()
}

const HEALTHY: &str = "healthy-outlook-mapi.saz";
const BROKEN: &str = "authorization-uri-missing.saz";

fn two_captures() -> Window {
    let mut window = window(vec![sample_path(HEALTHY), sample_path(BROKEN)]);
    wait_for(&mut window, "authorization-uri-missing.saz, broken");
    wait_for(&mut window, "healthy-outlook-mapi.saz, healthy");
    window
}

#[test]
fn several_captures_are_open_at_once() {
    let mut window = two_captures();
    // The first one opened is in front, and the other one waits behind.
    assert_eq!(front(&window), "healthy-outlook-mapi.saz, healthy");
    window.get_by_label("Verdict: Healthy");
    press_with(&mut window, Modifiers::CTRL, Key::Tab);
    assert_eq!(front(&window), "authorization-uri-missing.saz, broken");
    window.get_by_label("Verdict: Broken at the challenge");
    press_with(&mut window, Modifiers::CTRL, Key::Tab);
    press_with(&mut window, Modifiers::CTRL | Modifiers::SHIFT, Key::Tab);
    assert_eq!(front(&window), "authorization-uri-missing.saz, broken");
    // Each keeps its own view.
    press_with(&mut window, Modifiers::COMMAND, Key::Num4);
    window.get_by_role_and_label(Role::Tab, "healthy-outlook-mapi.saz, healthy").click();
    window.run_ok();
    let timeline = window.get_by_role_and_label(Role::Tab, "Timeline");
    assert_eq!(timeline.accesskit_node().toggled(), Some(Toggled::True));
}

#[test]
fn a_tab_closes_and_the_last_one_leads_to_the_start_screen() {
    let mut window = two_captures();
    window.get_by_label("Close healthy-outlook-mapi.saz").click();
    window.run_ok();
    // One capture needs no tabs.
    assert_eq!(front(&window), "");
    window.get_by_label("Verdict: Broken at the challenge");
    press_with(&mut window, Modifiers::COMMAND, Key::W);
    window.get_by_label("Open…");
}

#[test]
fn a_file_that_is_open_only_comes_to_the_front() {
    let again = vec![sample_path(HEALTHY), sample_path(BROKEN), sample_path(HEALTHY)];
    let mut window = window(again);
    wait_for(&mut window, "authorization-uri-missing.saz, broken");
    assert_eq!(window.query_all_by_label_contains("healthy-outlook-mapi.saz, ").count(), 1);
}

#[test]
fn a_file_that_does_not_open_leaves_the_others_alone() {
    let folder = tempfile::tempdir().unwrap();
    let holiday = folder.path().join("holiday.har");
    std::fs::write(&holiday, b"\xFF\xD8\xFF\xE0").unwrap();
    let mut window = window(vec![sample_path(HEALTHY), holiday]);
    wait_for(&mut window, "holiday.har, could not be opened");
    wait_for(&mut window, "Verdict: Healthy");
    press_with(&mut window, Modifiers::CTRL, Key::Tab);
    window.get_by_label("Back").click();
    window.run_ok();
    window.get_by_label("Verdict: Healthy");
    assert_eq!(front(&window), "");
}

const FROM_SINGAPORE: &str = r#"{"log": {"version": "1.2", "creator": {"name": "Fiddler", "version": "5"}, "entries": [
  {"startedDateTime": "2026-03-02T09:14:00.120+08:00", "time": 31, "request": {"method": "POST",
  "url": "https://mail.contoso.com/mapi/emsmdb/", "httpVersion": "HTTP/1.1", "headers": [
  {"name": "Authorization", "value": "Bearer"}]}, "response": {"status": 401, "statusText": "Unauthorized",
  "httpVersion": "HTTP/1.1", "headers": [{"name": "WWW-Authenticate", "value": "Bearer"}], "content": {"size": 0}}}]}}"#;

#[test]
fn settings_count_at_once() {
    let mut window = window(Vec::new());
    press_with(&mut window, Modifiers::COMMAND, Key::Comma);
    window.get_by_role_and_label(Role::Heading, "Settings");
    window.get_by_label("High contrast").click();
    window.run_ok();
    let contrast = hma_trace::gui::theme::Theme::HIGH_CONTRAST;
    assert_eq!(window.ctx.global_style().visuals.panel_fill, contrast.background);
    window.get_by_label("Light").click();
    window.run_ok();
    assert!(!window.ctx.global_style().visuals.dark_mode);
    window.get_by_label("Dark").click();
    window.run_ok();
    let dark = hma_trace::gui::theme::Theme::DARK;
    assert_eq!(window.ctx.global_style().visuals.panel_fill, dark.background);
    window.get_by_label("150 %").click();
    window.run_ok();
    assert!((window.ctx.zoom_factor() - 1.5).abs() < 0.01);
    window.get_by_label("Smaller").click();
    window.run_ok();
    assert!((window.ctx.zoom_factor() - 1.4).abs() < 0.01);
    press_with(&mut window, Modifiers::NONE, Key::Escape);
    assert!(window.query_by_role_and_label(Role::Heading, "Settings").is_none());
}

#[test]
fn the_wheel_zooms_and_stays_in_its_bounds() {
    let mut window = window(Vec::new());
    for _ in 0..20 {
        window.event(eframe::egui::Event::Zoom(1.2));
        window.step();
    }
    window.run_ok();
    assert!((window.ctx.zoom_factor() - 2.0).abs() < 0.01);
    press_with(&mut window, Modifiers::COMMAND, Key::Num0);
    assert!((window.ctx.zoom_factor() - 1.0).abs() < 0.01);
}

#[test]
fn times_are_shown_in_the_chosen_zone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("singapore.har");
    std::fs::write(&path, FROM_SINGAPORE).unwrap();
    let mut window = window(vec![path]);
    wait_for(&mut window, "Times UTC");
    press_with(&mut window, Modifiers::ALT, Key::Num2);
    assert!(everything(&window).contains("01:14:00"), "{}", everything(&window));
    window.get_by_label("Times UTC").click();
    window.run_ok();
    window.get_by_label("Local time of the computer that recorded the capture").click();
    window.run_ok();
    press_with(&mut window, Modifiers::NONE, Key::Escape);
    window.get_by_label("Times UTC+8");
    let all = everything(&window);
    assert!(all.contains("09:14:00") && !all.contains("01:14:00"), "{all}");
}

#[test]
fn the_side_bar_hides_and_its_verdict_stays() {
    let mut window = two_captures();
    press_with(&mut window, Modifiers::COMMAND | Modifiers::SHIFT, Key::B);
    assert!(window.query_by_label("Verdict: Healthy").is_none());
    window.get_by_label("Healthy");
    window.get_by_label("Show the side bar").click();
    window.run_ok();
    window.get_by_label("Verdict: Healthy");
}

fn palette(window: &mut Window, query: &str) {
    press_with(window, Modifiers::COMMAND | Modifiers::SHIFT, Key::P);
    window.get_by_label("Command").type_text(query);
    window.run_ok();
    window.key_press(Key::Enter);
    window.step();
}

#[test]
fn the_palette_opens_samples_and_goes_to_captures() {
    let mut window = window(vec![sample_path(HEALTHY)]);
    wait_for(&mut window, "Verdict: Healthy");
    palette(&mut window, "sample exchange's challenge names no place");
    wait_for(&mut window, "Verdict: Broken at the challenge");
    palette(&mut window, "goto healthy");
    wait_for(&mut window, "Verdict: Healthy");
    palette(&mut window, "recent healthy");
    window.run_ok();
    assert_eq!(front(&window), "healthy-outlook-mapi.saz, healthy");
}

#[test]
fn the_start_screen_is_reached_while_captures_are_open() {
    let mut window = window(vec![sample_path(HEALTHY)]);
    wait_for(&mut window, "Verdict: Healthy");
    press_with(&mut window, Modifiers::COMMAND, Key::T);
    window.get_by_label("Paste HTTP text…");
    window.get_by_label("Open healthy-outlook-mapi.saz");
    press_with(&mut window, Modifiers::NONE, Key::Escape);
    window.get_by_label("Verdict: Healthy");
    press_with(&mut window, Modifiers::COMMAND, Key::T);
    window.get_by_role_and_label(Role::Tab, "healthy-outlook-mapi.saz, healthy").click();
    window.run_ok();
    window.get_by_label("Verdict: Healthy");
}

/// 1000 × 700 at 200 %.
#[test]
fn nothing_is_lost_with_large_type_in_a_small_window() {
    let mut window = Harness::builder()
        .with_size(vec2(500.0, 350.0))
        .with_theme(Theme::Dark)
        .build_eframe(|creation| App::new(creation, vec![sample_path(BROKEN)]));
    wait_for(&mut window, "Verdict: Broken at the challenge");
    for key in [Key::Num2, Key::Num3, Key::Num4, Key::Num1] {
        press_with(&mut window, Modifiers::COMMAND, key);
    }
    for (key, head, last) in [
        (Key::Comma, "Settings", "Remember the paths of files that were opened"),
        (Key::R, "Report", "Save as…"),
        (Key::Slash, "Keyboard shortcuts", "This list, too"),
    ] {
        press_with(&mut window, Modifiers::COMMAND, key);
        window.get_by_role_and_label(Role::Heading, head);
        window.get_by_label(last).scroll_to_me();
        window.run_ok();
        let place = window.get_by_label(last).rect();
        let screen = window.ctx.content_rect();
        assert!(screen.contains_rect(place), "{head}: {place:?} of {screen:?}");
        press_with(&mut window, Modifiers::NONE, Key::Escape);
        assert!(window.query_by_role_and_label(Role::Heading, head).is_none());
    }
}

#[test]
fn the_keyboard_goes_from_control_to_control() {
    let mut window = two_captures();
    let mut names = Vec::new();
    for _ in 0..14 {
        press_with(&mut window, Modifiers::NONE, Key::Tab);
        let focused =
            window.query_all_by(|node| node.is_focused() && node.role() != Role::Window).next();
        names.extend(focused.and_then(|node| node.accesskit_node().label()));
    }
    let at = |name: &str| {
        let place = names.iter().position(|n| n.starts_with(name));
        place.unwrap_or_else(|| panic!("{name} is not among {names:?}"))
    };
    assert!(at("File") < at("Help"));
    assert!(at("Help") < at("healthy-outlook-mapi.saz"));
    assert!(at("healthy-outlook-mapi.saz") < at("authorization-uri-missing.saz"));
}

#[test]
fn secrets_stay_masked_where_the_settings_say_so() {
    let mut window = window(vec![sample_path("basic-credentials-in-capture.saz")]);
    wait_for(&mut window, "Verdict: ");
    press_with(&mut window, Modifiers::COMMAND, Key::Comma);
    window.get_by_label("Always masked, for shared screens and projectors").click();
    window.run_ok();
    press_with(&mut window, Modifiers::NONE, Key::Escape);
    window.get_by_label("Secrets always masked");
    window.get_by_role_and_label(Role::Tab, "Request").click();
    window.run_ok();
    let before = everything(&window);
    let show = window.query_all_by_label("Show Authorization").next();
    show.expect("a session with a masked header").click();
    window.run_ok();
    assert_eq!(everything(&window).matches("•••").count(), before.matches("•••").count());
    window.get_by_label("Show Authorization");
}
