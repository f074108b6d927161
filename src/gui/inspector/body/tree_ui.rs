//! A tree that folds, driven by pointer and keyboard: arrows move and fold, Ctrl+C copies the value.

use std::collections::HashSet;
use std::ops::Range;

use eframe::egui::{
    Event, EventFilter, Id, Key, Modifiers, Popup, Role, Sense, TextStyle, Ui, WidgetInfo, pos2,
    vec2,
};
use lucide_icons::Icon;

use super::copy_item;
use super::lines::{columns, height, label, rows_ui};
use super::tree::{Kind, Tree};
use super::wrap;
use crate::gui::action::Action;
use crate::gui::inspector::row::{Pen, highlighted, quiet_button};
use crate::http::is_active;

/// Width of a level.
const STEP: f32 = 16.0;
/// Room for the sign that folds.
const SIGN: f32 = 18.0;
/// Room for the buttons at the right.
const TAIL: f32 = 56.0;
/// The most rows of one value; the rest is a matter of copying it or of the text.
const MOST_ROWS: usize = 60;
/// How many members, and characters of each, a folded node shows of what it holds.
const PREVIEW: usize = 32;
/// Longer documents open folded below this depth.
const LONG: usize = 2000;

/// A row: a node and the piece of its line.
struct Shown {
    node: usize,
    piece: Range<usize>,
    is_first: bool,
}

/// A tree and how it is looked at.
pub(super) struct TreeView {
    name: &'static str,
    form: &'static str,
    tree: Tree,
    /// Whether secrets are shown.
    open: bool,
    folded: HashSet<usize>,
    active: usize,
    marked: Option<usize>,
    scroll: Option<usize>,
    /// The rows for a width, until a fold changes or a value is shown.
    rows: Vec<Shown>,
    columns: usize,
    shown: usize,
    found: (String, Vec<usize>),
}

impl TreeView {
    pub(super) fn new(name: &'static str, form: &'static str, tree: Tree, open: bool) -> Self {
        let mut folded = HashSet::new();
        if tree.nodes.len() > LONG {
            let deep = |at: &usize| {
                tree.nodes.get(*at).is_some_and(|n| n.depth >= 2) && tree.has_children(*at)
            };
            folded.extend((0..tree.nodes.len()).filter(deep));
        }
        Self {
            name,
            form,
            tree,
            open,
            folded,
            active: 0,
            marked: None,
            scroll: None,
            rows: Vec::new(),
            columns: 0,
            shown: 0,
            found: (String::new(), Vec::new()),
        }
    }

    /// Leads to the node that proves something.
    pub(super) fn lead_to(&mut self, name: &str, value: &str) {
        self.marked = self.tree.find(name, value);
        if let Some(at) = self.marked {
            self.go(at);
        }
    }

    fn go(&mut self, at: usize) {
        self.tree.reveal(at, &mut self.folded);
        self.active = at;
        self.scroll = Some(at);
        self.rows.clear();
    }

    fn place(&self, at: usize) -> String {
        format!("{}/node/{at}", self.name)
    }

    /// A node's value as it may be shown.
    fn value(&self, at: usize, revealed: &HashSet<String>) -> String {
        let Some(node) = self.tree.nodes.get(at) else { return String::new() };
        match &node.masked {
            Some(masked) if !self.open && !revealed.contains(&self.place(at)) => masked.clone(),
            _ => node.value.clone(),
        }
    }

    /// A node's line: `key: value`, and how much of it is the key.
    fn line(&self, at: usize, revealed: &HashSet<String>) -> (String, usize) {
        self.line_of(at, self.value(at, revealed))
    }

    /// The same as it stands in the tree: a folded node tells what it holds.
    fn row_line(&self, at: usize, revealed: &HashSet<String>) -> (String, usize) {
        let value = self.value(at, revealed);
        let is_folded = self.folded.contains(&at);
        let value = if is_folded { self.preview(at, value, revealed) } else { value };
        self.line_of(at, value)
    }

    fn line_of(&self, at: usize, value: String) -> (String, usize) {
        let Some(node) = self.tree.nodes.get(at) else { return Default::default() };
        let (mut line, key) = match node.kind {
            _ if node.key.is_empty() => (value, 0),
            Kind::Element if value.is_empty() => (node.key.clone(), node.key.len()),
            _ => (format!("{}: {value}", node.key), node.key.len() + 1),
        };
        if line.chars().any(is_active) {
            // Blanks of the same length keep the places of the text.
            line = line
                .chars()
                .map(|c| if is_active(c) { " ".repeat(c.len_utf8()) } else { c.to_string() })
                .collect();
        }
        (line, key)
    }

