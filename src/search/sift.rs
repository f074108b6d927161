//! Which sessions fit a query: at once as far as addresses, header fields and facts tell, and which of the rest depends
//! on bodies. What was found for a word is remembered, so that the next letter looks only where the last one was found.

use std::collections::VecDeque;

use super::{Bits, Condition, Field, Index, Interval, Query, Term};
use crate::capture::{Annotations, Capture, Mark};
use crate::flow::Step;

/// Words whose hits are remembered.
const REMEMBERED: usize = 24;

/// Milliseconds of a day.
const DAY: i64 = 86_400_000;

/// Finds sessions, and remembers what it found.
#[derive(Debug, Default)]
pub struct Sifter {
    lines: Memory,
    headers: Memory,
}

/// What is known before any body was looked into.
#[derive(Clone, Debug, Default)]
pub struct Sifted {
    /// Sessions to show at once. One that a body may still exclude is among them.
    pub shown: Bits,
    /// Sessions that are decided by their bodies.
    pub open: Bits,
    /// For each term that looks into bodies: whether it excludes, its word, and where it is true without a body.
    pub(super) by_body: Vec<(bool, String, Bits)>,
}

impl Sifter {
    /// Sifts the sessions of a capture.
    pub fn sift(
        &mut self,
        query: &Query,
        index: &Index,
        capture: &Capture,
        annotations: &Annotations,
    ) -> Sifted {
        let all = index.rows.len();
        // Shown now, and possible once all bodies are known.
        let mut sifted =
            Sifted { shown: Bits::all(all), open: Bits::all(all), by_body: Vec::new() };
        let mut certain = Bits::all(all);
        for term in &query.terms {
            if term.condition == Condition::Nothing {
                continue;
            }
            let mut yes = self.fitting(term, index, capture, annotations);
            let Some(word) = term.body_word() else {
                if term.exclude {
                    yes.invert();
                }
                for bits in [&mut sifted.shown, &mut sifted.open, &mut certain] {
                    bits.and(&yes);
                }
                continue;
            };
            sifted.by_body.push((term.exclude, word.to_owned(), yes.clone()));
            let mut perhaps = Bits::of(&index.rows, |row| row.has_body);
            perhaps.or(&yes);
            if term.exclude {
                yes.invert();
                perhaps.invert();
                sifted.shown.and(&yes);
                sifted.open.and(&yes);
                certain.and(&perhaps);
            } else {
                sifted.shown.and(&yes);
                sifted.open.and(&perhaps);
                certain.and(&yes);
            }
        }
        sifted.open.without(&certain);
        sifted
    }

    /// Where a term is true, bodies left out.
    fn fitting(
        &mut self,
        term: &Term,
        index: &Index,
        capture: &Capture,
        annotations: &Annotations,
    ) -> Bits {
        let rows = &index.rows;
        let sessions = &capture.sessions;
        match &term.condition {
            Condition::Words(word) => {
                let mut found = self.lines.find(word, |among| index.in_lines(word, among));
                found.or(&self.headers.find(word, |among| index.in_headers(word, among)));
                // Few sessions have a comment, and looking at each session of a large capture takes its time.
                let holds = |at: usize| {
                    let session = sessions.get(at);
                    session.is_some_and(|s| annotations.comment(s).to_lowercase().contains(word))
                };
                let own = annotations.commented().filter_map(|id| index.places.get(&id));
                for at in index.commented.iter().chain(own) {
                    if holds(*at as usize) {
                        found.set(*at as usize, true);
                    }
                }
                found
            }
            Condition::Holds(field, text) => {
                self.holding(*field, text, index, capture, annotations)
            }
            Condition::Number(Field::Status, range) => {
                Bits::of(rows, |r| range.has(r.status.into()))
            }
            Condition::Number(Field::Size, range) => Bits::of(rows, |r| range.has(r.size)),
            Condition::Number(_, range) => Bits::of(sessions, |s| range.has(s.id.0.into())),
            Condition::Lasted(range) => {
                Bits::of(rows, |r| r.lasted.is_some_and(|ms| range.has(ms)))
            }
            Condition::Began(range) => Bits::of(rows, |r| is_at(r.began, *range)),
            Condition::Step(step) => part_of(index, *step),
            Condition::Severity(severity) => Bits::of(rows, |r| r.finding == Some(*severity)),
            Condition::Mark(mark) => marked(capture, annotations, |m| m == Some(*mark)),
            Condition::Any(Field::Finding, any) => Bits::of(rows, |r| r.finding.is_some() == *any),
            Condition::Any(Field::Mark, any) => {
                marked(capture, annotations, |m| m.is_some() == *any)
            }
            Condition::Any(_, any) => {
                Bits::of(sessions, |s| annotations.comment(s).is_empty() != *any)
            }
            Condition::Nothing => Bits::all(rows.len()),
        }
    }

