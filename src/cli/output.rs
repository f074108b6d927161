//! Writing: to standard output, or to a file that appears whole or not at all.

use std::ffi::OsString;
use std::fs;
use std::io::{self, ErrorKind, IsTerminal as _, Write as _};
use std::path::Path;

use super::args::ReportArgs;
use super::failure::Failure;
use crate::export::write_whole;
use crate::report::{self, Document, Style};

/// Columns when nothing says otherwise.
const WIDTH: usize = 80;

/// Writes a report as asked: `write` makes it. Its style is that of the terminal, or plain for a file.
pub(super) fn report(
    arguments: &ReportArgs,
    write: impl FnOnce(report::Format, Style) -> String,
) -> Result<(), Failure> {
    let to_file = arguments.output.as_deref().is_some_and(|out| !is_standard(out));
    let style = if to_file { Style::default() } else { style() };
    bytes(arguments.output.as_deref(), write(arguments.format.into(), style).as_bytes())
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

fn style() -> Style {
    let variable = |name: &str| std::env::var_os(name);
    // Windows' console understands colours from Windows 10 on, and only when told to.
    let terminal =
        io::stdout().is_terminal() && anstyle_query::windows::enable_ansi_colors().unwrap_or(true);
    style_of(terminal, &variable)
}

/// Colour on a terminal unless `NO_COLOR` (no-color.org) or a plain terminal forbids it; the width of `COLUMNS` if set.
fn style_of(terminal: bool, variable: &dyn Fn(&str) -> Option<OsString>) -> Style {
    let set = |name: &str| variable(name).is_some_and(|value| !value.is_empty());
    let dumb = variable("TERM").is_some_and(|term| term == "dumb");
    let width = variable("COLUMNS").and_then(|columns| columns.to_str()?.parse().ok());
    Style {
        color: terminal && !set("NO_COLOR") && !dumb,
        width: width.map_or(WIDTH, |columns: usize| columns.clamp(40, 160)),
    }
}

#[cfg(test)]
mod tests {
    use super::{must_differ, style_of};
    use std::ffi::OsString;
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

    #[test]
    fn colour_is_for_terminals_that_want_it() {
        let color = |terminal, set: &[(&str, &str)]| {
            let variable = |name: &str| {
                set.iter().find(|(n, _)| *n == name).map(|(_, value)| OsString::from(value))
            };
            style_of(terminal, &variable).color
        };
        assert!(color(true, &[]) && color(true, &[("NO_COLOR", ""), ("TERM", "xterm")]));
        assert!(!color(false, &[]));
        assert!(!color(true, &[("NO_COLOR", "1")]) && !color(true, &[("TERM", "dumb")]));
        let wide =
            |columns: &str| style_of(true, &|n| (n == "COLUMNS").then(|| columns.into())).width;
        assert_eq!([wide("100"), wide("9999"), wide("1"), wide("x")], [100, 160, 40, 80]);
    }
}
