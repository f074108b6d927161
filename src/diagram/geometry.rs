//! Where things stand: columns across, rows down.

use std::ops::Range;

use super::layout::{Layout, Row};
use crate::flow::Actor;

/// Height of the lane heads, which stay on top.
pub const HEAD: f32 = 64.0;
/// Room between the head and the first row, and below the last one.
const MARGIN: f32 = 8.0;
/// Least distance of two lanes; six of them fit into a small window.
const LEAST_DISTANCE: f32 = 88.0;
/// From this distance on the gutters are roomy.
const ROOMY_DISTANCE: f32 = 190.0;
/// Greatest distance of two lanes.
const MOST_DISTANCE: f32 = 620.0;

/// Least width of a lane's head where there is room.
const HEAD_WIDTH: f32 = 172.0;
/// Greatest width of a lane's head.
const WIDEST_HEAD: f32 = 230.0;
/// Room between the heads of lanes that stand close.
const HEAD_GAP: f32 = 8.0;

/// Where numbers, steps and folds begin.
pub const EDGE: f32 = 20.0;

/// What stands beside the lanes.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Gutters {
    /// Room for the session's number and its step, left of the lanes.
    left: f32,
    /// Room for clock time and duration, right of the lanes.
    right: f32,
}

const ROOMY: Gutters = Gutters { left: 136.0, right: 112.0 };
const COMPACT: Gutters = Gutters { left: 100.0, right: 84.0 };

/// The distance of lanes between which most words fit, hosts beside them included.
const COMFORTABLE_DISTANCE: f32 = 250.0;

/// The width at which most words of a layout fit.
pub fn comfortable_width(layout: &Layout) -> f32 {
    let gaps = layout.lanes.len().saturating_sub(1) as f32;
    ROOMY.left + ROOMY.right + HEAD_WIDTH + gaps * COMFORTABLE_DISTANCE
}

/// The places of lanes and rows at a width.
#[derive(Debug, Default)]
pub struct Geometry {
    /// The whole width, in points.
    pub width: f32,
    /// Width of a lane's head.
    pub head: f32,
    /// Whether there is no room for all that stands beside the lanes, so that it must be said shorter.
    pub compact: bool,
    gutter: f32,
    lanes: Vec<(Actor, f32)>,
    /// Where each row begins, and behind them where the last one ends.
    tops: Vec<f32>,
}

impl Geometry {
    /// Places the lanes and rows of a layout in a given width; it grows where the lanes need more.
    pub fn of(layout: &Layout, width: f32) -> Self {
        let mut geometry = Self::across(layout, width);
        geometry.tops = Vec::with_capacity(layout.rows.len() + 1);
        let mut top = HEAD + MARGIN;
        for row in &layout.rows {
            geometry.tops.push(top);
            top += height(row);
        }
        geometry.tops.push(top);
        geometry
    }

    /// Places the lanes: their heads stand apart, and the gutters shrink before the lanes leave the window.
    fn across(layout: &Layout, width: f32) -> Self {
        let count = layout.lanes.len().max(1) as f32;
        let gaps = (count - 1.0).max(1.0);
        let edges = ROOMY.left + ROOMY.right + HEAD_WIDTH;
        let roomy = width >= edges + gaps * ROOMY_DISTANCE;
        let Gutters { left, right } = if roomy { ROOMY } else { COMPACT };
        let least = count * LEAST_DISTANCE - HEAD_GAP + left + right;
        let width = width.max(least).floor();
        let (distance, head) = if roomy {
            let distance = ((width - edges) / gaps).min(MOST_DISTANCE).floor();
            (distance, (distance - 20.0).clamp(HEAD_WIDTH, WIDEST_HEAD))
        } else {
            let distance = ((width - left - right + HEAD_GAP) / count).floor();
            (distance, (distance - HEAD_GAP).min(HEAD_WIDTH))
        };
        // Heads may be wider than the gap between lanes and edges was made for.
        let first = left + head.min(HEAD_WIDTH) / 2.0;
        let lanes = layout.lanes.iter().enumerate();
        let lanes = lanes.map(|(at, lane)| (lane.actor, first + at as f32 * distance)).collect();
        Self { width, head, compact: !roomy, gutter: right, lanes, tops: Vec::new() }
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
        self.lanes.last().map_or(EDGE, |(_, x)| *x)
    }

