//! The pages of the five steps.

use super::answers::{hash, other_rules, question};
use super::{Focus, Page, Pointer, Subject};
use crate::analysis::Analysis;
use crate::capture::SessionId;
use crate::flow::{Flow, Step, StepRecord, StepState};
use crate::rules::{self, Evidence, Finding, Part};

/// Places to look at on one page.
const PLACES: usize = 4;

/// Sessions told on one page.
const TOLD: usize = 3;

/// A page for each step of the flow that the lesson is about.
pub(super) fn pages<'a>(analysis: &'a Analysis, focus: &Focus<'a>) -> Vec<Page> {
    let Some(flow) = focus.flow else { return Vec::new() };
    // A flow that ended, or never began, does nothing more.
    let stops = |s: &StepRecord| matches!(s.state, StepState::Failed | StepState::Missing);
    let stopped_at = flow.steps.iter().position(stops);
    let page = |(at, record): (usize, &StepRecord)| {
        let is_behind = record.state == StepState::Missing && stopped_at.is_some_and(|s| at > s);
        page(analysis, focus, flow, *record, is_behind)
    };
    flow.steps.iter().enumerate().map(page).collect()
}

fn page<'a>(
    analysis: &'a Analysis,
    focus: &Focus<'a>,
    flow: &'a Flow,
    record: StepRecord,
    is_behind: bool,
) -> Page {
    let step = record.step;
    let finding = decisive(analysis, focus, flow, step);
    // Behind the break there is nothing to ask, unless something is to be found there all the same.
    let asks = !is_behind || finding.is_some();
    let rule = finding.and_then(|f| rules::find(f.rule));
    let right = rule.map_or_else(|| plain_answer(record), |rule| rule.title);
    let wrong = || {
        let good = as_it_should(step).to_owned();
        let mut others = other_rules(analysis, focus, Some(step), rule.map(|r| r.id))
            .map(|r| r.title.to_owned());
        let mut wrong = vec![good];
        wrong.extend(others.by_ref().take(2));
        // What is out of sight could be defended where a rule says so of its own.
        let is_in_sight = record.session.is_some() && record.state != StepState::Hidden;
        let is_plausible =
            step == Step::SignIn || hash(&[&focus.seed.to_string(), step.id()]).is_multiple_of(3);
        if is_plausible && (is_in_sight || record.state == StepState::Missing) {
            wrong.push(unseen(step).to_owned());
        }
        wrong.extend(others);
        wrong
    };
    Page {
        subject: Subject::Step(step),
        should: step.meaning().trim_end_matches('.').to_owned(),
        look: look(flow, record, finding),
        question: asks.then(|| question(asked(step), right, wrong(), focus.seed)),
        happened: happened(analysis, flow, record, finding, is_behind),
        why: rule.map(|rule| rule.why),
        evidence: finding.map(|f| f.evidence.clone()).unwrap_or_default(),
    }
}

/// The finding that says most about a step of a flow: the lesson's own, else the worst.
fn decisive<'a>(
    analysis: &'a Analysis,
    focus: &Focus<'a>,
    flow: &'a Flow,
    step: Step,
) -> Option<&'a Finding> {
    let own = focus.finding.filter(|f| f.step == Some(step));
    own.or_else(|| {
        let at_step = analysis.findings_of(flow).filter(|f| f.step == Some(step));
        // Of equals the first: `max_by_key` would take the last.
        at_step.collect::<Vec<_>>().into_iter().rev().max_by_key(|f| f.severity)
    })
}

const fn asked(step: Step) -> &'static str {
    match step {
        Step::Probe => "What does the client ask for?",
        Step::Challenge => "What does the server answer?",
        Step::SignIn => "What becomes of the sign-in?",
        Step::Token => "What about the token that Exchange gets?",
        Step::Access => "Does the mailbox open?",
    }
}

const fn as_it_should(step: Step) -> &'static str {
    match step {
        Step::Probe => "The client sends an empty Bearer, as it should",
        Step::Challenge => "Exchange answers 401 and says where to get a token, as it should",
        Step::SignIn => "The user is signed in and a token is issued, as it should be",
        Step::Token => "The client sends a token, and there is nothing wrong with it",
        Step::Access => "Exchange lets the client in, as it should",
    }
}

const fn unseen(step: Step) -> &'static str {
    match step {
        Step::SignIn => "It cannot be seen here, and need not be: there was a token already",
        _ => "It cannot be seen here, and need not be: it happened earlier",
    }
}

/// The answer where no rule has one.
const fn plain_answer(record: StepRecord) -> &'static str {
    match (record.state, record.step) {
        (StepState::Ok, step) => as_it_should(step),
        (StepState::Failed, _) => "It goes wrong, in a way that no rule knows",
        (StepState::Hidden, step) => unseen(step),
        (StepState::Missing, Step::Probe) => "The client never says that it can use a token",
        (StepState::Missing, Step::Challenge) => "Exchange is never asked for a challenge",
        (StepState::Missing, Step::SignIn) => "Nobody signs in: there is no session for it",
        (StepState::Missing, Step::Token) => "No token is sent",
        (StepState::Missing, Step::Access) => "The client never gets in with a token",
    }
}

