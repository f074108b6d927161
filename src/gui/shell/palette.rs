//! The command palette: type a few letters, press Enter. It knows every command, the open captures, the recent files and the
//! samples.

use eframe::egui::{Button, Context, Key, Modifiers, RichText, ScrollArea, TextEdit, vec2};

use super::modal;
use crate::gui::action::Action;
use crate::gui::command::Command;
use crate::gui::documents::Documents;
use crate::gui::recent::Recent;
use crate::gui::theme::{Theme, space};
use crate::gui::widgets;
use crate::training::samples::SAMPLES;

/// Lines that a page up or down moves.
const PAGE: usize = 8;

/// What is typed and which line is chosen.
#[derive(Debug, Default)]
pub(in crate::gui) struct Palette {
    query: String,
    chosen: usize,
}

/// A line of the palette.
#[derive(Clone, Debug)]
struct Line {
    text: String,
    about: String,
    shortcut: String,
    action: Action,
}

impl Palette {
    /// Shows the palette; false when it is done.
    pub(in crate::gui) fn ui(
        &mut self,
        ctx: &Context,
        documents: &Documents,
        recent: &Recent,
        actions: &mut Vec<Action>,
    ) -> bool {
        let found = matching(&self.query, lines(ctx, documents, recent));
        let pressed = |key| ctx.input_mut(|i| i.consume_key(Modifiers::NONE, key));
        let before = self.chosen;
        self.chosen += usize::from(pressed(Key::ArrowDown));
        self.chosen += PAGE * usize::from(pressed(Key::PageDown));
        self.chosen = self.chosen.saturating_sub(usize::from(pressed(Key::ArrowUp)));
        self.chosen = self.chosen.saturating_sub(PAGE * usize::from(pressed(Key::PageUp)));
        self.chosen = self.chosen.min(found.len().saturating_sub(1));
        let moved = self.chosen != before;
        let mut run = found.get(self.chosen).filter(|_| pressed(Key::Enter));
        let stays = modal::show(ctx, "Command palette", 560.0, |ui| {
            let theme = Theme::of(ui);
            let hint = "Type a command, a view, an open or recent capture, or a sample";
            let field = TextEdit::singleline(&mut self.query)
                .hint_text(RichText::new(hint).color(theme.dim))
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
                let text = "Nothing of that name. Clear the text to see all";
                ui.label(RichText::new(text).color(theme.dim));
            }
            ScrollArea::vertical().max_height(360.0).auto_shrink([false, true]).show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = 1.0;
                for (at, line) in found.iter().enumerate() {
                    let chosen = at == self.chosen;
                    let button = Button::selectable(chosen, line.text.as_str())
                        .shortcut_text(RichText::new(&line.shortcut).color(theme.dim))
                        .truncate()
                        .min_size(vec2(ui.available_width(), 28.0));
                    let response = ui.add(button).on_hover_text(&line.about);
                    if chosen && moved {
                        response.scroll_to_me(None);
                    }
                    if response.clicked() {
                        run = Some(line);
                    }
                }
            });
        });
        actions.extend(run.map(|line| line.action.clone()));
        stays && run.is_none()
    }
}

/// All that the palette offers now.
fn lines(ctx: &Context, documents: &Documents, recent: &Recent) -> Vec<Line> {
    let has_capture = documents.document().is_some();
    let plain = |text: String, about: String, action| {
        let (text, about) = (widgets::tidy(&text, 120), widgets::tidy(&about, 240));
        Line { text, about, shortcut: String::new(), action }
    };
    let mut lines: Vec<Line> = Command::ALL
        .into_iter()
        .filter(|c| *c != Command::Palette && (has_capture || !c.needs_capture()))
        .map(|command| Line {
            shortcut: command.shortcut_text(ctx),
            ..plain(command.text().to_owned(), command.tooltip().to_owned(), Action::Run(command))
        })
        .collect();
    let front = documents.front().map(|tab| tab.id);
    lines.extend(documents.tabs().iter().filter(|tab| Some(tab.id) != front).map(|tab| {
        let name = tab.content.source().name();
        plain(format!("Go to: {name}"), "An open capture".to_owned(), Action::ShowTab(tab.id))
    }));
    lines.extend(recent.paths().iter().map(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let text = format!("Open recent: {name}");
        plain(text, path.display().to_string(), Action::OpenFile(path.clone()))
    }));
    lines.extend(SAMPLES.iter().map(|sample| {
        // One trace may come in two formats.
        let format = sample.file_name.rsplit('.').next().unwrap_or_default().to_uppercase();
        let text = format!("Open sample: {} ({format})", sample.title);
        plain(text, sample.about.to_owned(), Action::OpenSample(sample.file_name))
    }));
    lines
}