    /// Where the first lane stands.
    pub fn first_lane(&self) -> f32 {
        self.lanes.first().map_or(EDGE, |(_, x)| *x)
    }

    /// Where the column of times ends.
    pub fn right(&self) -> f32 {
        self.width - if self.compact { 12.0 } else { 16.0 }
    }

    /// Where words between the lanes must end.
    pub fn words_end(&self) -> f32 {
        self.width - self.gutter
    }
}

/// A row's height, by its kind alone, so that only visible rows need be looked at.
fn height(row: &Row) -> f32 {
    match row {
        Row::Session(row) => match &row.broken {
            Some(broken) if broken.is_long() => 134.0,
            Some(_) => 116.0,
            None => 58.0,
        },
        Row::Ghost(_) => 34.0,
        Row::Hidden(_) => 40.0,
        Row::Gap(_) => 32.0,
        Row::Fold(_) => 36.0,
    }
}

#[cfg(test)]
mod tests {
    use super::{EDGE, Geometry, HEAD, MARGIN};
    use crate::diagram::Lane;
    use crate::diagram::layout::{Layout, Row};
    use crate::flow::Actor;

    fn pauses(count: usize) -> Layout {
        let mut layout = Layout::default();
        layout.rows.resize(count, Row::Gap(chrono::TimeDelta::seconds(9)));
        layout
    }

    #[test]
    fn only_rows_in_sight_are_drawn() {
        let geometry = Geometry::of(&pauses(5000), 900.0);
        let first = HEAD + MARGIN;
        assert_eq!(geometry.rows_between(0.0, first + 64.0), 0..2);
        assert_eq!(geometry.rows_between(first + 33.0, first + 97.0), 1..4);
        assert_eq!(geometry.rows_between(first + 5000.0 * 32.0 - 1.0, f32::MAX), 4999..5000);
        assert_eq!(Geometry::of(&pauses(0), 900.0).rows_between(0.0, 900.0), 0..0);
    }

    #[test]
    fn rows_follow_each_other_on_whole_points() {
        let geometry = Geometry::of(&pauses(3), 900.5);
        for at in 0..2 {
            let (row, next) = (geometry.row(at).unwrap(), geometry.row(at + 1).unwrap());
            assert!((row.end - next.start).abs() < f32::EPSILON);
            assert!(row.end.fract().abs() < f32::EPSILON);
        }
        assert_eq!(geometry.row(3), None);
    }

    fn lanes(count: usize) -> Layout {
        let mut layout = pauses(1);
        let actors = [
            Actor::Client,
            Actor::Exchange,
            Actor::EntraId,
            Actor::IdentityProvider,
            Actor::Proxy,
            Actor::Other,
        ];
        layout.lanes = actors
            .into_iter()
            .take(count)
            .map(|actor| Lane { actor, name: actor.name().to_owned(), members: Vec::new() })
            .collect();
        layout
    }

    #[test]
    fn all_lanes_fit_a_small_window_beside_the_side_bar() {
        for count in 1..=6 {
            for width in [712.0, 744.0, 760.0, 1000.0, 1144.0, 2300.0] {
                let geometry = Geometry::of(&lanes(count), width);
                assert!(geometry.width <= width, "{count} lanes in {width}");
                let places: Vec<f32> = geometry.lanes().map(|(_, x)| x).collect();
                let half = geometry.head / 2.0;
                assert!(places[0] - half > EDGE + 60.0, "{count} lanes in {width}: {places:?}");
                let last = geometry.last_lane() + half;
                assert!(last <= geometry.right() - 56.0, "{count} lanes in {width}: {places:?}");
                for pair in places.windows(2) {
                    assert!(pair[1] - pair[0] >= geometry.head + 4.0, "heads overlap: {pair:?}");
                }
            }
        }
    }
}
