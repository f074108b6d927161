//! A narrow picture of the whole ladder beside it: where something failed, and which part is in sight.

use std::ops::Range;

use eframe::egui::{Color32, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::diagram::geometry::Geometry;
use crate::diagram::{Layout, Row, Tone};
use crate::gui::format::count;
use crate::gui::theme::Theme;

/// Its width.
pub(super) const WIDTH: f32 = 16.0;

/// What a place of the ladder shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Warning,
    Failed,
    Break,
}

/// Places of the ladder that a reader wants to go to.
#[derive(Debug, Default)]
pub(super) struct Overview {
    /// How far down, as a part of the whole, and what is there; from top to bottom.
    places: Vec<(f32, Kind)>,
    /// The places as lines of one height of the overview: several in one line are one.
    lines: Vec<(f32, Kind)>,
    height: f32,
    /// `Overview: 3 failed sessions, 1 with a warning`
    sentence: String,
}

impl Overview {
    /// Reads a layout.
    pub(super) fn of(layout: &Layout, geometry: &Geometry) -> Self {
        let whole = geometry.height();
        let places = layout.rows.iter().enumerate().filter_map(|(at, row)| {
            let Row::Session(session) = row else { return None };
            let kind = match session.tone {
                _ if session.broken.is_some() => Kind::Break,
                Tone::Failed => Kind::Failed,
                Tone::Warning => Kind::Warning,
                Tone::Ok | Tone::Quiet => return None,
            };
            let place = geometry.row(at)?;
            Some((place.start.midpoint(place.end) / whole, kind))
        });
        let mut overview = Self { places: places.collect(), ..Self::default() };
        overview.sentence = overview.count();
        overview
    }

    /// Draws it; answers with the part of the ladder to go to. `window` is the part in sight.
    pub(super) fn ui(
        &mut self,
        ui: &Ui,
        rect: Rect,
        window: Range<f32>,
        theme: &Theme,
    ) -> Option<f32> {
        self.set_height(rect.height());
        let id = ui.scope_id().with("overview");
        let response = ui.interact(rect, id, Sense::click_and_drag());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &self.sentence));
        let painter = ui.painter_at(rect);
        painter.rect_filled(rect, 0.0, theme.panel);
        painter.vline(rect.left() + 0.5, rect.y_range(), (1.0, theme.line));
        let y = |part: f32| rect.top() + part * rect.height();
        let shown = Rect::from_min_max(
            pos2(rect.left() + 1.0, y(window.start)),
            pos2(rect.right(), y(window.end).max(y(window.start) + 6.0)),
        );
        let ground = if response.hovered() { theme.hover() } else { theme.raised };
        painter.rect(shown, 2.0, ground, (1.0, theme.line), eframe::egui::StrokeKind::Inside);
        for (at, kind) in &self.lines {
            // Length says what colour says.
            let (color, width): (Color32, f32) = match kind {
                Kind::Warning => (theme.warning, 5.0),
                Kind::Failed => (theme.error, 8.0),
                Kind::Break => (theme.error, WIDTH - 1.0),
            };
            let thick = if *kind == Kind::Break { 3.0 } else { 2.0 };
            let line = vec2(width, thick);
            let left = pos2(rect.right() - width, rect.top() + at - thick / 2.0);
            painter.rect_filled(Rect::from_min_size(left, line), 0.0, color);
        }
        let pressed = response.interact_pointer_pos();
        let part = pressed.map(|at| ((at.y - rect.top()) / rect.height()).clamp(0.0, 1.0));
        response.on_hover_text(&self.sentence);
        part
    }

    /// Gathers the places for a height in points.
    fn set_height(&mut self, height: f32) {
        if (self.height - height).abs() < 0.5 {
            return;
        }
        self.height = height;
        self.lines.clear();
        for (part, kind) in &self.places {
            let at = (part * height).round();
            match self.lines.last_mut() {
                Some((last, worst)) if (at - *last).abs() < 2.0 => *worst = (*worst).max(*kind),
                _ => self.lines.push((at, *kind)),
            }
        }
    }

    fn count(&self) -> String {
        let number = |wanted| self.places.iter().filter(|(_, kind)| wanted == *kind).count();
        let failed = number(Kind::Failed) + number(Kind::Break);
        let failed = count(failed, "failed session");
        format!("Overview: {failed}, {} with a warning", number(Kind::Warning))
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, Overview};

    #[test]
    fn what_stands_in_one_line_is_one_line_and_the_worst_counts() {
        let places = (0..1000).map(|at| (at as f32 / 1000.0, Kind::Warning));
        let mut places: Vec<_> = places.collect();
        places[500].1 = Kind::Break;
        let mut overview = Overview { places, ..Overview::default() };
        overview.set_height(100.0);
        assert!(overview.lines.len() <= 51, "{}", overview.lines.len());
        assert_eq!(overview.lines.iter().filter(|(_, kind)| *kind == Kind::Break).count(), 1);
        assert_eq!(overview.count(), "Overview: 1 failed session, 999 with a warning");
    }
}
