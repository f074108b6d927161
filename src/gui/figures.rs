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

/// Paints figures, enlarged or reduced, in the colours of a theme.
pub(super) struct Brush<'a> {
    /// What it paints on.
    pub(super) painter: &'a Painter,
    /// The colours.
    pub(super) theme: &'a Theme,
    /// Points of the screen for a point of the diagram.
    pub(super) scale: f32,
}

impl Brush<'_> {
    /// How wide a text is in a face, in points of the diagram.
    pub(super) fn measure(&self, text: &str, face: Face) -> f32 {
        let font = font(face, self.scale);
        let galley = self.painter.layout_no_wrap(text.to_owned(), font, Color32::PLACEHOLDER);
        galley.size().x / self.scale
    }

    /// A rectangle of a diagram on the screen.
    pub(super) fn rect(&self, area: Area, origin: Vec2) -> Rect {
        Rect::from_min_max(self.place(area.min, origin), self.place(area.max, origin))
    }

    fn place(&self, at: Point, origin: Vec2) -> Pos2 {
        pos2(at.x * self.scale, at.y * self.scale) + origin
    }

    fn color(&self, ink: Ink) -> Color32 {
        color(self.theme, ink)
    }

    /// Paints figures whose points are relative to `origin`, a place of the screen.
    pub(super) fn paint(&self, origin: Vec2, figures: &[Figure]) {
        for figure in figures {
            self.figure(origin, figure);
        }
    }

    fn figure(&self, origin: Vec2, figure: &Figure) {
        let (painter, scale) = (self.painter, self.scale);
        let crisp = |at: Point| crisp(painter, self.place(at, origin));
        match figure {
            Figure::Line { from, to, ink, width, dashed } => {
                let stroke = Stroke::new((width * scale).max(0.75), self.color(*ink));
                let points = [crisp(*from), crisp(*to)];
                if *dashed {
                    let (dash, gap) = (6.0 * scale, 4.0 * scale);
                    painter.extend(Shape::dashed_line(&points, stroke, dash, gap));
                } else {
                    painter.line_segment(points, stroke);
                }
            }
            Figure::Head { tip, to_right, ink } => {
                let tip = crisp(*tip);
                let back = if *to_right { -8.0 } else { 8.0 } * scale;
                let half = 4.5 * scale;
                let points = vec![tip, tip + vec2(back, -half), tip + vec2(back, half)];
                painter.add(Shape::convex_polygon(points, self.color(*ink), Stroke::NONE));
            }
            Figure::Panel { rect, fill, border, corner } => {
                let rect = self.rect(*rect, origin);
                let stroke = border.map_or(Stroke::NONE, |ink| Stroke::new(1.0, self.color(ink)));
                let corner = f32::from(*corner) * scale;
                painter.rect(rect, corner, self.color(*fill), stroke, StrokeKind::Inside);
            }
            Figure::Hatching { rect, ink } => {
                hatch(painter, self.rect(*rect, origin), scale, self.color(*ink));
            }
            Figure::Words { at, side, text, ink, face, width } => {
                let format = TextFormat::simple(font(*face, scale), self.color(*ink));
                let mut job = LayoutJob::single_section(text.clone(), format);
                job.wrap.max_width = (width * scale).max(0.0);
                job.wrap.max_rows = 1;
                job.wrap.break_anywhere = true;
                let galley = painter.layout_job(job);
                let anchor = match side {
                    Side::Left => Align2::LEFT_CENTER,
                    Side::Center => Align2::CENTER_CENTER,
                    Side::Right => Align2::RIGHT_CENTER,
                };
                let words = anchor.anchor_size(self.place(*at, origin), galley.size());
                painter.galley(whole(painter, words.min), galley, self.color(*ink));
            }
            Figure::Sign { at, sign, ink } => {
                let font = FontId::new((theme::BODY + 1.0) * scale, theme::icons());
                let (text, at) = (char::from(icon(*sign)), self.place(*at, origin));
                painter.text(at, Align2::CENTER_CENTER, text, font, self.color(*ink));
            }
            Figure::Dot { at, ink } => {
                painter.circle_filled(self.place(*at, origin), 4.5 * scale, self.color(*ink));
            }
        }
    }
}

/// Slanted lines, cut at the rectangle's edges, in a dashed frame.
fn hatch(painter: &Painter, rect: Rect, scale: f32, color: Color32) {
    let inside = painter.with_clip_rect(rect.intersect(painter.clip_rect()));
    let stroke = Stroke::new(1.0, color);
    let mut x = rect.left() - rect.height();
    while x < rect.right() {
        inside.line_segment([pos2(x, rect.bottom()), pos2(x + rect.height(), rect.top())], stroke);
        x += 8.0 * scale;
    }
    let frame = rect.shrink(0.5);
    let corners = [
        frame.left_top(),
        frame.right_top(),
        frame.right_bottom(),
        frame.left_bottom(),
        frame.left_top(),
    ];
    painter.extend(Shape::dashed_line(&corners, stroke, 4.0 * scale, 3.0 * scale));
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

fn font(face: Face, scale: f32) -> FontId {
    let (size, family) = match face {
        Face::Small => (theme::SMALL, FontFamily::Proportional),
        Face::Body => (theme::BODY - 0.5, FontFamily::Proportional),
        Face::Strong => (theme::BODY - 0.5, theme::semibold()),
        Face::Mono => (theme::SMALL, FontFamily::Monospace),
    };
    FontId::new(size * scale, family)
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
