//! The analysis for scripts: a fixed shape, members always in the same order, the same capture always the same bytes.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::{Map, Value};

use super::words::instant;
use super::{TOOL, VERSION};
use crate::analysis::Analysis;
use crate::capture::{Affected, Capture, ImportReport, Note};
use crate::flow::{Flow, StepRecord, TrackedToken};
use crate::http::{is_active, mask};
use crate::jwt::Token;
use crate::rules::{Evidence, Finding};
use crate::verdict::Verdict;

/// The shape's name; it changes when a member changes its meaning or goes away.
const SCHEMA: &str = "hma-trace/analysis/1";

/// The program that wrote a report.
#[derive(Debug, Serialize)]
pub(super) struct ToolJson {
    name: &'static str,
    version: &'static str,
}

impl ToolJson {
    pub(super) const THIS: Self = Self { name: TOOL, version: VERSION };
}

#[derive(Serialize)]
struct AnalysisJson<'a> {
    schema: &'static str,
    tool: ToolJson,
    capture: CaptureJson<'a>,
    verdict: VerdictJson<'a>,
    flows: Vec<FlowJson<'a>>,
    findings: Vec<FindingJson<'a>>,
    tokens: Vec<TokenJson<'a>>,
}

#[derive(Serialize)]
struct CaptureJson<'a> {
    file: &'a str,
    format: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    creator: Option<&'a str>,
    sessions: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    started: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended: Option<String>,
    import: ImportJson,
    notes: Vec<NoteJson<'a>>,
}

#[derive(Serialize)]
struct ImportJson {
    read: usize,
    repaired: usize,
    partial: usize,
    skipped: usize,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sessions: Vec<AffectedJson>,
}

#[derive(Serialize)]
struct AffectedJson {
    session: u32,
    state: &'static str,
    reasons: Vec<&'static str>,
}

#[derive(Serialize)]
struct NoteJson<'a> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<u32>,
    message: &'a str,
}

/// A verdict, in the shape that both the analysis and the comparison use.
#[derive(Debug, Serialize)]
pub(super) struct VerdictJson<'a> {
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    step: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<u32>,
    summary: &'a str,
}

#[derive(Serialize)]
struct FlowJson<'a> {
    id: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    client: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_agent: Option<&'a str>,
    host: &'a str,
    protocol: &'static str,
    mechanism: &'static str,
    outcome: &'static str,
    steps: Vec<StepJson>,
}

#[derive(Serialize)]
struct StepJson {
    step: &'static str,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<u32>,
}

#[derive(Serialize)]
struct FindingJson<'a> {
    rule: &'static str,
    severity: &'static str,
    certainty: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    flow: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    step: Option<&'static str>,
    message: &'a str,
    fix: Vec<String>,
    reference: &'static str,
    evidence: Vec<EvidenceJson<'a>>,
}

#[derive(Serialize)]
struct EvidenceJson<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<u32>,
    part: &'static str,
    name: &'a str,
    value: &'a str,
}

#[derive(Serialize)]
struct TokenJson<'a> {
    id: String,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    issued_in: Option<u32>,
    used_in: Vec<u32>,
    header: Value,
    claims: Value,
    signature: &'static str,
    checks: Vec<CheckJson<'a>>,
}

#[derive(Serialize)]
struct CheckJson<'a> {
    check: &'static str,
    state: &'static str,
    message: &'a str,
}

/// The analysis as JSON text, indented, with a line end at its end.
pub fn analysis(analysis: &Analysis) -> String {
    to_text(&AnalysisJson {
        schema: SCHEMA,
        tool: ToolJson::THIS,
        capture: capture(&analysis.capture),
        verdict: verdict(&analysis.verdict),
        flows: analysis.flows.flows.iter().map(flow).collect(),
        findings: analysis.findings.iter().map(finding).collect(),
        tokens: analysis.flows.tokens.iter().map(token).collect(),
    })
}

/// Any report's value as JSON text, indented, with a line end at its end. Control characters are escaped, those beyond
/// ASCII too, so that a terminal can show the text.
pub fn to_text(value: &impl Serialize) -> String {
    // Reports are made of strings, numbers and lists with text keys: nothing in them can fail to serialize.
    let json = serde_json::to_string_pretty(value).unwrap_or_default();
    let mut text = String::with_capacity(json.len() + 1);
    for c in json.chars() {
        // A line end here is indentation: one inside a string is already escaped. The others stand inside strings.
        if c == '\n' || !is_active(c) {
            text.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a string cannot fail.
                let _ = write!(text, "\\u{unit:04x}");
            }
        }
    }
    text.push('\n');
    text
}

pub(super) fn verdict(verdict: &Verdict) -> VerdictJson<'_> {
    VerdictJson {
        outcome: verdict.outcome.id(),
        step: verdict.step.map(crate::flow::Step::id),
        rule: verdict.rule,
        session: verdict.session.map(|s| s.0),
        summary: &verdict.summary,
    }
}

fn capture(capture: &Capture) -> CaptureJson<'_> {
    let counts = capture.counts;
    CaptureJson {
        file: &capture.file,
        format: capture.format.id(),
        creator: capture.creator.as_deref(),
        sessions: capture.sessions.len(),
        started: capture.started().map(instant),
        ended: capture.ended().map(instant),
        import: ImportJson {
            read: counts.read,
            repaired: counts.repaired,
            partial: counts.partial,
            skipped: counts.skipped,
            sessions: ImportReport::of(capture).affected.iter().map(affected).collect(),
        },
        notes: capture.notes.iter().map(note).collect(),
    }
}

