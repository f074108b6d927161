//! A report as text for a terminal or a mail: wrapped, in colour only when asked, control characters spelled out.

use super::document::{Block, Cell, Document, Line, Look};
use super::plain::escape;
use super::wrap::{length, longest_word, wrap};

/// How text is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether ANSI colours may be used.
    pub color: bool,
    /// Columns to fill.
    pub width: usize,
}

impl Default for Style {
    fn default() -> Self {
        Self { color: false, width: 80 }
    }
}

const INDENT: usize = 2;
const GAP: usize = 2;

/// Writes a report down as text.
pub fn render(document: &Document, style: Style) -> String {
    let mut writer = Writer { out: String::new(), style };
    for (at, block) in document.blocks.iter().enumerate() {
        let after_title = at > 0
            && document.blocks.get(at - 1).is_some_and(|b| {
                matches!(b, Block::Heading(_) | Block::Subheading(_) | Block::Banner(..))
            });
        if at > 0 && (!after_title || matches!(block, Block::Heading(_))) {
            writer.out.push('\n');
        }
        writer.block(block);
    }
    writer.out
}

struct Writer {
    out: String,
    style: Style,
}

impl Writer {
    fn block(&mut self, block: &Block) {
        match block {
            Block::Banner(look, text) => {
                self.lines("", "", &Line::new().look(*look, text.as_str()));
            }
            Block::Heading(text) => {
                self.lines("", "", &Line::new().look(Look::Strong, text.as_str()));
            }
            Block::Subheading(line) => self.lines("", "  ", line),
            Block::Paragraph(line) => self.lines("  ", "  ", line),
            Block::Bullets(items) => {
                for item in items {
                    self.lines("  - ", "    ", item);
                }
            }
            Block::Numbered(items) => {
                let digits = items.len().to_string().len();
                for (at, item) in items.iter().enumerate() {
                    let first = format!("  {:>digits$}. ", at + 1);
                    self.lines(&first, &" ".repeat(first.len()), &item.words);
                    for command in &item.commands {
                        self.out.push_str(&" ".repeat(first.len() + INDENT));
                        // Not wrapped: it is there to be copied.
                        self.line(&Line::new().code(escape(command)));
                        self.end();
                    }
                }
            }
            Block::Facts(facts) => {
                let names = facts.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
                for (name, value) in facts {
                    let first = format!("  {name:names$}  ");
                    self.lines(&first, &" ".repeat(first.chars().count()), value);
                }
            }
            Block::Table(titles, rows) => self.table(titles, rows),
            Block::Ladder(_) => {}
            Block::Verbatim(text) => {
                // Not wrapped: it is there to be copied.
                for line in text.lines() {
                    self.out.push_str("    ");
                    self.out.push_str(&escape(line));
                    self.end();
                }
            }
        }
    }

    /// A wrapped line: `first` before its first row, `rest` before the others.
    fn lines(&mut self, first: &str, rest: &str, line: &Line) {
        let room = self.style.width.saturating_sub(first.chars().count());
        for (at, row) in wrap(line, room).iter().enumerate() {
            self.out.push_str(if at == 0 { first } else { rest });
            self.line(row);
            self.end();
        }
    }

    fn line(&mut self, line: &Line) {
        for span in &line.0 {
            let code = if self.style.color { color(span.look) } else { "" };
            if code.is_empty() {
                self.out.push_str(&span.text);
            } else {
                self.out.push_str(code);
                self.out.push_str(&span.text);
                self.out.push_str("\u{1b}[0m");
            }
        }
    }

    fn end(&mut self) {
        self.out.truncate(self.out.trim_end_matches(' ').len());
        self.out.push('\n');
    }

