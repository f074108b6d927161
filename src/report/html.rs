//! A report as one HTML file: no script, nothing fetched, readable on paper.

use std::fmt::Write as _;

use super::document::{Block, Cell, Document, Item, Line, Look};
use super::plain::escape;

/// Nothing in a report may run or load, whatever a capture holds.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// Writes a report down as HTML.
pub fn render(document: &Document) -> String {
    let title = text(&document.title);
    let style = include_str!("../../assets/report.css");
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n"
    );
    for block in &document.blocks {
        write_block(&mut out, block);
    }
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

fn write_block(out: &mut String, block: &Block) {
    match block {
        Block::Banner(look, words) => {
            line(out, &format!("<p class=\"banner {}\">{}</p>", class(*look), text(words)));
        }
        Block::Heading(words) => line(out, &format!("<h2>{}</h2>", text(words))),
        Block::Subheading(words) => line(out, &format!("<h3>{}</h3>", inline(words))),
        Block::Paragraph(words) => line(out, &format!("<p>{}</p>", inline(words))),
        Block::Bullets(items) => list(out, "ul", items.iter().map(inline)),
        Block::Numbered(items) => list(out, "ol", items.iter().map(numbered)),
        Block::Facts(facts) => {
            line(out, "<dl>");
            for (name, value) in facts {
                line(out, &format!("<dt>{}</dt><dd>{}</dd>", text(name), inline(value)));
            }
            line(out, "</dl>");
        }
        Block::Table(titles, rows) => {
            let titles: Vec<String> = titles.iter().map(|t| text(t)).collect();
            let titles = titles.join("</th><th scope=\"col\">");
            line(
                out,
                &format!(
                    "<table>\n<thead><tr><th scope=\"col\">{titles}</th></tr></thead>\n<tbody>"
                ),
            );
            for row in rows {
                let cells: String = row.iter().map(cell).collect();
                line(out, &format!("<tr>{cells}</tr>"));
            }
            line(out, "</tbody>\n</table>");
        }
        Block::Ladder(ladder) => {
            // A table, because its head stands on every sheet that its rows are printed on.
            let strips = ladder.strips();
            line(out, "<figure class=\"ladder\">\n<table role=\"presentation\">");
            line(out, &format!("<thead><tr><td>{}</td></tr></thead>\n<tbody>", strips.head));
            for row in &strips.rows {
                line(out, &format!("<tr><td>{row}</td></tr>"));
            }
            line(out, "</tbody>\n</table>");
            if let Some(remark) = ladder.remark() {
                line(out, &format!("<figcaption>{}</figcaption>", text(&remark)));
            }
            line(out, "</figure>");
        }
        Block::Verbatim(recorded) => {
            let lines: Vec<String> = recorded.lines().map(text).collect();
            line(out, &format!("<pre>{}</pre>", lines.join("\n")));
        }
    }
}

fn line(out: &mut String, html: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{html}");
}

fn list(out: &mut String, tag: &str, items: impl Iterator<Item = String>) {
    line(out, &format!("<{tag}>"));
    for item in items {
        line(out, &format!("<li>{item}</li>"));
    }
    line(out, &format!("</{tag}>"));
}

fn numbered(item: &Item) -> String {
    let commands =
        item.commands.iter().map(|command| format!("<pre><code>{}</code></pre>", text(command)));
    std::iter::once(inline(&item.words)).chain(commands).collect()
}

fn cell(cell: &Cell) -> String {
    let lines: Vec<String> = cell.iter().map(inline).collect();
    format!("<td>{}</td>", lines.join("<br>"))
}

fn inline(line: &Line) -> String {
    line.0
        .iter()
        .map(|span| match span.look {
            Look::Plain => text(&span.text),
            Look::Code => format!("<code>{}</code>", text(&span.text)),
            look => format!("<span class=\"{}\">{}</span>", class(look), text(&span.text)),
        })
        .collect()
}

const fn class(look: Look) -> &'static str {
    match look {
        Look::Plain => "plain",
        Look::Strong => "strong",
        Look::Code => "code",
        Look::Good => "good",
        Look::Bad => "bad",
        Look::Caution => "caution",
        Look::Quiet => "quiet",
    }
}

/// Text in which nothing is markup, inside elements and attributes alike.
fn text(words: &str) -> String {
    let mut plain = String::with_capacity(words.len());
    for c in escape(words).chars() {
        match c {
            '&' => plain.push_str("&amp;"),
            '<' => plain.push_str("&lt;"),
            '>' => plain.push_str("&gt;"),
            '"' => plain.push_str("&quot;"),
            '\'' => plain.push_str("&#39;"),
            c => plain.push(c),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::render;
    use crate::report::document::{Block, Document, Line};
    use crate::report::words::fix_item;

    #[test]
    fn recorded_text_is_never_markup() {
        let hostile = "<script>alert('x')</script>&\"\u{1b}";
        let mut page = Document::new(hostile);
        page.paragraph(hostile);
        page.push(Block::Subheading(Line::new().code(hostile)));
        page.push(Block::Facts(vec![(hostile.to_owned(), hostile.into())]));
        page.push(Block::Table(vec![hostile.to_owned()], vec![vec![vec![hostile.into()]]]));
        page.push(Block::Verbatim(hostile.to_owned()));
        page.push(Block::Numbered(vec![fix_item(&format!("`{hostile}` `a {hostile}`"))]));
        let html = render(&page);
        assert!(!html.contains("<script") && !html.contains('\u{1b}'));
        assert_eq!(
            html.matches("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;&quot;").count(),
            11
        );
    }

    #[test]
    fn the_file_stands_alone() {
        let html = render(&Document::new("T"));
        for outside in ["http:", "https:", "src=", "href=", "url(", "@import"] {
            assert!(!html.contains(outside), "{outside}");
        }
    }
}
