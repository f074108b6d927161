//! The dialog that writes a copy that is safe to share.

#![cfg(feature = "gui")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by a panic")]

use std::time::{Duration, Instant};

use eframe::egui::{Key, Modifiers, Role, Theme, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use hma_trace::analysis::Analysis;
use hma_trace::gui::App;
use hma_trace::import::{self, Options, Progress};
use hma_trace::jwt::Keys;
use hma_trace::training::samples;

type Window = Harness<'static, App>;

/// The dialog over a sample, with its preview there.
fn dialog(name: &str) -> Window {
    let sample = samples::find(name).unwrap();
    let capture =
        import::open_bytes(sample.file_name, sample.bytes, Options::default(), &Progress::none())
            .unwrap();
    let analysis = Analysis::of(capture, &Keys::default());
    let mut window = Harness::builder()
        .with_size(vec2(1400.0, 900.0))
        .with_theme(Theme::Dark)
        .build_eframe(|creation| App::with_analysis(creation, analysis));
    window.run_ok();
    window.key_press_modifiers(Modifiers::COMMAND, Key::E);
    let patience = Instant::now() + Duration::from_mins(1);
    while window.query_by_label("Save as…").is_none() && Instant::now() < patience {
        std::thread::sleep(Duration::from_millis(20));
        window.run_steps(2);
    }
    window.run_ok();
    window
}

fn can_save(window: &Window) -> bool {
    !window.get_by_label("Save as…").accesskit_node().is_disabled()
}

#[test]
fn what_goes_is_listed_with_its_sessions() {
    let window = dialog("basic-credentials-in-capture");
    window.get_by_label("User names with passwords (Basic)");
    let sessions = |word: &str| word.strip_prefix("in ").map(str::to_owned);
    let listed: Vec<String> = window
        .root()
        .children_recursive()
        .filter_map(|node| sessions(&node.accesskit_node().value()?))
        .collect();
    assert!(listed.iter().any(|s| s == "29"), "{listed:?}");
}

#[test]
fn an_encrypted_copy_needs_a_password_first() {
    let mut window = dialog("healthy-outlook-mapi");
    assert!(can_save(&window));
    window.get_by_label("Encrypt with a password (AES-256)").click();
    window.run_ok();
    window.get_by_role_and_label(Role::PasswordInput, "Password");
    assert!(!can_save(&window));
    window.get_by_role_and_label(Role::PasswordInput, "Password").focus();
    window.run_ok();
    window.get_by_role_and_label(Role::PasswordInput, "Password").type_text("Sample-Passw0rd");
    window.run_ok();
    assert!(can_save(&window));
    window.get_by_label("HAR (browsers)").click();
    window.run_ok();
    assert!(window.query_by_label("Encrypt with a password (AES-256)").is_none());
}
