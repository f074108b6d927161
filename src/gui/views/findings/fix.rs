//! The steps of a fix, each with a button that copies what is to be typed.

use eframe::egui::{Label, RichText, Ui};

use crate::gui::action::Action;
use crate::gui::theme::{self, Theme, space};
use crate::gui::widgets;

/// Draws the steps.
pub(super) fn ui(ui: &mut Ui, steps: &[String], actions: &mut Vec<Action>) {
    for (at, step) in steps.iter().enumerate() {
        let number = at + 1;
        let (words, command) = split(step);
        ui.horizontal_top(|ui| {
            ui.scope(|ui| {
                ui.set_width(space(3));
                ui.label(theme::strong(number.to_string()).color(Theme::of(ui).dim));
            });
            ui.vertical(|ui| {
                if !words.is_empty() {
                    ui.add(Label::new(RichText::new(words)).wrap());
                }
                if let Some(command) = command {
                    widgets::code(ui, command, &format!("command of step {number}"), actions);
                }
            });
            if command.is_none() {
                widgets::copy_button(ui, &format!("step {number}"), || step.clone(), actions);
            }
        });
        ui.add_space(space(1));
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
    word.split_once('-').is_some_and(|(verb, noun)| {
        let named = |part: &str| {
            part.starts_with(|c: char| c.is_ascii_uppercase())
                && part.chars().all(|c| c.is_ascii_alphanumeric())
        };
        named(verb) && named(noun)
    }) && text.split_whitespace().nth(1).is_none_or(|next| !next.starts_with(char::is_lowercase))
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn commands_stand_apart_from_words() {
        assert_eq!(
            split("See which is the default: Get-AuthServer | fl Name"),
            ("See which is the default", Some("Get-AuthServer | fl Name"))
        );
        assert_eq!(split("Get-AuthServer"), ("", Some("Get-AuthServer")));
        for words in ["Restart Outlook", "Note: it takes an hour", "Sign-in logs show the policy"] {
            assert_eq!(split(words), (words, None));
        }
    }
}
