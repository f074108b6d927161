//! A cell: text on one line with the search's hits set apart, an icon, or a bar.

use eframe::egui::text::{LayoutJob, TextFormat, TextWrapping};
use eframe::egui::{Color32, FontFamily, FontId, Painter, Rect, Stroke, pos2, vec2};

use super::column::Column;
use super::line::Line;
use crate::capture::Mark;
use crate::gui::format;
use crate::gui::theme::{self, Theme};
use crate::rules::Severity;

/// Points between a column's text and the next column.
pub(super) const GAP: f32 = 12.0;

/// About how wide a letter is, to guess which part of a long text is in sight.
const LETTER: f32 = 6.5;

/// Draws cells.
pub(super) struct Pen<'a> {
    pub(super) painter: &'a Painter,
    pub(super) theme: &'a Theme,
    /// What is highlighted, in lower case.
    pub(super) words: &'a [String],
    /// When the capture began and ended, in milliseconds since 1970.
    pub(super) span: (i64, i64),
}

/// A text's look.
#[derive(Clone, Copy)]
struct Look {
    color: Color32,
    mono: bool,
    strong: bool,
}

impl Pen<'_> {
    /// Draws a cell. `mark` and `comment` are what a person or the recorder added.
    pub(super) fn cell(
        &self,
        rect: Rect,
        line: &Line,
        column: Column,
        mark: Option<Mark>,
        comment: &str,
    ) {
        let theme = self.theme;
        match column {
            Column::Number => self.number(rect, line),
            Column::Mark => {
                if let Some(mark) = mark {
                    let center = pos2(rect.left() + 8.0, rect.center().y);
                    self.icon(center, theme::mark_icon(mark), theme.mark(mark));
                }
            }
            Column::Waterfall => self.bar(rect, line),
            _ => {
                let text = text(line, column, comment);
                let look = self.look(line, column);
                self.text(rect, &text, look, column.is_number());
            }
        }
    }

    fn look(&self, line: &Line, column: Column) -> Look {
        let theme = self.theme;
        let plain = |color| Look { color, mono: false, strong: false };
        let mono = |color| Look { color, mono: true, strong: false };
        match column {
            Column::Result if line.status == 0 => mono(theme.dim),
            Column::Result => Look { strong: true, ..mono(theme.status(line.status)) },
            Column::Meaning | Column::Host | Column::Protocol | Column::Step | Column::Comment => {
                plain(theme.text)
            }
            Column::Actor => plain(theme.actor(line.actor)),
            Column::Url | Column::Time | Column::Method => mono(theme.dim),
            Column::Auth => plain(match line.auth {
                "none" | "" => theme.dim,
                "Basic" => theme.warning,
                _ => theme.text,
            }),
            _ => plain(theme.dim),
        }
    }

    fn number(&self, rect: Rect, line: &Line) {
        let number = Look { color: self.theme.dim, mono: true, strong: false };
        let end = self.text(rect, &line.session.to_string(), number, false);
        if let Some(severity) = line.finding {
            let center = pos2((end + 12.0).min(rect.right() - 6.0), rect.center().y);
            self.icon(center, theme::severity_icon(severity), self.theme.severity(severity));
        }
    }

    fn icon(&self, center: eframe::egui::Pos2, icon: lucide_icons::Icon, color: Color32) {
        let font = FontId::new(theme::BODY, theme::icons());
        let galley = self.painter.layout_no_wrap(char::from(icon).to_string(), font, color);
        self.painter.galley(center - galley.size() / 2.0, galley, color);
    }

    /// When the session began and ended within the whole capture; the part before the answer's first byte stands back.
    fn bar(&self, rect: Rect, line: &Line) {
        let (first, last) = self.span;
        let Some(began) = line.time.map(|time| time.timestamp_millis()) else { return };
        let whole = (last - first).max(1) as f32;
        let width = rect.width() - 4.0;
        let x = |ms: i64| rect.left() + (ms - first) as f32 / whole * width;
        let lasted = line.duration().map_or(0, |d| d.num_milliseconds()).max(0);
        let (from, to) = (x(began), x(began.saturating_add(lasted)));
        let to = to.max(from + 3.0).min(rect.right());
        let from = from.min(to - 3.0);
        let color = if line.status == 0 || line.status >= 500 {
            self.theme.error
        } else {
            self.theme.accent
        };
        let bar = |from: f32, to: f32, height: f32, color: Color32| {
            let rect = Rect::from_min_max(
                pos2(from, rect.center().y - height / 2.0),
                pos2(to, rect.center().y + height / 2.0),
            );
            self.painter.rect_filled(rect, 2.0, color);
        };
        self.painter.hline(
            rect.left()..=rect.left() + width,
            rect.center().y,
            Stroke::new(1.0, self.theme.line),
        );
        bar(from, to, 8.0, color);
        let received = line.timing.receive.map_or(0, |r| r.num_milliseconds());
        let waited = lasted.saturating_sub(received.max(0));
        let split = x(began.saturating_add(waited));
        if received > 0 && split - from > 2.0 && to - split > 2.0 {
            bar(from, split, 4.0, self.theme.panel);
        }
    }

    /// Draws a text cut to its cell; answers where it ends.
    fn text(&self, rect: Rect, text: &str, look: Look, right: bool) -> f32 {
        if text.is_empty() {
            return rect.left();
        }
        let job = self.job(text, look, rect.width());
        let galley = self.painter.layout_job(job);
        let size = galley.size();
        let left = if right { rect.right() - size.x } else { rect.left() };
        let at = pos2(left, rect.center().y - size.y / 2.0);
        self.painter.galley(at, galley, look.color);
        left + size.x
    }

    fn job(&self, text: &str, look: Look, width: f32) -> LayoutJob {
        let family = match (look.mono, look.strong) {
            (true, true) => theme::mono_medium(),
            (true, false) => FontFamily::Monospace,
            _ => FontFamily::Proportional,
        };
        let size = if look.mono { theme::SMALL + 0.5 } else { theme::BODY };
        let format = TextFormat::simple(FontId::new(size, family), look.color);
        let mut job = LayoutJob {
            wrap: TextWrapping {
                max_width: width,
                max_rows: 1,
                break_anywhere: true,
                ..TextWrapping::default()
            },
            break_on_newline: false,
            ..LayoutJob::default()
        };
        let hits = hits(text, self.words);
        let mut from = 0;
        // A hit beyond the cell's end is brought into sight.
        if let Some(first) = hits.first()
            && first.end as f32 * LETTER > width
        {
            let start = text.floor_char_boundary(first.start.saturating_sub(8));
            if start > 0 {
                job.append("…", 0.0, format.clone());
                from = start;
            }
        }
        for hit in hits {
            job.append(text.get(from..hit.start).unwrap_or_default(), 0.0, format.clone());
            let found = TextFormat {
                background: self.theme.warning_surface,
                underline: Stroke::new(1.0, self.theme.warning),
                ..format.clone()
            };
            job.append(text.get(hit.clone()).unwrap_or_default(), 0.0, found);
            from = hit.end;
        }
        job.append(text.get(from..).unwrap_or_default(), 0.0, format);
        job
    }

    /// How wide a column's text is, uncut.
    pub(super) fn width(&self, line: &Line, column: Column, comment: &str) -> f32 {
        let text = match column {
            Column::Number => format!("{}     ", line.session),
            _ => text(line, column, comment),
        };
        let job = Pen { words: &[], ..*self }.job(&text, self.look(line, column), f32::INFINITY);
        self.painter.layout_job(job).size().x
    }
}

