//! A report as Markdown for a ticket or a wiki (`CommonMark` with the tables of GitHub).

use std::fmt::Write as _;

use super::document::{Block, Cell, Document, Line, Look};
use super::plain::escape;

/// Writes a report down as Markdown.
pub fn render(document: &Document) -> String {
    let mut out = format!("# {}\n", text(&document.title));
    let mut before = None;
    for block in &document.blocks {
        out.push('\n');
        write_block(&mut out, block, before);
        before = Some(block);
    }
    out
}

fn write_block(out: &mut String, block: &Block, before: Option<&Block>) {
    match block {
        Block::Banner(_, words) => paragraph(out, &format!("**{}**", text(words))),
        Block::Heading(words) => paragraph(out, &format!("## {}", text(words))),
        Block::Subheading(line) => paragraph(out, &format!("### {}", inline(line))),
        Block::Paragraph(line) => paragraph(out, &inline(line)),
        Block::Bullets(items) => {
            for item in items {
                paragraph(out, &format!("- {}", inline(item)));
            }
        }
        Block::Numbered(items) => {
            for (at, item) in items.iter().enumerate() {
                let number = format!("{}. ", at + 1);
                paragraph(out, &format!("{number}{}", inline(&item.words)));
                let indent = " ".repeat(number.len());
                for command in &item.commands {
                    let fence = fence(command, 3);
                    for line in [fence.as_str(), &escape(command), fence.as_str()] {
                        paragraph(out, &format!("{indent}{line}"));
                    }
                }
            }
        }
        Block::Facts(facts) => {
            // Another mark keeps two lists apart that follow each other.
            let mark = if matches!(before, Some(Block::Bullets(_))) { '*' } else { '-' };
            for (name, value) in facts {
                paragraph(out, &format!("{mark} {}: {}", text(name), inline(value)));
            }
        }
        Block::Table(titles, rows) => {
            let titles: Vec<String> = titles.iter().map(|t| text(t)).collect();
            paragraph(out, &format!("| {} |", titles.join(" | ")));
            paragraph(out, &format!("|{}", " --- |".repeat(titles.len())));
            for row in rows {
                let cells: Vec<String> = row.iter().map(cell).collect();
                paragraph(out, &format!("| {} |", cells.join(" | ")));
            }
        }
        Block::Ladder(_) => {}
        Block::Verbatim(recorded) => {
            let fence = fence(recorded, 3);
            paragraph(out, &format!("{fence}http"));
            for line in recorded.lines() {
                paragraph(out, &escape(line));
            }
            paragraph(out, &fence);
        }
    }
}

fn paragraph(out: &mut String, line: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{line}");
}

fn cell(cell: &Cell) -> String {
    let lines: Vec<String> = cell.iter().map(inline).collect();
    // A bar ends a cell, even inside a code span.
    lines.join("<br>").replace("\\|", "|").replace('|', "\\|")
}

fn inline(line: &Line) -> String {
    line.0
        .iter()
        .map(|span| match span.look {
            Look::Code => code(&span.text),
            Look::Strong | Look::Good | Look::Bad | Look::Caution => strong(&span.text),
            Look::Plain | Look::Quiet => text(&span.text),
        })
        .collect()
}

/// Emphasis does not begin or end at a blank.
fn strong(words: &str) -> String {
    let inner = words.trim();
    let (before, after) = words.split_once(inner).unwrap_or_default();
    if inner.is_empty() { words.to_owned() } else { format!("{before}**{}**{after}", text(inner)) }
}

