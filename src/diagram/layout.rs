//! What the ladder shows, row by row, before anything is drawn: plain data that tests read as text.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};

use super::break_point::BreakPoint;
use super::folds::Folds;
use super::interest::{Interest, Routine, Tone};
use super::lanes::Lane;
use super::words::tidy;
use super::{interest, lanes, unseen};
use crate::analysis::Analysis;
use crate::capture::{Session, SessionId};
use crate::flow::{Actor, FlowId, Reading, RequestMessage, Step};

/// The shortest pause that gets a row of its own.
const PAUSE: TimeDelta = TimeDelta::seconds(5);

/// The fewest routine sessions in a row that fold into one.
const SHORTEST_FOLD: usize = 2;

/// The ladder of a capture, or of one of its flows.
#[derive(Debug, Default)]
pub struct Layout {
    /// The actors that take part, from left to right.
    pub lanes: Vec<Lane>,
    /// The rows from top to bottom.
    pub rows: Vec<Row>,
    /// The row of the first break.
    pub first_break: Option<usize>,
    /// Whether routine sessions fold, and whether some of them are folded away.
    pub folds: Option<Folded>,
    places: HashMap<Mark, usize>,
}

/// How the folds stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Folded {
    /// All of them are open.
    None,
    /// Some or all are closed.
    Some,
}

/// What names a row that can be gone to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mark {
    /// The row of a session.
    Session(SessionId),
    /// The line of a fold, named by its first session.
    Fold(SessionId),
}

/// A row of the ladder.
#[derive(Clone, Debug, PartialEq)]
pub enum Row {
    /// A session: an arrow out and an arrow back.
    Session(Box<SessionRow>),
    /// A step that should be there and is not.
    Ghost(Ghost),
    /// Steps that cannot be seen here and need not be.
    Hidden(Hidden),
    /// A pause.
    Gap(TimeDelta),
    /// Routine sessions, folded into one line; when open, their rows follow.
    Fold(Fold),
}

/// A session in the ladder.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionRow {
    /// Its number.
    pub session: SessionId,
    /// Who answered.
    pub actor: Actor,
    /// The steps that it shows, in order.
    pub steps: Vec<Step>,
    /// The host asked, where several stand behind one lane.
    pub host: String,
    /// What the client wants.
    pub request: String,
    /// What came back.
    pub answer: String,
    /// Whether that is good.
    pub tone: Tone,
    /// Whether the client sent a password.
    pub risky: bool,
    /// When the request began.
    pub started: Option<DateTime<Utc>>,
    /// How long it took.
    pub took: Option<TimeDelta>,
    /// What broke here, on the row of the first break.
    pub broken: Option<BreakPoint>,
    /// Whether the row belongs to an open fold.
    pub folded: bool,
}

/// A step that should be there and is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ghost {
    /// The step.
    pub step: Step,
    /// Who should have spoken.
    pub from: Actor,
    /// To whom.
    pub to: Actor,
    /// What should have been said.
    pub label: String,
}

/// Steps that cannot be seen here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hidden {
    /// The steps in order.
    pub steps: Vec<Step>,
    /// The actor that the band reaches to, from the client.
    pub until: Actor,
    /// Why, in one sentence.
    pub label: String,
}

/// Routine sessions in one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fold {
    /// The sessions in the order of time; never empty.
    pub sessions: Vec<SessionId>,
    /// Whether their rows follow.
    pub open: bool,
    /// What they are.
    pub label: String,
}

