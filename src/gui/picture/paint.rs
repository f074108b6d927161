//! A whole ladder as pixels: the window's own shapes and fonts, on a canvas without a screen.

use eframe::egui::{Context, LayerId, Pos2, RawInput, Rect, Vec2, ViewportId, vec2};

use super::raster::Canvas;
use crate::diagram::figure::{Face, Figure, Ink, Side};
use crate::diagram::geometry::{Geometry, HEAD, comfortable_width};
use crate::diagram::{Clock, Excerpt, Layout, Pen, State, point, whole};
use crate::gui::figures::{self, Brush};
use crate::gui::fonts;
use crate::gui::theme::Theme;

/// Height of a piece that is drawn at a time, in points.
const PIECE: f32 = 800.0;

/// Room for the sentence that says what was left out.
const FOOT: f32 = 32.0;

/// Pixels for a point where there is room, so that text is sharp when it is looked at closely.
const FINE: f32 = 2.0;

/// A ladder as an image of at most so many pixels. What does not fit is left out, and the image says so.
pub(super) fn image(layout: &Layout, theme: &'static Theme, most_pixels: f32) -> Pixels {
    let width = comfortable_width(layout);
    let geometry = Geometry::of(layout, width);
    let excerpt = Excerpt::of(layout, &geometry, most_pixels / geometry.width - FOOT);
    let remark = excerpt.remark();
    let sheet = Sheet::of(layout, &geometry, &excerpt, remark);
    let size = vec2(geometry.width, sheet.height);
    let scale = if size.x * size.y * FINE * FINE <= most_pixels { FINE } else { 1.0 };
    let ground = figures::color(theme, Ink::Background);
    let pixels = size * scale;
    let mut canvas = Canvas::new(whole(pixels.x), whole(pixels.y), ground);
    let ctx = Context::default();
    fonts::install(&ctx);
    let mut top = 0.0;
    while top < sheet.height {
        piece(&ctx, &mut canvas, &sheet, theme, scale, top);
        top += PIECE;
    }
    let (size, rgb) = canvas.into_rgb();
    Pixels { size, rgb }
}

/// A picture without transparency.
pub(super) struct Pixels {
    /// Width and height.
    pub(super) size: [usize; 2],
    /// Red, green and blue of each pixel, from top to bottom.
    pub(super) rgb: Vec<u8>,
}

/// What is drawn, and where.
struct Sheet<'a> {
    layout: &'a Layout,
    geometry: &'a Geometry,
    excerpt: &'a Excerpt,
    remark: Option<String>,
    /// How far the first drawn row is moved up.
    up: f32,
    height: f32,
}

impl<'a> Sheet<'a> {
    fn of(
        layout: &'a Layout,
        geometry: &'a Geometry,
        excerpt: &'a Excerpt,
        remark: Option<String>,
    ) -> Self {
        let top = |row| geometry.row(row).map(|place| place.start);
        let first = top(0).unwrap_or(HEAD);
        let up = top(excerpt.rows.start).unwrap_or(first) - first;
        let last = excerpt.rows.end.saturating_sub(1);
        let end = geometry.row(last).map_or(first, |place| place.end);
        let foot = if remark.is_some() { FOOT } else { 8.0 };
        Self { layout, geometry, excerpt, remark, up, height: end - up + foot }
    }
}

/// Draws what stands from one height to another.
fn piece(
    ctx: &Context,
    canvas: &mut Canvas,
    sheet: &Sheet<'_>,
    theme: &'static Theme,
    scale: f32,
    top: f32,
) {
    let bottom = (top + PIECE).min(sheet.height);
    let screen = Rect::from_min_size(Pos2::ZERO, vec2(sheet.geometry.width, bottom - top));
    let mut input = RawInput { screen_rect: Some(screen), ..RawInput::default() };
    if let Some(viewport) = input.viewports.get_mut(&ViewportId::ROOT) {
        viewport.native_pixels_per_point = Some(scale);
    }
    // The first pass after a change only prepares the fonts.
    let draw = || {
        ctx.run_ui(input.clone(), |ui| {
            let layer = LayerId::background();
            let painter = ui.ctx().layer_painter(layer).with_clip_rect(screen);
            let brush = Brush { painter: &painter, theme, scale: 1.0 };
            let measure = |text: &str, face: Face| brush.measure(text, face);
            let pen = Pen { geometry: sheet.geometry, measure: &measure, clock: Clock::UTC };
            paint(sheet, &pen, &brush, top..bottom);
        })
    };
    let prepared = draw();
    canvas.update(prepared.textures_delta);
    let drawn = draw();
    canvas.update(drawn.textures_delta);
    let primitives = ctx.tessellate(drawn.shapes, scale);
    canvas.draw(&primitives, scale, (top * scale).round());
}

fn paint(sheet: &Sheet<'_>, pen: &Pen<'_>, brush: &Brush<'_>, seen: std::ops::Range<f32>) {
    let origin = Vec2::new(0.0, -seen.start);
    let (geometry, last) =
        (sheet.geometry, sheet.height - if sheet.remark.is_some() { FOOT } else { 0.0 });
    for (_, x) in geometry.lanes() {
        let (from, to) = (point(x, HEAD - 8.0), point(x, last));
        let lane = Figure::Line { from, to, ink: Ink::Line, width: 1.0, dashed: false };
        brush.paint(origin, &[lane]);
    }
    if seen.start < HEAD {
        for lane in &sheet.layout.lanes {
            brush.paint(origin, &pen.head(lane));
        }
    }
    let rows = geometry.rows_between(seen.start + sheet.up, seen.end + sheet.up);
    for at in rows.start.max(sheet.excerpt.rows.start)..rows.end.min(sheet.excerpt.rows.end) {
        let (Some(row), Some(place)) = (sheet.layout.rows.get(at), geometry.row(at)) else {
            continue;
        };
        let figures = pen.row(row, place.end - place.start, State::default());
        brush.paint(origin + vec2(0.0, place.start - sheet.up), &figures);
    }
    if let Some(remark) = &sheet.remark {
        let words = Figure::Words {
            at: point(geometry.width / 2.0, sheet.height - FOOT / 2.0),
            side: Side::Center,
            text: remark.clone(),
            ink: Ink::Dim,
            face: Face::Small,
            width: geometry.width,
        };
        brush.paint(origin, &[words]);
    }
}
