//! A ladder as SVG pictures. Colours come from whoever asks: hexadecimal numbers for a file, variables for a page.

use std::fmt::{Arguments, Write as _};
use std::ops::Range;

use super::drawing::{Clock, Pen, State};
use super::excerpt::Excerpt;
use super::figure::{Face, Figure, Ink, Side, Sign};
use super::geometry::{Geometry, HEAD};
use super::layout::Layout;
use super::shape::{Point, point};
use crate::http::is_active;

/// Room below the last row.
const FOOT: f32 = 8.0;

/// The greatest height of a picture, in points; what is beyond is left out, and the picture says so.
const MOST_HEIGHT: f32 = 60_000.0;

/// The ladder as a picture: a file of its own. `color` says what stands for a colour in an attribute; it must not
/// answer with recorded text.
pub fn picture(layout: &Layout, width: f32, color: &dyn Fn(Ink) -> String) -> String {
    let geometry = Geometry::of(layout, width);
    let pen = Pen { geometry: &geometry, measure: &estimate, clock: Clock::UTC };
    let mut svg = Svg { text: String::new(), color };
    let excerpt = Excerpt::of(layout, &geometry, MOST_HEIGHT);
    let remark = excerpt.remark();
    let top = |row| geometry.row(row).map_or(HEAD, |place| place.start);
    let up = top(excerpt.rows.start) - top(0);
    let last = excerpt.rows.end.saturating_sub(1);
    let end = geometry.row(last).map_or(HEAD, |place| place.end) - up + FOOT;
    let whole = end + if remark.is_some() { 24.0 } else { 0.0 };
    let (width, height) = (number(geometry.width), number(whole));
    svg.line(format_args!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" font-family="Inter, 'Segoe UI', sans-serif">"#
    ));
    let ground = svg.ink(Ink::Background);
    svg.line(format_args!(r#"<rect width="100%" height="100%" fill="{ground}"/>"#));
    svg.lanes(&geometry, HEAD - 8.0, end);
    svg.heads(layout, &pen);
    for at in excerpt.rows {
        svg.row(layout, &pen, at, top(at) - up);
    }
    if let Some(text) = remark {
        let at = point(geometry.width / 2.0, whole - 16.0);
        let (side, ink, face, width) = (Side::Center, Ink::Dim, Face::Small, geometry.width);
        svg.figure(&Figure::Words { at, side, text, ink, face, width }, Point::default());
    }
    svg.line(format_args!("</svg>"));
    svg.text
}

/// A ladder in pieces that fit together without a gap, for a page that may be cut between any two of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strips {
    /// The lanes' heads.
    pub head: String,
    /// The rows, from top to bottom.
    pub rows: Vec<String>,
}

/// Rows of a ladder as pictures for an HTML page, of a width that grows where the lanes need more; fonts are the page's.
/// `color` says what stands for a colour in an attribute; it must not answer with recorded text.
pub fn strips(
    layout: &Layout,
    rows: Range<usize>,
    width: f32,
    color: &dyn Fn(Ink) -> String,
) -> Strips {
    let geometry = Geometry::of(layout, width);
    let pen = Pen { geometry: &geometry, measure: &estimate, clock: Clock::UTC };
    let strip = |height: f32, draw: &dyn Fn(&mut Svg<'_>)| {
        let mut svg = Svg { text: String::new(), color };
        let (width, tall) = (number(geometry.width), number(height));
        svg.line(format_args!(
            r#"<svg width="{width}" height="{tall}" viewBox="0 0 {width} {tall}">"#
        ));
        draw(&mut svg);
        svg.text.push_str("</svg>");
        svg.text
    };
    let head = strip(HEAD, &|svg| {
        svg.lanes(&geometry, HEAD - 8.0, HEAD);
        svg.heads(layout, &pen);
    });
    let last = rows.end.min(layout.rows.len()).saturating_sub(1);
    let rows = (rows.start..=last).filter_map(|at| {
        let place = geometry.row(at)?;
        let height = place.end - place.start + if at == last { FOOT } else { 0.0 };
        Some(strip(height, &|svg| {
            svg.lanes(&geometry, 0.0, height);
            svg.row(layout, &pen, at, 0.0);
        }))
    });
    Strips { head, rows: rows.collect() }
}

/// A coordinate with at most one decimal.
fn number(value: f32) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
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
    color: &'a dyn Fn(Ink) -> String,
}

