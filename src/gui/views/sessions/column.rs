//! The columns: which there are, which are shown, how wide, in which order. Remembered as text.

use std::fmt::Write as _;

use crate::search::SortKey;

/// A column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Column {
    /// The recorder's number, with the worst finding beside it.
    Number,
    /// A person's mark.
    Mark,
    /// Status code.
    Result,
    /// Step of the flow.
    Step,
    /// What request and answer mean.
    Meaning,
    /// Method.
    Method,
    /// Who answered.
    Actor,
    /// Exchange's protocol.
    Protocol,
    /// Host.
    Host,
    /// Path and masked query.
    Url,
    /// What the client authenticated with.
    Auth,
    /// Content type of the answer.
    Type,
    /// Size of the answer's body.
    Size,
    /// When it began.
    Time,
    /// How long it took.
    Duration,
    /// When it began and ended, as a bar.
    Waterfall,
    /// The client's process.
    Process,
    /// A comment.
    Comment,
}

impl Column {
    /// All columns in their first order.
    pub const ALL: [Self; 18] = [
        Self::Number,
        Self::Mark,
        Self::Result,
        Self::Step,
        Self::Meaning,
        Self::Host,
        Self::Url,
        Self::Time,
        Self::Duration,
        Self::Waterfall,
        Self::Auth,
        Self::Actor,
        Self::Protocol,
        Self::Method,
        Self::Type,
        Self::Size,
        Self::Process,
        Self::Comment,
    ];

    /// The column's head.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Number => "#",
            Self::Mark => "Mark",
            Self::Result => "Result",
            Self::Step => "Step",
            Self::Meaning => "Meaning",
            Self::Method => "Method",
            Self::Actor => "Actor",
            Self::Protocol => "Protocol",
            Self::Host => "Host",
            Self::Url => "URL",
            Self::Auth => "Auth",
            Self::Type => "Type",
            Self::Size => "Size",
            Self::Time => "Time",
            Self::Duration => "Duration",
            Self::Waterfall => "Waterfall",
            Self::Process => "Process",
            Self::Comment => "Comment",
        }
    }

    /// The column's name in menus, for screen readers, and under which it is remembered.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Mark => "mark",
            Self::Result => "result",
            Self::Step => "step",
            Self::Meaning => "meaning",
            Self::Method => "method",
            Self::Actor => "actor",
            Self::Protocol => "protocol",
            Self::Host => "host",
            Self::Url => "URL",
            Self::Auth => "authentication",
            Self::Type => "type",
            Self::Size => "size",
            Self::Time => "time",
            Self::Duration => "duration",
            Self::Waterfall => "waterfall",
            Self::Process => "process",
            Self::Comment => "comment",
        }
    }

    /// Its first width in points.
    pub const fn width(self) -> f32 {
        match self {
            Self::Number => 60.0,
            Self::Mark => 48.0,
            Self::Result | Self::Method => 56.0,
            Self::Step => 80.0,
            Self::Actor | Self::Size | Self::Duration => 76.0,
            Self::Meaning => 332.0,
            Self::Host => 132.0,
            Self::Url => 120.0,
            Self::Protocol | Self::Auth => 88.0,
            Self::Time => 100.0,
            Self::Waterfall | Self::Type => 108.0,
            Self::Process => 112.0,
            Self::Comment => 200.0,
        }
    }

    /// Whether its cells are numbers, which stand at the right.
    pub const fn is_number(self) -> bool {
        matches!(self, Self::Size | Self::Duration)
    }

    /// What the column is sorted by.
    pub const fn sort_key(self) -> SortKey {
        match self {
            Self::Number => SortKey::Number,
            Self::Mark => SortKey::Mark,
            Self::Result => SortKey::Status,
            Self::Step => SortKey::Step,
            Self::Meaning => SortKey::Meaning,
            Self::Method => SortKey::Method,
            Self::Actor => SortKey::Actor,
            Self::Protocol => SortKey::Protocol,
            Self::Host => SortKey::Host,
            Self::Url => SortKey::Url,
            Self::Auth => SortKey::Auth,
            Self::Type => SortKey::Kind,
            Self::Size => SortKey::Size,
            Self::Time | Self::Waterfall => SortKey::Began,
            Self::Duration => SortKey::Lasted,
            Self::Process => SortKey::Process,
            Self::Comment => SortKey::Comment,
        }
    }
}

/// The narrowest and the widest that a column gets, in points.
const WIDTHS: std::ops::RangeInclusive<f32> = 32.0..=1200.0;

/// A column as it stands in the table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Which.
    pub column: Column,
    /// How wide, in points.
    pub width: f32,
    /// Whether it is shown.
    pub shown: bool,
}

/// The columns of the table in their order.
#[derive(Clone, Debug, PartialEq)]
pub struct Columns(Vec<Place>);

impl Default for Columns {
    fn default() -> Self {
        let place = |column: Column| Place {
            column,
            width: column.width(),
            shown: column != Column::Method,
        };
        Self(Column::ALL.map(place).to_vec())
    }
}

