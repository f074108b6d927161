//! That something is wrong here, and what proves it.

use crate::capture::SessionId;
use crate::flow::{FlowId, Step};
use crate::http::mask;
use crate::rules::{Case, Rule};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Good to know.
    Note,
    /// It works, but it is fragile or unsafe.
    Warning,
    /// This breaks the flow.
    Error,
}

impl Severity {
    /// The severity's name in reports.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// How sure a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Certainty {
    /// The capture shows it.
    Proven,
    /// The capture is partial, or the knowledge behind the rule is not confirmed.
    Suspected,
}

impl Certainty {
    /// The certainty's name in reports.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Proven => "proven",
            Self::Suspected => "suspected",
        }
    }
}

/// Which part of a session proves something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// Method and address.
    RequestLine,
    /// A header field of the request.
    RequestHeader,
    /// The request's body.
    RequestBody,
    /// The answer's status.
    Status,
    /// A header field of the answer.
    ResponseHeader,
    /// The answer's body.
    ResponseBody,
    /// The token that the request carries.
    Token,
    /// The file as a whole.
    Capture,
}

impl Part {
    /// The part's name in reports.
    pub const fn id(self) -> &'static str {
        match self {
            Self::RequestLine => "request-line",
            Self::RequestHeader => "request-header",
            Self::RequestBody => "request-body",
            Self::Status => "status",
            Self::ResponseHeader => "response-header",
            Self::ResponseBody => "response-body",
            Self::Token => "token",
            Self::Capture => "capture",
        }
    }
}

/// The place and the value that prove a finding. Values are masked as the screen masks them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The session; `None` when the file as a whole is the evidence.
    pub session: Option<SessionId>,
    /// Which part of it.
    pub part: Part,
    /// Name of the header field, body member or claim; empty where the part says it all.
    pub name: String,
    /// The value as people may see it; empty when the absence of something is the evidence.
    pub value: String,
}

impl Evidence {
    /// Method and address of a session.
    pub fn request_line(case: &Case<'_>, session: SessionId) -> Self {
        let value = case
            .capture
            .session(session)
            .map(|s| format!("{} {}", s.request.method, mask::url(s.request.target.as_str())))
            .unwrap_or_default();
        Self { session: Some(session), part: Part::RequestLine, name: String::new(), value }
    }

    /// A header field of the request; its value is empty when the request has none.
    pub fn request_header(case: &Case<'_>, session: SessionId, name: &str) -> Self {
        let value = case.capture.session(session).and_then(|s| s.request.headers.get(name));
        Self::header(session, Part::RequestHeader, name, value)
    }

    /// A header field of the answer; its value is empty when the answer has none. Repeated fields are joined by commas.
    pub fn response_header(case: &Case<'_>, session: SessionId, name: &str) -> Self {
        let values: Vec<String> = case
            .capture
            .session(session)
            .and_then(|s| s.response.as_ref())
            .map(|r| r.headers.get_all(name).map(|v| mask::header_value(name, v)).collect())
            .unwrap_or_default();
        let (part, name, value) = (Part::ResponseHeader, name.to_owned(), values.join(", "));
        Self { session: Some(session), part, name, value }
    }

    fn header(session: SessionId, part: Part, name: &str, value: Option<&str>) -> Self {
        let value = value.map(|v| mask::header_value(name, v)).unwrap_or_default();
        Self { session: Some(session), part, name: name.to_owned(), value }
    }

    /// The status of the answer.
    pub fn status(case: &Case<'_>, session: SessionId) -> Self {
        let value = case
            .capture
            .session(session)
            .map(|s| match &s.response {
                Some(r) => format!("{} {}", r.status, r.reason).trim().to_owned(),
                None => "no answer".to_owned(),
            })
            .unwrap_or_default();
        Self { session: Some(session), part: Part::Status, name: String::new(), value }
    }

    /// A value that the caller read out of the answer's body and that holds no credential: an error code, a category.
    pub fn response_body(
        session: SessionId,
        name: impl Into<String>,
        value: impl Into<String>,
    ) -> Self {
        Self {
            session: Some(session),
            part: Part::ResponseBody,
            name: name.into(),
            value: value.into(),
        }
    }

    /// A value that the caller read out of the request's body and that holds no credential.
    pub fn request_body(
        session: SessionId,
        name: impl Into<String>,
        value: impl Into<String>,
    ) -> Self {
        Self {
            session: Some(session),
            part: Part::RequestBody,
            name: name.into(),
            value: value.into(),
        }
    }

    /// A claim of the token that the session carries.
    pub fn claim(session: SessionId, name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { session: Some(session), part: Part::Token, name: name.into(), value: value.into() }
    }

