//! The bar at the bottom: what is open, in numbers.

use chrono::{DateTime, Utc};
use eframe::egui::{Align, Button, Frame, Label, Layout, Margin, Panel, Response, Ui, vec2};
use lucide_icons::Icon;

use crate::analysis::Analysis;
use crate::gui::action::Action;
use crate::gui::command::Command;
use crate::gui::format::{self, Zone, count};
use crate::gui::settings::{Masking, Settings};
use crate::gui::theme::{self, Theme, space};
use crate::gui::widgets;

/// Draws the bar.
pub(in crate::gui) fn ui(
    ui: &mut Ui,
    facts: &Facts,
    settings: &Settings,
    actions: &mut Vec<Action>,
) {
    let theme = Theme::of(ui);
    let frame = Frame::new().fill(theme.panel).inner_margin(Margin::symmetric(14, 0));
    Panel::bottom("status bar").frame(frame).exact_size(28.0).resizable(false).show(ui, |ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = space(1);
            let (words, about) = match settings.masking {
                Masking::UntilAsked => (
                    "Secrets masked",
                    "Passwords, tokens and cookies are hidden until you ask for one of them",
                ),
                Masking::Always => (
                    "Secrets always masked",
                    "Passwords, tokens and cookies stay hidden; the settings change that",
                ),
            };
            if link(ui, words).on_hover_text(about).clicked() {
                actions.push(Action::Run(Command::Settings));
            }
            widgets::decoration(ui, theme::icon(Icon::ShieldCheck).color(theme.ok));
            if let Some((start, _)) = facts.times {
                ui.add_space(space(3));
                let zone = format!("Times {}", Zone::shown().name(start));
                if link(ui, &zone).on_hover_text("Choose the time zone in the settings").clicked() {
                    actions.push(Action::Run(Command::Settings));
                }
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = space(4);
                for text in facts.texts.iter().chain(&facts.span()) {
                    ui.add(Label::new(theme::small(text).color(theme.dim)).truncate());
                }
            });
        });
    });
}

/// A quiet text that leads somewhere.
fn link(ui: &mut Ui, text: &str) -> Response {
    let theme = Theme::of(ui);
    let button = Button::new(theme::small(text).color(theme.dim)).frame_when_inactive(false);
    ui.scope(|ui| {
        ui.spacing_mut().button_padding = vec2(space(1), 2.0);
        ui.add(button)
    })
    .inner
}

/// What the bar says of a capture.
pub(in crate::gui) struct Facts {
    texts: Vec<String>,
    /// When the first session began and the last one ended.
    times: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

impl Facts {
    /// When the capture was recorded and how long it took, in the zone that is shown.
    fn span(&self) -> Vec<String> {
        let Some((start, end)) = self.times else { return Vec::new() };
        let span = format!("{} to {}", format::date(start), format::seconds(end));
        vec![span, format::duration(end - start)]
    }
}

/// Reads what the bar says of a capture.
pub(in crate::gui) fn facts(analysis: &Analysis) -> Facts {
    let capture = &analysis.capture;
    let mut texts =
        vec![count(capture.sessions.len(), "session"), count(analysis.flows.flows.len(), "flow")];
    if capture.counts.skipped > 0 {
        texts.push(format!("{} could not be read", count(capture.counts.skipped, "session")));
    }
    texts.extend(capture.creator.as_deref().map(|c| widgets::tidy(c, 60)));
    Facts { texts, times: capture.started().zip(capture.ended()) }
}