impl Layout {
    /// Lays out a capture, or one flow of it.
    pub fn of(analysis: &Analysis, flow: Option<FlowId>, folds: &Folds) -> Self {
        let steps = steps(analysis, flow);
        let shown = Shown::of(analysis, flow);
        let interest = Interest::of(analysis);
        let breaking = BreakPoint::of(analysis, flow);
        let mut unseen = unseen::rows(analysis, flow);
        let mut builder = Builder { folds, steps: &steps, rows: Vec::new(), run: Vec::new() };
        let mut last_end: Option<DateTime<Utc>> = None;
        for reading in analysis.flows.readings.iter().filter(|r| shown.has(r.session)) {
            let Some(session) = analysis.capture.session(reading.session) else { continue };
            let pause = session.started.zip(last_end).map(|(start, end)| start - end);
            last_end = last_end.max(session.ended());
            let routine = interest.routine(reading);
            if let (Some(routine), true) = (routine, pause.is_none_or(|p| p < PAUSE)) {
                builder.run.push((reading, session, routine));
                continue;
            }
            builder.end_run();
            if let Some(pause) = pause.filter(|p| *p >= PAUSE) {
                builder.rows.push(Row::Gap(pause));
            }
            if let Some(routine) = routine {
                builder.run.push((reading, session, routine));
                continue;
            }
            builder.rows.extend(unseen.before.remove(&reading.session).unwrap_or_default());
            let mut row = session_row(reading, session, &steps);
            row.tone = interest.tone(reading);
            row.broken =
                breaking.as_ref().filter(|(at, _)| *at == session.id).map(|(_, b)| b.clone());
            builder.rows.push(Row::Session(Box::new(row)));
            builder.rows.extend(unseen.after.remove(&reading.session).unwrap_or_default());
        }
        builder.end_run();
        Self::with(builder.rows, analysis)
    }

    fn with(mut rows: Vec<Row>, analysis: &Analysis) -> Self {
        let lanes = lanes::of(&rows, analysis);
        for row in &mut rows {
            let Row::Session(row) = row else { continue };
            let shared = lanes.iter().any(|l| l.actor == row.actor && l.members.len() > 1);
            if !shared || row.actor == Actor::Other {
                row.host.clear();
            }
        }
        let is_break = |row: &Row| matches!(row, Row::Session(s) if s.broken.is_some());
        let first_break = rows.iter().position(is_break);
        let places = rows.iter().enumerate().filter_map(|(at, row)| Some((row.mark()?, at)));
        let places = places.collect();
        let folds = rows.iter().filter_map(|row| match row {
            Row::Fold(Fold { open: true, .. }) => Some(Folded::None),
            Row::Fold(_) => Some(Folded::Some),
            _ => None,
        });
        let folds = folds.reduce(|all, one| if one == Folded::Some { one } else { all });
        Self { lanes, rows, first_break, folds, places }
    }

    /// The row of a mark; a session that is folded away has none.
    pub fn row_of(&self, mark: Mark) -> Option<usize> {
        self.places.get(&mark).copied()
    }

    /// The closed fold that holds a session, named by its first session.
    pub fn fold_of(&self, session: SessionId) -> Option<SessionId> {
        if self.places.contains_key(&Mark::Session(session)) {
            return None;
        }
        self.rows.iter().find_map(|row| match row {
            Row::Fold(fold) if !fold.open && fold.sessions.contains(&session) => fold.key(),
            _ => None,
        })
    }

    /// The fold that a row stands in, or that it is.
    pub fn fold_around(&self, row: usize) -> Option<&Fold> {
        let inside = match self.rows.get(row)? {
            Row::Fold(fold) => return Some(fold),
            Row::Session(session) => session.folded,
            _ => false,
        };
        let above = self.rows.get(..row).filter(|_| inside)?;
        above.iter().rev().find_map(|row| match row {
            Row::Fold(fold) => Some(fold),
            _ => None,
        })
    }

    /// The nearest row above (`down` false) or below a row that can be gone to. Without a row, the search begins at the
    /// far end.
    pub fn next_stop(&self, from: Option<usize>, down: bool) -> Option<usize> {
        let stops = |at: &usize| self.rows.get(*at).is_some_and(|row| row.mark().is_some());
        if down {
            (from.map_or(0, |at| at + 1)..self.rows.len()).find(stops)
        } else {
            (0..from.unwrap_or(self.rows.len()).min(self.rows.len())).rev().find(stops)
        }
    }
}

impl Row {
    /// The session of a session row.
    pub fn session(&self) -> Option<SessionId> {
        match self {
            Self::Session(row) => Some(row.session),
            _ => None,
        }
    }

