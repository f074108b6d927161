//! Rules about the answer to the empty Bearer.

mod authorization_uri_missing;
mod authorization_uri_not_entra;
mod bearer_not_offered;
mod oauth_not_available;

use super::Rule;
use crate::flow::Reading;
use crate::knowledge::client_app;

/// `x-ms-diagnostics` code `oauth_not_available`.
const OAUTH_NOT_AVAILABLE: u32 = 4_000_000;

pub(super) const RULES: &[&Rule] = &[
    &bearer_not_offered::RULE,
    &authorization_uri_missing::RULE,
    &authorization_uri_not_entra::RULE,
    &oauth_not_available::RULE,
];

/// Whether Exchange wrote the challenge, rather than something that answers in its place.
fn speaks_for_exchange(reading: &Reading) -> bool {
    reading.spoke_as_exchange
        || reading
            .challenges
            .bearer()
            .and_then(|bearer| bearer.parameter("client_id"))
            .is_some_and(|id| id.eq_ignore_ascii_case(client_app::EXCHANGE))
}

/// The schemes that an answer offers, each once: `Negotiate, NTLM`.
fn offered(reading: &Reading) -> String {
    let mut words: Vec<&str> = Vec::new();
    for challenge in &reading.challenges {
        if !words.contains(&challenge.scheme.name()) {
            words.push(challenge.scheme.name());
        }
    }
    words.join(", ")
}
