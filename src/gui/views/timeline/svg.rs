//! The whole ladder as an SVG picture.

use std::fmt::Write as _;

use eframe::egui::{Color32, Vec2, pos2, vec2};

use super::drawing::{Pen, State};
use super::figure::{Face, Figure, Ink, Side, Sign};
use super::geometry::{Geometry, HEAD};
use super::layout::Layout;
use super::paint::color;
use crate::gui::theme::Theme;

/// Width of the picture in points.
const WIDTH: f32 = 1200.0;

/// A picture of the whole ladder in a theme's colours.
pub(super) fn picture(layout: &Layout, theme: &Theme) -> String {
    let geometry = Geometry::of(layout, WIDTH, 1.0);
    let pen = Pen { geometry: &geometry, measure: &estimate };
    let mut svg = Svg { text: String::new(), theme };
    let (width, height) = (geometry.width, geometry.height());
    svg.line(format_args!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" font-family="Inter, 'Segoe UI', sans-serif">"#
    ));
    let ground = svg.ink(Ink::Background);
    svg.line(format_args!(r#"<rect width="100%" height="100%" fill="{ground}"/>"#));
    for (_, x) in geometry.lanes() {
        let (from, to) = (pos2(x, HEAD - 8.0), pos2(x, height));
        let lane = Figure::Line { from, to, ink: Ink::Line, width: 1.0, dashed: false };
        svg.figure(&lane, Vec2::ZERO);
    }
    for lane in &layout.lanes {
        for figure in &pen.head(lane) {
            svg.figure(figure, Vec2::ZERO);
        }
    }
    for (at, row) in layout.rows.iter().enumerate() {
        let Some(place) = geometry.row(at) else { continue };
        let origin = vec2(0.0, place.start);
        for figure in &pen.row(row, place.end - place.start, State::default()) {
            svg.figure(figure, origin);
        }
    }
    svg.line(format_args!("</svg>"));
    svg.text
}

/// About how wide a text is: the reader's fonts are not known here.
fn estimate(text: &str, face: Face) -> f32 {
    let per_letter = match face {
        Face::Small => 6.0,
        Face::Body => 6.4,
        Face::Strong => 6.8,
        Face::Mono => 7.0,
    };
    text.chars().count() as f32 * per_letter
}

struct Svg<'a> {
    text: String,
    theme: &'a Theme,
}

