//! Who said what to whom, as a ladder: laid out and drawn as figures, before anybody decides on pixels or a file format.
//! The window paints the figures; `svg` writes them down.

mod break_point;
mod drawing;
mod excerpt;
pub mod figure;
mod folds;
pub mod geometry;
mod interest;
mod lanes;
mod layout;
mod shape;
mod svg;
mod unseen;
pub mod words;

pub use break_point::BreakPoint;
pub use drawing::{Clock, Pen, State};
pub use excerpt::Excerpt;
pub use folds::Folds;
pub use interest::Tone;
pub use lanes::Lane;
pub use layout::{Fold, Folded, Ghost, Hidden, Layout, Mark, Row, SessionRow};
pub use shape::{Area, Point, point, whole};
pub use svg::{Strips, picture, strips};
