//! Captured values that try to be markup, in every field that a report could show.

use crate::analysis::Analysis;
use crate::capture::{Capture, Format as Recorded, Note, NoteKind, Session, SessionId};
use crate::compare::Comparison;
use crate::http::{Body, Headers, Target};
use crate::jwt::{Keys, example};
use crate::report::{
    Format, Style, analysis, comparison, finding_document, html, markdown, session_document,
    verdict_document,
};

/// Markup of HTML and of Markdown, line ends, a terminal's escape, a change of direction.
const HOSTILE: &str = "<script>alert(1)</script><img src=x onerror=y>\"'`|**b**[l](https://evil.example)\r\n# head\n```\n<b>\u{1b}[2J\u{202e}";

/// The same without what cannot stand in a host name or a JSON text.
const SHORT: &str = "<script>`|[l](x)*b*";

/// Elements that a page consists of.
const ELEMENTS: &[&str] = &[
    "!doctype",
    "body",
    "br",
    "circle",
    "code",
    "dd",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "head",
    "html",
    "li",
    "main",
    "meta",
    "ol",
    "p",
    "path",
    "pre",
    "rect",
    "span",
    "style",
    "svg",
    "table",
    "tbody",
    "td",
    "text",
    "th",
    "thead",
    "title",
    "tr",
    "ul",
];

fn session(number: u32, authorization: &str, status: u16) -> Session {
    let mut session = Session::new(SessionId(number));
    session.request.method = format!("POST{HOSTILE}");
    session.request.target =
        Target::new(format!("https://mail.contoso.com/mapi/emsmdb/?{HOSTILE}"));
    session.request.version = HOSTILE.to_owned();
    session.request.headers = [
        ("Authorization", authorization),
        ("User-Agent", HOSTILE),
        ("X-RequestType", HOSTILE),
        ("X-User-Identity", HOSTILE),
        (HOSTILE, HOSTILE),
    ]
    .into_iter()
    .collect::<Headers>();
    session.request.body = Body::new(HOSTILE);
    session.process = Some(HOSTILE.to_owned());
    session.comment = Some(HOSTILE.to_owned());
    session.error = Some(HOSTILE.to_owned());
    let challenge = format!("Bearer client_id=\"{SHORT}\", realm=\"{SHORT}\", x=\"{HOSTILE}\"");
    let diagnostics = format!("2000003;reason=\"{HOSTILE}\";error_category=\"{SHORT}\"");
    session.response = Some(crate::capture::Response {
        status,
        reason: HOSTILE.to_owned(),
        version: HOSTILE.to_owned(),
        headers: [
            ("X-FEServer", HOSTILE),
            ("WWW-Authenticate", &challenge),
            ("x-ms-diagnostics", &diagnostics),
            ("Location", HOSTILE),
            ("Set-Cookie", HOSTILE),
        ]
        .into_iter()
        .collect::<Headers>(),
        body: Body::new(HOSTILE),
    });
    session
}

fn hostile() -> Analysis {
    let mut capture = Capture::new(HOSTILE, Recorded::Har);
    capture.creator = Some(HOSTILE.to_owned());
    let claims = serde_json::json!({
        "aud": format!("https://mail.contoso.com/{HOSTILE}"), "upn": HOSTILE, "appid": HOSTILE,
        "iss": HOSTILE, "tid": HOSTILE, "scp": HOSTILE, HOSTILE: HOSTILE, "exp": 1_772_445_900,
    });
    let token = example::expand(&format!("{{{{jwt {claims}}}}}"));
    capture.sessions = vec![
        session(1, "Bearer", 401),
        session(2, &format!("Bearer {token}"), 401),
        session(3, HOSTILE, 500),
    ];
    for kind in [NoteKind::FieldRepaired, NoteKind::FileTruncated] {
        let message = HOSTILE.to_owned();
        capture.notes.push(Note { kind, session: Some(SessionId(2)), message });
    }
    Analysis::of(capture, &Keys::default())
}

