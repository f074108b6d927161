//! Rules about getting a token.

use super::Rule;

pub(super) const RULES: &[&Rule] = &[];
