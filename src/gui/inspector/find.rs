//! Looking for a text in all that a page shows. Places are counted in the order in which they are drawn.

use std::ops::Range;

use eframe::egui::{Key, TextEdit, Ui, vec2};
use lucide_icons::Icon;

use crate::gui::theme::{self, Theme};
use crate::gui::widgets;

/// More places than anybody steps through are counted no further.
const MOST: usize = 10_000;

/// What is looked for, and which place is the current one.
#[derive(Debug, Default)]
pub(super) struct Find {
    open: bool,
    typed: String,
    needle: String,
    current: usize,
    jump: bool,
    focus: bool,
    seen: usize,
    total: usize,
    /// What the sessions are searched for, in lower case.
    searched: Vec<String>,
}

/// The places in a piece of a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Hits {
    /// Which of them is the current one.
    pub(super) current: Option<usize>,
    /// Whether it is to be scrolled to.
    pub(super) jump: bool,
}

impl Find {
    /// Begins a frame. While nothing is looked for here, the words that the sessions are searched for are set apart.
    pub(super) fn begin(&mut self, searched: &[String]) {
        self.seen = 0;
        if self.searched != searched {
            self.searched = searched.to_vec();
        }
    }

    /// Ends a frame; tells whether the number of places changed, which only the next frame can show.
    pub(super) fn end(&mut self) -> bool {
        let changed = self.total != self.seen;
        self.total = self.seen;
        self.jump = false;
        self.current = self.current.min(self.total.saturating_sub(1));
        changed
    }

    /// Opens the field, or closes it.
    pub(super) fn toggle(&mut self) {
        self.open = !self.open;
        self.focus = self.open;
        if !self.open {
            self.set("");
        }
    }

    /// Whether the field is open.
    pub(super) const fn is_open(&self) -> bool {
        self.open
    }

    fn set(&mut self, text: &str) {
        text.clone_into(&mut self.typed);
        self.needle = text.to_ascii_lowercase();
        self.current = 0;
        self.jump = !text.is_empty();
    }

    /// What is looked for, in lower case; empty when nothing is.
    pub(super) fn needle(&self) -> &str {
        &self.needle
    }

    /// Where it stands in a text, in bytes.
    pub(super) fn ranges(&self, text: &str) -> Vec<Range<usize>> {
        let one = std::slice::from_ref(&self.needle);
        let needles = if self.needle.is_empty() { self.searched.as_slice() } else { one };
        // ASCII letters keep their length, so that places are those of the text.
        let lower = text.to_ascii_lowercase();
        let found = |needle: &String| -> Vec<Range<usize>> {
            lower.match_indices(needle).take(MOST).map(|(at, hit)| at..at + hit.len()).collect()
        };
        let mut all: Vec<_> =
            needles.iter().filter(|needle| !needle.is_empty()).flat_map(found).collect();
        all.sort_unstable_by_key(|range| (range.start, range.end));
        let mut end = 0;
        all.retain(|range| {
            let apart = range.start >= end;
            if apart {
                end = range.end;
            }
            apart
        });
        all
    }

    /// Counts so many places and tells whether the current one is among them.
    pub(super) fn take(&mut self, places: usize) -> Hits {
        let first = self.seen;
        self.seen += places;
        let current = self.current.checked_sub(first).filter(|at| *at < places);
        let current = current.filter(|_| self.open && !self.needle.is_empty());
        Hits { current, jump: self.jump && current.is_some() }
    }

    fn step(&mut self, back: bool) {
        if self.total > 0 {
            let by = if back { self.total - 1 } else { 1 };
            self.current = (self.current + by) % self.total;
            self.jump = true;
        }
    }

    /// Draws the field: what to look for, how often it is there, and the way from place to place.
    pub(super) fn ui(&mut self, ui: &mut Ui) {
        let theme = Theme::of(ui);
        let mut typed = std::mem::take(&mut self.typed);
        let field =
            TextEdit::singleline(&mut typed).hint_text("Find in this page").desired_width(160.0);
        let response = ui.add(field);
        response.widget_info(|| {
            eframe::egui::WidgetInfo::labeled(
                eframe::egui::Role::TextInput,
                true,
                "Find in session",
            )
        });
        if std::mem::take(&mut self.focus) {
            response.request_focus();
        }
        if response.changed() {
            self.set(&typed);
        }
        self.typed = typed;
        let entered = response.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
        if entered {
            self.step(ui.input(|i| i.modifiers.shift));
            response.request_focus();
        }
        let closed = response.has_focus() && ui.input(|i| i.key_pressed(Key::Escape));
        if !self.needle.is_empty() {
            let words = match self.total {
                0 => "nothing found".to_owned(),
                total => format!("{} of {total}", self.current + 1),
            };
            let color = if self.total == 0 { theme.warning } else { theme.dim };
            ui.label(theme::small(words).color(color));
        }
        ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
        if widgets::icon_button(ui, Icon::ChevronUp, "Previous place").clicked() {
            self.step(true);
        }
        if widgets::icon_button(ui, Icon::ChevronDown, "Next place").clicked() {
            self.step(false);
        }
        if widgets::icon_button(ui, Icon::X, "Close find").clicked() || closed {
            self.toggle();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Find, Hits};

    #[test]
    fn places_are_counted_in_order_and_stepped_through() {
        let mut find = Find::default();
        find.toggle();
        find.set("Ab");
        assert_eq!(find.ranges("xABüab"), [1..3, 5..7]);
        find.begin(&[]);
        assert_eq!(find.take(2), Hits { current: Some(0), jump: true });
        assert_eq!(find.take(1), Hits::default());
        find.end();
        find.step(true);
        find.begin(&[]);
        assert_eq!(find.take(2).current, None);
        assert_eq!(find.take(1), Hits { current: Some(0), jump: true });
        find.end();
        find.toggle();
        assert!(find.ranges("ab").is_empty());
        find.begin(&["b".to_owned(), "ab".to_owned()]);
        assert_eq!(find.ranges("xABxb"), [1..3, 4..5], "what the sessions are searched for");
    }
}
