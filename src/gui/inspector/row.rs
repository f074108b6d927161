//! A line of name, value and meaning. Every line can be copied, by a button that shows under the pointer or the keyboard's
//! focus, and by a menu; a hidden value can be shown.

use std::collections::HashSet;
use std::ops::Range;

use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{
    Align, Color32, FontFamily, FontId, Id, Label, Layout, Popup, Rect, Response, Role, Sense,
    Shape, Stroke, TextStyle, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};
use lucide_icons::Icon;

use super::find::Find;
use crate::gui::action::Action;
use crate::gui::theme::{self, Theme, space};

/// Width of the names.
const NAME: f32 = 176.0;
/// Width of the names where there is little room.
const NARROW_NAME: f32 = 120.0;
/// Room for the buttons at the right.
const TAIL: f32 = 52.0;
/// From this width on values and meanings stand side by side.
const WIDE: f32 = 680.0;
/// Where meanings begin, seen from the row's start.
const VALUES: f32 = 0.6;

/// Room that the ground of a row takes at its left, so that its text stands in line with other texts.
pub(super) const MARGIN: f32 = 8.0;

/// What a page draws with.
pub(super) struct Pen<'a> {
    pub(super) theme: &'a Theme,
    pub(super) find: &'a mut Find,
    /// Values that were asked to be shown, by place.
    pub(super) revealed: &'a mut HashSet<String>,
    pub(super) actions: &'a mut Vec<Action>,
    /// Whether the place that a finding led to is to be scrolled to.
    pub(super) lead: bool,
    /// Whether a finding's fix stands beside the page, so that nothing else says what to do.
    pub(super) has_fix: bool,
    /// Whether a lesson asks what is wrong here, so that nothing may tell it.
    pub(super) veiled: bool,
    /// How many lines were drawn that have no place of their own.
    pub(super) lines: usize,
}

/// What a line is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Tone {
    #[default]
    Plain,
    /// A part of the line above.
    Part,
    /// Something that should be there and is not, or is wrong.
    Wrong,
    /// Words of this program.
    Words,
    /// Words of this program on the line above.
    Said,
}

/// A line.
#[derive(Default)]
pub(super) struct Row<'a> {
    pub(super) name: &'a str,
    /// The value as it is shown.
    pub(super) value: &'a str,
    pub(super) meaning: &'a str,
    /// The line's place on the page: no two lines share it.
    pub(super) place: &'a str,
    pub(super) tone: Tone,
    /// Whether a finding led here.
    pub(super) is_marked: bool,
    /// What stands between name and value when both are copied.
    pub(super) joint: &'a str,
    /// Whether there is something to hide, and whether it is shown.
    pub(super) hides: Option<bool>,
    /// More that the line's menu can copy: what it is called, and the text.
    pub(super) more: &'a [(&'a str, &'a dyn Fn() -> String)],
}

