//! Rules about servers that call servers. They are told apart and never part of the verdict on HMA.

mod server_to_server_refused;

use super::Rule;

pub(super) const RULES: &[&Rule] = &[&server_to_server_refused::RULE];
