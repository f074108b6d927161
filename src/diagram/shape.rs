//! Points and rectangles in points of the screen, x to the right and y downwards.

use std::ops::Add;

/// A place.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// From the left edge.
    pub x: f32,
    /// From the upper edge.
    pub y: f32,
}

/// The place at `x` and `y`.
pub const fn point(x: f32, y: f32) -> Point {
    Point { x, y }
}

impl Add for Point {
    type Output = Self;

    fn add(self, offset: Self) -> Self {
        point(self.x + offset.x, self.y + offset.y)
    }
}

/// A rectangle.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Area {
    /// Its upper left corner.
    pub min: Point,
    /// Its lower right corner.
    pub max: Point,
}

impl Area {
    /// The rectangle between two corners.
    pub const fn between(min: Point, max: Point) -> Self {
        Self { min, max }
    }

    /// The rectangle of a size with its upper left corner at `min`.
    pub const fn at(min: Point, width: f32, height: f32) -> Self {
        Self { min, max: point(min.x + width, min.y + height) }
    }

    /// The rectangle of a size around a point.
    pub const fn around(center: Point, width: f32, height: f32) -> Self {
        Self::at(point(center.x - width / 2.0, center.y - height / 2.0), width, height)
    }

    /// Its left edge.
    pub const fn left(&self) -> f32 {
        self.min.x
    }

    /// Its upper edge.
    pub const fn top(&self) -> f32 {
        self.min.y
    }

    /// From its left to its right edge.
    pub const fn width(&self) -> f32 {
        self.max.x - self.min.x
    }

    /// From its upper to its lower edge.
    pub const fn height(&self) -> f32 {
        self.max.y - self.min.y
    }

    /// Its middle.
    pub const fn center(&self) -> Point {
        point(f32::midpoint(self.min.x, self.max.x), f32::midpoint(self.min.y, self.max.y))
    }

    /// The same rectangle elsewhere.
    #[must_use]
    pub fn moved(self, by: Point) -> Self {
        Self { min: self.min + by, max: self.max + by }
    }
}

/// The whole number at or below a coordinate; 0 for what is negative.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast from a float keeps within the target's range"
)]
pub const fn whole(coordinate: f32) -> usize {
    coordinate as usize
}

#[cfg(test)]
mod tests {
    use super::{Area, point};

    #[test]
    fn a_rectangle_around_a_point_has_it_in_its_middle() {
        let area = Area::around(point(10.0, 20.0), 4.0, 8.0);
        assert_eq!((area.left(), area.top(), area.width(), area.height()), (8.0, 16.0, 4.0, 8.0));
        assert_eq!(area.center(), point(10.0, 20.0));
        assert_eq!(area.moved(point(1.0, 1.0)), Area::at(point(9.0, 17.0), 4.0, 8.0));
    }
}