    /// What names the row, if it can be gone to.
    pub fn mark(&self) -> Option<Mark> {
        match self {
            Self::Session(row) => Some(Mark::Session(row.session)),
            Self::Fold(fold) => fold.key().map(Mark::Fold),
            _ => None,
        }
    }
}

impl Fold {
    /// The session that names the fold.
    pub fn key(&self) -> Option<SessionId> {
        self.sessions.first().copied()
    }
}

/// The sessions that a flow filter leaves.
struct Shown(Option<HashSet<SessionId>>);

impl Shown {
    fn of(analysis: &Analysis, flow: Option<FlowId>) -> Self {
        let flow = flow.and_then(|id| analysis.flows.flow(id));
        Self(flow.map(|flow| {
            let steps = flow.steps.iter().filter_map(|s| s.session);
            flow.sessions.iter().chain(&flow.identity_sessions).copied().chain(steps).collect()
        }))
    }

    fn has(&self, session: SessionId) -> bool {
        self.0.as_ref().is_none_or(|shown| shown.contains(&session))
    }
}

/// Rows so far, and the run of routine sessions that may become a fold.
struct Builder<'a> {
    folds: &'a Folds,
    steps: &'a Steps,
    rows: Vec<Row>,
    run: Vec<(&'a Reading, &'a Session, Routine)>,
}

impl Builder<'_> {
    fn end_run(&mut self) {
        let run = std::mem::take(&mut self.run);
        let Some((first, _, _)) = run.first() else { return };
        let open = self.folds.is_open(first.session);
        let folds = run.len() >= SHORTEST_FOLD;
        if folds {
            self.rows.push(Row::Fold(Fold {
                sessions: run.iter().map(|(reading, _, _)| reading.session).collect(),
                open,
                label: interest::describe(
                    run.iter().map(|(_, session, routine)| (*session, *routine)),
                ),
            }));
        }
        if open || !folds {
            for (reading, session, _) in run {
                let mut row = session_row(reading, session, self.steps);
                row.folded = folds;
                self.rows.push(Row::Session(Box::new(row)));
            }
        }
    }
}

/// The steps that sessions show.
type Steps = HashMap<SessionId, Vec<Step>>;

fn steps(analysis: &Analysis, flow: Option<FlowId>) -> Steps {
    let mut steps = Steps::new();
    for flow in analysis.flows.flows.iter().filter(|f| flow.is_none_or(|id| f.id == id)) {
        for record in flow.steps {
            if let Some(session) = record.session {
                let shown = steps.entry(session).or_default();
                if let Err(place) = shown.binary_search(&record.step) {
                    shown.insert(place, record.step);
                }
            }
        }
    }
    steps
}

fn session_row(reading: &Reading, session: &Session, steps: &Steps) -> SessionRow {
    let request = match reading.request {
        RequestMessage::Unrelated | RequestMessage::Tunnel if !session.host().is_empty() => {
            format!("{} {}", tidy(&session.request.method, 20), session.host())
        }
        _ => reading.request_label(session),
    };
    SessionRow {
        session: session.id,
        actor: reading.answered_by,
        steps: steps.get(&session.id).cloned().unwrap_or_default(),
        host: tidy(session.host(), 80),
        request,
        answer: reading.answer_label(),
        tone: interest::tone(reading),
        risky: reading.request == RequestMessage::Basic,
        started: session.started,
        took: session.timing.total,
        broken: None,
        folded: false,
    }
}

#[cfg(test)]
mod tests {
    use super::{Layout, Mark, Row};
    use crate::analysis::Analysis;
    use crate::capture::SessionId;
    use crate::diagram::Folds;
    use crate::flow::FlowId;
    use crate::import;
    use crate::jwt::{Keys, example};

