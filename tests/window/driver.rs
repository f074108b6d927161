//! What every test of the window does: open it, press, look, and wait.

use std::time::{Duration, Instant};

use eframe::egui::{Key, Modifiers, OutputCommand, Role, Theme, Vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use hma_trace::analysis::Analysis;
use hma_trace::gui::App;
use hma_trace::import::{self, Options, Progress};
use hma_trace::jwt::{Keys, example};
use hma_trace::training::samples::{self, Sample};

pub(crate) type Window = Harness<'static, App>;

/// A window of a size with what `make` makes, once it stands still.
pub(crate) fn window(size: Vec2, make: impl FnOnce(&eframe::CreationContext<'_>) -> App) -> Window {
    let mut window = Harness::builder()
        .with_size(size)
        .with_theme(Theme::Dark)
        .build_eframe(|creation| make(creation));
    window.run_ok();
    window
}

/// A window with a capture.
pub(crate) fn opened(analysis: Analysis, size: Vec2) -> Window {
    window(size, |creation| App::with_analysis(creation, analysis))
}

/// What is known of a sample.
pub(crate) fn analysis_of(sample: &Sample) -> Analysis {
    let progress = Progress::none();
    let capture =
        import::open_bytes(sample.file_name, sample.bytes(), Options::default(), &progress)
            .unwrap();
    Analysis::of(capture, &Keys::default())
}

/// What is known of a sample by its name.
pub(crate) fn sample_analysis(name: &str) -> Analysis {
    analysis_of(samples::find(name).unwrap())
}

/// What is known of a pasted text, in which tokens may be written by their claims.
pub(crate) fn text_analysis(text: &str) -> Analysis {
    let capture = import::open_text("pasted text", &example::expand(text)).unwrap();
    Analysis::of(capture, &Keys::default())
}

/// Brings a tab to the front.
pub(crate) fn show(window: &mut Window, tab: &str) {
    window.get_by_role_and_label(Role::Tab, tab).click();
    window.run_ok();
}

/// Presses a key.
pub(crate) fn press(window: &mut Window, key: Key) {
    window.key_press(key);
    window.run_ok();
}

/// Presses a key with others held.
pub(crate) fn press_with(window: &mut Window, modifiers: Modifiers, key: Key) {
    window.key_press_modifiers(modifiers, key);
    window.run_ok();
}

/// Whether something says a text.
pub(crate) fn has(window: &Window, label: &str) -> bool {
    window.query_all_by_label_contains(label).next().is_some()
}

/// Everything that a screen reader could read.
pub(crate) fn everything(window: &Window) -> String {
    let mut all = String::new();
    for node in window.root().children_recursive() {
        let node = node.accesskit_node();
        for part in [node.label(), node.value(), node.description()].into_iter().flatten() {
            all.push_str(&part);
            all.push('\n');
        }
    }
    all
}

/// Steps until a label shows up; work beside the window needs its time.
pub(crate) fn wait_for(window: &mut Window, label: &str) {
    let start = Instant::now();
    while !has(window, label) {
        let patience = Duration::from_mins(1);
        assert!(start.elapsed() < patience, "{label} never came:\n{}", everything(window));
        std::thread::sleep(Duration::from_millis(10));
        window.step();
    }
    window.run_ok();
}

/// What is put on the clipboard in the frames that follow.
pub(crate) fn copied(window: &mut Window) -> String {
    let start = Instant::now();
    loop {
        assert!(start.elapsed() < Duration::from_mins(1), "nothing was copied");
        window.step();
        let mut commands = window.output().platform_output.commands.iter();
        let text = commands.find_map(|command| match command {
            OutputCommand::CopyText(text) => Some(text.clone()),
            _ => None,
        });
        if let Some(text) = text {
            break text;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}
