//! Where things stand: columns across, rows down.

use std::ops::Range;

use super::layout::{Layout, Row};
use crate::flow::Actor;

/// Height of the lane heads, which stay on top.
pub const HEAD: f32 = 64.0;
/// Room between the head and the first row, and below the last one.
const MARGIN: f32 = 8.0;
/// Room for the session's number and its step, left of the lanes.
const LEFT: f32 = 136.0;
/// Room for clock time and duration, right of the lanes.
const RIGHT: f32 = 112.0;
/// Least distance of two lanes.
const LEAST_DISTANCE: f32 = 190.0;
/// Greatest distance of two lanes.
const MOST_DISTANCE: f32 = 400.0;

/// Least width of a lane's head.
const HEAD_WIDTH: f32 = 172.0;
/// Greatest width of a lane's head.
const WIDEST_HEAD: f32 = 230.0;

/// Where numbers, steps and folds begin.
pub const EDGE: f32 = 20.0;

/// How far rows may be squeezed and stretched.
pub const ZOOM: std::ops::RangeInclusive<f32> = 0.85..=1.7;

/// The distance of lanes between which most words fit, hosts beside them included.
const COMFORTABLE_DISTANCE: f32 = 250.0;

/// The width at which most words of a layout fit.
pub fn comfortable_width(layout: &Layout) -> f32 {
    let gaps = layout.lanes.len().saturating_sub(1) as f32;
    LEFT + RIGHT + HEAD_WIDTH + gaps * COMFORTABLE_DISTANCE
}

/// The places of lanes and rows at a width and a zoom.
#[derive(Debug)]
pub struct Geometry {
    /// The whole width, in points.
    pub width: f32,
    /// How much rows are stretched.
    pub zoom: f32,
    /// Width of a lane's head.
    pub head: f32,
    lanes: Vec<(Actor, f32)>,
    /// Where each row begins, and behind them where the last one ends.
    tops: Vec<f32>,
}

impl Geometry {
    /// Places the lanes and rows of a layout in a given width; it grows where the lanes need more.
    pub fn of(layout: &Layout, width: f32, zoom: f32) -> Self {
        let gaps = layout.lanes.len().saturating_sub(1).max(1) as f32;
        let edges = LEFT + RIGHT + HEAD_WIDTH;
        let width = width.max(edges + gaps * LEAST_DISTANCE);
        let distance = ((width - edges) / gaps).min(MOST_DISTANCE).floor();
        let first = LEFT + HEAD_WIDTH / 2.0;
        let lanes = layout.lanes.iter().enumerate();
        let lanes = lanes.map(|(at, lane)| (lane.actor, first + at as f32 * distance)).collect();
        let mut tops = Vec::with_capacity(layout.rows.len() + 1);
        let mut top = HEAD + MARGIN;
        for row in &layout.rows {
            tops.push(top);
            top += (height(row) * zoom).round();
        }
        tops.push(top);
        let head = (distance - 20.0).clamp(HEAD_WIDTH, WIDEST_HEAD);
        Self { width, zoom, head, lanes, tops }
    }

    /// Height of everything, head included.
    pub fn height(&self) -> f32 {
        self.tops.last().copied().unwrap_or(HEAD) + MARGIN
    }

    /// Where a row begins and ends.
    pub fn row(&self, at: usize) -> Option<Range<f32>> {
        Some(*self.tops.get(at)?..*self.tops.get(at + 1)?)
    }

    /// The rows that stand between two heights, in whole or in part.
    pub fn rows_between(&self, top: f32, bottom: f32) -> Range<usize> {
        let rows = self.tops.len().saturating_sub(1);
        let first = self.tops.partition_point(|t| *t <= top).saturating_sub(1);
        let end = self.tops.partition_point(|t| *t < bottom).min(rows);
        first.min(end)..end
    }

    /// Where an actor's lane stands; actors without a lane have none.
    pub fn lane(&self, actor: Actor) -> Option<f32> {
        self.lanes.iter().find(|(a, _)| *a == actor).map(|(_, x)| *x)
    }

    /// The lanes from left to right.
    pub fn lanes(&self) -> impl Iterator<Item = (Actor, f32)> + '_ {
        self.lanes.iter().copied()
    }

    /// Where the last lane stands.
    pub fn last_lane(&self) -> f32 {
        self.lanes.last().map_or(LEFT, |(_, x)| *x)
    }

    /// Where the column of times ends.
    pub fn right(&self) -> f32 {
        self.width - 16.0
    }

    /// Where words between the lanes must end.
    pub fn words_end(&self) -> f32 {
        self.width - RIGHT
    }
}

/// A row's height at zoom 1, by its kind alone, so that only visible rows need be looked at.
fn height(row: &Row) -> f32 {
    match row {
        Row::Session(row) if row.broken.is_some() => 116.0,
        Row::Session(_) => 58.0,
        Row::Ghost(_) => 34.0,
        Row::Hidden(_) => 40.0,
        Row::Gap(_) => 32.0,
        Row::Fold(_) => 36.0,
    }
}

/// The zoom at which a layout fills a height, within what is readable.
pub fn zoom_to_fit(layout: &Layout, available: f32) -> f32 {
    let rows: f32 = layout.rows.iter().map(height).sum();
    let free = (available - HEAD - 2.0 * MARGIN).max(1.0);
    if rows <= 0.0 { 1.0 } else { (free / rows).clamp(*ZOOM.start(), *ZOOM.end()) }
}

#[cfg(test)]
mod tests {
    use super::{Geometry, HEAD, MARGIN};
    use crate::diagram::layout::{Layout, Row};

    fn pauses(count: usize) -> Layout {
        let mut layout = Layout::default();
        layout.rows.resize(count, Row::Gap(chrono::TimeDelta::seconds(9)));
        layout
    }

    #[test]
    fn only_rows_in_sight_are_drawn() {
        let geometry = Geometry::of(&pauses(5000), 900.0, 1.0);
        let first = HEAD + MARGIN;
        assert_eq!(geometry.rows_between(0.0, first + 64.0), 0..2);
        assert_eq!(geometry.rows_between(first + 33.0, first + 97.0), 1..4);
        assert_eq!(geometry.rows_between(first + 5000.0 * 32.0 - 1.0, f32::MAX), 4999..5000);
        assert_eq!(Geometry::of(&pauses(0), 900.0, 1.0).rows_between(0.0, 900.0), 0..0);
    }

    #[test]
    fn rows_follow_each_other_on_whole_points() {
        let geometry = Geometry::of(&pauses(3), 900.0, 1.17);
        for at in 0..2 {
            let (row, next) = (geometry.row(at).unwrap(), geometry.row(at + 1).unwrap());
            assert!((row.end - next.start).abs() < f32::EPSILON);
            assert!(row.end.fract().abs() < f32::EPSILON);
        }
        assert_eq!(geometry.row(3), None);
    }
}