    const BROKEN: &str = "
### 1 09:14:01 outlook.exe:7720
GET https://nexusrules.officeapps.live.com/nexus/rules

HTTP/1.1 200 OK
### 2 09:14:02 outlook.exe:7720
GET https://login.microsoftonline.com/common/discovery/instance

HTTP/1.1 200 OK
### 3 09:14:03 +31ms outlook.exe:7720
POST https://mail.contoso.com/mapi/emsmdb/
Authorization: Bearer

HTTP/1.1 401 Unauthorized
X-FEServer: EX01
WWW-Authenticate: Bearer client_id=\"x\"
### 4 09:14:20 outlook.exe:7720
POST https://mail.contoso.com/EWS/Exchange.asmx
Authorization: Basic Z3JlZzpwYXNz

HTTP/1.1 200 OK
X-FEServer: EX01
### 5 09:14:21 outlook.exe:7720
POST https://mail.contoso.com/EWS/Exchange.asmx
Authorization: Basic Z3JlZzpwYXNz

HTTP/1.1 200 OK
X-FEServer: EX01
### 6 09:14:22 outlook.exe:7720
POST https://mail.contoso.com/EWS/Exchange.asmx
Authorization: Basic Z3JlZzpwYXNz

HTTP/1.1 200 OK
X-FEServer: EX01
";

