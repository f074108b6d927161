//! Rules about secrets in the file. They speak of the file, never of the flow.

mod basic_credentials_in_capture;

use super::Rule;

pub(super) const RULES: &[&Rule] = &[&basic_credentials_in_capture::RULE];