impl Columns {
    /// All of them in order.
    pub fn iter(&self) -> impl Iterator<Item = &Place> {
        self.0.iter()
    }

    /// Those that are shown, in order.
    pub fn shown(&self) -> impl Iterator<Item = &Place> {
        self.0.iter().filter(|place| place.shown)
    }

    /// Shows or hides a column. The number stays: every row needs a name.
    pub fn show(&mut self, column: Column, shown: bool) {
        if let Some(place) = self.place(column) {
            place.shown = shown || column == Column::Number;
        }
    }

    /// Makes a column so wide.
    pub fn resize(&mut self, column: Column, width: f32) {
        if let Some(place) = self.place(column) {
            place.width = width.clamp(*WIDTHS.start(), *WIDTHS.end()).round();
        }
    }

    /// Moves a column before another one, or to the end.
    pub fn move_before(&mut self, column: Column, other: Option<Column>) {
        let Some(from) = self.0.iter().position(|place| place.column == column) else { return };
        if other == Some(column) {
            return;
        }
        let place = self.0.remove(from);
        let to = other.and_then(|other| self.0.iter().position(|p| p.column == other));
        self.0.insert(to.unwrap_or(self.0.len()), place);
    }

    /// Moves a column past its neighbour among those shown.
    pub fn shift(&mut self, column: Column, right: bool) {
        let shown: Vec<Column> = self.shown().map(|place| place.column).collect();
        let Some(at) = shown.iter().position(|c| *c == column) else { return };
        if right {
            if at + 1 < shown.len() {
                self.move_before(column, shown.get(at + 2).copied());
            }
        } else if let Some(before) = at.checked_sub(1).and_then(|at| shown.get(at)) {
            self.move_before(column, Some(*before));
        }
    }

    fn place(&mut self, column: Column) -> Option<&mut Place> {
        self.0.iter_mut().find(|place| place.column == column)
    }

    /// The columns as they are remembered: `number=60 mark=48 … method=-56`, a minus before those that are hidden.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for Place { column, width, shown } in &self.0 {
            let minus = if *shown { "" } else { "-" };
            // Writing to a string cannot fail.
            let _ = write!(text, "{}={minus}{width} ", column.name());
        }
        text.trim_end().to_owned()
    }

    /// Reads what was remembered; columns that it does not know stand at the end as they were first.
    pub fn of_text(text: &str) -> Self {
        let mut places: Vec<Place> = Vec::new();
        for (name, value) in text.split_whitespace().filter_map(|word| word.split_once('=')) {
            let column = Column::ALL.into_iter().find(|column| column.name() == name);
            let width = value.trim_start_matches('-').parse::<f32>().ok();
            let (Some(column), Some(width)) = (column, width.filter(|w| WIDTHS.contains(w))) else {
                continue;
            };
            if !places.iter().any(|place| place.column == column) {
                let shown = !value.starts_with('-') || column == Column::Number;
                places.push(Place { column, width, shown });
            }
        }
        for place in Self::default().0 {
            if !places.iter().any(|known| known.column == place.column) {
                places.push(place);
            }
        }
        Self(places)
    }
}

#[cfg(test)]
mod tests {
    use super::{Column, Columns};
    use proptest::prelude::*;

    fn shown(columns: &Columns) -> Vec<Column> {
        columns.shown().map(|place| place.column).take(4).collect()
    }

    #[test]
    fn columns_are_remembered() {
        let mut columns = Columns::default();
        columns.show(Column::Mark, false);
        columns.show(Column::Number, false);
        columns.resize(Column::Host, 99.6);
        columns.resize(Column::Url, 1.0);
        columns.shift(Column::Result, true);
        assert_eq!(
            shown(&columns),
            [Column::Number, Column::Step, Column::Result, Column::Meaning]
        );
        let text = columns.to_text();
        assert!(text.starts_with("number=60 mark=-48 step=80 result=56 "), "{text}");
        assert!(text.contains(" host=100 URL=32 "), "{text}");
        assert_eq!(Columns::of_text(&text), columns);
        assert_eq!(Columns::of_text(""), Columns::default());
    }

    #[test]
    fn columns_move_to_both_ends() {
        let mut columns = Columns::default();
        columns.shift(Column::Number, false);
        columns.shift(Column::Mark, false);
        assert_eq!(shown(&columns), [Column::Mark, Column::Number, Column::Result, Column::Step]);
        columns.shift(Column::Comment, true);
        columns.shift(Column::Process, true);
        let order: Vec<Column> = columns.shown().map(|place| place.column).collect();
        assert!(order.ends_with(&[Column::Comment, Column::Process]), "{order:?}");
    }

    proptest! {
        #[test]
        fn any_text_gives_every_column_once(text in "\\PC{0,60}|(number|mark|host|URL)=-?[0-9.]{0,5} ") {
            let columns = Columns::of_text(&text);
            for column in Column::ALL {
                prop_assert_eq!(columns.iter().filter(|place| place.column == column).count(), 1);
            }
        }
    }
}
