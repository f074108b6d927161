//! Planted secrets: every place × every spelling × the kind of file read × the kind of file written.

use std::collections::BTreeSet;

use hma_trace::capture::Format;
use hma_trace::export::redact_to_bytes;
use hma_trace::import::{self, Progress};
use hma_trace::redact::{Judgement, Names, Options};

use crate::place::{Cell, cells, code};
use crate::places;
use crate::recorded::{Kind, file};
use crate::search::{DEEPEST, Readable};

/// What a run of the program leaves of the cells in a file of one kind, written as another.
pub(crate) fn survivors(
    cells: &[Cell<'_>],
    from: Kind,
    to: Kind,
    options: Options,
    deepest: usize,
) -> BTreeSet<usize> {
    let planted: Vec<&Cell<'_>> =
        cells.iter().filter(|cell| cell.place.only.is_none_or(|only| only == from)).collect();
    let sessions: Vec<_> = planted.iter().map(|cell| cell.session()).collect();
    let bytes = file(&sessions, from);
    let none = Progress::none();
    let capture = import::open_bytes("trace", &bytes, import::Options::default(), &none).unwrap();
    assert_eq!(capture.sessions.len(), sessions.len());
    let format = match to {
        Kind::Har => Format::Har,
        Kind::Saz => Format::Saz,
    };
    let (out, _) =
        redact_to_bytes(&capture, "00", options, format, &|_| Judgement::default(), &none).unwrap();
    let found = Readable::down_to(deepest, &out).between("zq", "planted", 4);
    planted.iter().map(|cell| cell.number).filter(|number| found.contains(&code(*number))).collect()
}

#[test]
fn no_planted_secret_survives() {
    let places = places::all();
    let cells = cells(&places);
    let mut combinations = 0;
    let mut failures = BTreeSet::new();
    for from in [Kind::Har, Kind::Saz] {
        for to in [Kind::Har, Kind::Saz] {
            combinations +=
                cells.iter().filter(|c| c.place.only.is_none_or(|only| only == from)).count();
            // What happens to names changes nothing about secrets: one kind of file shows it.
            let all = [Names::Pseudonymize, Names::Keep];
            for names in all.into_iter().take(if to == Kind::Har { 2 } else { 1 }) {
                let options = Options { names, ..Options::default() };
                for number in survivors(&cells, from, to, options, DEEPEST) {
                    failures.insert(format!("{} from {from:?} to {to:?}", cells[number].name()));
                }
            }
        }
    }
    assert!(combinations >= 120, "{combinations}");
    let list: Vec<_> = failures.iter().map(String::as_str).collect();
    assert!(list.is_empty(), "{} of {combinations}:\n{}", list.len(), list.join("\n"));
}
