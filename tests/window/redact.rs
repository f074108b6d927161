//! The dialog that writes a copy that is safe to share.

use eframe::egui::{Key, Modifiers, Role, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::driver::{Window, opened, sample_analysis, wait_for};

/// The dialog over a sample, with its preview there.
fn dialog(name: &str) -> Window {
    let mut window = opened(sample_analysis(name), vec2(1400.0, 900.0));
    window.key_press_modifiers(Modifiers::COMMAND, Key::E);
    wait_for(&mut window, "Save as…");
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
