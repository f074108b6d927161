//! Figures on the screen: on whole pixels, in the theme's colours.

use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{
    Align2, Color32, FontFamily, FontId, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Vec2,
    pos2, vec2,
};
use lucide_icons::Icon;

use crate::diagram::figure::{Face, Figure, Ink, Side, Sign};
use crate::diagram::{Area, Point};
use crate::gui::theme::{self, Theme};

/// How wide a text is in a face.
pub(super) fn measure(painter: &Painter, text: &str, face: Face) -> f32 {
    painter.layout_no_wrap(text.to_owned(), font(face), Color32::PLACEHOLDER).size().x
}

/// Paints figures whose points are relative to `origin`.
pub(super) fn paint(painter: &Painter, theme: &Theme, origin: Vec2, figures: &[Figure]) {
    for figure in figures {
        paint_one(painter, theme, origin, figure);
    }
}

fn paint_one(painter: &Painter, theme: &Theme, origin: Vec2, figure: &Figure) {
    match figure {
        Figure::Line { from, to, ink, width, dashed } => {
            let stroke = Stroke::new(*width, color(theme, *ink));
            let points =
                [crisp(painter, place(*from) + origin), crisp(painter, place(*to) + origin)];
            if *dashed {
                painter.extend(Shape::dashed_line(&points, stroke, 6.0, 4.0));
            } else {
                painter.line_segment(points, stroke);
            }
        }
        Figure::Head { tip, to_right, ink } => {
            let tip = crisp(painter, place(*tip) + origin);
            let back = if *to_right { -8.0 } else { 8.0 };
            let points = vec![tip, tip + vec2(back, -4.5), tip + vec2(back, 4.5)];
            painter.add(Shape::convex_polygon(points, color(theme, *ink), Stroke::NONE));
        }
        Figure::Panel { rect, fill, border, corner } => {
            let rect = self::rect(*rect).translate(origin);
            let stroke = border.map_or(Stroke::NONE, |ink| Stroke::new(1.0, color(theme, ink)));
            painter.rect(rect, *corner, color(theme, *fill), stroke, StrokeKind::Inside);
        }
        Figure::Hatching { rect, ink } => {
            hatch(painter, self::rect(*rect).translate(origin), color(theme, *ink));
        }
        Figure::Words { at, side, text, ink, face, width } => {
            let format = TextFormat::simple(font(*face), color(theme, *ink));
            let mut job = LayoutJob::single_section(text.clone(), format);
            job.wrap.max_width = width.max(0.0);
            job.wrap.max_rows = 1;
            job.wrap.break_anywhere = true;
            let galley = painter.layout_job(job);
            let anchor = match side {
                Side::Left => Align2::LEFT_CENTER,
                Side::Center => Align2::CENTER_CENTER,
                Side::Right => Align2::RIGHT_CENTER,
            };
            let words = anchor.anchor_size(place(*at) + origin, galley.size());
            painter.galley(whole(painter, words.min), galley, color(theme, *ink));
        }
        Figure::Sign { at, sign, ink } => {
            let font = FontId::new(theme::BODY + 1.0, theme::icons());
            let text = char::from(icon(*sign));
            painter.text(
                place(*at) + origin,
                Align2::CENTER_CENTER,
                text,
                font,
                color(theme, *ink),
            );
        }
        Figure::Dot { at, ink } => {
            painter.circle_filled(place(*at) + origin, 4.5, color(theme, *ink));
        }
    }
}

/// A place of a diagram on the screen.
const fn place(at: Point) -> Pos2 {
    pos2(at.x, at.y)
}

/// A rectangle of a diagram on the screen.
pub(super) const fn rect(area: Area) -> Rect {
    Rect::from_min_max(place(area.min), place(area.max))
}

/// Slanted lines, cut at the rectangle's edges, in a dashed frame.
fn hatch(painter: &Painter, rect: Rect, color: Color32) {
    let inside = painter.with_clip_rect(rect.intersect(painter.clip_rect()));
    let stroke = Stroke::new(1.0, color);
    let mut x = rect.left() - rect.height();
    while x < rect.right() {
        inside.line_segment([pos2(x, rect.bottom()), pos2(x + rect.height(), rect.top())], stroke);
        x += 8.0;
    }
    let frame = rect.shrink(0.5);
    let corners = [
        frame.left_top(),
        frame.right_top(),
        frame.right_bottom(),
        frame.left_bottom(),
        frame.left_top(),
    ];
    painter.extend(Shape::dashed_line(&corners, stroke, 4.0, 3.0));
}

/// The middle of a pixel, so that a thin line is not smeared over two.
fn crisp(painter: &Painter, at: Pos2) -> Pos2 {
    pos2(painter.round_to_pixel_center(at.x), painter.round_to_pixel_center(at.y))
}

/// The corner of a pixel, where glyphs are sharpest.
fn whole(painter: &Painter, at: Pos2) -> Pos2 {
    let scale = painter.pixels_per_point();
    pos2((at.x * scale).round() / scale, (at.y * scale).round() / scale)
}

fn icon(sign: Sign) -> Icon {
    match sign {
        Sign::Cross => Icon::X,
        Sign::Tick => Icon::Check,
        Sign::Triangle => Icon::TriangleAlert,
        Sign::Closed => Icon::ChevronRight,
        Sign::Open => Icon::ChevronDown,
        Sign::Pause => Icon::Clock,
        Sign::Unseen => Icon::EyeOff,
    }
}

fn font(face: Face) -> FontId {
    match face {
        Face::Small => FontId::new(theme::SMALL, FontFamily::Proportional),
        Face::Body => FontId::new(theme::BODY - 0.5, FontFamily::Proportional),
        Face::Strong => FontId::new(theme::BODY - 0.5, theme::semibold()),
        Face::Mono => FontId::new(theme::SMALL, FontFamily::Monospace),
    }
}

/// The theme's colour of an ink as pictures in files name it: `#1b2230`.
pub(super) fn hexadecimal(theme: &Theme, ink: Ink) -> String {
    let [r, g, b, _] = color(theme, ink).to_array();
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// The theme's colour of an ink.
pub(super) fn color(theme: &Theme, ink: Ink) -> Color32 {
    match ink {
        Ink::Background => theme.background,
        Ink::Panel => theme.panel,
        Ink::Raised => theme.raised,
        Ink::Line => theme.line,
        Ink::Text => theme.text,
        Ink::Dim => theme.dim,
        Ink::Selection => theme.selection,
        Ink::Hover => theme.hover(),
        Ink::Accent => theme.accent,
        Ink::Error => theme.error,
        Ink::ErrorSurface => theme.error_surface,
        Ink::Warning => theme.warning,
        Ink::Ok => theme.ok,
        Ink::Actor(actor) => theme.actor(actor),
    }
}
