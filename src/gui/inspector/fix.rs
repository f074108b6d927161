//! What to do about what the selected session shows.

use eframe::egui::{Frame, Label, Margin, RichText, ScrollArea, Stroke, Ui};

use crate::gui::action::Action;
use crate::gui::theme::{self, CARD_CORNER, space};
use crate::gui::views::ViewContext;
use crate::gui::widgets;
use crate::rules::{self, Finding};

/// Draws a finding's message and fix as a card.
pub(super) fn ui(
    ui: &mut Ui,
    finding: &Finding,
    context: &ViewContext<'_>,
    actions: &mut Vec<Action>,
) {
    let theme = context.theme;
    let color = theme.severity(finding.severity);
    ScrollArea::vertical().id_salt("fix").auto_shrink(false).show(ui, |ui| {
        let frame = Frame::new()
            .fill(theme.background)
            .stroke(Stroke::new(1.0, theme.line))
            .corner_radius(CARD_CORNER)
            .inner_margin(Margin::same(14));
        frame.show(ui, |ui| {
            ui.set_min_width(ui.available_width());
            ui.horizontal_top(|ui| {
                widgets::glyph(
                    ui,
                    theme::severity_icon(finding.severity),
                    color,
                    finding.severity.id(),
                );
                let title = rules::find(finding.rule).map_or("Finding", |r| r.title);
                ui.add(Label::new(theme::strong(title)).wrap());
            });
            ui.add(Label::new(RichText::new(&finding.message).color(theme.dim)).wrap());
            for (at, step) in finding.fix().iter().enumerate() {
                ui.add_space(space(1));
                step_ui(ui, at + 1, step, actions);
            }
            ui.add_space(space(2));
            ui.horizontal_wrapped(|ui| {
                if widgets::link(ui, "Why and reference").clicked() {
                    actions.push(Action::ShowFix(finding.rule));
                }
                let certainty =
                    theme::small(format!("· {}", finding.certainty.id())).color(theme.dim);
                ui.label(certainty);
            });
        });
    });
}

/// A step: words, and the command to be typed in a box of its own.
fn step_ui(ui: &mut Ui, number: usize, step: &str, actions: &mut Vec<Action>) {
    let theme = crate::gui::theme::Theme::of(ui);
    let (words, command) = split(step);
    if !words.is_empty() {
        ui.add(Label::new(RichText::new(format!("{number}  {words}")).color(theme.dim)).wrap());
    }
    if let Some(command) = command {
        widgets::code(ui, command, &format!("step {number}"), actions);
    }
}

/// `See which one is the default: Get-AuthServer` → words and command; a step that begins with a cmdlet is all command.
fn split(step: &str) -> (&str, Option<&str>) {
    if is_command(step) {
        return ("", Some(step));
    }
    match step.split_once(": ") {
        Some((words, command)) if is_command(command) => (words, Some(command)),
        _ => (step, None),
    }
}

/// Whether a text begins with a PowerShell cmdlet: `Verb-Noun`.
fn is_command(text: &str) -> bool {
    let word = text.split_whitespace().next().unwrap_or_default();
    let Some((verb, noun)) = word.split_once('-') else { return false };
    let capital = |w: &str| w.chars().next().is_some_and(char::is_uppercase);
    matches!(
        verb,
        "Get"
            | "Set"
            | "New"
            | "Add"
            | "Remove"
            | "Test"
            | "Update"
            | "Connect"
            | "Restart"
            | "Enable"
            | "Disable"
            | "Import"
    ) && capital(noun)
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn commands_stand_apart_from_words() {
        assert_eq!(split("Get-AuthServer | fl Name"), ("", Some("Get-AuthServer | fl Name")));
        assert_eq!(
            split("See the servers: Get-AuthServer"),
            ("See the servers", Some("Get-AuthServer"))
        );
        assert_eq!(
            split("Sign in again: the old grant is gone"),
            ("Sign in again: the old grant is gone", None)
        );
    }
}
