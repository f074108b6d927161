//! The tokens of the capture, one entry each.

use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{
    Align2, Color32, CursorIcon, FontFamily, FontId, Painter, Pos2, Rect, Role, Sense, StrokeKind,
    Ui, WidgetInfo, pos2, vec2,
};
use lucide_icons::Icon;

use super::standing::{self, Standing};
use crate::flow::{TokenId, TrackedToken};
use crate::gui::action::Action;
use crate::gui::theme::{self, CORNER, Theme};
use crate::gui::views::ViewContext;
use crate::gui::widgets::tidy;

/// Height of an entry.
const HEIGHT: f32 = 52.0;

/// Draws the entries in sight.
pub(super) fn ui(
    ui: &mut Ui,
    context: &ViewContext<'_>,
    chosen: TokenId,
    actions: &mut Vec<Action>,
) {
    let tokens = &context.analysis.flows.tokens;
    ui.spacing_mut().item_spacing.y = 2.0;
    let area = eframe::egui::ScrollArea::vertical().auto_shrink(false);
    area.show_rows(ui, HEIGHT, tokens.len(), |ui, rows| {
        for token in tokens.get(rows).unwrap_or_default() {
            if entry(ui, context, token, chosen == token.id) {
                actions.push(Action::SelectToken(token.id));
            }
        }
    });
}

fn entry(ui: &mut Ui, context: &ViewContext<'_>, token: &TrackedToken, chosen: bool) -> bool {
    let theme = context.theme;
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::click());
    let standing = Standing::of(token, context.analysis);
    let (name, purpose) = (standing::name(token), tidy(&standing::purpose(token), 80));
    response.widget_info(|| {
        let label = format!("{} {name} for {purpose}, {}", token.id, standing.text());
        WidgetInfo::selected(Role::ListItem, true, chosen, label)
    });
    let painter = ui.painter();
    let ground = match (chosen, response.hovered()) {
        (true, _) => theme.selection,
        (false, true) => theme.hover(),
        _ => Color32::TRANSPARENT,
    };
    painter.rect_filled(rect, CORNER, ground);
    if response.has_focus() {
        let stroke = eframe::egui::Stroke::new(1.0, theme.accent);
        painter.rect_stroke(rect, CORNER, stroke, StrokeKind::Inside);
    }
    let indent = if token.carried_by.is_some() { 16.0 } else { 0.0 };
    let badge = Rect::from_min_size(rect.min + vec2(8.0 + indent, 8.0), vec2(30.0, 20.0));
    painter.rect_filled(badge, 4, theme.raised);
    let mono = FontId::new(theme::SMALL, FontFamily::Monospace);
    painter.text(badge.center(), Align2::CENTER_CENTER, token.id, mono, theme.dim);

    let word = FontId::proportional(theme::SMALL);
    let (icon, color) = mark(standing, theme);
    let right = pos2(rect.right() - 10.0, badge.center().y);
    let text = painter.text(right, Align2::RIGHT_CENTER, standing.text(), word.clone(), color);
    let sign = pos2(text.left() - 11.0, right.y);
    let icon_font = FontId::new(theme::BODY, theme::icons());
    painter.text(sign, Align2::CENTER_CENTER, char::from(icon), icon_font, color);

    let left = badge.right() + 10.0;
    let strong = FontId::new(theme::BODY, theme::semibold());
    let width = sign.x - 10.0 - left;
    line(painter, pos2(left, badge.center().y), name, strong, theme.text, width);
    let below = match token.jwt().and_then(|jwt| jwt.user()) {
        Some(user) => format!("{purpose} · {}", tidy(user, 60)),
        None if token.jwt().is_none() && purpose.is_empty() => "cannot be read".to_owned(),
        None => purpose,
    };
    let at = pos2(left, rect.bottom() - 15.0);
    line(painter, at, &below, word, theme.dim, rect.right() - 10.0 - left);
    response.on_hover_cursor(CursorIcon::PointingHand).on_hover_text(below).clicked()
}

fn line(painter: &Painter, at: Pos2, text: &str, font: FontId, color: Color32, width: f32) {
    let mut job = LayoutJob::single_section(text.to_owned(), TextFormat::simple(font, color));
    job.wrap.max_width = width.max(0.0);
    job.wrap.max_rows = 1;
    job.wrap.break_anywhere = true;
    let galley = painter.layout_job(job);
    painter.galley(pos2(at.x, at.y - galley.size().y / 2.0), galley, color);
}

/// The sign and the colour of a standing.
pub(super) const fn mark(standing: Standing, theme: &Theme) -> (Icon, Color32) {
    match standing {
        Standing::Accepted => (Icon::Check, theme.ok),
        Standing::Refused => (Icon::X, theme.error),
        Standing::Sent => (Icon::ArrowRight, theme.dim),
        Standing::NotSent => (Icon::Minus, theme.dim),
        Standing::Inside => (Icon::CornerDownRight, theme.dim),
    }
}
