//! How two challenges differ, parameter by parameter.

use super::relative;
use crate::analysis::Analysis;
use crate::capture::SessionId;
use crate::http::{Challenge, Challenges};

/// The schemes that a session's answer offers, in alphabetical order: servers do not promise one.
pub(super) fn schemes(analysis: &Analysis, session: SessionId) -> Option<String> {
    let mut words: Vec<&str> =
        challenges(analysis, session)?.iter().map(|c| c.word.as_str()).collect();
    words.sort_unstable_by_key(|word| word.to_ascii_lowercase());
    words.dedup();
    (!words.is_empty()).then(|| words.join(", "))
}

/// The names of a Bearer challenge's parameters in the order of the wire, but for `authorization_uri`, which is compared
/// by itself.
pub(super) fn names(analysis: &Analysis, session: SessionId) -> Vec<String> {
    let bearer = challenges(analysis, session).and_then(Challenges::bearer);
    let parameters = bearer.map(|b| b.parameters.as_slice()).unwrap_or_default();
    let names = parameters.iter().map(|(name, _)| name.to_ascii_lowercase());
    names.filter(|name| name != "authorization_uri").collect()
}

/// The value of a Bearer challenge's parameter, as seen from the flow's host.
pub(super) fn value(
    analysis: &Analysis,
    session: SessionId,
    name: &str,
    host: &str,
) -> Option<String> {
    let bearer: &Challenge = challenges(analysis, session)?.bearer()?;
    bearer.parameter(name).map(|value| relative(value, host))
}

fn challenges(analysis: &Analysis, session: SessionId) -> Option<&Challenges> {
    analysis.flows.reading(session).map(|reading| &reading.challenges)
}