impl Svg<'_> {
    fn line(&mut self, line: Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, "{line}");
    }

    /// The lanes from one height to another.
    fn lanes(&mut self, geometry: &Geometry, top: f32, bottom: f32) {
        for (_, x) in geometry.lanes() {
            let (from, to) = (point(x, top), point(x, bottom));
            let lane = Figure::Line { from, to, ink: Ink::Line, width: 1.0, dashed: false };
            self.figure(&lane, Point::default());
        }
    }

    fn heads(&mut self, layout: &Layout, pen: &Pen<'_>) {
        for figure in layout.lanes.iter().flat_map(|lane| pen.head(lane)) {
            self.figure(&figure, Point::default());
        }
    }

    /// A row whose upper edge stands at a height.
    fn row(&mut self, layout: &Layout, pen: &Pen<'_>, at: usize, top: f32) {
        let (Some(row), Some(place)) = (layout.rows.get(at), pen.geometry.row(at)) else { return };
        for figure in &pen.row(row, place.end - place.start, State::default()) {
            self.figure(figure, point(0.0, top));
        }
    }

    fn ink(&self, ink: Ink) -> String {
        (self.color)(ink)
    }

    fn figure(&mut self, figure: &Figure, origin: Point) {
        match figure {
            Figure::Line { from, to, ink, width, dashed } => {
                let (from, to) = (*from + origin, *to + origin);
                let dash = if *dashed { r#" stroke-dasharray="6 4""# } else { "" };
                let ink = self.ink(*ink);
                self.line(format_args!(
                    r#"<path d="M{} {}L{} {}" stroke="{ink}" stroke-width="{width}"{dash}/>"#,
                    number(from.x),
                    number(from.y),
                    number(to.x),
                    number(to.y)
                ));
            }
            Figure::Head { tip, to_right, ink } => {
                let tip = *tip + origin;
                let back = if *to_right { -8.0 } else { 8.0 };
                let ink = self.ink(*ink);
                self.line(format_args!(
                    r#"<path d="M{} {}l{back} -4.5v9z" fill="{ink}"/>"#,
                    number(tip.x),
                    number(tip.y)
                ));
            }
            Figure::Panel { rect, fill, border, corner } => {
                let rect = rect.moved(origin);
                let fill = self.ink(*fill);
                let stroke = border.map_or_else(|| "none".to_owned(), |ink| self.ink(ink));
                self.line(format_args!(
                    r#"<rect x="{}" y="{}" width="{}" height="{}" rx="{corner}" fill="{fill}" stroke="{stroke}"/>"#,
                    number(rect.left()),
                    number(rect.top()),
                    number(rect.width()),
                    number(rect.height())
                ));
            }
            Figure::Hatching { rect, ink } => {
                let rect = rect.moved(origin);
                let ink = self.ink(*ink);
                self.line(format_args!(
                    r#"<rect x="{}" y="{}" width="{}" height="{}" rx="4" fill="none" stroke="{ink}" stroke-dasharray="4 3"/>"#,
                    number(rect.left()),
                    number(rect.top()),
                    number(rect.width()),
                    number(rect.height())
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
                let (ink, shown) = (self.ink(*ink), cut(text, *face, *width));
                // A reader who points at words that were cut sees them whole.
                let whole = if shown == *text {
                    String::new()
                } else {
                    format!("<title>{}</title>", escape(text))
                };
                let shown = escape(&shown);
                self.line(format_args!(
                    r#"<text x="{}" y="{}" text-anchor="{anchor}" dominant-baseline="central" font-size="{size}"{extra} fill="{ink}">{whole}{shown}</text>"#,
                    number(at.x),
                    number(at.y)
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
                    number(at.x),
                    number(at.y)
                ));
            }
            Figure::Dot { at, ink } => {
                let at = *at + origin;
                let ink = self.ink(*ink);
                self.line(format_args!(
                    r#"<circle cx="{}" cy="{}" r="4.5" fill="{ink}"/>"#,
                    number(at.x),
                    number(at.y)
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

/// Text that cannot end an element, nor turn its neighbours around; what XML 1.0 does not allow is left out.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => {}
            c if is_active(c) => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::{escape, number, picture, strips};
    use crate::analysis::Analysis;
    use crate::diagram::Folds;
    use crate::diagram::layout::Layout;
    use crate::import;
    use crate::jwt::Keys;

    const TEXT: &str = "POST https://mail.contoso.com/mapi/emsmdb/\nAuthorization: Bearer\n\n\
                        HTTP/1.1 401 Unauthorized\nX-FEServer: EX01\nWWW-Authenticate: Bearer client_id=\"<&\"\n";

    fn layout() -> Layout {
        let capture = import::open_text("pasted", TEXT).unwrap();
        Layout::of(&Analysis::of(capture, &Keys::default()), None, &Folds::default())
    }

    fn parse(svg: &str) {
        let mut reader = quick_xml::Reader::from_str(svg);
        while reader.read_event().unwrap() != quick_xml::events::Event::Eof {}
    }

    #[test]
    fn a_picture_is_well_formed_and_says_what_the_ladder_says() {
        let svg = picture(&layout(), 900.0, &|_| "#123456".to_owned());
        assert!(svg.contains("MAPI probe: empty Bearer"), "{svg}");
        assert!(svg.contains("First break: the challenge"), "{svg}");
        parse(&svg);
    }

    #[test]
    fn strips_say_the_same_and_name_no_address() {
        let layout = layout();
        let strips = strips(&layout, 0..usize::MAX, 900.0, &|_| "#123456".to_owned());
        assert_eq!(strips.rows.len(), layout.rows.len());
        assert!(strips.head.contains(">Exchange<"), "{}", strips.head);
        let rows = strips.rows.concat();
        assert!(rows.contains("First break: the challenge") && !rows.contains("http:"), "{rows}");
        strips.rows.iter().chain([&strips.head]).for_each(|svg| parse(svg));
    }

    #[test]
    fn words_cannot_leave_their_element() {
        assert_eq!(escape("</text>&\u{0}\"x\"\u{202e}"), "&lt;/text&gt;&amp; &quot;x&quot; ");
    }

    #[test]
    fn coordinates_are_short() {
        assert_eq!([12.0, 12.25, -0.5].map(number), ["12", "12.2", "-0.5"]);
    }
}
