//! The ladder as figures: lines, panels and words that name their colour by its meaning. The screen and the picture file
//! are drawn from the same figures.

use eframe::egui::{Pos2, Rect};

use super::interest::Tone;
use crate::flow::Actor;

/// A colour by its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    Background,
    Panel,
    Raised,
    Line,
    Text,
    Dim,
    Selection,
    Hover,
    Accent,
    Error,
    ErrorSurface,
    Warning,
    Ok,
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
pub(super) enum Face {
    Small,
    Body,
    Strong,
    Mono,
}

/// Where words stand relative to their point; always centred on it vertically.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Center,
    Right,
}

/// A small picture that says what a colour says too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Cross,
    Tick,
    Triangle,
    Closed,
    Open,
    Pause,
    Unseen,
}

impl Sign {
    /// The sign of an answer; quiet ones have none.
    pub(super) const fn of(tone: Tone) -> Option<Self> {
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
pub(super) enum Figure {
    /// A straight horizontal or vertical line.
    Line { from: Pos2, to: Pos2, ink: Ink, width: f32, dashed: bool },
    /// The head of an arrow.
    Head { tip: Pos2, to_right: bool, ink: Ink },
    /// A rectangle with round corners.
    Panel { rect: Rect, fill: Ink, border: Option<Ink>, corner: u8 },
    /// Slanted lines inside a rectangle with a dashed border.
    Hatching { rect: Rect, ink: Ink },
    /// A line of words, cut with an ellipsis at `width`.
    Words { at: Pos2, side: Side, text: String, ink: Ink, face: Face, width: f32 },
    /// A sign, centred on its point.
    Sign { at: Pos2, sign: Sign, ink: Ink },
    /// A dot, centred on its point.
    Dot { at: Pos2, ink: Ink },
}

/// How wide a text is in a face, in points.
pub(super) type Measure<'a> = dyn Fn(&str, Face) -> f32 + 'a;
