//! Real captures are untidy. A good flow stays good, or becomes too little to tell, whatever a recorder does to it; it
//! never becomes a break.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use hma_trace::capture::{Capture, Response, Session, SessionId};
use hma_trace::flow::Endpoint;
use hma_trace::http::{Body, Challenges, Headers, Target};

use crate::story::{GoodFlow, alarms, all, analyse, flows};

/// Numbers that look random and are the same on every run (the constants are Knuth's).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit.max(1)
    }
}

/// Complaints about a capture that is a good flow, changed.
#[derive(Default)]
struct Complaints(Vec<String>);

impl Complaints {
    /// The changed capture may warn of what its story warns of, and of the clock that a change put wrong.
    fn look(&mut self, what: &str, story: &GoodFlow, sessions: Vec<Session>, outcomes: &[&str]) {
        let analysis = analyse(capture(story, sessions));
        let alarms: Vec<String> = alarms(&analysis)
            .lines()
            .filter(|line| {
                let rule = line.split(' ').next().unwrap_or_default();
                rule != "capture-clock-off" && story.warns.split(' ').all(|warns| warns != rule)
            })
            .map(str::to_owned)
            .collect();
        let outcome = analysis.verdict.outcome.id();
        if !alarms.is_empty() || !outcomes.contains(&outcome) {
            let told = format!("{}: {what}: {outcome}\n{}", story.name, alarms.join("\n"));
            self.0.push(format!("{told}\n{}", flows(&analysis)));
        }
    }

    fn none(self) {
        assert!(self.0.is_empty(), "{} complaints\n{}", self.0.len(), self.0.join("\n\n"));
    }
}

/// The story's capture with other sessions, numbered as they stand.
fn capture(story: &GoodFlow, mut sessions: Vec<Session>) -> Capture {
    for (session, number) in sessions.iter_mut().zip(1..) {
        session.id = SessionId(number);
    }
    Capture { sessions, ..story.capture.clone() }
}

fn is_exchange(session: &Session) -> bool {
    matches!(Endpoint::of(session), Endpoint::Exchange { .. })
}

/// Times that follow the order of the list, a few milliseconds apart.
fn restamp(sessions: &mut [Session]) {
    let Some(start) = sessions.iter().filter_map(|s| s.started).min() else { return };
    for (session, at) in sessions.iter_mut().zip(0..) {
        session.started = Some(start + TimeDelta::milliseconds(40 * at));
    }
}

/// A change of a capture's sessions.
type Change = fn(&mut Vec<Session>);

/// What recorders and networks do that changes nothing.
const HARMLESS: &[(&str, Change)] = &[
    ("no process recorded", |sessions| {
        set_all(sessions, |s| s.process = None);
    }),
    ("no times recorded", |sessions| {
        set_all(sessions, |s| s.started = None);
    }),
    ("the file is in another order", |sessions| sessions.reverse()),
    ("every session twice", |sessions| {
        *sessions = sessions.iter().flat_map(|s| [s.clone(), s.clone()]).collect();
    }),
    ("three front ends take turns", |sessions| {
        for (session, at) in sessions.iter_mut().filter(|s| is_exchange(s)).zip(0_usize..) {
            for header in session.response.iter_mut().flat_map(|r| &mut r.headers) {
                if header.name.eq_ignore_ascii_case("X-FEServer") {
                    header.value = format!("EX0{}", at % 3 + 1).into();
                }
            }
        }
    }),
    ("every connection to Exchange is reset once", |sessions| {
        before_each(sessions, |session| {
            session.response = None;
            session.error = Some("the connection was reset".to_owned());
        });
    }),
    ("Exchange is busy once for each request", |sessions| {
        before_each(sessions, |session| {
            let busy = session.response.get_or_insert_with(Response::default);
            busy.status = 503;
            busy.body = Body::empty();
            busy.headers.retain(|h| !h.name.eq_ignore_ascii_case("WWW-Authenticate"));
        });
    }),
    ("header names in lower case", |sessions| {
        for session in sessions {
            let answer = session.response.iter_mut().map(|r| &mut r.headers);
            for headers in answer.chain([&mut session.request.headers]) {
                headers.iter_mut().for_each(|h| h.name = h.name.to_ascii_lowercase().into());
            }
        }
    }),
    ("no Date in any answer", |sessions| {
        for session in sessions.iter_mut().filter_map(|s| s.response.as_mut()) {
            session.headers.retain(|h| !h.name.eq_ignore_ascii_case("Date"));
        }
    }),
    ("no bodies from Exchange", |sessions| {
        for session in sessions.iter_mut().filter(|s| is_exchange(s)) {
            session.response.iter_mut().for_each(|r| r.body = Body::empty());
        }
    }),
    ("tunnels before every session", |sessions| {
        let tunnels = sessions.iter().flat_map(|session| {
            let mut tunnel = Session::new(session.id);
            tunnel.tunnel = true;
            tunnel.started = session.started;
            tunnel.process.clone_from(&session.process);
            "CONNECT".clone_into(&mut tunnel.request.method);
            let host = format!("https://{}:443", session.host());
            tunnel.request.target = hma_trace::http::Target::new(host);
            tunnel.response =
                Some(Response { status: 200, headers: Headers::new(), ..Response::default() });
            [tunnel, session.clone()]
        });
        *sessions = tunnels.collect();
    }),
];