    fn holding(
        &mut self,
        field: Field,
        text: &str,
        index: &Index,
        capture: &Capture,
        annotations: &Annotations,
    ) -> Bits {
        let rows = &index.rows;
        let among = |which: &[bool], place: u32| which.get(place as usize).copied() == Some(true);
        let is = |name: &str| name.to_lowercase().replace(' ', "-").starts_with(text);
        match field {
            Field::Host => {
                let which = index.hosts.which(|name| name.contains(text));
                Bits::of(rows, |r| among(&which, r.host))
            }
            Field::Method => {
                let which = index.methods.which(|name| name.starts_with(text));
                Bits::of(rows, |r| among(&which, r.method))
            }
            Field::Process => {
                let which = index.processes.which(|name| name.contains(text));
                Bits::of(rows, |r| among(&which, r.process))
            }
            Field::Type => {
                let which = index.kinds.which(|name| name.contains(text));
                Bits::of(rows, |r| among(&which, r.kind))
            }
            Field::Auth if text == "bearer" => {
                Bits::of(rows, |r| matches!(r.auth, "token" | "empty Bearer"))
            }
            Field::Auth => Bits::of(rows, |r| is(r.auth)),
            Field::Actor => Bits::of(rows, |r| is(r.actor.name())),
            Field::Protocol => Bits::of(rows, |r| {
                r.protocol.is_some_and(|protocol| is(protocol.name()) || is(protocol.id()))
            }),
            Field::Header => self.headers.find(text, |among| index.in_headers(text, among)),
            Field::Url => {
                // Whatever is in the address is in the line that holds it.
                let mut found = self.lines.find(text, |among| index.in_lines(text, among));
                for at in found.clone().iter() {
                    let address = index.address(at);
                    let url = address.split_once(' ').map_or(address, |(_, url)| url);
                    found.set(at, url.contains(text));
                }
                found
            }
            Field::Finding => {
                let mut found = Bits::none(rows.len());
                for (at, _) in index.findings.iter().filter(|(_, rule)| rule.contains(text)) {
                    found.set(*at as usize, true);
                }
                found
            }
            Field::Comment => Bits::of(&capture.sessions, |session| {
                annotations.comment(session).to_lowercase().contains(text)
            }),
            _ => Bits::none(rows.len()),
        }
    }
}

fn part_of(index: &Index, step: Step) -> Bits {
    Bits::of(&index.rows, |row| row.is_part_of(step))
}

fn marked(
    capture: &Capture,
    annotations: &Annotations,
    fits: impl Fn(Option<Mark>) -> bool,
) -> Bits {
    Bits::of(&capture.sessions, |session| fits(annotations.mark(session)))
}

fn is_at(began: Option<i64>, clock: Interval) -> bool {
    began.and_then(|ms| u64::try_from(ms.rem_euclid(DAY)).ok()).is_some_and(|ms| clock.has(ms))
}

/// Where words were found.
#[derive(Debug, Default)]
struct Memory(VecDeque<(String, Bits)>);

impl Memory {
    /// Finds a word; a word that holds a known one is looked for only where that one was found.
    fn find(&mut self, word: &str, find: impl Fn(Option<&Bits>) -> Bits) -> Bits {
        if let Some((_, bits)) = self.0.iter().find(|(known, _)| known == word) {
            return bits.clone();
        }
        let parents = self.0.iter().filter(|(known, _)| word.contains(known.as_str()));
        let among = parents.map(|(_, bits)| bits).min_by_key(|bits| bits.count());
        // Looking at many texts one by one takes longer than looking through all of them at once.
        let among = among.filter(|bits| bits.count() < bits.length() / 8);
        let bits = find(among);
        self.0.push_front((word.to_owned(), bits.clone()));
        self.0.truncate(REMEMBERED);
        bits
    }
}

#[cfg(test)]
mod tests {
    use super::Sifter;
    use crate::analysis::Analysis;
    use crate::capture::{Annotations, Mark, SessionId};
    use crate::jwt::Keys;
    use crate::search::{BodyMemory, Index, Query, search_bodies};

