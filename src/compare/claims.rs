//! How two tokens differ, claim by claim.

use serde_json::{Map, Value};

use super::relative;
use crate::analysis::Analysis;
use crate::capture::SessionId;
use crate::http::mask;

/// Claims that differ between any two tokens: times, and numbers that are made anew. They are not compared. `aud` is
/// compared by itself (Microsoft Learn, Access token claims reference).
const VARYING: &[&str] = &[
    "aio",
    "at_hash",
    "aud",
    "auth_time",
    "c_hash",
    "exp",
    "iat",
    "jti",
    "nbf",
    "nonce",
    "pwd_exp",
    "rh",
    "sid",
    "uti",
    "xms_ftd",
    "xms_idrel",
    "xms_st",
];

/// Claims that say who signed in, how and from where: they differ between two people whose sign-in works alike.
const PERSONAL: &[&str] = &[
    "acr",
    "amr",
    "deviceid",
    "email",
    "family_name",
    "given_name",
    "in_corp",
    "ipaddr",
    "name",
    "nameid",
    "oid",
    "onprem_sid",
    "preferred_username",
    "puid",
    "smtp",
    "sub",
    "unique_name",
    "upn",
];

/// The names of the claims of the token that a session carries, but for those that always differ.
pub(super) fn names(analysis: &Analysis, session: SessionId) -> Vec<String> {
    let names = claims(analysis, session).into_iter().flatten().map(|(name, _)| name.clone());
    names.filter(|name| VARYING.binary_search(&name.as_str()).is_err()).collect()
}

/// What a claim says, as seen from the flow's host; nested tokens are masked.
pub(super) fn value(
    analysis: &Analysis,
    session: SessionId,
    name: &str,
    host: &str,
) -> Option<String> {
    let value = mask::json(claims(analysis, session)?.get(name)?);
    Some(value.as_str().map_or_else(|| value.to_string(), |text| relative(text, host)))
}

/// Whether a claim says no more than who signed in.
pub(super) fn is_personal(name: &str) -> bool {
    PERSONAL.binary_search(&name).is_ok()
}

fn claims(analysis: &Analysis, session: SessionId) -> Option<&Map<String, Value>> {
    Some(analysis.flows.token_used_in(session)?.jwt()?.claims())
}

#[cfg(test)]
mod tests {
    use super::{PERSONAL, VARYING};

    #[test]
    fn the_lists_are_sorted_for_the_binary_search() {
        assert!(VARYING.is_sorted() && PERSONAL.is_sorted());
    }
}
