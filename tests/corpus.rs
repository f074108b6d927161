//! Opens every file of a folder of real captures, named by the environment variable `HMA_TRACE_CORPUS`. Its `INDEX.tsv`
//! has a header line; column `file` is a path in the folder, column `entries` the number of sessions, empty for files
//! that are no captures.

#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "helper functions of a test")]

use std::path::{Path, PathBuf};

use hma_trace::capture::Format;
use hma_trace::import::{Options, Progress, open_file};

struct Row {
    file: PathBuf,
    sessions: Option<usize>,
    creator: String,
}

fn index(folder: &Path) -> Vec<Row> {
    let text = std::fs::read_to_string(folder.join("INDEX.tsv")).unwrap();
    let mut lines = text.lines();
    let names: Vec<_> = lines.next().unwrap().split('\t').collect();
    let column = |name: &str| names.iter().position(|n| *n == name).unwrap();
    let (file, creator, entries) = (column("file"), column("creator"), column("entries"));
    lines
        .map(|line| {
            let cells: Vec<_> = line.split('\t').collect();
            let cell = |at: usize| cells.get(at).copied().unwrap_or_default();
            Row {
                file: folder.join(cell(file)),
                sessions: cell(entries).parse().ok(),
                creator: cell(creator).to_owned(),
            }
        })
        .collect()
}

#[test]
fn every_capture_opens_with_all_its_sessions() {
    let Ok(folder) = std::env::var("HMA_TRACE_CORPUS") else {
        eprintln!("skipped: HMA_TRACE_CORPUS names no folder of captures");
        return;
    };
    let mut wrong = Vec::new();
    for row in index(Path::new(&folder)) {
        let opened = open_file(&row.file, Options::default(), &Progress::none());
        let name = row.file.display();
        match (row.sessions, opened) {
            (Some(expected), Ok(capture)) => {
                let counts = capture.counts;
                let sessions = capture.sessions.len();
                if sessions != expected
                    || counts.read + counts.repaired + counts.partial != sessions
                {
                    wrong.push(format!(
                        "{name}: {sessions} sessions, {expected} expected; {counts:?}"
                    ));
                }
                let recorder = row.creator.replace('/', " ");
                if capture.format == Format::Saz
                    && recorder.starts_with("Fiddler")
                    && capture.creator.as_ref() != Some(&recorder)
                {
                    wrong.push(format!(
                        "{name}: creator {:?}, {recorder} expected",
                        capture.creator
                    ));
                }
            }
            (Some(expected), Err(error)) => {
                wrong.push(format!("{name}: {error}; {expected} sessions expected"));
            }
            (None, Ok(capture)) => {
                eprintln!("{name}: opened with {} sessions", capture.sessions.len());
            }
            (None, Err(error)) => eprintln!("{name}: {error}"),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_capture_cut_short_is_read_without_panic() {
    let Ok(folder) = std::env::var("HMA_TRACE_CORPUS") else {
        eprintln!("skipped: HMA_TRACE_CORPUS names no folder of captures");
        return;
    };
    for row in index(Path::new(&folder)) {
        let bytes = std::fs::read(&row.file).unwrap();
        for tenth in 1..10 {
            let cut = bytes.get(..bytes.len() * tenth / 10).unwrap_or_default();
            let _ =
                hma_trace::import::open_bytes("cut", cut, Options::default(), &Progress::none());
        }
    }
}
