//! Rules about what the client does: the probe.

use super::Rule;

pub(super) const RULES: &[&Rule] = &[];
