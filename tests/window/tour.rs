//! A tour: every sample in every view and every look. Nothing may panic, nothing may be without words.

use eframe::egui::{Role, Theme, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use hma_trace::gui::App;
use hma_trace::gui::views::View;
use hma_trace::training::samples::SAMPLES;

use crate::driver::{Window, analysis_of};

/// The words that a screen reader finds.
fn words(window: &Window) -> usize {
    let nodes = window.root().children_recursive();
    nodes
        .filter(|node| {
            let node = node.accesskit_node();
            node.label().or_else(|| node.value()).is_some_and(|text| !text.is_empty())
        })
        .count()
}

/// Shows every sample in every view; each second sample in a small window.
fn tour(theme: Theme, high_contrast: bool) {
    /// Menus, tabs and status bar alone have fewer.
    const FEWEST_WORDS: usize = 25;
    for (number, sample) in SAMPLES.iter().enumerate() {
        let analysis = analysis_of(sample);
        let size = if number % 2 == 0 { vec2(1400.0, 900.0) } else { vec2(1000.0, 700.0) };
        let mut window = Harness::builder()
            .with_size(size)
            .with_theme(theme)
            .build_eframe(|creation| App::with_analysis(creation, analysis));
        if high_contrast {
            window.get_by_label("View").click();
            window.run_ok();
            window.get_by_label_contains("High contrast").click();
        }
        window.run_ok();
        for view in View::ALL {
            window.get_by_role_and_label(Role::Tab, view.text()).click_accesskit();
            window.run_ok();
            let said = words(&window);
            assert!(
                said >= FEWEST_WORDS,
                "{} says {said} words of {}",
                view.text(),
                sample.file_name
            );
        }
    }
}

#[test]
fn every_view_of_every_sample_shows_in_the_dark() {
    tour(Theme::Dark, false);
}

#[test]
fn every_view_of_every_sample_shows_in_the_light() {
    tour(Theme::Light, false);
}

#[test]
fn every_view_of_every_sample_shows_in_high_contrast() {
    tour(Theme::Dark, true);
}
