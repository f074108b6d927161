//! Writing: to standard output, or to a file that appears whole or not at all.

use std::fs;
use std::io::{self, ErrorKind, IsTerminal as _, Write as _};
use std::path::Path;

use super::args::{Format, ReportArgs};
use super::failure::Failure;
use crate::export::write_whole;
use crate::report::{self, Document, Style};

/// Columns when nothing says otherwise.
const WIDTH: usize = 80;

/// Writes a report as asked. `json` makes its JSON form, which is not made from the document.
pub(super) fn report(
    arguments: &ReportArgs,
    document: &Document,
    json: impl FnOnce() -> String,
) -> Result<(), Failure> {
    let text = match arguments.format {
        Format::Text => {
            let to_file = arguments.output.as_deref().is_some_and(|out| !is_standard(out));
            report::text(document, if to_file { Style::default() } else { style() })
        }
        Format::Json => json(),
        Format::Markdown => report::markdown(document),
        Format::Html => report::html(document),
    };
    bytes(arguments.output.as_deref(), text.as_bytes())
}

/// Writes a document to standard output as text.
pub(super) fn show(document: &Document) -> Result<(), Failure> {
    bytes(None, report::text(document, style()).as_bytes())
}

/// Writes bytes to a file, or to standard output if none or `-` is named.
pub(super) fn bytes(path: Option<&Path>, bytes: &[u8]) -> Result<(), Failure> {
    match path {
        Some(path) if !is_standard(path) => write_whole(path, bytes)
            .map_err(|error| Failure::at(format!("cannot write: {error}"), path)),
        _ => to_stdout(bytes),
    }
}

/// Refuses to write where something is read from: originals are never touched.
pub(super) fn must_differ(output: &Path, inputs: &[&Path]) -> Result<(), Failure> {
    let same = |input: &Path| {
        // Two names of one ordinary file; a terminal may well be both input and output.
        match (fs::canonicalize(output), fs::canonicalize(input)) {
            (Ok(output), Ok(input)) => output == input && output.is_file(),
            _ => output == input && !is_standard(output),
        }
    };
    if inputs.iter().any(|input| same(input)) {
        return Err(Failure::at("the output would replace a file that it is made from", output));
    }
    Ok(())
}

/// Whether a path means standard input or output.
pub(super) fn is_standard(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Tells a person something, if anybody listens.
pub(super) fn to_stderr(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

fn to_stdout(bytes: &[u8]) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        // The reader has seen enough: `hma-trace … | head`.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(Failure::new(format!("cannot write to standard output: {error}"))),
        Ok(()) => Ok(()),
    }
}

/// Colour on a terminal unless `NO_COLOR` (no-color.org) or a plain terminal forbids it; the width of `COLUMNS` if set.
fn style() -> Style {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    let width = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    Style {
        color: io::stdout().is_terminal() && !set("NO_COLOR") && !dumb,
        width: width.map_or(WIDTH, |columns: usize| columns.clamp(40, 160)),
    }
}

#[cfg(test)]
mod tests {
    use super::must_differ;
    use std::path::Path;

    #[test]
    fn the_original_is_never_the_output() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.har");
        std::fs::write(&path, "x").unwrap();
        let detour = folder.path().join(".").join("a.har");
        assert!(must_differ(&detour, &[&path]).is_err());
        assert!(must_differ(&folder.path().join("b.har"), &[&path]).is_ok());
        assert!(must_differ(Path::new("-"), &[Path::new("-")]).is_ok());
    }
}
