//! What an analysis says of a capture, as far as redaction must not change it.

use crate::capture::SessionId;

/// A verdict and what it rests on. Redaction knows no rules: whoever analyses hands this in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judgement {
    /// The verdict in a word: `broken/challenge/authorization-uri-missing`.
    pub verdict: String,
    /// The rule of each finding and the sessions that prove it.
    pub findings: Vec<(&'static str, Vec<SessionId>)>,
}

/// How the judgement on a redacted capture differs from that on its original.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Misjudged {
    /// The verdict is another.
    #[error("it would be judged {after} instead of {before}")]
    Verdict {
        /// The verdict on the original.
        before: String,
        /// The verdict on the redacted capture.
        after: String,
    },
    /// A finding is gone.
    #[error("the finding {rule} would be gone{}", at(*.session))]
    Gone {
        /// Its rule.
        rule: &'static str,
        /// The original's session that it names first.
        session: Option<SessionId>,
    },
    /// A finding is new.
    #[error("there would be a new finding {rule}{}", at(*.session))]
    New {
        /// Its rule.
        rule: &'static str,
        /// The redacted capture's session that it names first.
        session: Option<SessionId>,
    },
}

fn at(session: Option<SessionId>) -> String {
    session.map(|session| format!(" at session {session}")).unwrap_or_default()
}

impl Judgement {
    /// Compares with the judgement on a copy. The numbers of the sessions of both tell their positions, by which they are
    /// compared, because a HAR counts anew.
    pub fn compare(
        &self,
        original: &[SessionId],
        after: &Self,
        copy: &[SessionId],
    ) -> Result<(), Misjudged> {
        if self.verdict != after.verdict {
            let (before, after) = (self.verdict.clone(), after.verdict.clone());
            return Err(Misjudged::Verdict { before, after });
        }
        let (before, after) = (self.placed(original), after.placed(copy));
        let session = |numbers: &[SessionId], positions: &[usize]| {
            positions.first().and_then(|at| numbers.get(*at)).copied()
        };
        if let Some((rule, at)) = missing(&before, &after) {
            return Err(Misjudged::Gone { rule, session: session(original, at) });
        }
        if let Some((rule, at)) = missing(&after, &before) {
            return Err(Misjudged::New { rule, session: session(copy, at) });
        }
        Ok(())
    }

    /// The findings with the positions of their sessions, in order.
    fn placed(&self, numbers: &[SessionId]) -> Vec<Placed> {
        let position = |id: &SessionId| {
            // Sessions mostly stand in the order of their numbers.
            let found = numbers.binary_search(id).ok();
            found.or_else(|| numbers.iter().position(|number| number == id))
        };
        let mut placed: Vec<Placed> = self
            .findings
            .iter()
            .map(|(rule, sessions)| {
                let mut positions: Vec<usize> = sessions.iter().filter_map(position).collect();
                // A token without its signature proves less in the same session.
                positions.sort_unstable();
                positions.dedup();
                (*rule, positions)
            })
            .collect();
        placed.sort_unstable();
        placed
    }
}

type Placed = (&'static str, Vec<usize>);

/// The first of some findings that is not among others; both in order.
fn missing<'a>(some: &'a [Placed], others: &[Placed]) -> Option<(&'static str, &'a [usize])> {
    let mut others = others.iter().peekable();
    for finding in some {
        while others.next_if(|other| *other < finding).is_some() {}
        if others.next_if(|other| *other == finding).is_none() {
            return Some((finding.0, &finding.1));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{Judgement, Misjudged};
    use crate::capture::SessionId;

    fn ids(numbers: &[u32]) -> Vec<SessionId> {
        numbers.iter().map(|n| SessionId(*n)).collect()
    }

    fn judgement(verdict: &str, findings: &[(&'static str, &[u32])]) -> Judgement {
        Judgement {
            verdict: verdict.into(),
            findings: findings.iter().map(|(rule, numbers)| (*rule, ids(numbers))).collect(),
        }
    }

    #[test]
    fn sessions_are_compared_by_position_and_findings_without_order() {
        let (original, copy) = (ids(&[3, 7, 9]), ids(&[1, 2, 3]));
        let before = judgement("broken", &[("a", &[7, 7]), ("b", &[3, 9]), ("a", &[9])]);
        let same = judgement("broken", &[("b", &[1, 3]), ("a", &[3]), ("a", &[2])]);
        assert_eq!(before.compare(&original, &same, &copy), Ok(()));
        for (after, expected) in [
            (judgement("healthy", &[]), "it would be judged healthy instead of broken"),
            (
                judgement("broken", &[("b", &[1, 3]), ("a", &[3])]),
                "the finding a would be gone at session 7",
            ),
            (
                judgement("broken", &[("b", &[1, 3]), ("a", &[2]), ("a", &[3]), ("c", &[1])]),
                "there would be a new finding c at session 1",
            ),
        ] {
            let wrong: Misjudged = before.compare(&original, &after, &copy).unwrap_err();
            assert_eq!(wrong.to_string(), expected);
        }
    }
}
