//! Rows as figures.

use super::shape::{Area, Point, point};
use chrono::{DateTime, TimeDelta, Utc};

use super::figure::{Face, Figure, Ink, Measure, Side, Sign};
use super::geometry::{EDGE, Geometry, HEAD};
use super::interest::Tone;
use super::lanes::Lane;
use super::layout::{Fold, Ghost, Hidden, Row, SessionRow};
use super::words;
use crate::flow::{Actor, duration};

/// How a row looks at the moment.
#[derive(Clone, Copy, Debug, Default)]
pub struct State {
    /// It is the selected session.
    pub selected: bool,
    /// The pointer is over it.
    pub hovered: bool,
    /// The keyboard is on it.
    pub focused: bool,
}

/// Less room than this shows nothing of a host's name.
const LEAST_HOST: f32 = 40.0;

/// Draws rows of one ladder.
pub struct Pen<'a> {
    /// Where things stand.
    pub geometry: &'a Geometry,
    /// How wide words are.
    pub measure: &'a Measure<'a>,
    /// How instants are written.
    pub clock: Clock,
}

/// How instants are written.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    /// To the millisecond.
    pub full: fn(DateTime<Utc>) -> String,
    /// To the second.
    pub short: fn(DateTime<Utc>) -> String,
}

impl Clock {
    /// In UTC, as servers log.
    pub const UTC: Self = Self { full: words::clock, short: words::seconds };
}

