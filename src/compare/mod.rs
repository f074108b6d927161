//! Two analyses side by side: flows matched by protocol, steps matched by name, and the first place where they part.

mod challenge;
mod claims;
mod difference;

pub use difference::{Aspect, Difference, Seen};

use difference::Side;

use crate::analysis::Analysis;
use crate::flow::{Flow, FlowId, Mechanism, Protocol, Step};
use crate::http::Target;

/// Two flows that try the same, or one that the other capture does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowPair {
    /// The protocol of both.
    pub protocol: Protocol,
    /// The flow in the good capture.
    pub good: Option<FlowId>,
    /// The flow in the bad capture.
    pub bad: Option<FlowId>,
    /// Where they part, in the order of steps. Empty when one of them is missing.
    pub differences: Vec<Difference>,
}

impl FlowPair {
    /// Compares two flows that somebody chose; `None` when one of them is not there.
    pub fn between(good: (&Analysis, FlowId), bad: (&Analysis, FlowId)) -> Option<Self> {
        let one = Side { analysis: good.0, flow: good.0.flows.flow(good.1)? };
        let other = Side { analysis: bad.0, flow: bad.0.flows.flow(bad.1)? };
        Some(Self {
            protocol: other.flow.protocol,
            good: Some(good.1),
            bad: Some(bad.1),
            differences: difference::differences(one, other),
        })
    }

    /// The first difference that could explain a failure.
    pub fn first_difference(&self) -> Option<&Difference> {
        self.differences.iter().find(|difference| !difference.incidental)
    }
}

/// What parts two captures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The flows in the order of the bad capture, then those that only the good one has.
    pub pairs: Vec<FlowPair>,
    /// Place of the pair that differs first in [`Comparison::pairs`].
    first: Option<usize>,
}

impl Comparison {
    /// Compares a capture in which sign-in works with one in which it does not.
    pub fn of(good: &Analysis, bad: &Analysis) -> Self {
        let mut free: Vec<&Flow> = good.flows.flows.iter().collect();
        let mut pairs: Vec<FlowPair> = bad
            .flows
            .flows
            .iter()
            .map(|flow| {
                let twin = closest(&mut free, flow);
                FlowPair {
                    protocol: flow.protocol,
                    good: twin.map(|twin| twin.id),
                    bad: Some(flow.id),
                    differences: twin
                        .map(|twin| {
                            let good = Side { analysis: good, flow: twin };
                            difference::differences(good, Side { analysis: bad, flow })
                        })
                        .unwrap_or_default(),
                }
            })
            .collect();
        pairs.extend(free.into_iter().map(|flow| FlowPair {
            protocol: flow.protocol,
            good: Some(flow.id),
            bad: None,
            differences: Vec::new(),
        }));
        let first = first(&pairs, bad);
        Self { pairs, first }
    }

    /// The difference that comes first: in the broken flow that the bad capture's verdict speaks of, else in the first
    /// flow that differs.
    pub fn first_difference(&self) -> Option<(&FlowPair, &Difference)> {
        let pair = self.pairs.get(self.first?)?;
        Some((pair, pair.first_difference()?))
    }

    /// Whether no matched flow differs in anything that could explain a failure.
    pub fn is_same(&self) -> bool {
        self.first.is_none() && self.pairs.iter().all(|p| p.good.is_some() && p.bad.is_some())
    }
}

/// A value as seen from the flow's host, so that captures of two hosts can be compared.
fn relative(value: &str, host: &str) -> String {
    let target = Target::new(value);
    if host.is_empty() {
        value.to_owned()
    } else if value.eq_ignore_ascii_case(host) {
        "the flow's own host".to_owned()
    } else if target.host() == host {
        format!("the flow's own host, {}", target.scheme())
    } else {
        value.to_owned()
    }
}

/// Takes the flow that resembles `flow` most: the same protocol, best with the same way to sign in, best HMA.
fn closest<'a>(free: &mut Vec<&'a Flow>, flow: &Flow) -> Option<&'a Flow> {
    let likeness = |other: &Flow| {
        (
            other.mechanism == flow.mechanism,
            other.mechanism == Mechanism::Hma,
            other.online == flow.online,
            other.host == flow.host,
        )
    };
    // Of equals the earliest: `max_by_key` would take the last.
    let best = free
        .iter()
        .enumerate()
        .rev()
        .filter(|(_, other)| other.protocol == flow.protocol)
        .max_by_key(|(_, other)| likeness(other))
        .map(|(at, _)| at)?;
    Some(free.remove(best))
}

fn first(pairs: &[FlowPair], bad: &Analysis) -> Option<usize> {
    let differs = |pair: &FlowPair| pair.first_difference().is_some();
    let told = bad.verdict.session.and_then(|session| {
        let flow = bad.flows.flows_of(session).next()?.id;
        pairs.iter().position(|pair| pair.bad == Some(flow) && differs(pair))
    });
    told.or_else(|| {
        let earliest: Option<(Step, usize)> = pairs
            .iter()
            .enumerate()
            .filter_map(|(at, pair)| Some((pair.first_difference()?.step, at)))
            .min();
        earliest.map(|(_, at)| at)
    })
}

#[cfg(test)]
mod tests {
    use super::{Aspect, Comparison};
    use crate::analysis::Analysis;
    use crate::flow::Step;
    use crate::import::open_text;
    use crate::jwt::{Keys, example};

