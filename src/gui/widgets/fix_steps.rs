//! The steps of a fix: words with the names in them set apart, and each command in a box with a button that copies it.

use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{FontId, Label, TextStyle, Ui};

use super::code;
use crate::gui::action::Action;
use crate::gui::theme::{self, Theme, space};
use crate::rules::{FixStep, Piece};

/// Draws the steps, numbered from 1.
pub fn fix_steps(ui: &mut Ui, steps: &[String], actions: &mut Vec<Action>) {
    for (at, step) in steps.iter().enumerate() {
        let number = at + 1;
        let step = FixStep::read(step);
        ui.horizontal_top(|ui| {
            ui.scope(|ui| {
                ui.set_width(space(3));
                ui.label(theme::strong(number.to_string()).color(Theme::of(ui).dim));
            });
            ui.vertical(|ui| {
                if !step.words.is_empty() {
                    let words = layout(ui, &step.words);
                    ui.add(Label::new(words).wrap());
                }
                for (at, command) in step.commands.iter().enumerate() {
                    let what = match step.commands.len() {
                        1 => format!("command of step {number}"),
                        _ => format!("command {} of step {number}", at + 1),
                    };
                    code(ui, command, &what, actions);
                }
            });
        });
        ui.add_space(space(1));
    }
}

fn layout(ui: &Ui, words: &[Piece<'_>]) -> LayoutJob {
    let theme = Theme::of(ui);
    let mut job = LayoutJob::default();
    for piece in words {
        let (text, style) = match piece {
            Piece::Words(text) => (text, TextStyle::Body),
            Piece::Code(text) => (text, TextStyle::Monospace),
        };
        let font: FontId = style.resolve(ui.style());
        let mut format = TextFormat::simple(font, theme.text);
        if matches!(piece, Piece::Code(_)) {
            format.background = theme.raised;
        }
        job.append(text, 0.0, format);
    }
    job
}