/// What a cell says.
pub(super) fn text(line: &Line, column: Column, comment: &str) -> String {
    match column {
        Column::Number => line.session.to_string(),
        Column::Result if line.status == 0 => "–".to_owned(),
        Column::Result => line.status.to_string(),
        Column::Step => line.step.map_or("", |step| step.name()).to_owned(),
        Column::Meaning => line.meaning.clone(),
        Column::Method => line.method.clone(),
        Column::Actor => line.actor.name().to_owned(),
        Column::Protocol => line.protocol.to_owned(),
        Column::Host => line.host.clone(),
        Column::Url => line.url.clone(),
        Column::Auth => if line.auth.is_empty() { "none" } else { line.auth }.to_owned(),
        Column::Type => line.content_type.clone(),
        Column::Size => line.size.map(format::size).unwrap_or_default(),
        Column::Time => line.time.map(format::clock).unwrap_or_default(),
        Column::Duration => line.duration().map(format::duration).unwrap_or_default(),
        Column::Process => line.process.clone(),
        Column::Comment => crate::gui::widgets::tidy(comment, 300),
        Column::Mark | Column::Waterfall => String::new(),
    }
}

/// The finding's words for screen readers.
pub(super) const fn severity_words(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error found",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// Where the words stand in a text, in order, none within another.
fn hits(text: &str, words: &[String]) -> Vec<std::ops::Range<usize>> {
    if words.is_empty() {
        return Vec::new();
    }
    // Letters whose lower case has another length would shift what follows: such a text is compared as it is.
    let lower = text.to_lowercase();
    let lower = if lower.len() == text.len() { lower } else { text.to_owned() };
    let mut all: Vec<_> = words
        .iter()
        .flat_map(|word| lower.match_indices(word.as_str()))
        .map(|(at, word)| at..at + word.len())
        .filter(|hit| text.get(hit.clone()).is_some())
        .collect();
    all.sort_by_key(|hit| (hit.start, std::cmp::Reverse(hit.end)));
    let mut end = 0;
    all.retain(|hit| {
        let apart = hit.start >= end;
        if apart {
            end = hit.end;
        }
        apart
    });
    all
}

/// A cell's place between two edges.
pub(super) fn inner(left: f32, width: f32, top: f32, height: f32) -> Rect {
    Rect::from_min_size(pos2(left, top), vec2((width - GAP).max(1.0), height))
}

#[cfg(test)]
mod tests {
    use super::hits;

    #[test]
    fn hits_are_found_in_any_case_and_never_overlap() {
        let words = ["bear".to_owned(), "earer".to_owned(), "x".to_owned()];
        assert_eq!(hits("Bearer, BEARER x", &words), [0..4, 8..12, 15..16]);
        assert!(hits("İx", &["x".to_owned()]).len() == 1);
    }
}