impl Pen<'_> {
    /// A lane's head, relative to the upper left corner of the ladder.
    pub fn head(&self, lane: &Lane) -> Vec<Figure> {
        let Some(x) = self.geometry.lane(lane.actor) else { return Vec::new() };
        let rect = Area::around(point(x, HEAD / 2.0), self.geometry.head, 44.0);
        let (inset, pad): (f32, f32) = match self.geometry.head {
            ..100.0 => (8.0, 4.0),
            100.0..140.0 => (11.0, 8.0),
            _ => (17.0, 8.0),
        };
        let left = rect.left() + inset + pad.max(5.0) + 5.0;
        let width = rect.max.x - left - pad;
        let detail = words::middle(&lane.detail(), width, |t| (self.measure)(t, Face::Small));
        let name_y = if detail.is_empty() { rect.center().y } else { rect.top() + 14.0 };
        let ink = Ink::Actor(lane.actor);
        let mut figures = vec![
            Figure::Panel { rect, fill: Ink::Raised, border: Some(Ink::Line), corner: 6 },
            Figure::Dot { at: point(rect.left() + inset, rect.center().y), ink },
            words(point(left, name_y), Side::Left, &lane.name, ink, Face::Strong, width),
        ];
        if !detail.is_empty() {
            let at = point(left, rect.top() + 31.0);
            figures.push(words(at, Side::Left, &detail, Ink::Dim, Face::Small, width));
        }
        figures
    }

    /// A row of a given height.
    pub fn row(&self, row: &Row, height: f32, state: State) -> Vec<Figure> {
        let mut figures = Vec::new();
        match row {
            Row::Session(row) => self.session(row, height, state, &mut figures),
            Row::Ghost(ghost) => self.ghost(ghost, height, &mut figures),
            Row::Hidden(hidden) => self.hidden(hidden, height, &mut figures),
            Row::Gap(pause) => self.gap(*pause, height, &mut figures),
            Row::Fold(fold) => self.fold(fold, height, state, &mut figures),
        }
        figures
    }

    fn session(&self, row: &SessionRow, height: f32, state: State, figures: &mut Vec<Figure>) {
        let ground = ground(row, state);
        let area = Area::between(point(8.0, 1.0), point(self.geometry.width - 8.0, height - 1.0));
        if ground != Ink::Background || state.focused {
            let border = state.focused.then_some(Ink::Accent);
            figures.push(Figure::Panel { rect: area, fill: ground, border, corner: 6 });
        }
        if row.broken.is_some() {
            let bar = Area::at(area.min, 4.0, area.height());
            figures.push(Figure::Panel { rect: bar, fill: Ink::Error, border: None, corner: 2 });
        }
        let (out, back) = (23.0, 46.0);
        let strong = state.selected || row.broken.is_some();
        self.gutters(row, strong, figures);
        let (Some(client), Some(server)) =
            (self.geometry.lane(Actor::Client), self.geometry.lane(row.actor))
        else {
            return;
        };
        let width = if strong { 2.0 } else { 1.5 };
        let quiet = row.tone == Tone::Quiet;
        let out_ink = match (row.risky, quiet) {
            (true, _) => Ink::Warning,
            (false, true) if row.actor == Actor::Other => Ink::Dim,
            _ => Ink::Text,
        };
        let face = if strong { Face::Strong } else { Face::Body };
        let out = Message { from: client, to: server, y: out, ink: out_ink, sign: None };
        let words_end = self.message(&out, &row.request, face, width, ground, figures);
        if !row.host.is_empty() {
            // The lane's head names several hosts, so the arrow says which, behind words that run beyond it.
            let start = server.max(words_end) + 12.0;
            let whole = (self.measure)(&row.host, Face::Small);
            let next = self.geometry.lanes().map(|(_, x)| x).find(|x| *x > start);
            // Where lanes stand close, the host covers the next one rather than being cut.
            let room = |end: f32| end - start - 12.0;
            let width = room(next.unwrap_or(self.geometry.words_end()));
            let covers = whole > width && self.geometry.compact;
            let width = if covers { room(self.geometry.words_end()) } else { width };
            let at = point(start, out.y);
            if width > LEAST_HOST {
                let host = words::middle(&row.host, width, |t| (self.measure)(t, Face::Small));
                if covers {
                    let plate =
                        Area::at(point(start - 4.0, at.y - 8.0), whole.min(width) + 8.0, 16.0);
                    figures.push(Figure::Panel {
                        rect: plate,
                        fill: ground,
                        border: None,
                        corner: 2,
                    });
                }
                figures.push(words(at, Side::Left, &host, Ink::Dim, Face::Small, width));
            }
        }
        let sign = Sign::of(row.tone);
        let back = Message { from: server, to: client, y: back, ink: row.tone.into(), sign };
        let unanswered = row.answer == "no answer";
        if unanswered {
            // Nothing came back, so nothing points back.
            let at = point(client.midpoint(server), back.y - 8.0);
            self.label(&back, at, &row.answer, face, ground, figures);
        } else {
            self.message(&back, &row.answer, face, width, ground, figures);
        }
        if let Some(broken) = &row.broken {
            let rect = Area::between(
                point(client, 56.0),
                point(self.geometry.right() - 4.0, height - 8.0),
            );
            let border = Some(Ink::Error);
            figures.push(Figure::Panel { rect, fill: Ink::ErrorSurface, border, corner: 6 });
            let middle = rect.center().y;
            let at = point(rect.left() + 18.0, middle);
            figures.push(Figure::Sign { at, sign: Sign::Cross, ink: Ink::Error });
            let (left, width) = (rect.left() + 34.0, rect.width() - 46.0);
            let measure = |text: &str| (self.measure)(text, Face::Body);
            let (first, second) = if broken.is_long() {
                words::two_lines(&broken.message, width, measure)
            } else {
                (broken.message.as_str(), "")
            };
            let top = if second.is_empty() { middle - 9.0 } else { middle - 18.0 };
            for (y, text, ink, face) in [
                (top, broken.title.as_str(), Ink::Error, Face::Strong),
                (top + 18.0, first, Ink::Text, Face::Body),
                (top + 36.0, second, Ink::Text, Face::Body),
            ] {
                if !text.is_empty() {
                    figures.push(words(point(left, y), Side::Left, text, ink, face, width));
                }
            }
        }
    }

    /// Number and step on the left, clock time and duration on the right.
    fn gutters(&self, row: &SessionRow, strong: bool, figures: &mut Vec<Figure>) {
        const UPPER: f32 = 20.0;
        const LOWER: f32 = 42.0;
        let compact = self.geometry.compact;
        let ink = if strong { Ink::Text } else { Ink::Dim };
        let number = row.session.to_string();
        figures.push(words(point(EDGE, UPPER), Side::Left, &number, ink, Face::Mono, 90.0));
        let names: Vec<&str> = row.steps.iter().map(|s| s.name()).collect();
        if let Some(text) = match names.as_slice() {
            [] => None,
            // The last of several steps is how far the session led.
            [.., last] if compact => Some((*last).to_owned()),
            [first, .., last] => Some(format!("{first} + {}", last.to_lowercase())),
            [one] => Some((*one).to_owned()),
        } {
            let pad = if compact { 12.0 } else { 16.0 };
            let width = (self.measure)(&text, Face::Small) + pad;
            let rect = Area::at(point(EDGE, LOWER - 9.0), width.min(132.0), 18.0);
            let failed = row.tone == Tone::Failed;
            let (fill, ink) =
                if failed { (Ink::ErrorSurface, Ink::Error) } else { (Ink::Raised, Ink::Dim) };
            let border = Some(if failed { Ink::Error } else { Ink::Line });
            figures.push(Figure::Panel { rect, fill, border, corner: 9 });
            figures.push(words(rect.center(), Side::Center, &text, ink, Face::Small, 120.0));
        }
        let right = self.geometry.right();
        if let Some(started) = row.started {
            let time =
                if compact { (self.clock.short)(started) } else { (self.clock.full)(started) };
            let at = point(right, UPPER);
            figures.push(words(at, Side::Right, &time, ink, Face::Mono, 100.0));
        }
        if let Some(took) = row.took {
            let text = format!("+{}", words::duration(took));
            let at = point(right, LOWER);
            figures.push(words(at, Side::Right, &text, Ink::Dim, Face::Mono, 100.0));
        }
    }

    /// An arrow with its words; answers with where the words end.
    fn message(
        &self,
        message: &Message,
        text: &str,
        face: Face,
        width: f32,
        ground: Ink,
        figures: &mut Vec<Figure>,
    ) -> f32 {
        let Message { from, to, y, ink, .. } = *message;
        let to_right = to > from;
        let inset = if to_right { -7.0 } else { 7.0 };
        figures.push(Figure::Line {
            from: point(from, y),
            to: point(to + inset, y),
            ink,
            width,
            dashed: false,
        });
        figures.push(Figure::Head { tip: point(to, y), to_right, ink });
        let at = point(from.midpoint(to), y - 11.0);
        self.label(message, at, text, face, ground, figures)
    }

    /// Words on an arrow: in its middle where they fit, else from its left end on as far as there is room. Answers with
    /// where they end.
    fn label(
        &self,
        message: &Message,
        middle: Point,
        text: &str,
        face: Face,
        ground: Ink,
        figures: &mut Vec<Figure>,
    ) -> f32 {
        const SIGN: f32 = 18.0;
        const PAD: f32 = 10.0;
        let left = message.from.min(message.to);
        let sign = if message.sign.is_some() { SIGN } else { 0.0 };
        let natural = (self.measure)(text, face) + sign;
        let fits = natural <= (message.to - message.from).abs() - 2.0 * PAD;
        let start = if fits { middle.x - natural / 2.0 } else { left + PAD };
        let room = if fits { natural + 1.0 } else { self.geometry.words_end() - start };
        let shown = natural.min(room);
        let (low, high) = (left, message.from.max(message.to));
        let crosses = self.geometry.lanes().any(|(_, x)| x > low && x < high);
        if !fits || crosses {
            // A lane that runs through the words would make them hard to read.
            let plate = Area::around(point(start + shown / 2.0, middle.y), shown + 6.0, 15.0);
            figures.push(Figure::Panel { rect: plate, fill: ground, border: None, corner: 2 });
        }
        if let Some(sign) = message.sign {
            let at = point(start + 6.0, middle.y);
            figures.push(Figure::Sign { at, sign, ink: message.ink });
        }
        let at = point(start + sign, middle.y);
        figures.push(words(at, Side::Left, text, message.ink, face, room - sign));
        start + shown
    }

    fn ghost(&self, ghost: &Ghost, height: f32, figures: &mut Vec<Figure>) {
        let (Some(from), Some(to)) = (self.geometry.lane(ghost.from), self.geometry.lane(ghost.to))
        else {
            return;
        };
        let y = height - 10.0;
        let to_right = to > from;
        let inset = if to_right { -7.0 } else { 7.0 };
        figures.push(Figure::Line {
            from: point(from, y),
            to: point(to + inset, y),
            ink: Ink::Dim,
            width: 1.5,
            dashed: true,
        });
        figures.push(Figure::Head { tip: point(to, y), to_right, ink: Ink::Dim });
        let message = Message { from, to, y, ink: Ink::Dim, sign: None };
        let at = point(from.midpoint(to), y - 11.0);
        self.label(&message, at, &ghost.label, Face::Body, Ink::Background, figures);
        let at = point(EDGE, y - 4.0);
        figures.push(words(at, Side::Left, "expected", Ink::Dim, Face::Small, 90.0));
    }

    fn hidden(&self, hidden: &Hidden, height: f32, figures: &mut Vec<Figure>) {
        const SIGN: f32 = 22.0;
        let (Some(from), Some(to)) =
            (self.geometry.lane(Actor::Client), self.geometry.lane(hidden.until))
        else {
            return;
        };
        let natural = (self.measure)(&hidden.label, Face::Body) + SIGN;
        let end = (to + 8.0).max(from + natural + 24.0).min(self.geometry.words_end());
        let rect = Area::between(point(from - 8.0, 6.0), point(end, height - 6.0));
        figures.push(Figure::Panel { rect, fill: Ink::Background, border: None, corner: 4 });
        figures.push(Figure::Hatching { rect, ink: Ink::Line });
        let shown = natural.min(rect.width() - 16.0);
        let start = rect.center().x - shown / 2.0;
        let plate = Area::around(rect.center(), shown + 12.0, 18.0);
        figures.push(Figure::Panel { rect: plate, fill: Ink::Background, border: None, corner: 4 });
        let y = rect.center().y;
        figures.push(Figure::Sign { at: point(start + 7.0, y), sign: Sign::Unseen, ink: Ink::Dim });
        let (at, width) = (point(start + SIGN, y), shown - SIGN + 1.0);
        figures.push(words(at, Side::Left, &hidden.label, Ink::Dim, Face::Body, width));
    }

    fn gap(&self, pause: TimeDelta, height: f32, figures: &mut Vec<Figure>) {
        let y = (height / 2.0).round();
        let Some(from) = self.geometry.lane(Actor::Client) else { return };
        let to = self.geometry.last_lane();
        figures.push(Figure::Line {
            from: point(from, y),
            to: point(to, y),
            ink: Ink::Line,
            width: 1.0,
            dashed: true,
        });
        let text = format!("Pause of {}", duration(pause));
        let width = (self.measure)(&text, Face::Small) + 20.0;
        let center = point(from.midpoint(to), y);
        let plate = Area::around(center, width + 16.0, 18.0);
        figures.push(Figure::Panel { rect: plate, fill: Ink::Background, border: None, corner: 4 });
        let left = center.x - width / 2.0;
        figures.push(Figure::Sign { at: point(left + 6.0, y), sign: Sign::Pause, ink: Ink::Dim });
        let at = point(left + 20.0, y);
        figures.push(words(at, Side::Left, &text, Ink::Dim, Face::Small, width));
    }

    fn fold(&self, fold: &Fold, height: f32, state: State, figures: &mut Vec<Figure>) {
        let rect = Area::between(point(8.0, 4.0), point(self.geometry.width - 8.0, height - 4.0));
        let fill = if state.hovered { Ink::Hover } else { Ink::Panel };
        let border = state.focused.then_some(Ink::Accent);
        figures.push(Figure::Panel { rect, fill, border, corner: 6 });
        let sign = if fold.open { Sign::Open } else { Sign::Closed };
        let y = rect.center().y;
        figures.push(Figure::Sign { at: point(EDGE + 6.0, y), sign, ink: Ink::Dim });
        let at = point(EDGE + 22.0, y);
        let width = self.geometry.right() - EDGE - 22.0;
        figures.push(words(at, Side::Left, &fold.label, Ink::Dim, Face::Body, width));
    }
}

