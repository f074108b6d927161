//! What the search box asks about, read from a capture once: facts as numbers, names once each, and the texts of
//! addresses and header fields in lower case. Values that are masked on screen are masked here.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::num::NonZero;
use std::sync::Arc;

use super::texts::Texts;
use super::{Bits, Names};
use crate::analysis::Analysis;
use crate::capture::{Session, SessionId};
use crate::cores::{self, GoOn};
use crate::flow::{Actor, Protocol, Reading, Step};
use crate::http::{Header, Headers, mask};
use crate::rules::Severity;

/// The most text that is kept of header fields, and of what else is searched, in bytes. What is more is not found.
const MOST_TEXT: usize = 192 << 20;

/// Sessions that a core reads at a time.
const BLOCK: usize = 512;

/// Facts of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Status code, 0 without an answer.
    pub status: u16,
    /// The step that the session reached.
    pub step: Option<Step>,
    /// A bit for each step that it is part of.
    steps: u8,
    /// What the client authenticated with.
    pub auth: &'static str,
    /// Who answered.
    pub actor: Actor,
    /// Exchange's protocol.
    pub protocol: Option<Protocol>,
    /// The worst finding that it proves.
    pub finding: Option<Severity>,
    /// The host's place among the hosts.
    pub host: u32,
    /// The method's place among the methods.
    pub method: u32,
    /// The process's place among the processes.
    pub process: u32,
    /// The content type's place among the types.
    pub kind: u32,
    /// Size of the answer's body in bytes.
    pub size: u64,
    /// When it began, in milliseconds since 1970.
    pub began: Option<i64>,
    /// How long it took, in milliseconds.
    pub lasted: Option<u64>,
    /// Whether there is a body to look into.
    pub has_body: bool,
}

impl Row {
    /// Whether it is part of a step.
    pub const fn is_part_of(&self, step: Step) -> bool {
        self.steps >> step as u8 & 1 == 1
    }
}

/// The index of a capture's sessions, in the order of the file.
#[derive(Clone, Debug, Default)]
pub struct Index {
    /// Facts.
    pub rows: Vec<Row>,
    /// Hosts.
    pub hosts: Names,
    /// Methods.
    pub methods: Names,
    /// Processes.
    pub processes: Names,
    /// Content types of answers.
    pub kinds: Names,
    /// Names of header fields.
    pub header_names: Names,
    /// Which session proves a finding of which rule: places of sessions, ascending.
    pub findings: Vec<(u32, &'static str)>,
    /// Places of the sessions that the recorder commented on.
    pub(super) commented: Vec<u32>,
    /// The place of each session.
    pub(super) places: HashMap<SessionId, u32>,
    /// What a session means, then method and address, then what else the table says.
    pub(super) lines: Texts,
    /// Header fields that stand in one session only, by session.
    own: Texts,
    /// Header fields that sessions share, each once.
    shared: Texts,
    /// Places in `shared` of every session's fields, one session behind the other.
    links: Vec<u32>,
    /// Where each session's links end.
    link_ends: Vec<u32>,
}

/// What one core read of some sessions.
struct Part<'a> {
    rows: Vec<(Row, Labels<'a>)>,
    lines: Vec<String>,
    own: Vec<String>,
    shared: Vec<Vec<&'a Header>>,
}

struct Labels<'a> {
    host: &'a str,
    method: &'a str,
    process: &'a str,
    kind: &'a str,
}

impl Index {
    /// Reads a capture, asking `go_on` again and again. What it refuses with ends the work.
    pub fn while_wanted<E: Send>(analysis: &Analysis, go_on: GoOn<'_, E>) -> Result<Self, E> {
        let sessions = &analysis.capture.sessions;
        let mut worst: HashMap<_, Severity> = HashMap::new();
        for finding in &analysis.findings {
            for session in finding.evidence.iter().filter_map(|evidence| evidence.session) {
                let known = worst.entry(session).or_insert(finding.severity);
                *known = finding.severity.max(*known);
            }
        }
        let blocks: Vec<&[Session]> = sessions.chunks(BLOCK).collect();
        let parts = cores::map(&blocks, NonZero::<usize>::MIN, go_on, |block| {
            Part::of(block, analysis, &|session| worst.get(&session.id).copied())
        })?;
        let mut index = Self::default();
        let mut known: HashMap<(*const u8, *const u8), u32> = HashMap::new();
        for part in parts {
            go_on()?;
            index.add(part, &mut known);
        }
        index.findings = index.findings_of(analysis);
        index.lines.shrink();
        index.own.shrink();
        index.links.shrink_to_fit();
        Ok(index)
    }

