//! The one-sentence answer: findings and steps make the verdict, and the first break wins.

use std::cmp::Reverse;

use crate::capture::SessionId;
use crate::flow::{
    Endpoint, Flow, Mechanism, Outcome, Protocol, Reading, Reconstruction, RequestMessage, Step,
    StepRecord, StepState, concerns, is_cloud_attempt, may_be_same,
};
use crate::rules::{Finding, Severity, find};

/// The answer to "did Hybrid Modern Authentication work, and if not, where did it break?".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// How it ended.
    pub outcome: Outcome,
    /// The step that broke.
    pub step: Option<Step>,
    /// The rule that explains it.
    pub rule: Option<&'static str>,
    /// The session that shows it.
    pub session: Option<SessionId>,
    /// One sentence for a person.
    pub summary: String,
}

impl Verdict {
    /// `Broken at the challenge`: the answer in a few words.
    pub fn headline(&self) -> String {
        match (self.outcome, self.step) {
            (Outcome::Broken, Some(step)) => {
                format!("Broken at the {}", step.name().to_lowercase())
            }
            (Outcome::Broken, None) => "Broken".to_owned(),
            (Outcome::Healthy, _) => "Healthy".to_owned(),
            (Outcome::NotHma, _) => "Not modern authentication".to_owned(),
            (Outcome::NotEnoughEvidence, _) => "Not enough evidence".to_owned(),
        }
    }

    /// `broken/challenge/authorization-uri-missing`: what must not change when a capture is redacted.
    pub fn key(&self) -> String {
        let parts = [Some(self.outcome.id()), self.step.map(Step::id), self.rule];
        parts.into_iter().flatten().collect::<Vec<_>>().join("/")
    }
}

/// Judges a capture. Flows whose findings show a break that their steps alone do not show are marked broken.
pub fn judge(flows: &mut Reconstruction, findings: &[Finding]) -> Verdict {
    for finding in findings.iter().filter(|f| f.severity == Severity::Error) {
        let tried = finding.session().and_then(|id| flows.reading(id)).cloned();
        if let Some(flow) = flows.flows.iter_mut().find(|f| Some(f.id) == finding.flow) {
            flow.outcome = Outcome::Broken;
            // What was tried with Exchange, or with an identity provider for this host, is not missing.
            let is_tried = tried.is_some_and(|r| match (finding.step, &r.request) {
                (Some(Step::Challenge), RequestMessage::Probe)
                | (Some(Step::Access), RequestMessage::Token) => flow.sessions.contains(&r.session),
                (_, request) => {
                    let is_identity = r.endpoint.identity().is_some();
                    (is_identity || *request == RequestMessage::Tunnel) && concerns(&r, &flow.host)
                }
            });
            // Where Exchange never answered, the flow's steps are out of sight but for the one that broke.
            let is_unknown = matches!(flow.mechanism, Mechanism::Unknown | Mechanism::Anonymous);
            // A step that looks good by itself was not when nothing came of it.
            let in_vain = flow.steps.iter().any(|s| s.step == Step::Access && s.session.is_none());
            let fails = |s: &StepRecord| match s.state {
                StepState::Missing => is_tried,
                StepState::Hidden => is_unknown,
                StepState::Ok => in_vain,
                StepState::Failed => false,
            };
            let step = flow.steps.iter_mut().find(|s| Some(s.step) == finding.step);
            if let Some(step) = step.filter(|s| fails(s)) {
                let own = || {
                    let evidence = finding.evidence.iter().filter_map(|e| e.session);
                    evidence.into_iter().find(|id| flow.sessions.contains(id))
                };
                step.session = if is_unknown { own() } else { None }.or(finding.session());
                step.state = StepState::Failed;
            }
        }
    }
    // Without an answer from the rules a flow that uses AD FS or Windows sign-in is not ours to call broken.
    if let Some(verdict) = broken(flows, findings) {
        return verdict;
    }
    let healthy_flows = flows.flows.iter().filter(|f| f.outcome == Outcome::Healthy);
    if let Some(flow) = healthy_flows.min_by_key(|f| (f.online, closeness(f.protocol))) {
        return healthy(flows, flow);
    }
    not_broken(flows, findings)
}

