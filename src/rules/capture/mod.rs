//! Rules about the file itself: what it cannot show.

use super::Rule;

pub(super) const RULES: &[&Rule] = &[];
