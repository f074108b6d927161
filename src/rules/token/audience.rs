//! What "the audience is invalid" means: another host, or another scheme.

use crate::http::{Scheme, Target};
use crate::knowledge::exchange_online_host;
use crate::rules::{Case, RefusedToken};

/// `x-ms-diagnostics` code for an audience that does not fit the address.
const INVALID_RESOURCE: u32 = 2_000_003;

/// How the token's address and the one that Exchange saw differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Mismatch {
    /// In the host name.
    Host {
        /// The host that the token is for.
        token_host: String,
        /// The host that Exchange saw, where the answer tells it.
        seen_host: Option<String>,
        /// Whether the answer itself names both.
        proven: bool,
    },
    /// In http and https only.
    Scheme {
        /// Whether the answer itself names both.
        proven: bool,
    },
}

/// Compares what a refusal quotes. Which of two quoted addresses is the token's is not to be trusted: builds differ in
/// what they call expected and actual, so the one that the client used counts as the token's.
pub(super) fn mismatch(case: &Case<'_>, refused: &RefusedToken<'_>) -> Option<Mismatch> {
    let sent_to = refused.session.host();
    let audience = audience_host(case, refused);
    let Some(diagnostics) = &refused.reading.diagnostics else {
        // Exchange did not say why; a token for another host of the organisation is reason enough.
        refused.reading.challenges.bearer()?;
        let audience = audience.filter(|host| host != sent_to && !is_other_api(host))?;
        return Some(Mismatch::Host {
            token_host: audience,
            seen_host: Some(sent_to.to_owned()),
            proven: false,
        });
    };
    if diagnostics.code != INVALID_RESOURCE {
        return None;
    }
    let quoted: Vec<Target> = diagnostics
        .quoted()
        .into_iter()
        .map(Target::new)
        .filter(|target| !target.host().is_empty())
        .collect();
    match quoted.as_slice() {
        [one, two] if one.host() != two.host() => {
            let is_token = |t: &Target| {
                audience.as_deref().map_or(t.host() == sent_to, |audience| t.host() == audience)
            };
            let (token, seen) = if is_token(two) { (two, one) } else { (one, two) };
            (!is_other_api(token.host())).then(|| Mismatch::Host {
                token_host: token.host().to_owned(),
                seen_host: Some(seen.host().to_owned()),
                proven: true,
            })
        }
        [one, two] => (one.scheme() != two.scheme()).then_some(Mismatch::Scheme { proven: true }),
        // Older builds quote the audience alone; the realm of Basic is the name by which Exchange was addressed.
        [audience] if !is_other_api(audience.host()) => {
            let realm = refused
                .reading
                .challenges
                .get(Scheme::Basic)
                .and_then(|basic| basic.parameter("realm"))
                .map(str::to_ascii_lowercase)
                .filter(|realm| !realm.is_empty());
            match realm {
                Some(realm) if realm == audience.host() && audience.host() == sent_to => {
                    Some(Mismatch::Scheme { proven: false })
                }
                seen => Some(Mismatch::Host {
                    token_host: audience.host().to_owned(),
                    proven: seen.is_some(),
                    seen_host: seen.filter(|seen| seen != audience.host()),
                }),
            }
        }
        _ => None,
    }
}

/// Host of the refused token's audience.
fn audience_host(case: &Case<'_>, refused: &RefusedToken<'_>) -> Option<String> {
    let audience = case.flows.token_used_in(refused.session.id)?.jwt()?.audience()?;
    let host = Target::new(audience).host().to_owned();
    (!host.is_empty()).then_some(host)
}

/// Whether a token is for Exchange Online or another service of Microsoft: asked for wrongly, not renamed on its way.
pub(super) fn is_other_api(host: &str) -> bool {
    exchange_online_host::is_exchange_online(host)
        || ["graph.microsoft.com", "graph.windows.net", "management.azure.com"].contains(&host)
}