fn affected(affected: &Affected) -> AffectedJson {
    AffectedJson {
        session: affected.session.0,
        state: affected.effect.id(),
        reasons: affected.reasons.iter().map(|kind| kind.id()).collect(),
    }
}

fn note(note: &Note) -> NoteJson<'_> {
    NoteJson { kind: note.kind.id(), session: note.session.map(|s| s.0), message: &note.message }
}

fn flow(flow: &Flow) -> FlowJson<'_> {
    FlowJson {
        id: flow.id.0,
        client: flow.client.as_deref(),
        user_agent: flow.user_agent.as_deref(),
        host: &flow.host,
        protocol: flow.protocol.id(),
        mechanism: flow.mechanism.id(),
        outcome: flow.outcome.id(),
        steps: flow.steps.iter().map(step).collect(),
    }
}

fn step(record: &StepRecord) -> StepJson {
    StepJson {
        step: record.step.id(),
        state: record.state.id(),
        session: record.session.map(|s| s.0),
    }
}

fn finding(finding: &Finding) -> FindingJson<'_> {
    FindingJson {
        rule: finding.rule,
        severity: finding.severity.id(),
        certainty: finding.certainty.id(),
        flow: finding.flow.map(|f| f.0),
        step: finding.step.map(crate::flow::Step::id),
        message: &finding.message,
        fix: finding.fix(),
        reference: crate::rules::find(finding.rule).map_or("", |rule| rule.reference),
        evidence: finding.evidence.iter().map(evidence).collect(),
    }
}

fn evidence(evidence: &Evidence) -> EvidenceJson<'_> {
    EvidenceJson {
        session: evidence.session.map(|s| s.0),
        part: evidence.part.id(),
        name: &evidence.name,
        value: &evidence.value,
    }
}

fn token(token: &TrackedToken) -> TokenJson<'_> {
    let (header, claims) = match &token.token {
        Token::Jwt(jwt) => (readable(jwt.header()), readable(jwt.claims())),
        Token::Encrypted(encrypted) => (readable(encrypted.header()), readable(&Map::new())),
        Token::Opaque(_) => (readable(&Map::new()), readable(&Map::new())),
    };
    TokenJson {
        id: token.id.to_string(),
        kind: token.role.id(),
        issued_in: token.issued_in.map(|s| s.0),
        used_in: token.used_in.iter().map(|s| s.0).collect(),
        header,
        claims,
        signature: token.signature.id(),
        checks: token
            .checks
            .iter()
            .map(|c| CheckJson { check: c.kind.id(), state: c.state.id(), message: &c.message })
            .collect(),
    }
}

/// A token's part as people may see it: claims are not credentials, but a token inside a token is one.
pub(super) fn readable(part: &Map<String, Value>) -> Value {
    mask::json(&Value::Object(part.clone()))
}

#[cfg(test)]
mod tests {
    use super::{analysis, to_text};
    use crate::analysis::Analysis;
    use crate::capture::{Capture, Format, Note, NoteKind, SessionId};
    use crate::jwt::Keys;

    #[test]
    fn the_members_stand_in_the_promised_order() {
        let mut capture = Capture::new("empty.har", Format::Har);
        capture.notes.push(Note {
            kind: NoteKind::FileTruncated,
            session: None,
            message: "The file ends early".to_owned(),
        });
        let text = analysis(&Analysis::of(capture, &Keys::default()));
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        let names: Vec<&String> = value.as_object().unwrap().keys().collect();
        assert_eq!(names, ["schema", "tool", "capture", "verdict", "flows", "findings", "tokens"]);
        let names: Vec<&String> = value["capture"].as_object().unwrap().keys().collect();
        assert_eq!(names, ["file", "format", "sessions", "import", "notes"]);
        assert_eq!(value["schema"], "hma-trace/analysis/1");
        assert_eq!(value["verdict"]["outcome"], "not-enough-evidence");
        assert_eq!(value["capture"]["notes"][0]["kind"], "file-truncated");
        assert!(value["capture"]["notes"][0].get("session").is_none());
        assert!(value["capture"]["import"].get("sessions").is_none());
    }

    #[test]
    fn sessions_not_read_as_they_stand_are_listed() {
        let mut capture = Capture::new("a.har", Format::Har);
        for kind in [NoteKind::FieldRepaired, NoteKind::ResponseMissing] {
            let message = "odd".to_owned();
            capture.notes.push(Note { kind, session: Some(SessionId(7)), message });
        }
        let text = analysis(&Analysis::of(capture, &Keys::default()));
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            value["capture"]["import"]["sessions"],
            serde_json::json!([
                { "session": 7, "state": "partial", "reasons": ["field-repaired", "response-missing"] }
            ])
        );
    }

    #[test]
    fn control_characters_stay_inside_escapes() {
        let hostile = "a\u{1b}[2J\u{9b}b\u{202e}c\n\u{e0001}";
        let text = to_text(&[hostile]);
        assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text:?}");
        assert!(!text.contains('\u{202e}'));
        assert_eq!(serde_json::from_str::<Vec<String>>(&text).unwrap(), [hostile]);
    }
}
