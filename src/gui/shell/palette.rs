//! The command palette: type a few letters, press Enter.

use eframe::egui::{Button, Context, Key, Modifiers, RichText, ScrollArea, TextEdit, vec2};

use super::modal;
use crate::gui::action::Action;
use crate::gui::command::Command;
use crate::gui::theme::{Theme, space};

/// What is typed and which line is chosen.
#[derive(Debug, Default)]
pub(in crate::gui) struct Palette {
    query: String,
    chosen: usize,
}

impl Palette {
    /// Shows the palette; false when it is done.
    pub(in crate::gui) fn ui(
        &mut self,
        ctx: &Context,
        has_capture: bool,
        actions: &mut Vec<Action>,
    ) -> bool {
        let found = matching(&self.query, has_capture);
        let pressed = |key| ctx.input_mut(|i| i.consume_key(Modifiers::NONE, key));
        let (down, up, enter) =
            (pressed(Key::ArrowDown), pressed(Key::ArrowUp), pressed(Key::Enter));
        self.chosen += usize::from(down);
        self.chosen = self.chosen.saturating_sub(usize::from(up));
        self.chosen = self.chosen.min(found.len().saturating_sub(1));
        let mut run = if enter { found.get(self.chosen).copied() } else { None };
        let stays = modal::show(ctx, "Command palette", 520.0, |ui| {
            let theme = Theme::of(ui);
            let field = TextEdit::singleline(&mut self.query)
                .hint_text(RichText::new("Type a command").color(theme.dim))
                .desired_width(f32::INFINITY);
            let response = ui.add(field).accessible_name("Command");
            if !response.has_focus() {
                response.request_focus();
            }
            if response.changed() {
                self.chosen = 0;
            }
            ui.add_space(space(2));
            if found.is_empty() {
                let text = "No command of that name. Clear the text to see all";
                ui.label(RichText::new(text).color(theme.dim));
            }
            ScrollArea::vertical().max_height(320.0).auto_shrink([false, true]).show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = 1.0;
                for (at, command) in found.iter().enumerate() {
                    let mut button = Button::selectable(at == self.chosen, command.text())
                        .min_size(vec2(ui.available_width(), 28.0));
                    if command.shortcut().is_some() {
                        button = button.shortcut_text(command.shortcut_text(ctx));
                    }
                    let response = ui.add(button).on_hover_text(command.tooltip());
                    if at == self.chosen && (down || up) {
                        response.scroll_to_me(None);
                    }
                    if response.clicked() {
                        run = Some(*command);
                    }
                }
            });
        });
        actions.extend(run.map(Action::Run));
        stays && run.is_none()
    }
}

/// The commands whose text or explanation holds every word of the query; those whose text does come first.
fn matching(query: &str, has_capture: bool) -> Vec<Command> {
    let query = query.to_lowercase();
    let holds =
        |text: &str| query.split_whitespace().all(|word| text.to_lowercase().contains(word));
    let mut found: Vec<Command> = Command::ALL
        .into_iter()
        .filter(|c| *c != Command::Palette && (has_capture || !c.needs_capture()))
        .filter(|c| holds(&format!("{} {}", c.text(), c.tooltip())))
        .collect();
    found.sort_by_key(|c| !holds(c.text()));
    found
}

#[cfg(test)]
mod tests {
    use super::{Command, matching};

    #[test]
    fn words_in_any_order_find_a_command() {
        assert_eq!(matching("markdown copy session", true), [Command::CopyMarkdown]);
        assert_eq!(matching("light", true).first(), Some(&Command::LightAppearance));
        assert!(!matching("", false).contains(&Command::Redact));
        assert!(matching("frobnicate", true).is_empty());
    }
}
