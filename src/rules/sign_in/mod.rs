//! Rules about signing in at Entra ID.

mod failure;
mod grant_revoked;
mod sign_in_refused;
mod spn_missing;
mod unknown_token_error;

use super::Rule;

pub(super) const RULES: &[&Rule] =
    &[&spn_missing::RULE, &grant_revoked::RULE, &sign_in_refused::RULE, &unknown_token_error::RULE];