    const CAPTURE: &str = "### 1 2026-03-02T09:14:07Z +31ms outlook.exe:7
POST https://mail.contoso.com/mapi/emsmdb/ HTTP/1.1
Authorization: Bearer

HTTP/1.1 401 Unauthorized
X-FEServer: EX01
WWW-Authenticate: Bearer client_id=\"x\"
### 2 09:15:00 +2s teams.exe:9
GET https://www.fabrikam.com/a?code=secret HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/plain

GRÜSSE and a needle
### 5 // look here
GET https://www.fabrikam.com/b HTTP/1.1
";

    fn fitting(query: &str) -> Vec<u32> {
        let capture = crate::import::open_text("pasted text", CAPTURE).unwrap();
        let analysis = Analysis::of(capture, &Keys::default());
        let capture = &analysis.capture;
        let index = Index::of(&analysis);
        let mut added = Annotations::default();
        added.set_mark(SessionId(2), Some(Mark::Gold));
        let sifted = Sifter::default().sift(&Query::parse(query), &index, capture, &added);
        let mut shown = sifted.shown.clone();
        let known = BodyMemory::default();
        let done: Result<(), ()> = search_bodies(&sifted, capture, &known, &|| Ok(()), |found| {
            for (at, fits) in found {
                shown.set(*at, *fits);
            }
        });
        assert_eq!(done, Ok(()));
        shown.iter().map(|at| capture.sessions[at].id.0).collect()
    }

    #[test]
    fn words_and_fields_must_all_fit() {
        for (query, sessions) in [
            ("", &[1, 2, 5][..]),
            ("contoso", &[1]),
            ("CONTOSO post", &[1]),
            ("contoso get", &[]),
            ("-contoso", &[2, 5]),
            ("host:mail", &[1]),
            ("host:", &[1, 2, 5]),
            ("status:401", &[1]),
            ("status:2xx", &[2]),
            ("status:none", &[5]),
            ("method:get", &[2, 5]),
            ("auth:empty-bearer", &[1]),
            ("auth:bearer", &[1]),
            ("step:probe", &[1]),
            ("step:challenge", &[1]),
            ("actor:exchange", &[1]),
            ("protocol:mapi", &[1]),
            ("process:outlook", &[1]),
            ("-process:outlook", &[2, 5]),
            ("\"empty bearer\"", &[1]),
            ("header:www-authenticate", &[1]),
            ("header:\"x-feserver: ex\"", &[1]),
            ("type:plain", &[2]),
            ("size>0", &[2]),
            ("time:>1s", &[2]),
            ("time:<1s", &[1]),
            ("time:09:14", &[1]),
            ("mark:gold", &[2]),
            ("mark:none", &[1, 5]),
            ("comment:look", &[5]),
            ("comment:any", &[5]),
            ("\"look here\"", &[5]),
            ("session:2..9", &[2, 5]),
            ("url:mapi", &[1]),
            ("url:get", &[]),
            ("finding:none", &[2, 5]),
            ("-finding:none", &[1]),
            ("finding:authorization-uri", &[1]),
            ("body:needle", &[2]),
            ("needle", &[2]),
            ("NEEDLE fabrikam", &[2]),
            ("-needle", &[1, 5]),
            ("grüsse", &[2]),
            ("body:contoso", &[]),
        ] {
            assert_eq!(fitting(query), sessions, "{query}");
        }
    }

    #[test]
    fn masked_values_of_addresses_and_header_fields_are_not_searched() {
        assert_eq!(fitting("url:code"), [2]);
        assert_eq!(fitting("secret"), [] as [u32; 0]);
    }

    #[test]
    fn typing_on_finds_the_same_as_starting_anew() {
        let capture = crate::import::open_text("pasted text", CAPTURE).unwrap();
        let analysis = Analysis::of(capture, &Keys::default());
        let index = Index::of(&analysis);
        let added = Annotations::default();
        let mut typing = Sifter::default();
        let mut typed = String::new();
        for letter in "fabrikam".chars() {
            typed.push(letter);
            let query = Query::parse(&typed);
            let on = typing.sift(&query, &index, &analysis.capture, &added);
            let anew = Sifter::default().sift(&query, &index, &analysis.capture, &added);
            assert_eq!((on.shown, on.open), (anew.shown, anew.open), "{typed}");
        }
    }
}
