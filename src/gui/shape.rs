//! The shapes beside the colours: what a colour says, an icon says without it.

use lucide_icons::Icon;

use crate::capture::Mark;
use crate::flow::Outcome;
use crate::rules::Severity;

/// The icon of an outcome: its shape says what its colour says.
pub const fn outcome_icon(outcome: Outcome) -> Icon {
    match outcome {
        Outcome::Healthy => Icon::CircleCheck,
        Outcome::Broken => Icon::CircleX,
        Outcome::NotHma => Icon::CircleMinus,
        Outcome::NotEnoughEvidence => Icon::CircleQuestionMark,
    }
}

/// The shape of a mark: it tells marks apart without their colours.
pub const fn mark_icon(mark: Mark) -> Icon {
    match mark {
        Mark::Red => Icon::Circle,
        Mark::Blue => Icon::Square,
        Mark::Gold => Icon::Star,
        Mark::Green => Icon::Triangle,
        Mark::Orange => Icon::Diamond,
        Mark::Purple => Icon::Hexagon,
    }
}

/// The icon of a severity.
pub const fn severity_icon(severity: Severity) -> Icon {
    match severity {
        Severity::Error => Icon::CircleX,
        Severity::Warning => Icon::TriangleAlert,
        Severity::Note => Icon::Info,
    }
}