    fn table(&mut self, titles: &[String], rows: &[Vec<Cell>]) {
        let widths = self.widths(titles, rows);
        let head: Vec<Cell> =
            titles.iter().map(|t| vec![Line::new().look(Look::Quiet, t.as_str())]).collect();
        for row in std::iter::once(&head).chain(rows) {
            let cells: Vec<Vec<Line>> = row
                .iter()
                .zip(&widths)
                .map(|(cell, width)| cell.iter().flat_map(|line| wrap(line, *width)).collect())
                .collect();
            for at in 0..cells.iter().map(Vec::len).max().unwrap_or(0) {
                self.out.push_str(&" ".repeat(INDENT));
                for (cell, width) in cells.iter().zip(&widths) {
                    let used = cell.get(at).map_or(0, |line| {
                        self.line(line);
                        length(line)
                    });
                    self.out.push_str(&" ".repeat(width.saturating_sub(used) + GAP));
                }
                self.end();
            }
        }
    }

    /// Columns as wide as their content; while that is too much, the widest gives way, first those that can without
    /// breaking a word.
    fn widths(&self, titles: &[String], rows: &[Vec<Cell>]) -> Vec<usize> {
        const NARROWEST: usize = 6;
        let mut widths: Vec<usize> = titles.iter().map(|t| t.chars().count()).collect();
        let mut words: Vec<usize> =
            titles.iter().map(|t| longest_word(&t.as_str().into())).collect();
        for row in rows {
            for ((width, word), cell) in widths.iter_mut().zip(&mut words).zip(row) {
                *width = cell.iter().map(length).fold(*width, usize::max);
                *word = cell.iter().map(longest_word).fold(*word, usize::max);
            }
        }
        let gaps = INDENT + GAP * widths.len().saturating_sub(1);
        while widths.iter().sum::<usize>() + gaps > self.style.width {
            let roomy = widths.iter_mut().zip(&words).filter(|(width, word)| **width > **word);
            match roomy.map(|(width, _)| width).max() {
                Some(widest) => *widest -= 1,
                None => match widths.iter_mut().max() {
                    Some(widest) if *widest > NARROWEST => *widest -= 1,
                    _ => break,
                },
            }
        }
        widths
    }
}

const fn color(look: Look) -> &'static str {
    match look {
        Look::Plain => "",
        Look::Strong => "\u{1b}[1m",
        Look::Code => "\u{1b}[36m",
        Look::Good => "\u{1b}[1;32m",
        Look::Bad => "\u{1b}[1;31m",
        Look::Caution => "\u{1b}[1;33m",
        Look::Quiet => "\u{1b}[2m",
    }
}

#[cfg(test)]
mod tests {
    use super::{Style, render};
    use crate::report::document::{Block, Document, Look};
    use crate::report::words::fix_item;

    fn page() -> Document {
        let mut page = Document::new("Test");
        page.push(Block::Banner(Look::Bad, "✖ Broken".to_owned()));
        page.paragraph("one two three four five six seven eight nine ten");
        page.heading("Steps");
        page.push(Block::Numbered(vec![
            fix_item(
                "Try the `X-FEServer` of the evidence: `Get-AuthServer | fl Name,Enabled` `b c`",
            ),
            fix_item("second\u{1b}[2J"),
        ]));
        page.push(Block::Table(
            vec!["#".to_owned(), "Name".to_owned()],
            vec![vec![vec!["1".into()], vec!["a rather long name of a thing".into(), "x".into()]]],
        ));
        page
    }

    #[test]
    fn wraps_indents_and_aligns() {
        let text = render(&page(), Style { color: false, width: 30 });
        let expected = "✖ Broken\n  one two three four five six\n  seven eight nine ten\n\nSteps\n  1. Try the X-FEServer of the\n     evidence:\n       \
                        Get-AuthServer | fl Name,Enabled\n       b c\n  2. second\\u{1b}[2J\n\n  #  Name\n  1  a rather long name of a\n     thing\n     x\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn colours_only_when_asked_and_never_by_the_capture() {
        assert!(!render(&page(), Style::default()).contains('\u{1b}'));
        let colored = render(&page(), Style { color: true, width: 80 });
        assert!(colored.contains("\u{1b}[1;31m✖ Broken\u{1b}[0m"));
        assert!(!colored.contains("\u{1b}[2J"));
    }
}