    /// Reads a capture.
    pub fn of(analysis: &Analysis) -> Self {
        let Ok(index) = Self::while_wanted(analysis, &|| Ok::<(), std::convert::Infallible>(()));
        index
    }

    fn add(&mut self, part: Part<'_>, known: &mut HashMap<(*const u8, *const u8), u32>) {
        for (mut row, labels) in part.rows {
            row.host = self.hosts.add(labels.host);
            row.method = self.methods.add(labels.method);
            row.process = self.processes.add(labels.process);
            row.kind = self.kinds.add(labels.kind);
            self.rows.push(row);
        }
        for line in &part.lines {
            self.lines.push(line, MOST_TEXT);
        }
        for own in &part.own {
            self.own.push(own, MOST_TEXT);
        }
        for fields in part.shared {
            for header in fields {
                // Header texts that are equal share their memory, so that their address tells them apart.
                let key = (header.name.as_ptr(), header.value.as_ptr());
                let place = *known.entry(key).or_insert_with(|| {
                    let mut text = String::new();
                    push_field(&mut text, header);
                    self.shared.push(&text, MOST_TEXT);
                    u32::try_from(self.shared.len() - 1).unwrap_or(u32::MAX)
                });
                self.links.push(place);
            }
            self.link_ends.push(u32::try_from(self.links.len()).unwrap_or(u32::MAX));
        }
    }

