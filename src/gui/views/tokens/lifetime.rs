//! A token's validity as a bar, with its uses as dots.

use chrono::{DateTime, Utc};
use eframe::egui::{
    Align2, FontId, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

use crate::analysis::Analysis;
use crate::flow::{TrackedToken, moment_of_use};
use crate::gui::theme::{self, Theme};
use crate::jwt::Jwt;

/// The most uses that are drawn; more would be one blot.
const MOST_DOTS: usize = 200;

/// Draws the bar, if the token names both ends of its validity.
pub(super) fn ui(ui: &mut Ui, token: &TrackedToken, jwt: &Jwt, analysis: &Analysis) {
    let (Some(begins), Some(ends)) = (jwt.not_before().or(jwt.issued_at()), jwt.expires()) else {
        return;
    };
    let uses: Vec<DateTime<Utc>> = token
        .used_in
        .iter()
        .filter_map(|id| moment_of_use(analysis.capture.session(*id)?))
        .take(MOST_DOTS)
        .collect();
    let theme = Theme::of(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 56.0), Sense::hover());
    let clock = crate::gui::format::seconds;
    let span_of_use = match (uses.iter().min(), uses.iter().max()) {
        (Some(first), Some(last)) if first != last => {
            format!("used {} to {}", clock(*first), clock(*last))
        }
        (Some(first), _) => format!("used {}", clock(*first)),
        _ => String::new(),
    };
    let (from, to) = (format!("valid from {}", clock(begins)), format!("expires {}", clock(ends)));
    response.widget_info(|| {
        WidgetInfo::labeled(Role::Image, true, format!("{from}, {to}, {span_of_use}"))
    });

    // A little time on both sides, so that uses outside the validity have room.
    let seconds = |at: DateTime<Utc>| at.timestamp() as f32 - begins.timestamp() as f32;
    let all = || uses.iter().copied().chain([begins, ends]).map(seconds);
    let (low, high) = (all().fold(f32::MAX, f32::min), all().fold(f32::MIN, f32::max));
    let span = (high - low).max(1.0);
    let inner = rect.shrink2(vec2(rect.width() * 0.06, 0.0));
    let place = |at: DateTime<Utc>| inner.left() + (seconds(at) - low) / span * inner.width();

    let painter = ui.painter();
    let middle = rect.center().y;
    painter.hline(rect.x_range(), middle, Stroke::new(1.0, theme.line));
    let bar =
        Rect::from_min_max(pos2(place(begins), middle - 6.0), pos2(place(ends), middle + 6.0));
    let stroke = Stroke::new(1.0, theme.accent);
    painter.rect(bar, 6, theme.selection, stroke, StrokeKind::Inside);
    for at in &uses {
        let inside = *at >= begins && *at <= ends;
        let color = if inside { theme.accent } else { theme.error };
        let center = pos2(place(*at), middle);
        if inside {
            painter.circle_filled(center, 4.5, color);
        } else {
            // A square, so that it is told apart without its colour.
            painter.rect_filled(Rect::from_center_size(center, vec2(8.0, 8.0)), 1, color);
        }
    }
    let font = FontId::proportional(theme::SMALL);
    let half = bar.center().x;
    let top = rect.top();
    painter.text(pos2(bar.left(), top), Align2::LEFT_TOP, from, font.clone(), theme.dim);
    // A short bar has no room for both of its ends in one line.
    let (end_at, align) = if bar.width() > 220.0 {
        (bar.right(), Align2::RIGHT_TOP)
    } else {
        ((half + 140.0).min(rect.right()), Align2::RIGHT_TOP)
    };
    painter.text(pos2(end_at, top), align, to, font.clone(), theme.dim);
    if let Some(first) = uses.iter().min() {
        let left = place(*first).min(rect.right() - 150.0);
        let color = if *first > ends || *first < begins { theme.error } else { theme.dim };
        painter.text(pos2(left, rect.bottom()), Align2::LEFT_BOTTOM, span_of_use, font, color);
    }
}
