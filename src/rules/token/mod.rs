//! Rules about sending the token to Exchange.

mod audience;
mod audience_host_mismatch;
mod audience_other_api;
mod audience_scheme_mismatch;
mod refusal;
mod scope_missing;
mod token_expired;
mod token_not_yet_valid;
mod token_rejected;
mod token_signature_rejected;
mod token_tenant_untrusted;

pub(super) use refusal::{Reason, explained, has_expired, is_time_over, refusals};

use super::Rule;

pub(super) const RULES: &[&Rule] = &[
    &audience_host_mismatch::RULE,
    &audience_scheme_mismatch::RULE,
    &audience_other_api::RULE,
    &token_expired::RULE,
    &token_not_yet_valid::RULE,
    &token_tenant_untrusted::RULE,
    &token_signature_rejected::RULE,
    &scope_missing::RULE,
    &token_rejected::RULE,
];