impl Row<'_> {
    /// Draws the line.
    pub(super) fn ui(self, ui: &mut Ui, pen: &mut Pen<'_>) {
        let theme = pen.theme;
        let id = ui.scope_id().with(("row", self.place));
        let background = ui.painter().add(Shape::Noop);
        let whole = ui.available_rect_before_wrap();
        let builder = UiBuilder::new().scope_id(id).max_rect(whole).sense(Sense::CLICK);
        let spacing = std::mem::replace(&mut ui.spacing_mut().item_spacing.y, 0.0);
        let mut jump = false;
        let inner = ui.scope_builder(builder, |ui| self.cells(ui, pen, whole, &mut jump));
        ui.spacing_mut().item_spacing.y = spacing;
        let (labels, bottom) = inner.inner;
        let rect = Rect::from_min_max(
            pos2(whole.left() - MARGIN, whole.top()),
            pos2(whole.right(), bottom),
        );
        let response = labels.into_iter().fold(inner.response, |all, label| all | label);
        let hovered = ui.rect_contains_pointer(rect) && ui.is_enabled();
        self.tail(ui, pen, id, rect, hovered);
        let ground = if self.tone == Tone::Wrong {
            Some(theme.error_surface)
        } else if self.is_marked {
            Some(theme.selection)
        } else {
            hovered.then(|| theme.hover().gamma_multiply(0.35))
        };
        if let Some(ground) = ground {
            ui.painter().set(background, Shape::rect_filled(rect, 0.0, ground));
        }
        if self.is_marked {
            let bar = Rect::from_min_size(rect.min, vec2(3.0, rect.height()));
            ui.painter().rect_filled(bar, 0.0, theme.accent);
        }
        ui.painter().hline(rect.x_range(), rect.bottom(), Stroke::new(1.0, theme.line));
        if jump || (self.is_marked && pen.lead) {
            ui.scroll_to_rect(rect, Some(Align::Center));
            pen.lead = false;
        }
        self.menu(&response, pen);
    }

    /// Draws the texts; gives their responses and where they end.
    fn cells(
        &self,
        ui: &mut Ui,
        pen: &mut Pen<'_>,
        whole: Rect,
        jump: &mut bool,
    ) -> (Vec<Response>, f32) {
        let theme = pen.theme;
        let name_width = if whole.width() < 560.0 { NARROW_NAME } else { NAME };
        let (indent, family, name_color) = match self.tone {
            Tone::Part => (space(4), theme::mono_medium(), theme.text),
            Tone::Wrong => (space(4), theme::mono_medium(), theme.error),
            Tone::Plain => (0.0, FontFamily::Monospace, theme.dim),
            Tone::Words => (0.0, FontFamily::Proportional, theme.dim),
            Tone::Said => (space(4), FontFamily::Proportional, theme.dim),
        };
        let value_color = if self.tone == Tone::Wrong { theme.error } else { theme.text };
        let said_color = if self.tone == Tone::Wrong { theme.error } else { theme.note };
        let right = whole.right() - TAIL;
        let values = whole.left() + name_width;
        let beside =
            whole.width() - TAIL >= WIDE && !self.meaning.is_empty() && !self.value.is_empty();
        let value_end = if beside { whole.left() + (whole.width() - TAIL) * VALUES } else { right };
        let mut bottom = whole.top() + 24.0;
        let mut labels = Vec::new();
        let mut cell = |ui: &mut Ui, left: f32, right: f32, top: f32, job: LayoutJob| {
            let rect = Rect::from_min_max(pos2(left, top), pos2(right.max(left + 24.0), top));
            let mut child =
                ui.new_child(UiBuilder::new().max_rect(rect).layout(Layout::top_down(Align::LEFT)));
            let response = child.add(Label::new(job).wrap());
            let end = child.min_rect().bottom();
            bottom = bottom.max(end + 5.0);
            labels.push(response);
            end
        };
        let mono = TextStyle::Monospace.resolve(ui.style()).size;
        let font = |family: FontFamily| {
            let size = if family == FontFamily::Proportional { theme::BODY } else { mono };
            FontId::new(size, family)
        };
        let top = whole.top() + 5.0;
        let text = found(pen, self.name, &font(family), name_color, jump);
        cell(ui, whole.left() + indent, values - space(3), top, text);
        let mut below = top;
        if !self.value.is_empty() {
            let words = self.tone == Tone::Words && self.meaning.is_empty();
            let family = if words { FontFamily::Proportional } else { FontFamily::Monospace };
            let text = found(pen, self.value, &font(family), value_color, jump);
            below = cell(ui, values, value_end - space(3), top, text) + 2.0;
        }
        if !self.meaning.is_empty() {
            let font = FontId::new(theme::SMALL, FontFamily::Proportional);
            let text = found(pen, self.meaning, &font, said_color, jump);
            let (left, top) = if beside { (value_end, top + 1.0) } else { (values, below) };
            cell(ui, left, right, top, text);
        }
        ui.allocate_rect(
            Rect::from_min_max(whole.min, pos2(whole.right(), bottom + 1.0)),
            Sense::empty(),
        );
        (labels, bottom)
    }

    /// The buttons at the end.
    fn tail(&self, ui: &mut Ui, pen: &mut Pen<'_>, id: Id, rect: Rect, hovered: bool) {
        let place = |slot: f32| {
            let left = rect.right() - 4.0 - 24.0 * (slot + 1.0);
            Rect::from_min_size(pos2(left, rect.top()), vec2(24.0, 24.0))
        };
        if !matches!(self.tone, Tone::Words | Tone::Said) && !self.value.is_empty() {
            let name = format!("Copy {}", self.name);
            if quiet_button(ui, place(0.0), id.with("copy"), Icon::Copy, &name, hovered).clicked() {
                pen.actions.push(Action::Copy(self.value.to_owned()));
            }
        }
        if let Some(open) = self.hides {
            let (icon, verb) = if open { (Icon::EyeOff, "Hide") } else { (Icon::Eye, "Show") };
            let name = format!("{verb} {}", self.name);
            if quiet_button(ui, place(1.0), id.with("show"), icon, &name, true).clicked() {
                self.toggle(pen);
            }
        }
    }

    fn toggle(&self, pen: &mut Pen<'_>) {
        if !pen.revealed.remove(self.place) {
            pen.revealed.insert(self.place.to_owned());
        }
    }

    fn menu(&self, response: &Response, pen: &mut Pen<'_>) {
        if matches!(self.tone, Tone::Words | Tone::Said) && self.more.is_empty() {
            return;
        }
        Popup::context_menu(response).show(|ui| {
            if ui.button("Copy value").clicked() {
                pen.actions.push(Action::Copy(self.value.to_owned()));
            }
            if !self.name.is_empty() {
                let joint = if self.joint.is_empty() { ": " } else { self.joint };
                let pair = format!("{}{joint}{}", self.name, self.value);
                if ui.button("Copy name and value").clicked() {
                    pen.actions.push(Action::Copy(pair));
                }
            }
            for (what, text) in self.more {
                if ui.button(*what).clicked() {
                    pen.actions.push(Action::Copy(text()));
                }
            }
            if let Some(open) = self.hides {
                ui.separator();
                if ui.button(if open { "Hide value" } else { "Show value" }).clicked() {
                    self.toggle(pen);
                }
            }
        });
    }
}