fn set_all(sessions: &mut [Session], set: fn(&mut Session)) {
    for session in sessions {
        set(session);
    }
}

/// Puts a failed twin before each session with the organisation's own Exchange, the tokens' journeys left as they are.
fn before_each(sessions: &mut Vec<Session>, fail: fn(&mut Session)) {
    let doubled = sessions.iter().flat_map(|session| {
        let failed = is_exchange(session).then(|| {
            let mut failed = session.clone();
            fail(&mut failed);
            failed
        });
        failed.into_iter().chain([session.clone()])
    });
    *sessions = doubled.collect();
}

#[test]
fn what_changes_nothing_changes_nothing() {
    let mut complaints = Complaints::default();
    for story in all() {
        for (what, change) in HARMLESS {
            let mut sessions = story.capture.sessions.clone();
            change(&mut sessions);
            complaints.look(what, &story, sessions, &[story.outcome.as_str()]);
        }
    }
    complaints.none();
}

#[test]
fn sessions_that_overlap_may_stand_in_any_order() {
    let mut complaints = Complaints::default();
    for story in all() {
        for seed in 0..8 {
            let mut dice = Dice(seed);
            let mut sessions = story.capture.sessions.clone();
            for at in 1..sessions.len() {
                // Neighbours that a busy client has under way at once.
                let (one, two) = (sessions[at - 1].started, sessions[at].started);
                let is_close =
                    one.zip(two).is_some_and(|(a, b)| b - a < TimeDelta::milliseconds(500));
                if is_close && dice.below(2) == 0 {
                    (sessions[at - 1].started, sessions[at].started) = (two, one);
                }
            }
            let outcomes = [story.outcome.as_str(), "healthy", "not-enough-evidence"];
            complaints.look(&format!("shaken {seed}"), &story, sessions, &outcomes);
        }
    }
    complaints.none();
}

#[test]
fn a_capture_may_begin_and_end_anywhere() {
    let mut complaints = Complaints::default();
    for story in all() {
        let count = story.capture.sessions.len();
        let outcomes = [story.outcome.as_str(), "healthy", "not-enough-evidence", "not-hma"];
        for at in 1..count {
            let from = story.capture.sessions[at..].to_vec();
            complaints.look(&format!("begins at {}", at + 1), &story, from, &outcomes);
            if at >= story.heals {
                let to = story.capture.sessions[..at].to_vec();
                complaints.look(&format!("ends at {at}"), &story, to, &outcomes);
            }
        }
    }
    complaints.none();
}

#[test]
fn a_clock_may_jump() {
    let mut complaints = Complaints::default();
    for story in all() {
        let count = story.capture.sessions.len();
        for at in (1..count).step_by(3) {
            for minutes in [-180, -3, 3, 180] {
                let mut sessions = story.capture.sessions.clone();
                for session in &mut sessions[at..] {
                    session.started = session.started.map(|t| t + TimeDelta::minutes(minutes));
                }
                let outcomes = [story.outcome.as_str(), "healthy", "not-enough-evidence"];
                let what = format!("the clock jumps {minutes} min at {}", at + 1);
                complaints.look(&what, &story, sessions, &outcomes);
            }
        }
    }
    complaints.none();
}

/// Both lists in one, each in its own order.
fn interleaved(one: Vec<Session>, other: Vec<Session>, dice: &mut Dice) -> Vec<Session> {
    let (mut one, mut other) = (one.into_iter().peekable(), other.into_iter().peekable());
    let mut both = Vec::new();
    while one.peek().is_some() || other.peek().is_some() {
        both.extend(if dice.below(2) == 0 { one.next() } else { other.next() });
    }
    both
}

/// The hosts that a story's challenges name to get a token.
fn authorities(story: &GoodFlow) -> BTreeSet<String> {
    let answers = story.capture.sessions.iter().filter_map(|s| s.response.as_ref());
    answers
        .filter_map(|answer| {
            let challenges = Challenges::of(&answer.headers);
            Some(Target::new(challenges.bearer()?.authorization_uri()?).host().to_owned())
        })
        .collect()
}

#[test]
fn two_clients_may_be_recorded_at_once() {
    let mut complaints = Complaints::default();
    let stories = all();
    for (at, one) in stories.iter().enumerate() {
        for seed in 0..4 {
            let mut dice = Dice(seed * 1000 + at as u64);
            let other = &stories[dice.below(stories.len())];
            let mut theirs = other.capture.sessions.clone();
            match seed {
                0 => {}
                1 => set_all(&mut theirs, |s| s.process = None),
                _ => {
                    for session in &mut theirs {
                        session.process = session.process.take().map(|p| format!("{p}77"));
                    }
                }
            }
            let mut sessions = interleaved(one.capture.sessions.clone(), theirs, &mut dice);
            restamp(&mut sessions);
            // One organisation does not live in two clouds.
            let differ =
                if authorities(one) == authorities(other) { "" } else { "authorities-differ" };
            let both = GoodFlow {
                name: format!("{} with {}", one.name, other.name),
                warns: format!("{} {} {differ}", one.warns, other.warns),
                ..one.clone()
            };
            complaints.look(&format!("mixed {seed}"), &both, sessions, &["healthy", "not-hma"]);
        }
    }
    complaints.none();
}
