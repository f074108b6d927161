//! What fills the middle of the window. Each view owns its own look and answers with actions.

pub mod compare;
pub mod findings;
pub mod lesson;
pub mod sessions;
pub mod timeline;
pub mod tokens;

use super::documents::Other;
use super::selection::Selection;
use super::settings::Settings;
use super::theme::Theme;
use crate::analysis::Analysis;

/// The views, in the order of their tabs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum View {
    /// Who said what to whom.
    #[default]
    Timeline,
    /// Every session in a table.
    Sessions,
    /// Every token once.
    Tokens,
    /// What is wrong.
    Findings,
    /// Two captures side by side.
    Compare,
    /// The capture step by step, with questions.
    Lesson,
}

impl View {
    /// All views in order.
    pub const ALL: [Self; 6] =
        [Self::Timeline, Self::Sessions, Self::Tokens, Self::Findings, Self::Compare, Self::Lesson];

    /// The tab's name.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Timeline => "Timeline",
            Self::Sessions => "Sessions",
            Self::Tokens => "Tokens",
            Self::Findings => "Findings",
            Self::Compare => "Compare",
            Self::Lesson => "Lesson",
        }
    }
}

/// What a view may read.
pub struct ViewContext<'a> {
    /// The capture and everything known about it.
    pub analysis: &'a Analysis,
    /// What is selected.
    pub selection: &'a Selection,
    /// The colours.
    pub theme: &'a Theme,
    /// The other open captures.
    pub others: &'a [Other],
    /// What the user chose. Views remember things of their own in it with [`super::action::Action::Remember`].
    pub settings: &'a Settings,
}
