//! The ladder as figures: lines, panels and words that name their colour by its meaning. The screen, the picture file and
//! the report are drawn from the same figures.

use super::shape::{Area, Point};

use super::interest::Tone;
use crate::flow::Actor;

/// A colour by its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// Behind everything.
    Background,
    /// A quiet ground.
    Panel,
    /// The ground of heads and labels.
    Raised,
    /// Lanes and borders.
    Line,
    /// Running words.
    Text,
    /// Words that stand back.
    Dim,
    /// Behind the selected row.
    Selection,
    /// Behind the row under the pointer.
    Hover,
    /// Around the row that the keyboard is on.
    Accent,
    /// What went wrong.
    Error,
    /// Behind what went wrong.
    ErrorSurface,
    /// What works, but.
    Warning,
    /// What went well.
    Ok,
    /// An actor's own.
    Actor(Actor),
}

impl From<Tone> for Ink {
    fn from(tone: Tone) -> Self {
        match tone {
            Tone::Failed => Self::Error,
            Tone::Warning => Self::Warning,
            Tone::Ok => Self::Ok,
            Tone::Quiet => Self::Dim,
        }
    }
}

/// A way to set words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    /// What stands beside.
    Small,
    /// Running words.
    Body,
    /// Heads and what was singled out.
    Strong,
    /// Numbers and times.
    Mono,
}

/// Where words stand relative to their point; always centred on it vertically.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The words begin there.
    Left,
    /// Their middle is there.
    Center,
    /// The words end there.
    Right,
}

/// A small picture that says what a colour says too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// It went wrong.
    Cross,
    /// It went well.
    Tick,
    /// It works, but.
    Triangle,
    /// There is more inside.
    Closed,
    /// What is inside follows.
    Open,
    /// Time passed.
    Pause,
    /// It cannot be seen.
    Unseen,
}

impl Sign {
    /// The sign of an answer; quiet ones have none.
    pub const fn of(tone: Tone) -> Option<Self> {
        match tone {
            Tone::Failed => Some(Self::Cross),
            Tone::Warning => Some(Self::Triangle),
            Tone::Ok => Some(Self::Tick),
            Tone::Quiet => None,
        }
    }
}

/// Something to draw. Points are relative to the row's upper left corner.
#[derive(Clone, Debug, PartialEq)]
pub enum Figure {
    /// A straight horizontal or vertical line.
    Line {
        /// Where it begins.
        from: Point,
        /// Where it ends.
        to: Point,
        /// Its colour.
        ink: Ink,
        /// Its thickness.
        width: f32,
        /// Whether it is broken into dashes.
        dashed: bool,
    },
    /// The head of an arrow.
    Head {
        /// Where it points to.
        tip: Point,
        /// Whether it points to the right.
        to_right: bool,
        /// Its colour.
        ink: Ink,
    },
    /// A rectangle with round corners.
    Panel {
        /// Its place.
        rect: Area,
        /// The colour inside.
        fill: Ink,
        /// The colour of its edge.
        border: Option<Ink>,
        /// The radius of its corners.
        corner: u8,
    },
    /// Slanted lines inside a rectangle with a dashed border.
    Hatching {
        /// Its place.
        rect: Area,
        /// Its colour.
        ink: Ink,
    },
    /// A line of words, cut with an ellipsis at `width`.
    Words {
        /// Where they stand.
        at: Point,
        /// How they stand there.
        side: Side,
        /// What they say. It may be recorded text.
        text: String,
        /// Their colour.
        ink: Ink,
        /// How they are set.
        face: Face,
        /// The room they have.
        width: f32,
    },
    /// A sign, centred on its point.
    Sign {
        /// Its middle.
        at: Point,
        /// Which one.
        sign: Sign,
        /// Its colour.
        ink: Ink,
    },
    /// A dot, centred on its point.
    Dot {
        /// Its middle.
        at: Point,
        /// Its colour.
        ink: Ink,
    },
}

/// How wide a text is in a face, in points.
pub type Measure<'a> = dyn Fn(&str, Face) -> f32 + 'a;
