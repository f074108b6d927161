//! Rules about sending the token to Exchange.

mod audience;
mod audience_host_mismatch;
mod audience_scheme_mismatch;
mod token_rejected;

use super::Rule;

pub(super) const RULES: &[&Rule] =
    &[&audience_host_mismatch::RULE, &audience_scheme_mismatch::RULE, &token_rejected::RULE];
