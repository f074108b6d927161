//! A body in one of its looks, made ready once and drawn in each frame.

use std::sync::Arc;

use eframe::egui::{Context, Image, Label, Role, TextEdit, TextureHandle, Ui, WidgetInfo, vec2};
use lucide_icons::Icon;

use super::content::{Content, hidden};
use super::fields::{self, Field};
use super::lines::Lines;
use super::look::Look;
use super::tree_ui::TreeView;
use super::{AT_ONCE, hex, json, page, picture, protocol, xml};
use crate::gui::format;
use crate::gui::inspector::row::{Pen, Row, Tone};
use crate::gui::inspector::shown;
use crate::gui::inspector::task::Task;
use crate::gui::theme::{self, Theme, space};
use crate::gui::widgets;

/// The most of a part's text that is shown, in bytes.
const MOST_OF_PART: usize = 8 * 1024;
/// The most parts that are shown.
const MOST_PARTS: usize = 100;

/// A body in one of its looks.
pub(super) struct Drawn {
    pub(super) look: Look,
    pub(super) open: bool,
    name: &'static str,
    what: Task<What>,
    /// The page of hex, and what is typed to go to an offset.
    page: usize,
    offset: String,
    texture: Option<TextureHandle>,
}

/// What a look needs.
enum What {
    Tree(TreeView),
    Fields(Vec<Field>, Option<usize>),
    Parts(Vec<Part>),
    Lines(Lines),
    Picture(Result<eframe::egui::ColorImage, String>),
    Hex,
}

/// A part of a multipart body.
struct Part {
    title: String,
    headers: Vec<Field>,
    text: String,
}

impl Drawn {
    /// Makes a look ready.
    pub(super) fn new(
        name: &'static str,
        content: &Arc<Content>,
        look: Look,
        open: bool,
        ctx: &Context,
    ) -> Self {
        let heavy = content.len() > AT_ONCE && look != Look::Hex;
        let content = Arc::clone(content);
        let what = Task::run(heavy, ctx, move || make(name, &content, look, open));
        Self { look, open, name, what, page: 0, offset: String::new(), texture: None }
    }

    /// Draws the look. `lead` is what a finding leads to; it is taken once it is found or cannot be.
    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        pen: &mut Pen<'_>,
        content: &Content,
        lead: &mut Option<(String, String)>,
    ) {
        let failed = self.what.has_failed();
        let Some(what) = self.what.get() else {
            let words = if failed { "This look could not be made" } else { "Reading the body…" };
            ui.label(theme::small(words).color(pen.theme.dim));
            return;
        };
        match what {
            What::Tree(tree) => {
                if let Some((name, value)) = lead.take() {
                    tree.lead_to(&name, &value);
                }
                tree.ui(ui, pen);
            }
            What::Fields(list, marked) => {
                if let Some((name, value)) = lead.take() {
                    let named = |f: &Field| f.name.eq_ignore_ascii_case(&name);
                    let holds = |f: &Field| !value.is_empty() && f.value.contains(&value);
                    *marked = list.iter().position(named).or_else(|| list.iter().position(holds));
                    pen.lead = marked.is_some();
                }
                for (at, field) in list.iter().enumerate() {
                    if self.look == Look::Protocol && field.value.is_empty() {
                        // A line of a protocol may say what it says by its name alone.
                        let name = shown(&field.name);
                        let place = format!("{}/{at}", self.name);
                        let meaning = field.meaning;
                        Row { name: &name, meaning, place: &place, ..Row::default() }.ui(ui, pen);
                        continue;
                    }
                    field_row(ui, pen, field, &format!("{}/{at}", self.name), *marked == Some(at));
                }
            }
            What::Parts(parts) => {
                *lead = None;
                for (at, part) in parts.iter().enumerate() {
                    part_ui(ui, pen, part, &format!("{}/part{at}", self.name));
                }
            }
            What::Lines(lines) => {
                if let Some((name, value)) = lead.take() {
                    lines.lead_to(&name, &value);
                }
                lines.ui(ui, pen, self.name);
            }
            What::Picture(Ok(image)) => {
                let texture = self.texture.get_or_insert_with(|| {
                    ui.ctx().load_texture(
                        "body",
                        image.clone(),
                        eframe::egui::TextureOptions::LINEAR,
                    )
                });
                let room = vec2(ui.available_width(), 480.0);
                let response = ui.add(
                    Image::new((texture.id(), texture.size_vec2()))
                        .fit_to_original_size(1.0)
                        .max_size(room),
                );
                let alt = content.facts.first().cloned().unwrap_or_default();
                response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &alt));
            }
            What::Picture(Err(why)) => {
                ui.label(theme::small(why.as_str()).color(pen.theme.dim));
            }
            What::Hex => {
                if content.has_secrets() && !self.open {
                    ui.label(theme::small(format!(
                        "These bytes hold credentials, so they are hidden; “Show secrets of the {}” above shows them",
                        self.name
                    )).color(pen.theme.dim));
                } else {
                    hex_ui(ui, pen, &content.bytes, &mut self.page, &mut self.offset, self.name);
                }
            }
        }
    }
}