    /// Something about the file as a whole.
    pub fn capture(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { session: None, part: Part::Capture, name: name.into(), value: value.into() }
    }
}

/// Messages quote hosts, users and error names of a capture, which may hold anything.
fn printable(text: String) -> String {
    if text.chars().any(char::is_control) {
        text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
    } else {
        text
    }
}

/// That a rule applies here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule's id.
    pub rule: &'static str,
    /// How bad it is here.
    pub severity: Severity,
    /// How sure it is.
    pub certainty: Certainty,
    /// The flow it concerns.
    pub flow: Option<FlowId>,
    /// The step it breaks.
    pub step: Option<Step>,
    /// One sentence with the names of this capture.
    pub message: String,
    /// What proves it; never empty. The first item is the decisive one.
    pub evidence: Vec<Evidence>,
    /// Facts of this capture that fill the braces of the rule's fix.
    facts: Vec<(&'static str, String)>,
    advice: Option<&'static str>,
    lesser: Option<Severity>,
}

impl Finding {
    /// What it tells a reader, apart from where that stands: several flows may meet the same.
    pub(super) fn told(&self) -> (Severity, String, Vec<(&'static str, String)>) {
        (self.severity, self.message.clone(), self.facts.clone())
    }

    /// A finding with its decisive evidence.
    pub fn new(evidence: Evidence, message: impl Into<String>) -> Self {
        Self {
            rule: "",
            severity: Severity::Note,
            certainty: Certainty::Proven,
            flow: None,
            step: None,
            message: printable(message.into()),
            evidence: vec![evidence],
            facts: Vec::new(),
            advice: None,
            lesser: None,
        }
    }

    /// Adds evidence.
    #[must_use]
    pub fn and(mut self, evidence: Evidence) -> Self {
        self.evidence.push(evidence);
        self
    }

    /// Names the flow.
    #[must_use]
    pub const fn flow(mut self, flow: FlowId) -> Self {
        self.flow = Some(flow);
        self
    }

    /// Another severity than the rule's own: the break healed, or the circumstances make it harmless.
    #[must_use]
    pub const fn severity(mut self, severity: Severity) -> Self {
        self.lesser = Some(severity);
        self
    }

    /// The capture does not show all of it.
    #[must_use]
    pub const fn suspected(mut self) -> Self {
        self.certainty = Certainty::Suspected;
        self
    }

    /// The request of a session was not recorded, so that its answer alone says what the client sent.
    pub(super) fn rest_on_answer_alone(&mut self, session: SessionId) {
        let of_request = [Part::RequestLine, Part::RequestHeader, Part::RequestBody];
        self.evidence.retain(|e| e.session != Some(session) || !of_request.contains(&e.part));
        self.certainty = Certainty::Suspected;
    }

    /// A fact for the fix: `fact("host", "mail.contoso.com")` fills `{host}`. Of several the first usable one counts.
    #[must_use]
    pub fn fact(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.facts.push((name, value.into()));
        self
    }

    /// What is known to help against the very code of the evidence; it becomes the fix's first step.
    #[must_use]
    pub fn advice(mut self, text: &'static str) -> Self {
        // Of some codes it is known that nobody has to do anything.
        self.advice = Some(text.trim_end_matches('.')).filter(|text| !text.starts_with("None"));
        self
    }

    /// The session of the decisive evidence.
    pub fn session(&self) -> Option<SessionId> {
        self.evidence.first().and_then(|e| e.session)
    }

    /// The rule's fix with this capture's names: steps to be read as [`FixStep`](super::FixStep)s.
    pub fn fix(&self) -> Vec<String> {
        let steps = super::find(self.rule).map(|rule| rule.fix).unwrap_or_default();
        let advice = self.advice.map(str::to_owned);
        advice.into_iter().chain(steps.iter().map(|step| self.fill(step))).collect()
    }

    /// Facts come from a capture and end up in commands that people paste: only what a name can hold goes
    /// in, and nothing that would be read as an option.
    fn fill(&self, step: &str) -> String {
        let mut filled = step.to_owned();
        for (name, value) in &self.facts {
            let harmless = !value.is_empty()
                && !value.starts_with('-')
                && value.chars().all(|c| {
                    c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '@' | ':' | '/' | '+')
                });
            if harmless {
                filled = filled.replace(&format!("{{{name}}}"), value);
            }
        }
        for name in [
            "host", "user", "tenant", "protocol", "resource", "code", "server", "identity",
            "appid", "domain", "policy",
        ] {
            filled = filled.replace(&format!("{{{name}}}"), &format!("<{name}>"));
        }
        filled
    }

    pub(super) fn adopt(&mut self, rule: &Rule) {
        self.rule = rule.id;
        self.severity = self.lesser.unwrap_or(rule.severity);
        self.step = rule.step;
    }
}
