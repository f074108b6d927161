//! Finding sessions: the language of the search box, an index of what it asks about, and the search through bodies.
//! Values that are masked on screen are masked in the index, too: address and header fields are searched as they are
//! shown. Bodies are searched as they were recorded, after every coding was undone.

mod bits;
mod body;
mod completion;
mod distance;
mod field;
mod index;
mod interval;
mod names;
mod order;
mod query;
mod sift;
mod texts;

pub use bits::Bits;
pub use body::{BodyMemory, search_bodies};
pub use completion::{Completion, complete};
pub use field::Field;
pub use index::{Index, Row};
pub use interval::Interval;
pub use names::Names;
pub use order::SortKey;
pub use query::{Condition, Hint, Query, Term, quoted};
pub use sift::{Sifted, Sifter};