/// The lines that fit what is typed, the best first.
fn matching(query: &str, lines: Vec<Line>) -> Vec<Line> {
    let query = query.to_lowercase();
    let mut found: Vec<(usize, Line)> = lines
        .into_iter()
        .filter_map(|line| {
            let distance = distance(&query, &line.text.to_lowercase()).or_else(|| {
                let about = format!("{} {}", line.text, line.about).to_lowercase();
                query.split_whitespace().all(|word| about.contains(word)).then_some(1000)
            })?;
            Some((distance, line))
        })
        .collect();
    found.sort_by_key(|(distance, _)| *distance);
    found.into_iter().map(|(_, line)| line).collect()
}

/// How far each word of a query is from a text, in all; `None` when one does not occur in it. Nearest is a word that begins
/// with it, then one that holds it, then one whose letters follow each other with gaps.
fn distance(query: &str, text: &str) -> Option<usize> {
    query.split_whitespace().try_fold(0, |sum, word| {
        let begins = text.split_whitespace().position(|w| w.starts_with(word));
        let of_word = match begins {
            Some(place) => place,
            None if text.contains(word) => 50,
            None => 100 + gaps(word, text)?,
        };
        Some(sum + of_word)
    })
}

/// How many letters of a text stand between the letters of a word that occur in it in their order. Of a text in which they
/// lie far apart nobody thinks.
fn gaps(word: &str, text: &str) -> Option<usize> {
    const WIDEST: usize = 12;
    let mut letters = text.chars();
    let mut all = 0;
    for (at, wanted) in word.chars().enumerate() {
        let gap = letters.by_ref().position(|letter| letter == wanted)?;
        all += if at == 0 { 0 } else { gap };
    }
    (all <= WIDEST).then_some(all)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use eframe::egui::Context;

    use super::{distance, lines, matching};
    use crate::gui::documents::Documents;
    use crate::gui::recent::Recent;

    fn found(query: &str) -> Vec<String> {
        let mut recent = Recent::default();
        recent.add(Path::new("/captures/fabrikam.saz"));
        let lines = lines(&Context::default(), &Documents::default(), &recent);
        matching(query, lines).into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn words_in_any_order_find_a_line() {
        assert_eq!(found("text paste").first().unwrap(), "Paste HTTP text…");
        assert_eq!(found("light").first().unwrap(), "Light");
        assert_eq!(found("fabrikam").first().unwrap(), "Open recent: fabrikam.saz");
        assert!(found("sample authorization").iter().all(|line| line.starts_with("Open sample: ")));
        assert!(found("frobnicate").is_empty());
    }

    #[test]
    fn letters_with_gaps_find_a_line() {
        assert_eq!(found("hcontr").first().unwrap(), "High contrast");
        assert_eq!(found("zmin").first().unwrap(), "Zoom in");
        assert!(distance("zoom", "zoom in") < distance("oom", "zoom in"));
        assert!(distance("oom", "zoom in") < distance("zmi", "zoom in"));
    }

    #[test]
    fn what_needs_a_capture_is_offered_with_one() {
        assert!(!found("").iter().any(|line| line == "Redact and export…"));
    }
}
