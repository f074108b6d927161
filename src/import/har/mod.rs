//! HAR: HTTP Archive 1.1 and 1.2 (<http://www.softwareishard.com/blog/har-12-spec/>), a JSON file.
//!
//! One thread walks the file through a window and finds where each entry begins and ends; the others parse entries, each
//! on its own, so that one odd entry or a file cut off loses nothing else. An entry as the format promises it is parsed
//! straight into the [`fields`] that are read; any other becomes a JSON value first, of which [`loose`] makes the same.

mod body;
mod distant;
mod entry;
mod field;
mod fields;
mod loose;
mod repair;
mod scan;
mod skip;

use std::cell::RefCell;
use std::ops::Range;
use std::sync::Arc;

use serde::de::IgnoredAny;
use serde_json::Value;

use super::gather::{Gather, Oddities};
use super::parallel::{self, Jobs};
use super::shared::SharedTexts;
use super::source::{Cursor, Source};
use super::{Budget, ImportError, Progress, Stage};
use crate::capture::{Capture, Format, NoteKind, Session, SessionId};
use body::{Piece, Reader};
use scan::{Batch, Batches, End, Scan};

/// The most bytes of script before the JSON.
const MAX_PREFIX: usize = 200;

/// The largest file that may be an entry by itself, in bytes.
const MAX_LONE: u64 = 64 << 20;

/// Memory of a batch that is used again; what had to grow beyond that is given back.
const MAX_REUSED: usize = 8 << 20;

/// Where in a file's beginning its JSON starts: at once, or in a call such as `onInputData({…})` or behind `var har =`.
/// `None` when this is not JSON.
pub(super) fn json_start(bytes: &[u8]) -> Option<usize> {
    let blanks = bytes.len() - bytes.trim_ascii_start().len();
    let bytes = bytes.trim_ascii_start();
    if matches!(bytes.first(), Some(b'{' | b'[')) {
        return Some(blanks);
    }
    let brace = bytes.iter().take(MAX_PREFIX).position(|byte| *byte == b'{')?;
    let (prefix, json) = bytes.split_at_checked(brace)?;
    let script = matches!(prefix.trim_ascii_end().last(), Some(b'(' | b'='))
        && prefix.iter().all(|b| b.is_ascii_alphanumeric() || b"_$.=(; \t\r\n".contains(b));
    let object = json.get(1..).is_some_and(|rest| rest.trim_ascii_start().starts_with(b"\""));
    (script && object).then_some(blanks + brace)
}

/// What became of an entry: a session, or why it was skipped.
type Outcome = Result<(Session, Oddities), &'static str>;

/// Opens the HAR file whose JSON begins at `start`.
pub(super) fn open(
    file_name: &str,
    source: &Arc<Source>,
    start: u64,
    progress: &Progress<'_>,
) -> Result<Capture, ImportError> {
    let mut gather = Gather::new(file_name, Format::Har);
    let budget = Budget::default();
    let total = source.len();
    let stop = progress.stop();
    let used: RefCell<Vec<Batch>> = RefCell::default();
    let worker = || {
        let mut texts = SharedTexts::new();
        let budget = &budget;
        move |batch: Batch| {
            let outcomes: Vec<Outcome> = batch
                .entries
                .iter()
                .zip(0..)
                .take_while(|_| !stop.asked())
                .map(|(range, number)| {
                    let id = SessionId(batch.first.saturating_add(number));
                    entry(id, range.clone(), source, &batch, &mut texts, budget)
                })
                .collect();
            (batch, outcomes)
        }
    };
    let take = |(batch, outcomes): (Batch, Vec<Outcome>)| {
        for (outcome, number) in outcomes.into_iter().zip(batch.first..) {
            match outcome {
                Ok((session, oddities)) => gather.session(session, oddities),
                Err(why) => gather.skip(Some(SessionId(number)), why),
            }
        }
        if batch.bytes.len() <= MAX_REUSED {
            used.borrow_mut().push(batch);
        }
        Ok(())
    };
    let mut scan = parallel::in_order(progress, worker, take, |jobs| {
        let mut reading = Reading { jobs, used: &used, progress, total };
        scan::walk(source, start, &mut reading)
    })?;
    if !scan.found_log
        && let Some((session, mut oddities)) = lone_entry(source, start, &budget)
    {
        let message = "The file is one entry of a HAR file without the file around it";
        oddities.add(NoteKind::FieldRepaired, message);
        gather.session(session, oddities);
        scan = Scan { found_log: true, end: End::Whole, entries: 1, ..scan };
    }
    finish(gather, &scan, source, start, progress)
}