fn broken(flows: &Reconstruction, findings: &[Finding]) -> Option<Verdict> {
    let broken: Vec<&Flow> = flows.flows.iter().filter(|f| f.outcome == Outcome::Broken).collect();
    if broken.is_empty() {
        return None;
    }
    let place =
        |session: Option<SessionId>| session.and_then(|s| flows.place(s)).unwrap_or(usize::MAX);
    let breaks = |f: &&Finding| f.step.is_some() && broken.iter().any(|b| Some(b.id) == f.flow);
    let errors = findings.iter().filter(|f| f.severity == Severity::Error);
    // What works otherwise and fails here (a protocol that is switched off) explains the step that failed.
    let fails = |f: &&Finding| {
        let is_failed = |b: &&Flow| {
            let failed = |s: &StepRecord| Some(s.step) == f.step && s.state == StepState::Failed;
            Some(b.id) == f.flow && b.steps.iter().any(failed)
        };
        f.severity == Severity::Warning && broken.iter().any(is_failed)
    };
    let decisive = |f: &&Finding| (place(f.session()), f.step);
    let first = errors
        .filter(breaks)
        .min_by_key(decisive)
        .or_else(|| findings.iter().filter(fails).min_by_key(decisive));
    if let Some(finding) = first {
        let rule = find(finding.rule);
        return Some(Verdict {
            outcome: Outcome::Broken,
            step: finding.step,
            rule: rule.map(|r| r.id),
            session: finding.session(),
            summary: finding.message.clone(),
        });
    }
    let failed = broken
        .iter()
        .filter(|flow| !is_done_without(flows, flow))
        .flat_map(|flow| flow.steps.iter().map(move |step| (*flow, step)))
        .filter(|(_, step)| step.state == StepState::Failed)
        .min_by_key(|(_, step)| (place(step.session), step.step))?;
    let (flow, step) = failed;
    Some(Verdict {
        outcome: Outcome::Broken,
        step: Some(step.step),
        rule: None,
        session: step.session,
        summary: format!(
            "{} broke at the {} step, for a reason that no rule knows",
            flow.name(),
            step.step.name().to_lowercase()
        ),
    })
}

/// Whether the same person's client got its settings elsewhere and opened the mailbox. Outlook asks several servers for them.
fn is_done_without(flows: &Reconstruction, lost: &Flow) -> bool {
    lost.protocol == Protocol::Autodiscover
        && flows.flows.iter().any(|flow| {
            flow.outcome == Outcome::Healthy
                && !flow.online
                && closeness(flow.protocol) <= closeness(Protocol::Ews)
                && flow.client == lost.client
                && may_be_same(flow.person, lost.person)
        })
}

/// How close a protocol is to what people mean by "Outlook connects": the mailbox first, settings last.
const fn closeness(protocol: Protocol) -> u8 {
    match protocol {
        Protocol::Mapi => 0,
        Protocol::ActiveSync => 1,
        Protocol::Ews => 2,
        Protocol::Owa => 3,
        Protocol::Autodiscover => 5,
        _ => 4,
    }
}

fn healthy(flows: &Reconstruction, flow: &Flow) -> Verdict {
    let access = flow.steps.iter().find(|s| s.step == Step::Access).and_then(|s| s.session);
    let others = flows.flows.iter().filter(|f| f.outcome == Outcome::Healthy).count() - 1;
    let more = match others {
        0 => String::new(),
        1 => " and one more flow".to_owned(),
        n => format!(" and {n} more flows"),
    };
    let summary = if flow.online {
        "The phone's half of Hybrid Modern Authentication works: Exchange Online, which syncs with the organisation's own \
            server, let it in"
            .to_owned()
    } else {
        let how = match flow.protocol {
            Protocol::Owa | Protocol::Ecp => "reached the mailbox by a sign-in at Entra ID",
            // Settings and address lists are no mailbox.
            Protocol::Autodiscover | Protocol::Oab => "got an answer with a token",
            _ => "reached the mailbox with a token",
        };
        let name = flow.name();
        let other = other_way(flows, flow).map_or_else(String::new, |other| {
            format!(", but {} uses {}", other.name(), other.mechanism.name())
        });
        format!("Hybrid Modern Authentication works: {name}{more} {how}{other}")
    };
    Verdict { outcome: Outcome::Healthy, step: None, rule: None, session: access, summary }
}

