//! Rules about what happens once the token is accepted.

use super::Rule;

pub(super) const RULES: &[&Rule] = &[];
