//! Rules about secrets in the capture; they never change the verdict.

use super::Rule;

pub(super) const RULES: &[&Rule] = &[];