/// A text with the places that are looked for.
fn found(
    pen: &mut Pen<'_>,
    text: &str,
    font: &FontId,
    color: Color32,
    jump: &mut bool,
) -> LayoutJob {
    let ranges = pen.find.ranges(text);
    let hits = pen.find.take(ranges.len());
    *jump |= hits.jump;
    highlighted(text, &[(0..text.len(), color)], &ranges, hits.current, font, pen.theme)
}

/// A text in pieces of different colour, with marked ranges.
pub(super) fn highlighted(
    text: &str,
    pieces: &[(Range<usize>, Color32)],
    marks: &[Range<usize>],
    current: Option<usize>,
    font: &FontId,
    theme: &Theme,
) -> LayoutJob {
    let mut job = LayoutJob::default();
    let mut cuts: Vec<usize> = marks.iter().flat_map(|mark| [mark.start, mark.end]).collect();
    cuts.extend(pieces.iter().flat_map(|(piece, _)| [piece.start, piece.end]));
    cuts.sort_unstable();
    cuts.dedup();
    for pair in cuts.windows(2) {
        let [start, end] = *pair else { continue };
        let Some(part) = text.get(start..end).filter(|part| !part.is_empty()) else { continue };
        let color =
            pieces.iter().find(|(piece, _)| piece.contains(&start)).map_or(theme.text, |(_, c)| *c);
        let mut format = TextFormat::simple(font.clone(), color);
        if let Some(at) = marks.iter().position(|mark| mark.contains(&start)) {
            let is_current = current == Some(at);
            format.background = if is_current { theme.accent } else { theme.warning_surface };
            format.color = if is_current { theme.on_accent } else { theme.warning };
        }
        job.append(part, 0.0, format);
    }
    job
}

/// A button without a frame that shows when it is pointed at or has the focus; it is always there for the keyboard.
pub(super) fn quiet_button(
    ui: &mut Ui,
    rect: Rect,
    id: Id,
    icon: Icon,
    name: &str,
    visible: bool,
) -> Response {
    let theme = Theme::of(ui);
    let response = ui.interact(rect, id, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    let active = response.hovered() || response.has_focus();
    if visible || active {
        if active {
            ui.painter().rect_filled(rect.shrink(1.0), theme::CORNER, theme.raised);
        }
        if response.has_focus() {
            let stroke = Stroke::new(1.0, theme.accent);
            let kind = eframe::egui::StrokeKind::Inside;
            ui.painter().rect_stroke(rect.shrink(1.0), theme::CORNER, stroke, kind);
        }
        let color = if active { theme.text } else { theme.dim };
        let font = FontId::new(theme::BODY, theme::icons());
        let at = rect.center();
        ui.painter().text(at, eframe::egui::Align2::CENTER_CENTER, char::from(icon), font, color);
    }
    response.on_hover_text(name)
}