/// The flow that asks for the mailbox itself without HMA, where HMA got no further than the settings.
fn other_way<'a>(flows: &'a Reconstruction, healthy: &Flow) -> Option<&'a Flow> {
    if !matches!(healthy.protocol, Protocol::Autodiscover | Protocol::Oab) {
        return None;
    }
    flows.flows.iter().find(|f| {
        !f.online
            && matches!(f.protocol, Protocol::Mapi | Protocol::ActiveSync | Protocol::Rpc)
            && matches!(f.mechanism, Mechanism::Basic | Mechanism::Ntlm | Mechanism::Negotiate)
    })
}

fn is_cloud_access(reading: &Reading) -> bool {
    matches!(reading.endpoint, Endpoint::Exchange { online: true, .. })
        && reading.request == RequestMessage::Token
        && reading.succeeded()
}

fn not_broken(flows: &Reconstruction, findings: &[Finding]) -> Verdict {
    let verdict = |outcome, rule, session, summary: String| Verdict {
        outcome,
        step: None,
        rule,
        session,
        summary,
    };
    // What is told of the way to Exchange where no flow began.
    let has_begun = flows.flows.iter().any(|f| !f.online);
    let before: Vec<_> =
        findings.iter().filter(|f| !has_begun && f.step.is_some() && f.flow.is_none()).collect();
    let said = |outcome, finding: &Finding| {
        let rule = find(finding.rule).map(|r| r.id);
        verdict(outcome, rule, finding.session(), finding.message.clone())
    };
    if let Some(stopped) = before.iter().find(|f| f.severity == Severity::Error) {
        return Verdict { step: stopped.step, ..said(Outcome::Broken, stopped) };
    }
    for id in ["https-not-decrypted", "export-sanitized", "no-exchange-traffic"] {
        if let Some(finding) = findings.iter().find(|f| f.rule == id) {
            return said(Outcome::NotEnoughEvidence, finding);
        }
    }
    let tried = flows.flows.iter().find(|f| f.mechanism == Mechanism::Hma);
    if tried.is_none() {
        let other = flows.flows.iter().find(|f| f.outcome == Outcome::NotHma);
        if let Some(flow) = other {
            // The rule that says so in its own words speaks, if there is one.
            let finding = findings
                .iter()
                .filter(|f| f.flow == Some(flow.id))
                .min_by_key(|f| Reverse(f.severity));
            let summary = finding.map_or_else(
                || {
                    format!(
                        "{} uses {}, not Hybrid Modern Authentication",
                        flow.name(),
                        flow.mechanism.name()
                    )
                },
                |f| f.message.clone(),
            );
            let rule = finding.and_then(|f| find(f.rule)).map(|r| r.id);
            let session =
                finding.and_then(Finding::session).or_else(|| flow.sessions.first().copied());
            return verdict(Outcome::NotHma, rule, session, summary);
        }
    }
    if let Some(hint) = before.first() {
        return said(Outcome::NotEnoughEvidence, hint);
    }
    let summary = match tried {
        Some(flow) => {
            let last = flow.steps.iter().rev().find(|s| s.state == StepState::Ok);
            match last {
                Some(step) => format!(
                    "The capture ends after the {} step of {}: capture again until Outlook connects or shows its error",
                    step.step.name().to_lowercase(),
                    flow.name()
                ),
                None => format!("The capture does not show how {} went on: capture again from the start of Outlook", flow.name()),
            }
        }
        None if flows.readings.iter().any(is_cloud_access) => {
            "Only Exchange Online was reached with a token: Hybrid Modern Authentication is about the organisation's own \
                servers, which this capture does not show"
                .to_owned()
        }
        None if flows.readings.iter().any(is_cloud_attempt) => {
            "Only Exchange Online was asked for: Hybrid Modern Authentication is about the organisation's own servers, \
                which this capture does not show"
                .to_owned()
        }
        None => "The capture shows no attempt to sign in to Exchange: start the capture, then start Outlook".to_owned(),
    };
    verdict(
        Outcome::NotEnoughEvidence,
        None,
        tried.and_then(|f| f.sessions.first().copied()),
        summary,
    )
}