    const GOOD: &str = r#"
### 1
POST https://mail.contoso.com/mapi/emsmdb/ HTTP/1.1
Authorization: Bearer

HTTP/1.1 401 Unauthorized
X-FEServer: EX01
WWW-Authenticate: Bearer client_id="00000002-0000-0ff1-ce00-000000000000", authorization_uri="https://login.windows.net/common/oauth2/authorize"

### 2
POST https://mail.contoso.com/mapi/emsmdb/ HTTP/1.1
Authorization: Bearer {{jwt {"aud":"https://mail.contoso.com/"}}}

HTTP/1.1 200 OK
X-FEServer: EX01
"#;

    fn analysis(text: &str) -> Analysis {
        Analysis::of(open_text("test", &example::expand(text)).unwrap(), &Keys::default())
    }

    fn without_uri() -> String {
        GOOD.replace(
            ", authorization_uri=\"https://login.windows.net/common/oauth2/authorize\"",
            "",
        )
        .split("### 2")
        .next()
        .unwrap()
        .to_owned()
    }

    #[test]
    fn a_capture_is_the_same_as_itself() {
        let comparison = Comparison::of(&analysis(GOOD), &analysis(GOOD));
        assert!(comparison.is_same() && comparison.first_difference().is_none());
    }

    #[test]
    fn the_first_difference_is_where_the_flows_part() {
        let comparison = Comparison::of(&analysis(GOOD), &analysis(&without_uri()));
        let (_, first) = comparison.first_difference().unwrap();
        assert_eq!((first.step, first.aspect), (Step::Challenge, Aspect::State));
        assert!(!comparison.is_same());
    }

    #[test]
    fn a_flow_that_only_one_capture_has_stands_alone() {
        let more = format!(
            "{GOOD}\n### 3\nGET https://mail.contoso.com/EWS/Exchange.asmx HTTP/1.1\nAuthorization: Bearer\n\n\
             HTTP/1.1 401 Unauthorized\nX-FEServer: EX01\n"
        );
        let comparison = Comparison::of(&analysis(&more), &analysis(GOOD));
        let alone = comparison.pairs.last().unwrap();
        assert!(alone.good.is_some() && alone.bad.is_none() && alone.differences.is_empty());
    }

    #[test]
    fn flows_that_a_person_paired_are_compared_like_any_other() {
        let (good, bad) = (analysis(GOOD), analysis(&without_uri()));
        let (one, other) = (good.flows.flows[0].id, bad.flows.flows[0].id);
        let pair = super::FlowPair::between((&good, one), (&bad, other)).unwrap();
        assert_eq!(pair, Comparison::of(&good, &bad).pairs[0]);
        let nobody = crate::flow::FlowId(99);
        assert!(super::FlowPair::between((&good, one), (&bad, nobody)).is_none());
    }

    #[test]
    fn another_audience_is_a_difference_of_the_token() {
        let other = GOOD.replace("aud\":\"https://mail", "aud\":\"https://outlook");
        let comparison = Comparison::of(&analysis(GOOD), &analysis(&other));
        let found = comparison.pairs[0].differences.iter().find(|d| d.aspect == Aspect::Audience);
        assert_eq!(found.unwrap().bad.value.as_deref(), Some("https://outlook.contoso.com/"));
    }

    #[test]
    fn challenge_parameters_and_claims_are_compared_one_by_one() {
        let good = GOOD.replace(
            r#"{"aud":"https://mail.contoso.com/"}"#,
            r#"{"aud":"https://mail.contoso.com/","scp":"EWS.AccessAsUser.All","upn":"a@contoso.com","exp":1}"#,
        );
        let bad = GOOD
            .replace("client_id=\"00000002", "client_id=\"00000009")
            .replace("authorization_uri", "token_types=\"x\", authorization_uri")
            .replace(
                r#"{"aud":"https://mail.contoso.com/"}"#,
                r#"{"aud":"https://mail.contoso.com/","scp":"openid","upn":"b@contoso.com","exp":2}"#,
            );
        let comparison = Comparison::of(&analysis(&good), &analysis(&bad));
        let told: Vec<(String, bool)> = comparison.pairs[0]
            .differences
            .iter()
            .map(|difference| (difference.title(), difference.incidental))
            .collect();
        let expected = [
            ("Challenge parameter client_id", false),
            ("Challenge parameter token_types", false),
            ("Claim scp", false),
            ("Claim upn", true),
        ];
        assert_eq!(told, expected.map(|(title, incidental)| (title.to_owned(), incidental)));
    }

    #[test]
    fn two_people_whose_sign_in_works_do_not_differ() {
        let user = |name: &str| {
            GOOD.replace(
                r#"{"aud":"https://mail.contoso.com/"}"#,
                &format!(r#"{{"aud":"https://mail.contoso.com/","upn":"{name}@contoso.com"}}"#),
            )
        };
        let comparison = Comparison::of(&analysis(&user("meg")), &analysis(&user("greg")));
        assert!(comparison.is_same());
        assert_eq!(comparison.pairs[0].differences.len(), 1);
    }

    #[test]
    fn another_scheme_offered_is_a_difference_and_another_order_is_none() {
        let with = |schemes: &str| {
            GOOD.replacen("oauth2/authorize\"", &format!("oauth2/authorize\"{schemes}"), 1)
        };
        let aspects = |other: &str| -> Vec<Aspect> {
            let comparison =
                Comparison::of(&analysis(&with(", Negotiate, NTLM")), &analysis(&with(other)));
            comparison.pairs[0].differences.iter().map(|d| d.aspect).collect()
        };
        assert_eq!(aspects(", NTLM, Negotiate"), []);
        assert_eq!(aspects(", NTLM"), [Aspect::Schemes]);
    }
}