    const BROKER: &str = "
### 1 09:14:03 outlook.exe:7720
POST https://mail.contoso.com/mapi/emsmdb/
Authorization: Bearer

HTTP/1.1 401 Unauthorized
X-FEServer: EX01
WWW-Authenticate: Bearer authorization_uri=\"https://login.windows.net/common/oauth2/authorize\"
### 2 09:14:05 outlook.exe:7720
POST https://mail.contoso.com/mapi/emsmdb/
Authorization: Bearer {{jwt {\"aud\":\"https://mail.contoso.com/\"}}}

HTTP/1.1 200 OK
X-FEServer: EX01
";

    fn analysis(text: &str) -> Analysis {
        let capture = import::open_text("pasted", &example::expand(text)).unwrap();
        Analysis::of(capture, &Keys::default())
    }

    /// The ladder as text.
    fn ladder(analysis: &Analysis, flow: Option<u32>, open: &[u32]) -> String {
        let folds = Folds::open_at(open.iter().copied().map(SessionId));
        let layout = Layout::of(analysis, flow.map(FlowId), &folds);
        let lanes: Vec<String> =
            layout.lanes.iter().map(|l| format!("{} {}", l.name, l.detail())).collect();
        let mut text = vec![lanes.join(" | ")];
        for row in &layout.rows {
            text.push(match row {
                Row::Session(row) => {
                    let steps: Vec<_> = row.steps.iter().map(|s| s.id()).collect();
                    let broken =
                        row.broken.as_ref().map_or(String::new(), |b| format!(" << {}", b.title));
                    format!(
                        "{} → {}: {} ({:?}: {}) [{}]{broken}",
                        row.session,
                        row.actor.name(),
                        row.request,
                        row.tone,
                        row.answer,
                        steps.join(" ")
                    )
                }
                Row::Ghost(g) => format!("┄ {} → {}: {}", g.from.name(), g.to.name(), g.label),
                Row::Hidden(hidden) => format!("/// {}", hidden.label),
                Row::Gap(pause) => format!("… {} s", pause.num_seconds()),
                Row::Fold(fold) => format!("{} {}", if fold.open { "▾" } else { "▸" }, fold.label),
            });
        }
        text.join("\n")
    }

    #[test]
    fn a_break_is_marked_and_what_should_follow_is_a_ghost() {
        assert_eq!(
            ladder(&analysis(BROKEN), None, &[]),
            "\
Outlook outlook.exe:7720 | Exchange mail.contoso.com | Entra ID \n\
▸ 2 sessions: 1 to other hosts, 1 sign-in page or look-up\n\
3 → Exchange: MAPI probe: empty Bearer (Failed: 401: Bearer without authorization_uri) [probe challenge] << First break: the challenge\n\
┄ Client → Entra ID: Missing: sign in and get a token\n\
┄ Client → Exchange: Missing: request with token\n\
┄ Exchange → Client: Missing: mailbox access\n\
… 16 s\n\
4 → Exchange: EWS request with Basic password (Warning: 200) []\n\
▸ 2 more sessions that succeeded"
        );
    }

    #[test]
    fn a_fold_opens_in_place_and_brings_its_lanes() {
        assert_eq!(
            ladder(&analysis(BROKEN), None, &[1]).lines().take(4).collect::<Vec<_>>(),
            [
                "Outlook outlook.exe:7720 | Exchange mail.contoso.com | Entra ID login.microsoftonline.com | Other hosts nexusrules.officeapps.live.com",
                "▾ 2 sessions: 1 to other hosts, 1 sign-in page or look-up",
                "1 → Other: GET nexusrules.officeapps.live.com (Quiet: 200) []",
                "2 → Entra ID: Discovery (Quiet: 200) []",
            ]
        );
    }

    #[test]
    fn a_flow_alone_leaves_the_rest_out() {
        let text = ladder(&analysis(BROKEN), Some(2), &[]);
        assert_eq!(
            text,
            "\
Outlook outlook.exe:7720 | Exchange mail.contoso.com\n\
4 → Exchange: EWS request with Basic password (Warning: 200) []\n\
▸ 2 more sessions that succeeded"
        );
    }

    #[test]
    fn a_sign_in_that_a_broker_did_is_a_band_before_the_token() {
        assert_eq!(
            ladder(&analysis(BROKER), None, &[]),
            "\
Outlook outlook.exe:7720 | Exchange mail.contoso.com | Entra ID \n\
1 → Exchange: MAPI probe: empty Bearer (Ok: 401: get a token at login.windows.net) [probe challenge]\n\
/// Sign-in is not in this capture: a broker or a token from earlier took care of it\n\
2 → Exchange: MAPI request with token (Ok: 200: access) [token access]"
        );
    }

    #[test]
    fn sessions_are_found_in_rows_and_in_folds() {
        let layout = Layout::of(&analysis(BROKEN), None, &Folds::default());
        assert_eq!(layout.first_break, Some(1));
        let row = |session| layout.row_of(Mark::Session(SessionId(session)));
        assert_eq!((row(3), row(6)), (Some(1), None));
        assert_eq!(layout.row_of(Mark::Fold(SessionId(5))), Some(layout.rows.len() - 1));
        assert_eq!(layout.fold_of(SessionId(6)), Some(SessionId(5)));
        assert_eq!(layout.fold_of(SessionId(3)), None);
    }

    #[test]
    fn ghosts_and_pauses_are_passed_by() {
        let layout = Layout::of(&analysis(BROKEN), None, &Folds::open_at([SessionId(1)]));
        let mut marks = Vec::new();
        let mut at = layout.next_stop(None, true);
        while let Some(row) = at {
            marks.push(layout.rows[row].mark().unwrap());
            assert_eq!(layout.next_stop(Some(row + 1), false), Some(row));
            at = layout.next_stop(Some(row), true);
        }
        let session = |id| Mark::Session(SessionId(id));
        let fold = |id| Mark::Fold(SessionId(id));
        assert_eq!(marks, [fold(1), session(1), session(2), session(3), session(4), fold(5)]);
        assert_eq!(layout.next_stop(None, false), layout.row_of(fold(5)));
    }

    #[test]
    fn a_row_knows_the_fold_around_it() {
        let layout = Layout::of(&analysis(BROKEN), None, &Folds::all_open());
        let around = |session| {
            let row = layout.row_of(Mark::Session(SessionId(session))).unwrap();
            layout.fold_around(row).and_then(super::Fold::key)
        };
        assert_eq!(
            (around(2), around(3), around(6)),
            (Some(SessionId(1)), None, Some(SessionId(5)))
        );
        assert_eq!(layout.folds, Some(super::Folded::None));
    }

    #[test]
    fn a_capture_without_sessions_has_no_rows() {
        let empty = crate::capture::Capture::new("empty.har", crate::capture::Format::Har);
        let layout = Layout::of(&Analysis::of(empty, &Keys::default()), None, &Folds::default());
        assert!(layout.rows.is_empty() && layout.lanes.is_empty());
    }
}
