//! Rules about the last step: the mailbox behind the token.

mod user_not_found;

use super::{RefusedToken, Rule};

pub(super) const RULES: &[&Rule] = &[&user_not_found::RULE];

/// `x-ms-diagnostics` code for a user that Exchange cannot resolve to one mailbox.
const INVALID_USER: u32 = 2_000_005;

/// Whether a refusal says that nobody fits the token's user. The same code says *is ambiguous* when several do.
pub(super) fn is_unknown_user(refused: &RefusedToken<'_>) -> bool {
    refused.reading.diagnostics.as_ref().is_some_and(|diagnostics| {
        diagnostics.code == INVALID_USER
            && !diagnostics.reason.to_ascii_lowercase().contains("ambiguous")
    })
}
