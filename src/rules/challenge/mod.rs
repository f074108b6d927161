//! Rules about Exchange's answer to the probe.

use super::Rule;

pub(super) const RULES: &[&Rule] = &[];