    /// What a folded node holds, in a few words: `3 members · Id: 7, Subject: Hello, …`.
    fn preview(&self, at: usize, value: String, revealed: &HashSet<String>) -> String {
        let Some(node) = self.tree.nodes.get(at) else { return value };
        let mut words = Vec::new();
        let mut length = 0;
        for child in (at + 1)..node.end.min(at + PREVIEW) {
            let leaf = self.tree.nodes.get(child).filter(|leaf| !leaf.value.is_empty());
            let Some(leaf) = leaf.filter(|_| !self.tree.has_children(child)) else { continue };
            let shown: String = self.value(child, revealed).chars().take(PREVIEW).collect();
            length += leaf.key.len() + shown.len();
            if length > 3 * PREVIEW {
                break;
            }
            let is_item = self.tree.nodes.get(leaf.parent).is_some_and(|n| n.kind == Kind::Array);
            words.push(if is_item { shown } else { format!("{}: {shown}", leaf.key) });
        }
        match (words.is_empty(), value.is_empty()) {
            (true, _) => value,
            (false, true) => words.join(", "),
            (false, false) => format!("{value} · {}", words.join(", ")),
        }
    }

    fn lay_out(&mut self, revealed: &HashSet<String>, columns: usize, step: usize) {
        self.columns = columns;
        self.shown = revealed.len();
        self.rows.clear();
        for at in self.tree.visible(&self.folded) {
            let Some(node) = self.tree.nodes.get(at) else { continue };
            let room = columns.saturating_sub(usize::from(node.depth) * step).max(16);
            let length = node.key.len() + node.value.len() + 2;
            if length <= room && node.masked.is_none() && !self.folded.contains(&at) {
                self.rows.push(Shown { node: at, piece: 0..length, is_first: true });
                continue;
            }
            let (line, _) = self.row_line(at, revealed);
            for (row, piece) in wrap::rows(&line, room, MOST_ROWS).into_iter().enumerate() {
                self.rows.push(Shown { node: at, piece, is_first: row == 0 });
            }
        }
    }