fn make(name: &'static str, content: &Content, look: Look, open: bool) -> What {
    let text = || What::Lines(Lines::new(content.text(open).to_owned()));
    match look {
        Look::Json => json::tree(content.text(true), content.text(false))
            .map_or_else(text, |tree| What::Tree(TreeView::new(name, "JSON", tree, open))),
        Look::Xml => xml::tree(content.text(open))
            .map_or_else(text, |tree| What::Tree(TreeView::new(name, "XML", tree, open))),
        Look::Form => What::Fields(fields::form(content.text(true), content.text(false)), None),
        Look::Protocol => What::Fields(protocol::fields(content), None),
        Look::Parts => What::Parts(parts(content, open)),
        Look::Page => {
            let words = page::words(content.text(open));
            let words = if words.is_empty() {
                "This page has no words; its source is under Text".to_owned()
            } else {
                words
            };
            What::Lines(Lines::new(words))
        }
        Look::Picture => What::Picture(picture::decoded(&content.bytes)),
        Look::Text => text(),
        Look::Hex => What::Hex,
    }
}

fn parts(content: &Content, open: bool) -> Vec<Part> {
    let parts = content.parts();
    let number = parts.len();
    let read = |(at, part): (usize, &crate::http::BodyPart)| {
        let bytes = content.bytes.get(part.content.clone()).unwrap_or_default();
        let mut title = format!("Part {} of {number}", at + 1);
        for parameter in ["name", "filename"] {
            if let Some(value) = part.disposition(parameter) {
                title = format!("{title} · {}", shown(&value));
            }
        }
        title = format!("{title} · {}", format::size(bytes.len() as u64));
        let headers = part.headers.iter().map(|h| Field::of(&h.name, &h.value, "")).collect();
        let start = bytes.get(..bytes.len().min(MOST_OF_PART)).unwrap_or_default();
        let secret =
            part.disposition("name").is_some_and(|name| crate::http::mask::is_secret_field(&name));
        let text = match std::str::from_utf8(bytes) {
            Ok(text) if secret && !open => crate::http::Secret::new(text).to_string(),
            Ok(text) if crate::http::is_text(bytes) => {
                let text = if open { text.to_owned() } else { hidden(text, &part.headers) };
                let end = text.floor_char_boundary(MOST_OF_PART);
                let cut = if end < text.len() { "\n…" } else { "" };
                format!("{}{cut}", text.get(..end).unwrap_or_default()).replace('\r', "")
            }
            _ => hex::text(start, 256),
        };
        Part { title, headers, text }
    };
    parts.iter().enumerate().take(MOST_PARTS).map(read).collect()
}

fn part_ui(ui: &mut Ui, pen: &mut Pen<'_>, part: &Part, place: &str) {
    widgets::rule(ui, &part.title);
    for (at, field) in part.headers.iter().enumerate() {
        field_row(ui, pen, field, &format!("{place}/{at}"), false);
    }
    ui.add_space(space(1));
    ui.add(Label::new(theme::mono(shown_lines(&part.text))).wrap());
}

fn shown_lines(text: &str) -> String {
    text.chars().map(|c| if c != '\n' && crate::http::is_active(c) { ' ' } else { c }).collect()
}

/// A field as a line.
pub(super) fn field_row(ui: &mut Ui, pen: &mut Pen<'_>, field: &Field, place: &str, marked: bool) {
    let secret = field.is_secret();
    let open = secret && pen.revealed.contains(place);
    let value = shown(if open { &field.value } else { &field.masked });
    let value = if value.is_empty() { "(empty)".to_owned() } else { value };
    Row {
        name: &shown(&field.name),
        value: &value,
        meaning: field.meaning,
        place,
        is_marked: marked,
        joint: "=",
        hides: secret.then_some(open),
        tone: Tone::Plain,
        ..Row::default()
    }
    .ui(ui, pen);
}

/// Offsets, bytes and characters of a page, and the way to other pages.
fn hex_ui(
    ui: &mut Ui,
    pen: &mut Pen<'_>,
    bytes: &[u8],
    page: &mut usize,
    typed: &mut String,
    name: &str,
) {
    let theme = Theme::of(ui);
    let pages = hex::pages(bytes.len());
    let mut goal = None;
    if bytes.len() > 1024 {
        ui.horizontal(|ui| {
            if pages > 1 {
                if widgets::icon_button(ui, Icon::ChevronLeft, "Previous bytes").clicked() {
                    *page = page.saturating_sub(1);
                }
                let range = hex::page(bytes.len(), *page);
                let words = format!(
                    "{}–{} of {}",
                    format::grouped(range.start),
                    format::grouped(range.end.saturating_sub(1)),
                    format::grouped(bytes.len())
                );
                ui.label(theme::small(words).color(theme.dim));
                if widgets::icon_button(ui, Icon::ChevronRight, "Next bytes").clicked() {
                    *page = (*page + 1).min(pages - 1);
                }
            }
            let field =
                TextEdit::singleline(typed).hint_text("Go to offset, 0x1f0").desired_width(130.0);
            let response = ui.add(field);
            response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, "Go to offset"));
            if response.lost_focus() && ui.input(|i| i.key_pressed(eframe::egui::Key::Enter)) {
                goal = hex::offset(typed).filter(|offset| *offset < bytes.len());
                if let Some(offset) = goal {
                    *page = offset / hex::PAGE;
                }
            }
        });
    }
    let range = hex::page(bytes.len(), *page);
    let rows = range.len().div_ceil(hex::ROW);
    super::lines::rows_ui(
        ui,
        rows,
        goal.map(|offset| (offset - range.start) / hex::ROW),
        |ui, at, rect| {
            let start = range.start + at * hex::ROW;
            let text = hex::row(bytes, start);
            let is_goal = goal.is_some_and(|goal| goal / hex::ROW == start / hex::ROW);
            let color = if is_goal { pen.theme.accent } else { pen.theme.text };
            super::lines::label(
                ui,
                rect,
                theme::mono(text).color(color),
                &format!("{name}/hex/{at}"),
            );
        },
    );
}