    fn findings_of(&mut self, analysis: &Analysis) -> Vec<(u32, &'static str)> {
        let sessions = &analysis.capture.sessions;
        let places: HashMap<_, u32> = (0..).zip(sessions).map(|(at, s)| (s.id, at)).collect();
        let numbered = (0..).zip(sessions).filter(|(_, session)| session.comment.is_some());
        self.commented = numbered.map(|(at, _)| at).collect();
        for session in sessions {
            let answer = session.response.iter().flat_map(|r| r.headers.iter());
            for header in session.request.headers.iter().chain(answer) {
                self.header_names.add(&header.name);
            }
        }
        let mut found: Vec<(u32, &'static str)> = analysis
            .findings
            .iter()
            .flat_map(|f| {
                f.evidence.iter().filter_map(|e| Some((*places.get(&e.session?)?, f.rule)))
            })
            .collect();
        found.sort_unstable();
        found.dedup();
        self.places = places;
        found
    }

    /// Which sessions say a word in the table's texts: meaning, method and address, process.
    pub(super) fn in_lines(&self, word: &str, among: Option<&Bits>) -> Bits {
        found(&self.lines, word, among)
    }

    /// Which sessions have a word in a header field.
    pub(super) fn in_headers(&self, word: &str, among: Option<&Bits>) -> Bits {
        let mut bits = found(&self.own, word, among);
        let shared = self.shared.holding(word);
        if shared.is_empty() {
            return bits;
        }
        let mut from = 0;
        for (at, end) in self.link_ends.iter().enumerate() {
            let links = self.links.get(from..*end as usize).unwrap_or_default();
            from = *end as usize;
            if !bits.has(at) && links.iter().any(|link| shared.has(*link as usize)) {
                bits.set(at, true);
            }
        }
        bits
    }

    /// Method and address of a session, in lower case.
    pub(super) fn address(&self, at: usize) -> &str {
        self.lines.get(at).split('\n').nth(1).unwrap_or_default()
    }

    /// What a session means, in lower case.
    pub(super) fn meaning(&self, at: usize) -> &str {
        self.lines.get(at).split('\n').next().unwrap_or_default()
    }

    /// Bytes that the index takes, about.
    pub fn memory(&self) -> usize {
        let texts = [&self.lines, &self.own, &self.shared].into_iter().map(Texts::memory);
        let names = [&self.hosts, &self.methods, &self.processes, &self.kinds, &self.header_names];
        texts.sum::<usize>()
            + names.into_iter().map(Names::memory).sum::<usize>()
            + self.rows.capacity() * size_of::<Row>()
            + (self.links.capacity() + self.link_ends.capacity()) * size_of::<u32>()
    }
}

fn found(texts: &Texts, word: &str, among: Option<&Bits>) -> Bits {
    match among {
        Some(among) => texts.holding_among(word, among),
        None => texts.holding(word),
    }
}

impl<'a> Part<'a> {
    fn of(
        sessions: &'a [Session],
        analysis: &Analysis,
        worst: &dyn Fn(&Session) -> Option<Severity>,
    ) -> Self {
        let mut part =
            Self { rows: Vec::new(), lines: Vec::new(), own: Vec::new(), shared: Vec::new() };
        for session in sessions {
            let (row, labels) = row(session, analysis, worst(session));
            part.lines.push(line(session, analysis, &labels));
            let mut own = String::new();
            let mut shared = Vec::new();
            let answer = session.response.as_ref().map(|r| &r.headers);
            for header in
                std::iter::once(&session.request.headers).chain(answer).flat_map(Headers::iter)
            {
                if Arc::strong_count(&header.value) > 1 {
                    shared.push(header);
                } else {
                    push_field(&mut own, header);
                }
            }
            part.own.push(own);
            part.shared.push(shared);
            part.rows.push((row, labels));
        }
        part
    }
}

fn row<'a>(
    session: &'a Session,
    analysis: &Analysis,
    finding: Option<Severity>,
) -> (Row, Labels<'a>) {
    let reading = analysis.flows.reading(session.id);
    let steps = reading.map(Reading::steps).unwrap_or_default();
    let response = session.response.as_ref();
    let kind = response.and_then(|r| r.headers.get("content-type")).unwrap_or_default();
    let labels = Labels {
        host: session.host(),
        method: &session.request.method,
        process: session.process.as_deref().unwrap_or_default(),
        kind: kind.split(';').next().unwrap_or_default().trim(),
    };
    let row = Row {
        status: session.status(),
        step: steps.last().copied(),
        steps: steps.iter().fold(0, |bits, step| bits | 1 << *step as u8),
        auth: reading.map_or("none", |r| r.authentication()),
        actor: reading.map_or(Actor::Other, |r| r.answered_by),
        protocol: reading.and_then(|r| r.endpoint.protocol()),
        finding,
        host: 0,
        method: 0,
        process: 0,
        kind: 0,
        size: response.map_or(0, |r| r.body.wire_size.unwrap_or(r.body.len() as u64)),
        began: session.started.map(|start| start.timestamp_millis()),
        lasted: session.timing.total.and_then(|t| u64::try_from(t.num_milliseconds()).ok()),
        has_body: !session.request.body.is_empty() || response.is_some_and(|r| !r.body.is_empty()),
    };
    (row, labels)
}

/// The longest address and meaning that are kept, in bytes: an address may be as long as a file.
const LONGEST: usize = 8 << 10;

fn line(session: &Session, analysis: &Analysis, labels: &Labels<'_>) -> String {
    let mut text = String::new();
    if let Some(reading) = analysis.flows.reading(session.id) {
        let _ = write!(text, "{} → {}", reading.request_label(session), reading.answer_label());
    }
    text.push('\n');
    let address = mask::url(session.request.target.as_str());
    let address = address.get(..address.floor_char_boundary(LONGEST)).unwrap_or_default();
    let _ = write!(text, "{} {address}\n{} {}", labels.method, session.status(), labels.process);
    lower(text)
}

/// Adds `name: value` in lower case, as people may see it.
fn push_field(text: &mut String, header: &Header) {
    let value = mask::header_value(&header.name, &header.value);
    let value = value.get(..value.floor_char_boundary(LONGEST)).unwrap_or_default();
    text.push_str(&lower(format!("{}: {value}\n", header.name)));
}

fn lower(mut text: String) -> String {
    if text.is_ascii() {
        text.make_ascii_lowercase();
        text
    } else {
        text.to_lowercase()
    }
}
