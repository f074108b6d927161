//! Rules about secrets in the file. They speak of the file, never of the flow.

mod basic_credentials_in_capture;
mod token_over_http;

use super::Rule;

pub(super) const RULES: &[&Rule] = &[&basic_credentials_in_capture::RULE, &token_over_http::RULE];