/// What an arrow is drawn from.
struct Message {
    from: f32,
    to: f32,
    y: f32,
    ink: Ink,
    sign: Option<Sign>,
}

fn ground(row: &SessionRow, state: State) -> Ink {
    if state.selected {
        Ink::Selection
    } else if state.hovered {
        Ink::Hover
    } else if row.broken.is_some() || row.folded {
        Ink::Panel
    } else {
        Ink::Background
    }
}

fn words(at: Point, side: Side, text: &str, ink: Ink, face: Face, width: f32) -> Figure {
    Figure::Words { at, side, text: text.to_owned(), ink, face, width }
}

#[cfg(test)]
mod tests {
    use super::{Clock, Pen, State};
    use crate::analysis::Analysis;
    use crate::diagram::figure::Figure;
    use crate::diagram::geometry::Geometry;
    use crate::diagram::{Folds, Layout, Row};
    use crate::import;
    use crate::jwt::Keys;

    #[test]
    fn a_host_stands_behind_the_words_of_its_arrow() {
        let text = "\
### 1 2026-03-02T09:14:07Z
GET https://autodiscover.contoso.com/autodiscover/autodiscover.xml
Authorization: Bearer

HTTP/1.1 401 Unauthorized
X-FEServer: EX01
### 2
POST https://mail.contoso.com/mapi/emsmdb/
Authorization: Bearer

HTTP/1.1 401 Unauthorized
X-FEServer: EX01
";
        let capture = import::open_text("pasted", text).unwrap();
        let analysis = Analysis::of(capture, &Keys::default());
        let layout = Layout::of(&analysis, None, &Folds::default());
        // Letters so wide that no words fit between two lanes.
        let geometry = Geometry::of(&layout, 900.0);
        let pen = Pen {
            geometry: &geometry,
            measure: &|text, _| text.chars().count() as f32 * 9.0,
            clock: Clock { full: |_| "at noon".to_owned(), short: |_| "at noon".to_owned() },
        };
        let is_time =
            |figure: &Figure| matches!(figure, Figure::Words { text, .. } if text == "at noon");
        let mut figures = layout.rows.iter().flat_map(|row| pen.row(row, 58.0, State::default()));
        assert!(figures.any(|figure| is_time(&figure)), "the pen writes instants");
        let mut hosts = 0;
        for row in &layout.rows {
            let Row::Session(session) = row else { continue };
            let place = |wanted: &str| {
                pen.row(row, 58.0, State::default()).into_iter().find_map(|figure| match figure {
                    Figure::Words { at, text, .. } if text == wanted => Some(at.x),
                    _ => None,
                })
            };
            let (Some(words), Some(host)) = (place(&session.request), place(&session.host)) else {
                continue;
            };
            assert!(host >= words + session.request.chars().count() as f32 * 9.0, "{session:?}");
            hosts += 1;
        }
        assert!(hosts > 0, "no host was drawn");
    }
}
