//! What programs and people add around HTTP text before it reaches a ticket: `curl -v`'s marks, quote marks, an indent,
//! code fences, typographic quotes.

use std::borrow::Cow;

use crate::import::head::{RequestLine, StatusLine};

/// The fewest dashes that make a rule between sessions; Fiddler writes 66 of them.
const RULE: usize = 20;

/// What a text as a whole shows about how it was pasted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Pasted {
    /// Whether lines sent start with `> ` and lines received with `< ` (or all with `> `, as in a quoted message).
    arrows: bool,
    /// Characters of the blank that every line starts with.
    indent: usize,
}

impl Pasted {
    /// Looks at the whole text.
    pub(super) fn of(text: &str) -> Self {
        let filled = || text.lines().filter(|line| !line.trim().is_empty() && !is_fence(line));
        let indent = filled().map(leading_blanks).min().unwrap_or(0);
        let arrows = filled().any(|line| {
            let line = without_clock(line.trim_start());
            arrow(line).is_some_and(|(_, rest)| {
                RequestLine::recognise(rest).is_some() || StatusLine::parse(rest).is_some()
            })
        });
        Self { arrows, indent }
    }

    /// The line as it was sent or received; `None` for one that is no part of the messages.
    pub(super) fn line<'a>(&self, line: &'a str) -> Option<Plain<'a>> {
        let line = cut_blanks(line, self.indent);
        if is_fence(line) {
            return None;
        }
        if !self.arrows {
            return Some(Plain { text: line.into(), marked: false });
        }
        let timed = without_clock(line);
        if let Some((_, rest)) = arrow(timed) {
            return Some(Plain { text: rest.into(), marked: true });
        }
        if is_chatter(timed) {
            return None;
        }
        // What curl says next does not begin a line of its own when the body ends without a line break.
        let body = line.split_once("* Connection #").map_or(line, |(body, _)| body);
        (!body.is_empty()).then_some(Plain { text: body.into(), marked: false })
    }

    /// Whether lines carry marks, so that a line without one is a body's.
    pub(super) const fn has_marks(&self) -> bool {
        self.arrows
    }
}

/// A line without what was added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Plain<'a> {
    pub(super) text: Cow<'a, str>,
    /// Whether a mark stood before it.
    pub(super) marked: bool,
}

/// Whether a line begins or ends a block of code in Markdown.
fn is_fence(line: &str) -> bool {
    line.trim_start().starts_with("```")
}

/// Whether a line is a rule of dashes, as Fiddler writes between sessions that are copied together.
pub(super) fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.len() >= RULE && line.bytes().all(|byte| byte == b'-')
}

/// Quotes that a word processor made typographic, as they were.
pub(super) fn plain_quotes(line: &str) -> Cow<'_, str> {
    let typographic = |c: char| matches!(c, '“' | '”' | '„' | '‟');
    if line.contains(typographic) { line.replace(typographic, "\"").into() } else { line.into() }
}

/// The line behind its mark, and the mark.
fn arrow(line: &str) -> Option<(char, &str)> {
    let mark = line.chars().next().filter(|c| matches!(c, '>' | '<'))?;
    let rest = line.get(1..)?;
    // `<html>` is a body's, `< ` and `<` alone are marks.
    rest.strip_prefix(' ')
        .or_else(|| rest.trim().is_empty().then_some(rest))
        .map(|rest| (mark, rest))
}

/// What curl says about its own work: `* Trying…`, `{ [122 bytes data]`, the progress meter.
fn is_chatter(line: &str) -> bool {
    let data =
        |line: &str| line.trim_end().ends_with("bytes data]") && line.starts_with(['{', '}']);
    line.starts_with("* ")
        || data(line)
        || line.contains("--:--:--")
        || line.trim_start().starts_with("% Total")
        || line.trim_start().starts_with("Dload")
}

/// The line behind the time of day that `curl --trace-time` puts before it.
fn without_clock(line: &str) -> &str {
    let clock = |word: &str| {
        word.len() >= 8
            && word.bytes().all(|b| b.is_ascii_digit() || matches!(b, b':' | b'.'))
            && word.bytes().filter(|b| *b == b':').count() == 2
    };
    match line.split_once(' ') {
        Some((word, rest)) if clock(word) => rest,
        _ => line,
    }
}

fn leading_blanks(line: &str) -> usize {
    line.chars().take_while(|c| matches!(c, ' ' | '\t')).count()
}

fn cut_blanks(line: &str, indent: usize) -> &str {
    // Blanks are one byte each; a line with fewer is empty.
    let cut = indent.min(leading_blanks(line));
    line.get(cut..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Pasted, is_rule, plain_quotes};

    fn plain(text: &str) -> Vec<String> {
        let pasted = Pasted::of(text);
        text.lines().filter_map(|line| pasted.line(line)).map(|l| l.text.into_owned()).collect()
    }

    #[test]
    fn what_curl_adds_goes_away() {
        let text = "* Trying 203.0.113.7:443...\n} [5 bytes data]\n> GET /owa/ HTTP/2\n> Host: mail.contoso.com\n>\n\
            < HTTP/2 401 \n< \n<html>\n100    12  100    12    0     0    200      0 --:--:-- --:--:-- --:--:--   203\n\
            </html>* Connection #0 to host mail.contoso.com left intact\n";
        assert_eq!(
            plain(text),
            [
                "GET /owa/ HTTP/2",
                "Host: mail.contoso.com",
                "",
                "HTTP/2 401 ",
                "",
                "<html>",
                "</html>"
            ]
        );
        assert_eq!(
            plain("09:14:07.120123 > GET / HTTP/1.1\n09:14:07.120200 > Host: a\n"),
            ["GET / HTTP/1.1", "Host: a"]
        );
    }

    #[test]
    fn a_text_without_marks_keeps_its_arrows() {
        let text = "GET / HTTP/1.1\n\n> quoted\n* item";
        assert_eq!(plain(text), ["GET / HTTP/1.1", "", "> quoted", "* item"]);
    }

    #[test]
    fn an_indent_and_fences_go_away() {
        assert_eq!(plain("```http\n  GET / HTTP/1.1\n  A: b\n```"), ["GET / HTTP/1.1", "A: b"]);
        assert_eq!(
            plain("    GET / HTTP/1.1\n    A: b\n      c\n\n"),
            ["GET / HTTP/1.1", "A: b", "  c", ""]
        );
    }

    #[test]
    fn rules_are_long() {
        assert!(is_rule(&format!("{}\r\n", "-".repeat(66))));
        assert!(
            !is_rule("--") && !is_rule("----------------------------974767299852498929531610575")
        );
    }

    #[test]
    fn quotes_become_plain() {
        assert_eq!(plain_quotes("Basic realm=“contoso.com”"), "Basic realm=\"contoso.com\"");
    }
}
