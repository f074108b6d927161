//! The search of an open capture: what was typed, what fits, in which order. What takes long happens on threads; a frame
//! only takes over what they found.

use std::convert::Infallible;
use std::sync::Arc;

use eframe::egui::Context;

use super::job::{Job, News};
use crate::analysis::Analysis;
use crate::capture::{Annotations, Mark, SessionId};
use crate::search::{
    BodyMemory, Completion, Index, Query, Sifted, Sifter, SortKey, complete, search_bodies,
};

/// Captures of at most so many sessions are read and sorted in the frame that asks: it takes a few milliseconds.
const SMALL: usize = 2_000;

/// The search of an open capture.
#[derive(Debug)]
pub struct Search {
    analysis: Arc<Analysis>,
    text: String,
    query: Query,
    annotations: Annotations,
    index: Reading,
    sifter: Sifter,
    fitting: crate::search::Bits,
    /// Whether the query must be asked anew.
    stale: bool,
    sort: (SortKey, bool),
    /// Places of all sessions in the order that is shown.
    order: Vec<u32>,
    sorting: Option<Job<Vec<u32>>>,
    unsorted: bool,
    bodies: Option<Bodies>,
    memory: Arc<BodyMemory>,
    /// Places of the sessions that fit, in order.
    shown: Vec<u32>,
}

/// The index, once somebody asks.
#[derive(Debug)]
enum Reading {
    Unread,
    UnderWay(Job<Index>),
    Read(Arc<Index>),
}

/// A search through bodies under way.
#[derive(Debug)]
struct Bodies {
    job: Job<Vec<(usize, bool)>>,
    done: usize,
    all: usize,
}

impl Search {
    /// The search of a capture; nothing is read before somebody looks.
    pub fn of(analysis: Arc<Analysis>) -> Self {
        let all = analysis.capture.sessions.len();
        let places: Vec<u32> = (0..).take(all).collect();
        Self {
            analysis,
            text: String::new(),
            query: Query::default(),
            annotations: Annotations::default(),
            index: Reading::Unread,
            sifter: Sifter::default(),
            fitting: crate::search::Bits::all(all),
            stale: false,
            sort: (SortKey::Number, true),
            order: places.clone(),
            sorting: None,
            unsorted: false,
            bodies: None,
            memory: Arc::default(),
            shown: places,
        }
    }

    /// How many sessions there are.
    pub fn all(&self) -> usize {
        self.analysis.capture.sessions.len()
    }

    /// What was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What was typed, read.
    pub fn query(&self) -> &Query {
        &self.query
    }

    /// Searches for something else.
    pub fn set_text(&mut self, text: String) {
        if self.text != text {
            self.query = Query::parse(&text);
            self.text = text;
            self.stale = true;
            self.bodies = None;
        }
    }

    /// What a person added to the sessions.
    pub fn annotations(&self) -> &Annotations {
        &self.annotations
    }

    /// Puts a mark on a session; the same mark again takes it away.
    pub fn toggle_mark(&mut self, id: SessionId, mark: Mark) {
        if let Some(session) = self.analysis.capture.session(id) {
            let same = self.annotations.mark(session) == Some(mark);
            self.set_mark(id, (!same).then_some(mark));
        }
    }

    /// Puts a mark on a session, or takes it away.
    pub fn set_mark(&mut self, id: SessionId, mark: Option<Mark>) {
        self.annotations.set_mark(id, mark);
        self.annotated(SortKey::Mark);
    }

    /// Writes a comment on a session.
    pub fn set_comment(&mut self, id: SessionId, comment: String) {
        if let Some(session) = self.analysis.capture.session(id) {
            self.annotations.set_comment(session, comment);
            self.annotated(SortKey::Comment);
        }
    }

    fn annotated(&mut self, key: SortKey) {
        self.stale |= !self.query.is_empty();
        self.unsorted |= self.sort.0 == key;
    }

    /// What the sessions are sorted by, and whether it ascends.
    pub fn sort(&self) -> (SortKey, bool) {
        self.sort
    }

    /// Sorts the sessions.
    pub fn set_sort(&mut self, key: SortKey, ascending: bool) {
        if self.sort != (key, ascending) {
            self.sort = (key, ascending);
            self.unsorted = true;
        }
    }

    /// Places of the sessions that fit, in order.
    pub fn shown(&self) -> &[u32] {
        &self.shown
    }

    /// The session in a row.
    pub fn session_at(&self, row: usize) -> Option<SessionId> {
        let place = *self.shown.get(row)? as usize;
        self.analysis.capture.sessions.get(place).map(|session| session.id)
    }

    /// The row of a session.
    pub fn row_of(&self, session: SessionId) -> Option<usize> {
        let sessions = &self.analysis.capture.sessions;
        // The order of the file unless it was sorted: look where it would be first.
        let fits = |place: &u32| sessions.get(*place as usize).is_some_and(|s| s.id == session);
        self.shown.iter().position(fits)
    }

    /// The index, if it is there.
    pub fn index(&self) -> Option<&Arc<Index>> {
        match &self.index {
            Reading::Read(index) => Some(index),
            _ => None,
        }
    }

    /// Whether the answer is not complete yet.
    pub fn is_busy(&self) -> bool {
        self.bodies.is_some()
            || self.sorting.is_some()
            || self.stale
            || matches!(self.index, Reading::UnderWay(_))
    }

