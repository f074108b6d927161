//! Rules so close that one's title could pass for the other's: never offered together as answers.

use crate::rules;

/// Groups of rules of which each could be defended where another one is right.
const GROUPS: &[&[&str]] = &[
    &["no-empty-bearer", "client-too-old", "rpc-over-http", "basic-fallback"],
    &[
        "authorization-uri-missing",
        "authorization-uri-not-entra",
        "authorities-differ",
        "basic-fallback",
    ],
    &["endpoint-unreachable", "not-exchange-answering", "autodiscover-url-wrong"],
    &["bearer-not-offered", "oauth-not-available"],
    &["audience-other-api", "audience-host-mismatch"],
    &["one-server-differs", "token-signature-rejected"],
    &["one-server-differs", "backend-refused"],
    &["https-not-decrypted", "no-exchange-traffic"],
    &["starts-mid-session", "sign-in-not-visible"],
];

/// Rules that say no more than that a step was refused: with any other rule of the same step they would be right as well.
const GENERAL: &[&str] = &["token-rejected", "sign-in-refused"];

/// Whether two rules could both be meant.
pub(super) fn are_kin(one: &str, other: &str) -> bool {
    let step = |id: &str| rules::find(id).and_then(|rule| rule.step);
    let is_general = GENERAL.contains(&one) || GENERAL.contains(&other);
    one == other
        || is_general && step(one) == step(other)
        || GROUPS.iter().any(|group| group.contains(&one) && group.contains(&other))
}

#[cfg(test)]
mod tests {
    use super::{GENERAL, GROUPS, are_kin};
    use crate::rules;

    #[test]
    fn the_groups_name_rules_that_exist() {
        for id in GROUPS.iter().copied().flatten().chain(GENERAL) {
            assert!(rules::find(id).is_some(), "{id}");
        }
    }

    #[test]
    fn a_general_rule_is_kin_to_all_of_its_step() {
        assert!(are_kin("token-rejected", "scope-missing"));
        assert!(!are_kin("token-rejected", "authorization-uri-missing"), "another step");
        assert!(!are_kin("token-expired", "scope-missing"));
    }
}
