//! What a report says, before anybody decides how it is written down.

use super::ladder::Ladder;

/// How a piece of text is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Look {
    /// Running text.
    Plain,
    /// The words that a reader looks for.
    Strong,
    /// A value, a command or a name to be taken literally.
    Code,
    /// It went well.
    Good,
    /// It went wrong.
    Bad,
    /// It works, but.
    Caution,
    /// Beside the point.
    Quiet,
}

/// A piece of text. It may come from a capture: whoever writes it down makes control characters harmless.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// The text.
    pub text: String,
    /// How it is meant.
    pub look: Look,
}

/// One line or paragraph.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line(pub Vec<Span>);

impl Line {
    /// An empty line to add to.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds a piece of running text.
    #[must_use]
    pub fn plain(self, text: impl Into<String>) -> Self {
        self.look(Look::Plain, text)
    }

    /// Adds a value to be taken literally.
    #[must_use]
    pub fn code(self, text: impl Into<String>) -> Self {
        self.look(Look::Code, text)
    }

    /// Adds a piece of text; nothing when it is empty.
    #[must_use]
    pub fn look(mut self, look: Look, text: impl Into<String>) -> Self {
        let text = text.into();
        if !text.is_empty() {
            self.0.push(Span { text, look });
        }
        self
    }

    /// Whether there is nothing to read.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<&str> for Line {
    fn from(text: &str) -> Self {
        Self::new().plain(text)
    }
}

impl From<String> for Line {
    fn from(text: String) -> Self {
        Self::new().plain(text)
    }
}

/// An item of a numbered list: what to do, and the commands that do it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What to do.
    pub words: Line,
    /// Each stands on a line of its own, whole, so that it can be copied.
    pub commands: Vec<String>,
}

/// A table's cell: one line or a few.
pub type Cell = Vec<Line>;

/// A part of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// The one-sentence answer, with the look that says how good it is.
    Banner(Look, String),
    /// A section's title.
    Heading(String),
    /// The title of a part of a section.
    Subheading(Line),
    /// Running text.
    Paragraph(Line),
    /// Items without order.
    Bullets(Vec<Line>),
    /// Items in order, numbered from 1.
    Numbered(Vec<Item>),
    /// Names and what they are.
    Facts(Vec<(String, Line)>),
    /// Rows under column titles. Every row has as many cells as there are titles.
    Table(Vec<String>, Vec<Vec<Cell>>),
    /// Recorded text, line for line.
    Verbatim(String),
    /// Who said what to whom, as a picture. Only a page can show it; the others leave it out.
    Ladder(Ladder),
}

/// A report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// What it is about.
    pub title: String,
    /// Its parts.
    pub blocks: Vec<Block>,
}

impl Document {
    /// A report without content.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), blocks: Vec::new() }
    }

    /// Adds a section's title.
    pub fn heading(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Heading(text.into()));
    }

    /// Adds running text.
    pub fn paragraph(&mut self, line: impl Into<Line>) {
        self.blocks.push(Block::Paragraph(line.into()));
    }

    /// Adds any part.
    pub fn push(&mut self, block: Block) {
        self.blocks.push(block);
    }
}
