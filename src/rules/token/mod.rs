//! Rules about sending the token to Exchange.

use super::Rule;

pub(super) const RULES: &[&Rule] = &[];