/// Running text in which nothing is markup.
fn text(words: &str) -> String {
    let words = escape(words);
    let mut plain = String::with_capacity(words.len());
    let mut before = None;
    let mut rest = words.chars().peekable();
    while let Some(c) = rest.next() {
        let inside_word = before.is_some_and(char::is_alphanumeric)
            && rest.peek().copied().is_some_and(char::is_alphanumeric);
        let is_markup = match c {
            '\\' | '`' | '*' | '[' | ']' | '<' | '|' | '~' | '&' => true,
            '_' => !inside_word,
            '#' | '>' | '+' | '-' | '=' => before.is_none(),
            // `1. ` begins a list, `https://` and `www.` make a link of what follows (GitHub's autolinks).
            '.' | ')' => is_number(&plain) || ends_with_www(&plain),
            ':' => {
                rest.clone().zip("//".chars()).all(|(a, b)| a == b)
                    && rest.clone().nth(2).is_some_and(char::is_alphanumeric)
            }
            _ => false,
        };
        if is_markup {
            plain.push('\\');
        }
        plain.push(c);
        before = Some(c);
    }
    plain
}

/// Whether a line so far could be the number of a list's item.
fn is_number(line: &str) -> bool {
    !line.is_empty() && line.bytes().all(|b| b.is_ascii_digit())
}

fn ends_with_www(line: &str) -> bool {
    let end = line.len().saturating_sub(3);
    line.get(end..).is_some_and(|end| end.eq_ignore_ascii_case("www"))
}

/// A code span, fenced by more backticks than it holds.
fn code(value: &str) -> String {
    let value = escape(value);
    let fence = fence(&value, 1);
    let pad = if value.starts_with('`') || value.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{value}{pad}{fence}")
}

fn fence(value: &str, least: usize) -> String {
    let longest = value.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    "`".repeat(least.max(longest + 1))
}

#[cfg(test)]
mod tests {
    use super::render;
    use crate::report::document::{Block, Document, Line, Look};
    use crate::report::words::fix_item;

    #[test]
    fn recorded_text_is_never_markup() {
        let mut page = Document::new("a_b <script>");
        page.paragraph("[click](https://evil.example) | *x* &amp;\u{1b}");
        page.paragraph(Line::new().code("a`b``c"));
        page.push(Block::Verbatim("```\nGET / HTTP/1.1".to_owned()));
        page.push(Block::Table(
            vec!["A".to_owned()],
            vec![vec![vec![Line::new().code("x|y"), "p|q".into()]]],
        ));
        let expected = "# a_b \\<script>\n\n\\[click\\](https\\://evil.example) \\| \\*x\\* \\&amp;\\\\u{1b}\n\n\
                        ```a`b``c```\n\n````http\n```\nGET / HTTP/1.1\n````\n\n| A |\n| --- |\n| `x\\|y`<br>p\\|q |\n";
        assert_eq!(render(&page), expected);
    }

    #[test]
    fn recorded_text_makes_no_list_and_no_link() {
        let mut page = Document::new("T");
        for words in [
            "1. one",
            "2) two",
            "- x",
            "# x",
            "> x",
            "=== x",
            "see WWW.evil.example",
            "http://e.example",
        ] {
            page.paragraph(words);
        }
        let expected = "# T\n\n1\\. one\n\n2\\) two\n\n\\- x\n\n\\# x\n\n\\> x\n\n\\=== x\n\nsee WWW\\.evil.example\n\nhttp\\://e.example\n";
        assert_eq!(render(&page), expected);
    }

    #[test]
    fn two_lists_that_follow_each_other_stay_two() {
        let mut page = Document::new("T");
        page.push(Block::Bullets(vec!["a".into()]));
        page.push(Block::Facts(vec![("b".to_owned(), "c".into())]));
        assert_eq!(render(&page), "# T\n\n- a\n\n* b: c\n");
    }

    #[test]
    fn looks_become_emphasis() {
        let mut page = Document::new("T");
        page.push(Block::Banner(Look::Bad, "✖ Broken".to_owned()));
        page.paragraph(Line::new().look(Look::Bad, "Error: ").plain("text"));
        page.push(Block::Numbered(vec![fix_item("In `a_b`: `Set-It -Like \"*\"`")]));
        assert_eq!(
            render(&page),
            "# T\n\n**✖ Broken**\n\n**Error:** text\n\n1. In `a_b`:\n   ```\n   Set-It -Like \"*\"\n   ```\n"
        );
    }
}
