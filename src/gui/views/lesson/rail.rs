//! The pages of a lesson in a row: which one is in front, which were answered, and how.

use eframe::egui::{
    Align2, CursorIcon, FontId, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};
use lucide_icons::Icon;

use super::size::Size;
use super::walk::{Reply, Walk};
use crate::gui::theme::{self, CORNER, Theme};

/// The page behind the last question.
const END: &str = "End";

/// What a page takes beside its name, in points.
const NUMBER: f32 = 35.0;

/// Draws the row; a click brings a page to the front.
pub(super) fn ui(ui: &mut Ui, size: Size, walk: &mut Walk) {
    let theme = Theme::of(ui);
    let height = size.points(34.0);
    let (whole, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let names: Vec<&str> =
        walk.lesson.pages.iter().map(|page| page.subject.name()).chain([END]).collect();
    let font = FontId::new(size.points(theme::SMALL + 0.5), theme::semibold());
    let widths = names.iter().map(|name| {
        let galley = ui.painter().layout_no_wrap((*name).to_owned(), font.clone(), theme.text);
        galley.size().x + size.points(NUMBER)
    });
    let widths: Vec<f32> = widths.collect();
    // Where there is no room for names the numbers do, but for the page in front.
    let has_names = widths.iter().sum::<f32>() <= whole.width();
    let mut left = whole.left();
    let mut chosen = None;
    for (at, (name, width)) in names.into_iter().zip(widths).enumerate() {
        let in_front = walk.at == at;
        let is_named = has_names || in_front;
        let width = if is_named { width } else { size.points(NUMBER) };
        let rect = eframe::egui::Rect::from_min_size(pos2(left, whole.top()), vec2(width, height));
        left += width;
        let id = ui.scope_id().with(("page", at));
        let response = ui.interact(rect, id, Sense::click());
        let (icon, color, state) = mark(walk, at, theme);
        response.widget_info(|| {
            let label = format!("Page {}: {name}, {state}", at + 1);
            WidgetInfo::selected(Role::Button, true, in_front, label)
        });
        let painter = ui.painter();
        if in_front || response.hovered() {
            let ground = if in_front { theme.selection } else { theme.raised };
            painter.rect_filled(rect, CORNER, ground);
        }
        if response.has_focus() {
            let stroke = Stroke::new(1.0, theme.accent);
            painter.rect_stroke(rect, CORNER, stroke, StrokeKind::Inside);
        }
        let center = pos2(rect.left() + size.points(15.0), rect.center().y);
        if let Some(icon) = icon {
            let font = FontId::new(size.points(16.0), theme::icons());
            painter.text(center, Align2::CENTER_CENTER, char::from(icon), font, color);
        } else {
            painter.circle_stroke(center, size.points(8.5), Stroke::new(1.0, color));
            let font = FontId::proportional(size.points(10.5));
            let number = (at + 1).to_string();
            painter.text(center, Align2::CENTER_CENTER, number, font, color);
        }
        let ink = if in_front { theme.text } else { theme.dim };
        let family = if in_front { theme::semibold() } else { theme::medium() };
        let font = FontId::new(size.points(theme::SMALL + 0.5), family);
        if is_named {
            let galley = painter.layout_no_wrap(name.to_owned(), font, ink);
            let place = pos2(center.x + size.points(13.0), center.y - galley.size().y / 2.0);
            painter.galley(place, galley, ink);
        }
        if response.on_hover_cursor(CursorIcon::PointingHand).on_hover_text(name).clicked() {
            chosen = Some(at);
        }
    }
    if let Some(at) = chosen {
        walk.show(at);
    }
    ui.painter().hline(whole.x_range(), whole.bottom() + 3.0, Stroke::new(1.0, theme.line));
}

/// Shape, colour and word for how a page stands.
fn mark(
    walk: &Walk,
    at: usize,
    theme: &Theme,
) -> (Option<Icon>, eframe::egui::Color32, &'static str) {
    match (walk.reply(at), walk.is_right(at)) {
        (_, Some(true)) => (Some(Icon::CircleCheck), theme.ok, "answered rightly"),
        (Some(Reply::Revealed), _) => (Some(Icon::CircleDot), theme.note, "revealed"),
        (Some(Reply::Chosen(_)), _) => (Some(Icon::CircleX), theme.error, "answered wrongly"),
        (None, _) if !walk.hides() && walk.is_told(at) && at < walk.lesson.pages.len() => {
            (Some(Icon::CircleMinus), theme.dim, "nothing to ask")
        }
        (None, _) => (None, theme.dim, "open"),
    }
}