    /// How much of the bodies was searched, from 0 to 1, while that goes on.
    pub fn bodies(&self) -> Option<f32> {
        let bodies = self.bodies.as_ref()?;
        Some(bodies.done as f32 / bodies.all.max(1) as f32)
    }

    /// Ends the search through bodies; what was found stays.
    pub fn stop_bodies(&mut self) {
        self.bodies = None;
    }

    /// What may be typed next.
    pub fn completions(&self, text: &str) -> Vec<Completion> {
        self.index().map_or_else(Vec::new, |index| {
            complete(text, index, &self.analysis.capture, &self.annotations)
        })
    }

    /// Reads the capture for searching, if nobody did: on a thread if it is large.
    pub fn prepare(&mut self, ctx: &Context) {
        if matches!(self.index, Reading::Unread) {
            let analysis = Arc::clone(&self.analysis);
            self.index = if analysis.capture.sessions.len() <= SMALL {
                Reading::Read(Arc::new(Index::of(&analysis)))
            } else {
                Reading::UnderWay(Job::start("index", ctx, move |work| {
                    if let Ok(index) = Index::while_wanted(&analysis, &|| work.go_on()) {
                        work.tell(index);
                    }
                }))
            };
        }
    }

    /// Takes over what the threads found, and starts what was asked for.
    pub fn refresh(&mut self, ctx: &Context) {
        if self.stale || self.unsorted {
            self.prepare(ctx);
        }
        if let Reading::UnderWay(job) = &self.index {
            match job.poll() {
                News::Result(index) => self.index = Reading::Read(Arc::new(index)),
                News::None => {}
                News::Ended => self.index = Reading::Read(Arc::new(Index::of(&self.analysis))),
            }
        }
        let Some(index) = self.index().cloned() else { return };
        let mut changed = false;
        if std::mem::take(&mut self.stale) {
            let sifted =
                self.sifter.sift(&self.query, &index, &self.analysis.capture, &self.annotations);
            self.fitting = sifted.shown.clone();
            self.look_into_bodies(sifted, ctx);
            changed = true;
        }
        changed |= self.take_bodies();
        if std::mem::take(&mut self.unsorted) {
            self.start_sorting(&index, ctx);
            changed |= self.sorting.is_none();
        }
        if let Some(job) = &self.sorting {
            match job.poll() {
                News::Result(order) => {
                    self.order = order;
                    self.sorting = None;
                    changed = true;
                }
                News::None => {}
                News::Ended => self.sorting = None,
            }
        }
        if changed {
            let fits = |place: &&u32| self.fitting.has(**place as usize);
            self.shown = self.order.iter().filter(fits).copied().collect();
        }
    }

    fn start_sorting(&mut self, index: &Arc<Index>, ctx: &Context) {
        let (key, ascending) = self.sort;
        if index.rows.len() <= SMALL {
            let go_on = || Ok::<(), Infallible>(());
            let (capture, added) = (&self.analysis.capture, &self.annotations);
            let Ok(order) = index.sorted(key, ascending, capture, added, &go_on);
            self.order = order;
            self.sorting = None;
            return;
        }
        let (analysis, index) = (Arc::clone(&self.analysis), Arc::clone(index));
        let added = self.annotations.clone();
        self.sorting = Some(Job::start("sorting", ctx, move |work| {
            let go_on = || work.go_on();
            if let Ok(order) = index.sorted(key, ascending, &analysis.capture, &added, &go_on) {
                work.tell(order);
            }
        }));
    }

    fn look_into_bodies(&mut self, sifted: Sifted, ctx: &Context) {
        self.bodies = None;
        let all = sifted.open.count();
        if all == 0 {
            return;
        }
        let (analysis, memory) = (Arc::clone(&self.analysis), Arc::clone(&self.memory));
        let few = all <= SMALL
            && sifted.open.iter().all(|at| {
                let session = analysis.capture.sessions.get(at);
                session.is_none_or(|session| {
                    !session.request.body.is_distant()
                        && session.response.as_ref().is_none_or(|r| !r.body.is_distant())
                })
            });
        if few {
            let go_on = || Ok::<(), Infallible>(());
            let fitting = &mut self.fitting;
            let Ok(()) = search_bodies(&sifted, &analysis.capture, &memory, &go_on, |found| {
                for (at, fits) in found {
                    fitting.set(*at, *fits);
                }
            });
            return;
        }
        let job = Job::start("bodies", ctx, move |work| {
            let go_on = || work.go_on();
            let tell = |found: &[(usize, bool)]| work.tell(found.to_vec());
            // Refused when the next letter was typed.
            let _ = search_bodies(&sifted, &analysis.capture, &memory, &go_on, tell);
        });
        self.bodies = Some(Bodies { job, done: 0, all });
    }

    fn take_bodies(&mut self) -> bool {
        let Some(bodies) = &mut self.bodies else { return false };
        let mut changed = false;
        loop {
            match bodies.job.poll() {
                News::Result(found) => {
                    bodies.done += found.len();
                    for (at, fits) in found {
                        self.fitting.set(at, fits);
                    }
                    changed = true;
                }
                News::None => return changed,
                News::Ended => {
                    self.bodies = None;
                    return true;
                }
            }
        }
    }
}
