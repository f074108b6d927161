//! An analysis as a report: the answer, its proof, the fix, then everything else.

mod capture;
mod claims;
mod findings;
mod flows;
mod tokens;

use super::document::{Block, Document, Look};
use super::ladder::Ladder;
use super::{Format, message, words};
use crate::analysis::Analysis;
use crate::capture::Session;
use crate::rules::Finding;

/// The report of an analysis. What is in it depends on its readers: a terminal gets the answer, a ticket the messages that
/// prove it, a page the ladder and every claim.
pub(super) fn document(analysis: &Analysis, format: Format) -> Document {
    let mut page = Document::new(format!("HMA trace analysis of {}", analysis.capture.file));
    let decisive = answer(&mut page, analysis);
    if format == Format::Html
        && let Some(ladder) = Ladder::of(analysis, None)
    {
        page.heading("Who said what to whom");
        page.push(Block::Ladder(ladder));
    }
    if let Some(finding) = decisive {
        findings::evidence(&mut page, finding);
    }
    // A ticket is read by people who want to see it proven; a page leads to the fix first.
    if format == Format::Markdown {
        proof(&mut page, analysis, decisive);
        claims::differences(&mut page, analysis);
    }
    if let Some(finding) = decisive {
        findings::advice(&mut page, finding);
    }
    if format == Format::Html {
        proof(&mut page, analysis, decisive);
        claims::differences(&mut page, analysis);
    }
    flows::flows(&mut page, &analysis.flows.flows);
    let others: Vec<&Finding> = analysis
        .findings
        .iter()
        .filter(|finding| !decisive.is_some_and(|decisive| std::ptr::eq(decisive, *finding)))
        .collect();
    findings::further(&mut page, &others, decisive.is_some());
    tokens::tokens(&mut page, &analysis.flows.tokens);
    if format == Format::Html {
        claims::tables(&mut page, analysis);
    }
    capture::capture(&mut page, analysis);
    page
}

/// The verdict alone, with its proof and its fix: what a ticket begins with.
pub fn verdict_document(analysis: &Analysis) -> Document {
    let mut page = Document::new(format!("HMA trace analysis of {}", analysis.capture.file));
    let decisive = answer(&mut page, analysis);
    if let Some(finding) = decisive {
        findings::evidence(&mut page, finding);
    }
    proof(&mut page, analysis, decisive);
    if let Some(finding) = decisive {
        findings::advice(&mut page, finding);
    }
    page
}

/// One finding with its proof and its fix.
pub fn finding_document(analysis: &Analysis, finding: &Finding) -> Document {
    let mut page = Document::new(format!("Finding in {}", analysis.capture.file));
    page.paragraph(words::finding_title(finding));
    findings::evidence(&mut page, finding);
    findings::messages(&mut page, analysis, finding);
    findings::advice(&mut page, finding);
    page
}

/// One session: what it means, what was found in it, and its messages.
pub fn session_document(analysis: &Analysis, session: &Session) -> Document {
    let mut page = Document::new(words::session_title(analysis, session));
    let mut facts = Vec::new();
    if let Some(started) = session.started {
        facts.push(("Time".to_owned(), words::readable_instant(started).into()));
    }
    if let Some(process) = &session.process {
        facts.push(("Process".to_owned(), process.as_str().into()));
    }
    if !facts.is_empty() {
        page.push(Block::Facts(facts));
    }
    let found: Vec<_> = analysis
        .findings_at(session.id)
        .map(|finding| {
            words::finding_title(finding).look(Look::Quiet, " – rule ").code(finding.rule)
        })
        .collect();
    if !found.is_empty() {
        page.push(Block::Bullets(found));
    }
    page.push(Block::Verbatim(message::excerpt(session, true, true)));
    page
}

/// The verdict; answers with the finding that it rests on.
fn answer<'a>(page: &mut Document, analysis: &'a Analysis) -> Option<&'a Finding> {
    let verdict = &analysis.verdict;
    let (look, title) = words::verdict_title(verdict);
    page.push(Block::Banner(look, title));
    page.paragraph(verdict.summary.as_str());
    let decisive = analysis
        .findings
        .iter()
        .find(|f| Some(f.rule) == verdict.rule && f.session() == verdict.session);
    if let (None, Some(session)) = (decisive, verdict.session) {
        page.paragraph(format!("Session {session} shows it"));
    }
    decisive
}