impl Svg<'_> {
    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, "{line}");
    }

    fn ink(&self, ink: Ink) -> String {
        let [r, g, b, _] = Color32::to_array(&color(self.theme, ink));
        format!("#{r:02x}{g:02x}{b:02x}")
    }

    fn figure(&mut self, figure: &Figure, origin: Vec2) {
        match figure {
            Figure::Line { from, to, ink, width, dashed } => {
                let (from, to) = (*from + origin, *to + origin);
                let dash = if *dashed { r#" stroke-dasharray="6 4""# } else { "" };
                let ink = self.ink(*ink);
                self.line(format_args!(
                    r#"<path d="M{} {}L{} {}" stroke="{ink}" stroke-width="{width}"{dash}/>"#,
                    from.x, from.y, to.x, to.y
                ));
            }
            Figure::Head { tip, to_right, ink } => {
                let tip = *tip + origin;
                let back = if *to_right { -8.0 } else { 8.0 };
                let ink = self.ink(*ink);
                self.line(format_args!(
                    r#"<path d="M{} {}l{back} -4.5v9z" fill="{ink}"/>"#,
                    tip.x, tip.y
                ));
            }
            Figure::Panel { rect, fill, border, corner } => {
                let rect = rect.translate(origin);
                let fill = self.ink(*fill);
                let stroke = border.map_or_else(|| "none".to_owned(), |ink| self.ink(ink));
                self.line(format_args!(
                    r#"<rect x="{}" y="{}" width="{}" height="{}" rx="{corner}" fill="{fill}" stroke="{stroke}"/>"#,
                    rect.left(), rect.top(), rect.width(), rect.height()
                ));
            }
            Figure::Hatching { rect, ink } => {
                let rect = rect.translate(origin);
                let ink = self.ink(*ink);
                self.line(format_args!(
                    r#"<rect x="{}" y="{}" width="{}" height="{}" rx="4" fill="none" stroke="{ink}" stroke-dasharray="4 3"/>"#,
                    rect.left(), rect.top(), rect.width(), rect.height()
                ));
            }
            Figure::Words { at, side, text, ink, face, width } => {
                let at = *at + origin;
                let anchor = match side {
                    Side::Left => "start",
                    Side::Center => "middle",
                    Side::Right => "end",
                };
                let (size, extra) = match face {
                    Face::Small => (11.5, ""),
                    Face::Body => (12.5, ""),
                    Face::Strong => (12.5, r#" font-weight="600""#),
                    Face::Mono => (11.5, r#" font-family="'JetBrains Mono', Consolas, monospace""#),
                };
                let (ink, text) = (self.ink(*ink), escape(&cut(text, *face, *width)));
                self.line(format_args!(
                    r#"<text x="{}" y="{}" text-anchor="{anchor}" dominant-baseline="central" font-size="{size}"{extra} fill="{ink}">{text}</text>"#,
                    at.x, at.y
                ));
            }
            Figure::Sign { at, sign, ink } => {
                let at = *at + origin;
                let ink = self.ink(*ink);
                let path = match sign {
                    Sign::Cross => "m-4 -4 8 8m0 -8 -8 8",
                    Sign::Tick => "m-4 0 3 3 6 -6",
                    Sign::Triangle => "m0 -5 5 9h-10z",
                    Sign::Closed => "m-2 -4 4 4 -4 4",
                    Sign::Open => "m-4 -2 4 4 4 -4",
                    Sign::Pause => "m0 -4v4h3m2 0a5 5 0 1 1 -10 0a5 5 0 1 1 10 0",
                    Sign::Unseen => "m-5 0q5 -6 10 0q-5 6 -10 0m0 5 10 -10",
                };
                self.line(format_args!(
                    r#"<path d="M{} {}{path}" fill="none" stroke="{ink}" stroke-width="1.6"/>"#,
                    at.x, at.y
                ));
            }
            Figure::Dot { at, ink } => {
                let at = *at + origin;
                let ink = self.ink(*ink);
                self.line(format_args!(
                    r#"<circle cx="{}" cy="{}" r="4.5" fill="{ink}"/>"#,
                    at.x, at.y
                ));
            }
        }
    }
}

fn cut(text: &str, face: Face, width: f32) -> String {
    if estimate(text, face) <= width + 1.0 {
        return text.to_owned();
    }
    let mut kept = String::new();
    for letter in text.chars() {
        if estimate(&kept, face) + 14.0 > width {
            break;
        }
        kept.push(letter);
    }
    kept + "…"
}

/// Text that cannot end an element; what XML 1.0 does not allow is left out.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{escape, picture};
    use crate::analysis::Analysis;
    use crate::gui::theme::Theme;
    use crate::gui::views::timeline::layout::Layout;
    use crate::import;
    use crate::jwt::Keys;

    #[test]
    fn a_picture_is_well_formed_and_says_what_the_ladder_says() {
        let text = "POST https://mail.contoso.com/mapi/emsmdb/\nAuthorization: Bearer\n\n\
                    HTTP/1.1 401 Unauthorized\nX-FEServer: EX01\nWWW-Authenticate: Bearer client_id=\"<&\"\n";
        let capture = import::open_text("pasted", text).unwrap();
        let analysis = Analysis::of(capture, &Keys::default());
        let svg = picture(&Layout::of(&analysis, None, &HashSet::new()), &Theme::LIGHT);
        assert!(svg.contains("MAPI probe: empty Bearer"), "{svg}");
        assert!(svg.contains("First break: the challenge"), "{svg}");
        let mut reader = quick_xml::Reader::from_str(&svg);
        while reader.read_event().unwrap() != quick_xml::events::Event::Eof {}
    }

    #[test]
    fn words_cannot_leave_their_element() {
        assert_eq!(escape("</text>&\u{0}\"x\""), "&lt;/text&gt;&amp; &quot;x&quot;");
    }
}