/// The file's JSON as one entry: what somebody cut out of a HAR file.
fn lone_entry(source: &Arc<Source>, start: u64, budget: &Budget) -> Option<(Session, Oddities)> {
    let length = source.len().checked_sub(start).filter(|length| *length <= MAX_LONE)?;
    let bytes = source.piece(start, usize::try_from(length).ok()?).ok()?.into_owned();
    let is_entry = as_promised(&bytes)?.request.is_some_and(|request| request.url.is_some());
    let batch = Batch { bytes, base: start, entries: Vec::new(), first: 1 };
    let whole = 0..batch.bytes.len();
    let mut texts = SharedTexts::new();
    let read = || entry(SessionId(1), whole, source, &batch, &mut texts, budget).ok();
    is_entry.then(read).flatten()
}

/// Gives the workers what the walk found.
struct Reading<'r, 'j> {
    jobs: &'r mut Jobs<'j, Batch, (Batch, Vec<Outcome>)>,
    used: &'r RefCell<Vec<Batch>>,
    progress: &'r Progress<'r>,
    total: u64,
}

impl Batches for Reading<'_, '_> {
    fn full(&mut self, batch: Batch, read: u64) -> Result<(), ImportError> {
        self.jobs.give(batch)?;
        self.on_the_way(read)
    }

    fn empty(&mut self) -> Batch {
        let mut batch = self.used.borrow_mut().pop().unwrap_or_default();
        batch.entries.clear();
        batch
    }

    fn on_the_way(&mut self, read: u64) -> Result<(), ImportError> {
        self.progress.step(Stage::Sessions, read, self.total)
    }
}

fn finish(
    mut gather: Gather,
    scan: &Scan,
    source: &Arc<Source>,
    start: u64,
    progress: &Progress<'_>,
) -> Result<Capture, ImportError> {
    if gather.len() == 0 {
        // What stands behind the JSON, the end of a function call say, does not matter.
        let json = std::io::BufReader::new(Cursor::new(Arc::clone(source), start));
        let mut values = serde_json::Deserializer::from_reader(json).into_iter::<IgnoredAny>();
        if let Some(Err(error)) = values.next() {
            return Err(ImportError::Json { line: error.line(), column: error.column() });
        }
    }
    if !scan.found_log {
        return Err(ImportError::NotACapture { found: "JSON without log.entries" });
    }
    let position = scan.entries;
    match scan.end {
        End::Whole => {}
        End::Cut => gather
            .note(NoteKind::FileTruncated, format!("The file breaks off behind entry {position}")),
        End::CutInEntry => {
            gather.skip(
                Some(SessionId(position.saturating_add(1))),
                "The file ends inside this entry",
            );
            gather.note(
                NoteKind::FileTruncated,
                format!("The file breaks off after {position} complete entries"),
            );
        }
        End::TooLarge => gather.note(
            NoteKind::LimitReached,
            format!("What follows entry {position} is too large to be an entry; it was not read"),
        ),
    }
    gather.creator(creator(scan));
    progress.step(Stage::Sessions, source.len(), source.len())?;
    Ok(gather.finish())
}

fn entry(
    id: SessionId,
    range: Range<usize>,
    source: &Arc<Source>,
    batch: &Batch,
    texts: &mut SharedTexts,
    budget: &Budget,
) -> Outcome {
    let json = batch.bytes.get(range).unwrap_or_default();
    let piece = Piece { source, base: batch.base, bytes: &batch.bytes };
    let mut reader = Reader { texts, budget, oddities: Oddities::default(), piece };
    if let Some(fields) = as_promised(json) {
        let session = entry::session(id, fields, &mut reader);
        return Ok((session, reader.oddities));
    }
    let parsed = serde_json::from_slice(json).or_else(|_| {
        let message =
            "The entry is not valid JSON (broken characters or numbers); they were replaced";
        reader.oddities.add(NoteKind::FieldRepaired, message);
        serde_json::from_str(&repair::repaired(json))
    });
    match parsed {
        Ok(mut value @ Value::Object(_)) => {
            let session = entry::session(id, loose::entry(&mut value), &mut reader);
            Ok((session, reader.oddities))
        }
        Ok(_) => Err("The entry is not an object"),
        Err(_) => Err("The entry is not valid JSON"),
    }
}

/// The fields of an entry that has a request and a response, each field of the promised type.
fn as_promised(json: &[u8]) -> Option<fields::Entry<'_>> {
    let fields: fields::Entry<'_> = serde_json::from_str(std::str::from_utf8(json).ok()?).ok()?;
    (fields.request.is_some() && fields.response.is_some()).then_some(fields)
}

/// Name and version of `log.creator`, else of `log.browser`.
fn creator(scan: &Scan) -> Option<String> {
    [&scan.creator, &scan.browser].into_iter().flatten().find_map(|json| {
        let mut value: Value = serde_json::from_slice(json).ok()?;
        let name = field::text(&mut value, "name")?;
        Some(match field::text(&mut value, "version") {
            Some(version) => format!("{name} {version}"),
            None => name,
        })
    })
}

#[cfg(test)]
mod tests;