/// The messages that prove the verdict.
fn proof(page: &mut Document, analysis: &Analysis, decisive: Option<&Finding>) {
    match (decisive, analysis.verdict.session) {
        (Some(finding), _) => findings::messages(page, analysis, finding),
        (None, Some(session)) => findings::quote(page, analysis, session, false, true),
        (None, None) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::{document, finding_document, session_document, verdict_document};
    use crate::analysis::Analysis;
    use crate::import::open_text;
    use crate::jwt::{Keys, example};
    use crate::report::{Format, Style, html, markdown, text};

    fn analysis() -> Analysis {
        let capture = open_text(
            "pasted text",
            &example::expand(
                "### 1 outlook.exe:1234\nPOST https://mail.contoso.com/mapi/emsmdb/ HTTP/1.1\nAuthorization: Bearer\n\n\
                 HTTP/1.1 401 Unauthorized\nX-FEServer: EX01\nWWW-Authenticate: Bearer client_id=\"x\", \
                 authorization_uri=\"https://login.windows.net/common/oauth2/authorize\"\n\n\
                 ### 2 outlook.exe:1234\nPOST https://mail.contoso.com/mapi/emsmdb/ HTTP/1.1\n\
                 Authorization: Bearer {{jwt {\"aud\":\"https://mail.contoso.com/\",\"exp\":1772445900}}}\n\n\
                 HTTP/1.1 200 OK\nX-FEServer: EX01\n",
            ),
        );
        Analysis::of(capture.unwrap(), &Keys::default())
    }

    #[test]
    fn says_the_verdict_the_steps_and_the_tokens() {
        let text = text(&document(&analysis(), Format::Text), Style::default());
        assert!(text.starts_with("✔ Healthy\n"), "{text}");
        for words in [
            "MAPI to",
            "mail.contoso.com",
            "outlook.exe:1234",
            "✔ ok",
            "· hidden",
            "t1",
            "pasted text",
        ] {
            assert!(text.contains(words), "{words}: {text}");
        }
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    }

    #[test]
    fn a_name_in_a_table_is_not_broken() {
        let capture = open_text(
            "pasted text",
            &example::expand(
                "### 1 outlook.exe:1234\nPOST https://autodiscover.contoso.com/autodiscover/autodiscover.xml HTTP/1.1\n\
                 Authorization: Bearer {{jwt {\"aud\":\"https://autodiscover.contoso.com/\",\"exp\":1772445900}}}\n\n\
                 HTTP/1.1 200 OK\nX-FEServer: EX01\n",
            ),
        );
        let page = document(&Analysis::of(capture.unwrap(), &Keys::default()), Format::Text);
        for width in [80, 100, 140] {
            let text = text(&page, Style { color: false, width });
            let (_, tokens) = text.split_once("\nTokens\n").unwrap();
            assert!(tokens.contains("  autodiscover.contoso.com  "), "{width}: {text}");
            assert!(text.lines().all(|line| line.chars().count() <= width), "{text}");
        }
    }

    #[test]
    fn the_import_report_names_reasons_and_sessions() {
        let capture = open_text(
            "pasted text",
            "### 3\nGET https://a.example/ HTTP/1.1\n### 4\nGET https://a.example/ HTTP/1.1\n### 5\nGET https://a.example/ HTTP/1.1\n",
        );
        let analysis = Analysis::of(capture.unwrap(), &Keys::default());
        let text = text(&document(&analysis, Format::Text), Style::default());
        assert!(text.contains("3 sessions, 3 partial"), "{text}");
        assert!(text.contains("Sessions 3–5, partial: The session has no response"), "{text}");
    }

    #[test]
    fn every_way_of_writing_says_the_same_and_hides_the_token() {
        let analysis = analysis();
        let raw = analysis.flows.tokens[0].jwt().unwrap().raw().to_owned();
        let session = &analysis.capture.sessions[1];
        for written in Format::ALL.map(|f| crate::report::analysis(&analysis, f, Style::default()))
        {
            let line = written.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(line.contains("reached the mailbox with a token"), "{written}");
        }
        for written in [
            text(&document(&analysis, Format::Text), Style::default()),
            markdown(&document(&analysis, Format::Markdown)),
            html(&document(&analysis, Format::Html)),
            markdown(&verdict_document(&analysis)),
            markdown(&session_document(&analysis, session)),
            crate::report::analysis_json(&analysis),
        ] {
            assert!(
                !written.contains(&raw) && !written.contains("bm90LWEtc2lnbmF0dXJl"),
                "{written}"
            );
        }
    }

    #[test]
    fn a_finding_and_a_session_are_told_with_their_messages() {
        let capture = open_text(
            "pasted text",
            "### 3 2026-03-02T09:14:07Z outlook.exe:1234\nPOST https://mail.contoso.com/mapi/emsmdb/ HTTP/1.1\n\
             Authorization: Bearer\n\nHTTP/1.1 401 Unauthorized\nX-FEServer: EX01\n\
             WWW-Authenticate: Bearer client_id=\"x\"\n",
        );
        let analysis = Analysis::of(capture.unwrap(), &Keys::default());
        let finding = &analysis.findings[0];
        let told = markdown(&finding_document(&analysis, finding));
        for words in ["**Error:**", "## Evidence", "```http\nPOST https://mail", "## Why", "## Fix"]
        {
            assert!(told.contains(words), "{words}: {told}");
        }
        let told = markdown(&session_document(&analysis, &analysis.capture.sessions[0]));
        for words in
            ["# Session 3: MAPI probe", "- Process: outlook.exe:1234", "HTTP/1.1 401", finding.rule]
        {
            assert!(told.contains(words), "{words}: {told}");
        }
    }
}