    pub(super) fn ui(&mut self, ui: &mut Ui, pen: &mut Pen<'_>) {
        let id = ui.scope_id().with((self.name, "tree"));
        let hit = self.look_for(pen);
        let room = columns(ui, ui.available_width() - SIGN - TAIL);
        let letter = (ui.available_width() - SIGN - TAIL) / room.max(1) as f32;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a small positive number"
        )]
        let step = (STEP / letter.max(1.0)).ceil() as usize;
        if self.rows.is_empty() || self.columns != room || self.shown != pen.revealed.len() {
            self.lay_out(pen.revealed, room, step);
        }
        let top = ui.cursor().min;
        let size = vec2(ui.available_width(), height(ui) * self.rows.len() as f32);
        let whole = eframe::egui::Rect::from_min_size(top, size);
        let tree =
            ui.interact(whole.intersect(ui.clip_rect()), id, Sense::focusable_noninteractive());
        let about = format!("{} tree of the {}", self.form, self.name);
        tree.widget_info(|| WidgetInfo::labeled(Role::Tree, true, &about));
        let has_focus = tree.has_focus();
        if has_focus {
            self.keys(ui, pen, id);
            if self.rows.is_empty() {
                self.lay_out(pen.revealed, room, step);
            }
        }
        let goal = self.scroll.take();
        let goal = goal.and_then(|node| self.rows.iter().position(|row| row.node == node));
        let mut fold = None;
        rows_ui(ui, self.rows.len(), goal, |ui, at, rect| {
            fold = fold.or(self.row(ui, pen, at, rect, id, has_focus, hit));
        });
        if let Some(at) = fold {
            self.toggle(at);
        }
    }

    /// Finds what is looked for, and unfolds around the current place.
    fn look_for(&mut self, pen: &mut Pen<'_>) -> Option<usize> {
        if self.found.0 != pen.find.needle() {
            let needle = pen.find.needle().to_owned();
            let mut places = Vec::new();
            if !needle.is_empty() {
                let nodes = 0..self.tree.nodes.len();
                places = nodes
                    .filter(|at| {
                        self.line(*at, pen.revealed).0.to_ascii_lowercase().contains(&needle)
                    })
                    .take(10_000)
                    .collect();
            }
            self.found = (needle, places);
        }
        let hits = pen.find.take(self.found.1.len());
        let current = hits.current.and_then(|at| self.found.1.get(at)).copied();
        if let Some(at) = current.filter(|_| hits.jump) {
            self.go(at);
        }
        current
    }

    /// Draws a row; gives the node that is to be folded or unfolded.
    #[expect(clippy::too_many_arguments, reason = "what a row of a tree stands in")]
    fn row(
        &mut self,
        ui: &mut Ui,
        pen: &mut Pen<'_>,
        at: usize,
        rect: eframe::egui::Rect,
        id: Id,
        has_focus: bool,
        hit: Option<usize>,
    ) -> Option<usize> {
        let theme = pen.theme;
        let shown = self.rows.get(at)?;
        let (node_at, piece, is_first) = (shown.node, shown.piece.clone(), shown.is_first);
        let node = self.tree.nodes.get(node_at)?;
        let (line, key) = self.row_line(node_at, pen.revealed);
        let left = rect.left() + f32::from(node.depth) * STEP;
        let has_children = self.tree.has_children(node_at);
        let is_folded = self.folded.contains(&node_at);
        let row_id = id.with((node_at, piece.start));
        let response = ui.interact(rect, row_id, Sense::CLICK);
        let mut fold = None;
        if self.marked == Some(node_at) {
            ui.painter().rect_filled(rect, 0.0, theme.selection);
            let bar = eframe::egui::Rect::from_min_size(rect.min, vec2(3.0, rect.height()));
            ui.painter().rect_filled(bar, 0.0, theme.accent);
        } else if has_focus && self.active == node_at {
            ui.painter().rect_filled(rect, 0.0, theme.selection);
        } else if ui.rect_contains_pointer(rect) {
            ui.painter().rect_filled(rect, 0.0, theme.hover().gamma_multiply(0.35));
        }
        if is_first {
            response.widget_info(|| {
                WidgetInfo::selected(Role::TreeItem, true, self.active == node_at, &line)
            });
            ui.ctx().accesskit_node_builder(row_id, |node| {
                if has_children {
                    node.set_expanded(!is_folded);
                }
            });
            if has_children {
                let sign = eframe::egui::Rect::from_min_size(
                    pos2(left, rect.top()),
                    vec2(SIGN, rect.height()),
                );
                let icon = if is_folded { Icon::ChevronRight } else { Icon::ChevronDown };
                let verb = if is_folded { "Unfold" } else { "Fold" };
                let name =
                    format!("{verb} {}", if node.key.is_empty() { "all" } else { &node.key });
                if quiet_button(ui, sign, row_id.with("fold"), icon, &name, true).clicked() {
                    fold = Some(node_at);
                }
            }
        }
        let value_color = match node.kind {
            Kind::Object | Kind::Array | Kind::Comment => theme.dim,
            Kind::Number => theme.exchange,
            Kind::Word => theme.adfs,
            Kind::String | Kind::Element | Kind::Attribute => theme.text,
        };
        let key_color = if node.kind == Kind::Attribute { theme.exchange } else { theme.note };
        let start = piece.start.min(line.len());
        let end = if piece.end >= line.len() { line.len() } else { piece.end };
        let text = line.get(start..end).unwrap_or_default();
        let key_end = key.saturating_sub(start).min(text.len());
        let pieces = [(0..key_end, key_color), (key_end..text.len(), value_color)];
        let marks = pen.find.ranges(text);
        let current = (hit == Some(node_at) && !marks.is_empty()).then_some(0);
        let font = TextStyle::Monospace.resolve(ui.style());
        let job = highlighted(text, &pieces, &marks, current, &font, theme);
        let words = eframe::egui::Rect::from_min_max(
            pos2(left + SIGN, rect.top() + 2.0),
            pos2(rect.right() - TAIL, rect.bottom()),
        );
        let words = label(ui, words, job, &self.place(at));
        ui.ctx().accesskit_node_builder(words.id, eframe::egui::accesskit::Node::set_hidden);
        if is_first {
            self.buttons(ui, pen, node_at, rect, row_id);
        }
        let all = response | words;
        if all.clicked() {
            self.active = node_at;
            ui.memory_mut(|memory| memory.request_focus(id));
        }
        if all.double_clicked() && has_children {
            fold = Some(node_at);
        }
        Popup::context_menu(&all).show(|ui| self.menu(ui, pen, node_at));
        fold
    }

    fn buttons(&self, ui: &mut Ui, pen: &mut Pen<'_>, at: usize, rect: eframe::egui::Rect, id: Id) {
        let Some(node) = self.tree.nodes.get(at) else { return };
        let hovered = ui.rect_contains_pointer(rect);
        let slot = |n: f32| {
            let left = rect.right() - 4.0 - 24.0 * (n + 1.0);
            eframe::egui::Rect::from_min_size(pos2(left, rect.top()), vec2(24.0, rect.height()))
        };
        let key = if node.key.is_empty() { "value" } else { &node.key };
        if !node.value.is_empty() && !self.tree.has_children(at) {
            let name = format!("Copy {key}");
            if quiet_button(ui, slot(0.0), id.with("copy"), Icon::Copy, &name, hovered).clicked() {
                pen.actions.push(Action::Copy(self.value(at, pen.revealed)));
            }
        }
        if node.masked.is_some() && !self.open {
            let place = self.place(at);
            let is_open = pen.revealed.contains(&place);
            let (icon, verb) = if is_open { (Icon::EyeOff, "Hide") } else { (Icon::Eye, "Show") };
            let name = format!("{verb} {key}");
            if quiet_button(ui, slot(1.0), id.with("show"), icon, &name, true).clicked()
                && !pen.revealed.remove(&place)
            {
                pen.revealed.insert(place);
            }
        }
    }

    fn menu(&mut self, ui: &mut Ui, pen: &mut Pen<'_>, at: usize) {
        copy_item(ui, "Copy value", || self.subtree(at, pen.revealed), pen.actions);
        copy_item(ui, "Copy path", || self.tree.path(at), pen.actions);
        copy_item(ui, "Copy name and value", || self.line(at, pen.revealed).0, pen.actions);
        ui.separator();
        if ui.button("Fold all").clicked() {
            self.folded =
                (1..self.tree.nodes.len()).filter(|at| self.tree.has_children(*at)).collect();
            self.rows.clear();
        }
        if ui.button("Unfold all").clicked() {
            self.folded.clear();
            self.rows.clear();
        }
    }

    /// A node's value; of what has children, the lines below it.
    fn subtree(&self, at: usize, revealed: &HashSet<String>) -> String {
        let Some(node) = self.tree.nodes.get(at) else { return String::new() };
        if !self.tree.has_children(at) {
            return self.value(at, revealed);
        }
        let lines = (at..node.end).map(|child| {
            let depth = self.tree.nodes.get(child).map_or(0, |c| c.depth - node.depth);
            format!("{}{}", "  ".repeat(usize::from(depth)), self.line(child, revealed).0)
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    fn toggle(&mut self, at: usize) {
        if !self.folded.remove(&at) {
            self.folded.insert(at);
        }
        self.rows.clear();
    }

    fn keys(&mut self, ui: &mut Ui, pen: &mut Pen<'_>, id: Id) {
        let filter = EventFilter {
            horizontal_arrows: true,
            vertical_arrows: true,
            ..EventFilter::default()
        };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
        super::super::own_keys(ui.ctx(), id);
        let visible = self.tree.visible(&self.folded);
        let position = visible.partition_point(|at| *at < self.active);
        let pressed = |key| ui.input_mut(|i| i.consume_key(Modifiers::NONE, key));
        let has_children = self.tree.has_children(self.active);
        let is_folded = self.folded.contains(&self.active);
        let parent = self.tree.nodes.get(self.active).map(|node| node.parent);
        let goal = if pressed(Key::ArrowDown) {
            visible.get(position + 1).copied()
        } else if pressed(Key::ArrowUp) {
            position.checked_sub(1).and_then(|at| visible.get(at)).copied()
        } else if pressed(Key::Home) {
            visible.first().copied()
        } else if pressed(Key::End) {
            visible.last().copied()
        } else if pressed(Key::ArrowRight) {
            if has_children && is_folded {
                self.toggle(self.active);
                None
            } else {
                has_children.then_some(self.active + 1)
            }
        } else if pressed(Key::ArrowLeft) {
            if has_children && !is_folded {
                self.toggle(self.active);
                None
            } else {
                parent
            }
        } else if pressed(Key::Enter) || pressed(Key::Space) {
            if has_children {
                self.toggle(self.active);
            }
            None
        } else {
            None
        };
        if let Some(goal) = goal {
            self.active = goal;
            self.scroll = Some(goal);
        }
        let copies = ui.input(|i| i.events.contains(&Event::Copy));
        if copies {
            pen.actions.push(Action::Copy(self.subtree(self.active, pen.revealed)));
        }
    }
}
