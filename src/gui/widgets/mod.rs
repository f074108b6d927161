//! Small parts that several places of the window share. Each has an accessible name.

mod button;
mod fix_steps;
mod table;
mod text;

pub use button::{
    copy_button, focus_ring, icon_button, link, primary_button, secondary_button, tab,
};
pub use fix_steps::fix_steps;
pub use table::{Cell, row, rule};
pub use text::{badge, code, decoration, empty, glyph, pill};

pub use crate::diagram::words::tidy;