fn look(flow: &Flow, record: StepRecord, finding: Option<&Finding>) -> Vec<Pointer> {
    if let Some(finding) = finding {
        let places = finding.evidence.iter().filter(|e| e.session.is_some());
        let mut pointers: Vec<Pointer> = Vec::new();
        for pointer in places.map(|evidence| pointer(evidence.clone())) {
            if pointers.len() < PLACES && pointers.iter().all(|p| p.label != pointer.label) {
                pointers.push(pointer);
            }
        }
        if !pointers.is_empty() {
            return pointers;
        }
    }
    let place = |session, part, name: &str| {
        vec![pointer(Evidence {
            session: Some(session),
            part,
            name: name.to_owned(),
            value: String::new(),
        })]
    };
    match (record.session, record.step) {
        (Some(session), Step::Probe) => place(session, Part::RequestHeader, "Authorization"),
        (Some(session), Step::Challenge) => {
            place(session, Part::ResponseHeader, "WWW-Authenticate")
        }
        (Some(session), Step::Token) => place(session, Part::Token, "aud"),
        (Some(session), Step::SignIn | Step::Access) => place(session, Part::Status, ""),
        // What is not there is looked for between what is.
        (None, step) => {
            let seen = |record: &&StepRecord| record.session.is_some();
            let before = flow.steps.iter().rev().filter(|s| s.step < step).find(seen);
            let after = flow.steps.iter().filter(|s| s.step > step).find(seen);
            let near = before.or(after).and_then(|s| s.session);
            let near = near.or_else(|| flow.sessions.first().copied());
            near.map(|session| place(session, Part::RequestLine, "")).unwrap_or_default()
        }
    }
}

impl Pointer {
    /// Names a place without what stands there.
    pub fn to(evidence: Evidence) -> Self {
        pointer(evidence)
    }
}

pub(super) fn pointer(evidence: Evidence) -> Pointer {
    let session =
        evidence.session.map_or_else(|| "The file".to_owned(), |s| format!("Session {s}"));
    let side = match evidence.part {
        Part::RequestLine => "the request",
        Part::RequestHeader => "in the request",
        Part::RequestBody => "in the request's body",
        Part::Status => "the status of the answer",
        Part::ResponseHeader => "in the answer",
        Part::ResponseBody => "in the answer's body",
        Part::Token => "in the token",
        Part::Capture => "as a whole",
    };
    let is_whole = matches!(evidence.part, Part::RequestLine | Part::Status | Part::Capture);
    let label = if is_whole || evidence.name.is_empty() {
        format!("{session}, {side}")
    } else {
        format!("{session}, {} {side}", evidence.name)
    };
    Pointer { evidence, label }
}

fn happened(
    analysis: &Analysis,
    flow: &Flow,
    record: StepRecord,
    finding: Option<&Finding>,
    is_behind: bool,
) -> Vec<String> {
    let mut told: Vec<String> = finding.map(|f| f.message.clone()).into_iter().collect();
    let mut sessions: Vec<SessionId> = record.session.into_iter().collect();
    for session in finding.iter().flat_map(|f| &f.evidence).filter_map(|e| e.session) {
        if !sessions.contains(&session) {
            sessions.push(session);
        }
    }
    told.extend(sessions.into_iter().take(TOLD).filter_map(|id| told_of(analysis, id)));
    match record.state {
        StepState::Missing if is_behind => {
            told.push(format!("{} did not come to this step", flow.name()));
        }
        StepState::Missing if finding.is_none() => {
            told.push(format!("No session of {} does this", flow.name()));
        }
        StepState::Hidden if finding.is_none() => told.push(
            "No session shows it: a broker, a token from earlier, or a recorder that was started late".to_owned(),
        ),
        _ => {}
    }
    told
}

/// `Session 9: Autodiscover probe: empty Bearer → 401: get a token at login.windows.net`
pub(super) fn told_of(analysis: &Analysis, id: SessionId) -> Option<String> {
    let (session, reading) = analysis.session(id)?;
    Some(format!("Session {id}: {} → {}", reading.request_label(session), reading.answer_label()))
}

/// What was recorded, told so that it gives nothing away.
pub(super) fn scene(analysis: &Analysis, flow: Option<&Flow>) -> String {
    let sessions = analysis.capture.sessions.len();
    let sessions =
        if sessions == 1 { "1 session".to_owned() } else { format!("{sessions} sessions") };
    match flow {
        Some(flow) => {
            let client = flow.client.as_deref().map(|client| {
                client.split(':').next().unwrap_or(client).chars().take(40).collect::<String>()
            });
            let client = client.map(|client| format!(" by {client}")).unwrap_or_default();
            format!("{sessions}; the walk follows {}{client}", flow.name())
        }
        None => format!("{sessions}; no flow to a mailbox to walk along"),
    }
}
