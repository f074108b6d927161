//! The order of time, when the recorder's own clock cannot be trusted: a computer that wakes up or asks a time server
//! sets its clock in the middle of a capture. Servers keep time: when the same servers' clocks suddenly look different,
//! it is the recorder's that was set.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::Session;

/// Milliseconds; a hostile file's may be of any size, so they are added with care.
type Milliseconds = i64;

/// Less than this is the ordinary wobble between a request's start and its answer's `Date`.
const NOTICEABLE: Milliseconds = 60_000;

/// A session that took longer is not asked about its time.
const LONGEST: Milliseconds = 86_400_000;

/// Among so many later sessions a witness is looked for.
const AHEAD: usize = 64;

/// When each session began by a clock that nobody set, in the order of the file. Sessions without a time follow the one
/// before them; a server that answers from a cache with an old `Date` changes nothing.
pub(super) fn moments(sessions: &[Session]) -> Vec<DateTime<Utc>> {
    let dated: Vec<Dated<'_>> = sessions.iter().map(Dated::of).collect();
    let mut clocks = Clocks::default();
    let mut last = DateTime::<Utc>::MIN_UTC;
    let mut moments = Vec::with_capacity(sessions.len());
    for (at, session) in dated.iter().enumerate() {
        clocks.look(session, dated.get(at + 1..).unwrap_or_default());
        last = session.started.map_or(last, |start| {
            TimeDelta::try_milliseconds(clocks.set)
                .and_then(|set| start.checked_sub_signed(set))
                .unwrap_or(start)
        });
        moments.push(last);
    }
    moments
}

/// What a session tells about clocks.
struct Dated<'a> {
    host: &'a str,
    started: Option<DateTime<Utc>>,
    /// How much the recorder's clock is ahead of the server's, at the session's start.
    lead: Option<Milliseconds>,
    /// How long the session took; the `Date` may be of any moment in it.
    took: Milliseconds,
}

impl<'a> Dated<'a> {
    fn of(session: &'a Session) -> Self {
        let lead = session
            .started
            .zip(session.server_date())
            .map(|(start, date)| start.timestamp_millis().saturating_sub(date.timestamp_millis()));
        let took = session.timing.total.unwrap_or_default().num_milliseconds().clamp(0, LONGEST);
        Self { host: session.host(), started: session.started, lead, took }
    }
}

/// The recorder's clock against the servers'.
#[derive(Default)]
struct Clocks<'a> {
    /// By how much the recorder's clock has been set since the capture began.
    set: Milliseconds,
    /// How much it was ahead of each server's when the capture began.
    leads: HashMap<&'a str, Milliseconds>,
}

impl<'a> Clocks<'a> {
    /// Looks at a session; the clock counts as set when the next server that is known says the same.
    fn look(&mut self, session: &Dated<'a>, later: &[Dated<'a>]) {
        if let Some(found) = self.setting(session)
            && !self.agrees(session, self.set)
            && let Some(witness) =
                later.iter().take(AHEAD).find(|next| self.setting(next).is_some())
            && self.agrees(witness, found)
            && !self.agrees(witness, self.set)
        {
            self.set = found;
        }
        if let Some(lead) = session.lead {
            self.leads.entry(session.host).or_insert(lead.saturating_sub(self.set));
        }
    }

    /// By how much the clock was set, if the session's server is known.
    fn setting(&self, session: &Dated<'_>) -> Option<Milliseconds> {
        Some(session.lead?.saturating_sub(*self.leads.get(session.host)?))
    }

    /// Whether a session fits a clock that was set by so much.
    fn agrees(&self, session: &Dated<'_>, set: Milliseconds) -> bool {
        self.setting(session).is_some_and(|found| {
            found <= set.saturating_add(NOTICEABLE)
                && found.saturating_add(session.took).saturating_add(NOTICEABLE) >= set
        })
    }
}

#[cfg(test)]
mod tests {
    use super::moments;
    use crate::capture::{Response, Session, SessionId};
    use crate::http::Target;
    use chrono::{DateTime, TimeDelta, Utc};

    const START: i64 = 1_772_442_847;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(START + seconds, 0).unwrap()
    }

    /// Sessions at these seconds of the recorder's clock and of the server's.
    fn sessions(clocks: &[(&str, i64, i64)]) -> Vec<Session> {
        let session = |(number, (host, recorder, server)): (u32, &(&str, i64, i64))| {
            let mut session = Session::new(SessionId(number));
            session.request.target = Target::new(format!("https://{host}/"));
            session.started = Some(at(*recorder));
            let mut response = Response { status: 200, ..Response::default() };
            response.headers.push("Date", at(*server).to_rfc2822());
            session.response = Some(response);
            session
        };
        (1..).zip(clocks).map(session).collect()
    }

    fn seconds(clocks: &[(&str, i64, i64)]) -> Vec<i64> {
        moments(&sessions(clocks)).iter().map(|moment| moment.timestamp() - START).collect()
    }

    #[test]
    fn a_clock_that_is_merely_wrong_is_left_alone() {
        assert_eq!(seconds(&[("a", 0, 900), ("b", 5, 4), ("a", 9, 909)]), [0, 5, 9]);
        // A list in another order than time is none of a clock's doing.
        assert_eq!(seconds(&[("a", 500, 500), ("a", 0, 0), ("b", 300, 300)]), [500, 0, 300]);
    }

    #[test]
    fn a_clock_that_was_set_back_is_set_forth() {
        assert_eq!(
            seconds(&[
                ("a", 0, 0),
                ("b", 5, 6),
                ("a", -3590, 10),
                ("b", -3585, 16),
                ("c", -3580, 20)
            ]),
            [0, 5, 10, 15, 20]
        );
        // And one that was set twice.
        assert_eq!(
            seconds(&[("a", 0, 0), ("a", 3605, 5), ("a", 3610, 10), ("a", 15, 15), ("a", 20, 20)]),
            [0, 5, 10, 15, 20]
        );
    }

    #[test]
    fn an_answer_from_a_cache_tells_nothing_about_clocks() {
        assert_eq!(
            seconds(&[
                ("a", 0, 0),
                ("cdn", 1, -7000),
                ("cdn", 2, -90000),
                ("a", 5, 5),
                ("a", 9, 9)
            ]),
            [0, 1, 2, 5, 9]
        );
    }

    #[test]
    fn a_server_that_answers_late_tells_nothing_about_clocks() {
        let mut slow = sessions(&[("a", 0, 0), ("a", 5, 905), ("a", 6, 1206), ("a", 7, 7)]);
        for session in slow.iter_mut().skip(1).take(2) {
            session.timing.total = Some(TimeDelta::seconds(1200));
        }
        assert_eq!(moments(&slow), [at(0), at(5), at(6), at(7)]);
    }
}