/// Every report that a person may get of a capture, with its format.
fn reports() -> Vec<(Format, String)> {
    let (one, other) = (hostile(), hostile());
    let mut bad = other;
    bad.flows.flows.iter_mut().for_each(|flow| flow.host = HOSTILE.to_owned());
    let compared = Comparison::of(&one, &bad);
    let mut all = Vec::new();
    for format in [Format::Html, Format::Markdown, Format::Text] {
        all.push((format, analysis(&one, format, Style::default())));
        all.push((format, comparison(&compared, &one, &bad, format, Style::default())));
    }
    let finding = one.findings.first().unwrap();
    for page in [
        verdict_document(&one),
        finding_document(&one, finding),
        session_document(&one, &one.capture.sessions[1]),
    ] {
        all.push((Format::Html, html(&page)));
        all.push((Format::Markdown, markdown(&page)));
    }
    all
}

#[test]
fn a_page_consists_of_its_own_elements_alone() {
    for (_, page) in reports().into_iter().filter(|(format, _)| *format == Format::Html) {
        let mut elements = 0;
        for tag in page.split('<').skip(1) {
            let (tag, _) = tag.split_once('>').unwrap();
            let name: &str = tag.trim_start_matches('/').split([' ', '>']).next().unwrap();
            assert!(ELEMENTS.contains(&name), "<{tag}>");
            assert!(!tag.contains("onerror") && !tag.contains("src="), "<{tag}>");
            elements += 1;
        }
        assert!(elements > 20, "{page}");
        // A style sheet has child selectors and a page has line ends, but nothing else acts.
        assert!(!page.contains(['\u{1b}', '\u{202e}', '\r']));
        assert!(page.contains("&lt;script&gt;"));
    }
}

/// A Markdown text without its fenced blocks and its code spans, in which nothing is markup.
fn prose(page: &str) -> String {
    let (mut text, mut fence) = (String::new(), None::<String>);
    for line in page.lines() {
        let ticks: String = line.trim_start().chars().take_while(|c| *c == '`').collect();
        match &fence {
            Some(open) if line.trim() == open => fence = None,
            Some(_) => {}
            None if ticks.len() >= 3
                && !line.trim_start().trim_start_matches('`').contains('`') =>
            {
                fence = Some(ticks);
            }
            None => {
                text.push_str(&without_code(line));
                text.push('\n');
            }
        }
    }
    assert_eq!(fence, None, "a block that does not end: {page}");
    text
}

fn without_code(line: &str) -> String {
    let (mut text, mut rest) = (String::new(), line);
    while let Some((before, after)) = rest.split_once('`') {
        text.push_str(before);
        if before.ends_with('\\') {
            text.push('`');
            rest = after;
        } else {
            let inside = after.trim_start_matches('`');
            rest = behind_run(inside, 1 + after.len() - inside.len(), line);
        }
    }
    text + rest
}

/// What stands behind the first run of exactly so many backticks, which ends a code span.
fn behind_run<'a>(inside: &'a str, ticks: usize, line: &str) -> &'a str {
    let mut rest = inside;
    loop {
        let Some((_, after)) = rest.split_once('`') else {
            panic!("a span that does not end: {line}")
        };
        rest = after.trim_start_matches('`');
        if 1 + after.len() - rest.len() == ticks {
            return rest;
        }
    }
}

#[test]
fn markdown_holds_no_markup_of_a_capture() {
    for (_, page) in reports().into_iter().filter(|(format, _)| *format == Format::Markdown) {
        assert!(!page.contains(['\u{1b}', '\u{202e}', '\r']), "{page}");
        let prose = prose(&page);
        for markup in ["<script", "<img", "<b>", "[l]", "://evil", "**b**", "*b*"] {
            let escaped = prose.matches(&format!("\\{markup}")).count();
            assert_eq!(prose.matches(markup).count(), escaped, "{markup}: {prose}");
        }
        assert!(!prose.lines().any(|line| line.trim_start().starts_with("# head")), "{prose}");
        // Every row of a table has the bars of its head.
        let bars = |line: &str| line.matches('|').count() - line.matches("\\|").count();
        let mut columns = None;
        for line in page.lines() {
            if line.starts_with("| ") || line.starts_with("|-") {
                let expected = *columns.get_or_insert(bars(line));
                assert_eq!(bars(line), expected, "{line}");
            } else {
                columns = None;
            }
        }
    }
}

#[test]
fn text_holds_nothing_that_a_terminal_obeys() {
    for (_, page) in reports().into_iter().filter(|(format, _)| *format == Format::Text) {
        assert!(!page.chars().any(|c| c != '\n' && crate::http::is_active(c)), "{page}");
    }
}
