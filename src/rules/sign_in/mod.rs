//! Rules about signing in at Entra ID.

mod conditional_access_blocked;
mod failure;
mod federation_unreachable;
mod foreign_answer;
mod grant_expired;
mod grant_revoked;
mod identity_blocked;
mod reply_url_missing;
mod sign_in_interrupted;
mod sign_in_loop;
mod sign_in_refused;
mod spn_missing;
mod tenant_restricted;
mod unknown_token_error;
mod waiting;

pub(super) use failure::{ended, short};
pub(super) use sign_in_loop::loops;

use super::Rule;

pub(super) const RULES: &[&Rule] = &[
    &identity_blocked::RULE,
    &federation_unreachable::RULE,
    &spn_missing::RULE,
    &reply_url_missing::RULE,
    &tenant_restricted::RULE,
    &conditional_access_blocked::RULE,
    &grant_revoked::RULE,
    &grant_expired::RULE,
    &sign_in_refused::RULE,
    &sign_in_loop::RULE,
    &sign_in_interrupted::RULE,
    &unknown_token_error::RULE,
];
