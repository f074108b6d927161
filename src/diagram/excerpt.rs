//! The part of a long ladder that a picture has room for.

use std::ops::Range;

use super::geometry::Geometry;
use super::layout::Layout;
use super::words::count;

/// Some rows of a ladder that stand together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The rows.
    pub rows: Range<usize>,
    /// How many the whole ladder has.
    whole: usize,
}

impl Excerpt {
    /// As many rows as fit a height: those around the first break, else the first ones.
    pub fn of(layout: &Layout, geometry: &Geometry, height: f32) -> Self {
        let whole = layout.rows.len();
        let center = layout.first_break.unwrap_or(0);
        let Some(middle) = geometry.row(center).map(|place| place.start.midpoint(place.end)) else {
            return Self { rows: 0..whole, whole };
        };
        let fits = height - geometry.row(0).map_or(0.0, |place| place.start);
        let end = geometry.height();
        if end <= height {
            return Self { rows: 0..whole, whole };
        }
        let top = (middle - fits / 2.0).min(end - fits).max(0.0);
        let rows = geometry.rows_between(top, top + fits);
        // The outer rows stick out.
        let last = rows.end.saturating_sub(1).max(rows.start + 1);
        let first = if rows.start > 0 { rows.start + 1 } else { 0 };
        Self { rows: first.min(center)..last.max(center + 1), whole }
    }

    /// What was left out, in one sentence.
    pub fn remark(&self) -> Option<String> {
        let (above, below) = (self.rows.start, self.whole.saturating_sub(self.rows.end));
        (above + below > 0).then(|| {
            format!(
                "{} above and {} below are left out; the window shows them",
                count(above, "row"),
                count(below, "row")
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Excerpt;
    use crate::diagram::geometry::Geometry;
    use crate::diagram::{Layout, Row};

    #[test]
    fn what_does_not_fit_is_left_out_far_from_the_break() {
        let mut layout = Layout::default();
        layout.rows.resize(1000, Row::Gap(chrono::TimeDelta::seconds(9)));
        let geometry = Geometry::of(&layout, 900.0);
        let of = |layout: &Layout, height| Excerpt::of(layout, &geometry, height);
        assert_eq!(of(&layout, 1e6).rows, 0..1000);
        assert_eq!(of(&layout, 1e6).remark(), None);
        let first = of(&layout, 3200.0);
        assert!(first.rows.start == 0 && (95..=100).contains(&first.rows.end), "{first:?}");
        layout.first_break = Some(500);
        let around = of(&layout, 3200.0);
        assert!(around.rows.contains(&500) && around.rows.len() > 90, "{around:?}");
        assert!(around.rows.start.abs_diff(450) < 5, "{around:?}");
        layout.first_break = Some(999);
        assert_eq!(of(&layout, 3200.0).rows.end, 1000);
        assert!(
            of(&layout, 3200.0).remark().unwrap().starts_with("90"),
            "{:?}",
            of(&layout, 3200.0).remark()
        );
    }
}
