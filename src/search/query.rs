//! The language of the search box: words, `"quoted words"`, `field:value`, `size>10k`, and `-` before any of them to
//! exclude. All terms must fit. What is wrong or unfinished hides nothing and says what is missing.

use std::ops::Range;

use super::distance::closest;
use super::{Field, Interval};
use crate::capture::Mark;
use crate::flow::Step;
use crate::rules::Severity;

/// What is asked of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Text in the address, in header fields, in a body, or in what the table says. In lower case.
    Words(String),
    /// Text in one field. In lower case.
    Holds(Field, String),
    /// A status code, a size in bytes, or a session number.
    Number(Field, Interval),
    /// How long it took, in milliseconds.
    Lasted(Interval),
    /// When it began, in milliseconds since midnight UTC.
    Began(Interval),
    /// It is part of a step.
    Step(Step),
    /// It proves a finding of a severity.
    Severity(Severity),
    /// It carries a mark.
    Mark(Mark),
    /// It has any finding, mark or comment, or none.
    Any(Field, bool),
    /// Nothing: the term is wrong or not finished.
    Nothing,
}

/// A part of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Where it stands in the text.
    pub span: Range<usize>,
    /// Whether what fits is left out.
    pub exclude: bool,
    /// What is asked.
    pub condition: Condition,
    /// What is wrong with it, or missing.
    pub hint: Option<Hint>,
}

/// A sentence about a term that asks nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hint {
    /// It is not finished: what may follow.
    Unfinished(String),
    /// It is wrong: what would be right.
    Wrong(String),
}

impl Hint {
    /// The sentence.
    pub fn text(&self) -> &str {
        match self {
            Self::Unfinished(text) | Self::Wrong(text) => text,
        }
    }
}

/// A query, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Its terms in order.
    pub terms: Vec<Term>,
}

impl Query {
    /// Reads a query. Any text is one.
    pub fn parse(text: &str) -> Self {
        let terms = words(text).filter_map(|span| Term::parse(text, span)).collect();
        Self { terms }
    }

    /// Whether every session fits.
    pub fn is_empty(&self) -> bool {
        self.terms.iter().all(|term| term.condition == Condition::Nothing)
    }

    /// What is wrong with it first, or else what is not finished.
    pub fn hint(&self) -> Option<&Hint> {
        let hints = || self.terms.iter().filter_map(|term| term.hint.as_ref());
        hints().find(|hint| matches!(hint, Hint::Wrong(_))).or_else(|| hints().next())
    }

    /// The texts that a hit shows, in lower case, to be highlighted.
    pub fn words(&self) -> Vec<String> {
        let shown = self.terms.iter().filter(|term| !term.exclude);
        shown
            .filter_map(|term| match &term.condition {
                Condition::Words(text)
                | Condition::Holds(
                    Field::Host
                    | Field::Url
                    | Field::Header
                    | Field::Body
                    | Field::Comment
                    | Field::Process,
                    text,
                ) => Some(text.clone()),
                _ => None,
            })
            .collect()
    }

    /// The texts that are looked for in bodies, in lower case.
    pub fn body_words(&self) -> impl Iterator<Item = &str> {
        self.terms.iter().filter_map(Term::body_word)
    }

    /// A query's text without one of its terms.
    pub fn without(text: &str, term: &Term) -> String {
        let before = text.get(..term.span.start).unwrap_or_default().trim_end();
        let after = text.get(term.span.end..).unwrap_or_default().trim_start();
        if before.is_empty() || after.is_empty() {
            format!("{before}{after}")
        } else {
            format!("{before} {after}")
        }
    }

    /// A query's text with one more term, unless it is there already.
    pub fn with(text: &str, term: &str) -> String {
        let known = words(text).any(|span| text.get(span) == Some(term));
        match text.trim_end() {
            "" => term.to_owned(),
            text if known => text.to_owned(),
            text => format!("{text} {term}"),
        }
    }
}

/// `host:mail.contoso.com`, with quotes where the value needs them.
pub fn quoted(field: Field, value: &str) -> String {
    if value.contains(char::is_whitespace) {
        format!("{}:\"{}\"", field.name(), value.replace('"', ""))
    } else {
        format!("{}:{value}", field.name())
    }
}

impl Term {
    fn parse(text: &str, span: Range<usize>) -> Option<Self> {
        let word = text.get(span.clone())?;
        let (exclude, word) = match word.strip_prefix('-') {
            Some(rest) if !rest.is_empty() => (true, rest),
            _ => (false, word),
        };
        let (condition, hint) = read(word);
        if condition == Condition::Nothing && hint.is_none() && word.trim_matches('"').is_empty() {
            return None;
        }
        Some(Self { span, exclude, condition, hint })
    }

    /// Whether it is wrong, and not merely unfinished.
    pub fn is_wrong(&self) -> bool {
        matches!(self.hint, Some(Hint::Wrong(_)))
    }

    /// The text that this term looks for in bodies.
    pub fn body_word(&self) -> Option<&str> {
        match &self.condition {
            Condition::Words(text) | Condition::Holds(Field::Body, text) => Some(text),
            _ => None,
        }
    }
}

/// Where the words of a text stand: between blanks outside quotes.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut quoted = false;
    let mut start = None;
    let mut spans = Vec::new();
    for (at, c) in text.char_indices() {
        quoted ^= c == '"';
        if c.is_whitespace() && !quoted {
            spans.extend(start.take().map(|start| start..at));
        } else {
            start.get_or_insert(at);
        }
    }
    spans.extend(start.map(|start| start..text.len()));
    spans.into_iter()
}

/// A word without its minus: what it asks, and what is wrong with it.
fn read(word: &str) -> (Condition, Option<Hint>) {
    let plain = |text: &str| {
        let text = text.replace('"', "").to_lowercase();
        let condition = if text.is_empty() { Condition::Nothing } else { Condition::Words(text) };
        (condition, None)
    };
    let Some((name, value)) = split(word) else { return plain(word) };
    let Some(field) = Field::parse(name) else {
        let names = Field::ALL.map(Field::name);
        return match closest(name, names) {
            Some(meant) if !value.starts_with("//") => (
                Condition::Nothing,
                Some(Hint::Wrong(format!(
                    "There is no field {name}. Did you mean {meant}:{value}"
                ))),
            ),
            _ => plain(word),
        };
    };
    let value = value.replace('"', "").trim().to_lowercase();
    if value.trim_start_matches(['<', '>', '=']).is_empty() {
        return (
            Condition::Nothing,
            Some(Hint::Unfinished(format!("{}: takes {}", field.name(), field.meaning()))),
        );
    }
    match condition(field, &value) {
        Some(condition) => (condition, None),
        None => (
            Condition::Nothing,
            Some(Hint::Wrong(format!(
                "{}: does not know {}. It takes {}",
                field.name(),
                value.chars().take(24).collect::<String>(),
                field.meaning()
            ))),
        ),
    }
}

/// Field name and value of `host:x` and `size>x`; the sign of a comparison belongs to the value.
fn split(word: &str) -> Option<(&str, &str)> {
    let end = word.find(|c: char| !c.is_ascii_alphabetic() && c != '-')?;
    let (name, rest) = word.split_at_checked(end)?;
    match rest.chars().next()? {
        ':' if !name.is_empty() => Some((name, rest.get(1..)?)),
        '<' | '>' | '=' if Field::parse(name).is_some() => Some((name, rest)),
        _ => None,
    }
}

fn condition(field: Field, value: &str) -> Option<Condition> {
    let number = |interval: Option<Interval>| interval.map(|i| Condition::Number(field, i));
    match field {
        Field::Status => number(Interval::status(value)),
        Field::Size => number(Interval::size(value)),
        Field::Session => number(Interval::number(value)),
        Field::Time if value.contains(':') => Interval::clock(value).map(Condition::Began),
        Field::Time => Interval::duration(value).map(Condition::Lasted),
        Field::Step => {
            let value = if value == "signin" { "sign-in" } else { value };
            // `chal` is on its way to `challenge`.
            let mut steps = Step::ALL.into_iter().filter(|step| step.id().starts_with(value));
            steps.next().map(Condition::Step)
        }
        Field::Finding | Field::Mark | Field::Comment if value == "any" => {
            Some(Condition::Any(field, true))
        }
        Field::Finding | Field::Mark | Field::Comment if value == "none" => {
            Some(Condition::Any(field, false))
        }
        Field::Finding => {
            let severities = [Severity::Error, Severity::Warning, Severity::Note];
            let known = severities.into_iter().find(|severity| severity.id() == value);
            Some(
                known
                    .map_or_else(|| Condition::Holds(field, value.to_owned()), Condition::Severity),
            )
        }
        Field::Mark => Mark::ALL
            .into_iter()
            .find(|mark| mark.id().starts_with(value))
            .or_else(|| Mark::parse(value))
            .map(Condition::Mark),
        Field::Method
            if !value.chars().all(|c| c.is_ascii_alphabetic() || c == '-' || c == '_') =>
        {
            None
        }
        Field::Auth | Field::Actor | Field::Protocol => {
            Some(Condition::Holds(field, value.replace([' ', '_'], "-")))
        }
        Field::Host
        | Field::Method
        | Field::Header
        | Field::Body
        | Field::Url
        | Field::Process
        | Field::Type
        | Field::Comment => Some(Condition::Holds(field, value.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::{Condition, Field, Hint, Interval, Query, quoted};
    use crate::capture::Mark;
    use crate::flow::Step;
    use proptest::prelude::*;

    fn one(text: &str) -> (bool, Condition, Option<Hint>) {
        let mut query = Query::parse(text);
        assert_eq!(query.terms.len(), 1, "{text}");
        let term = query.terms.remove(0);
        (term.exclude, term.condition, term.hint)
    }

    #[test]
    fn terms_are_read() {
        let holds = |field, text: &str| Condition::Holds(field, text.to_owned());
        let words = |text: &str| Condition::Words(text.to_owned());
        let cases = [
            ("Contoso", false, words("contoso")),
            ("-telemetry", true, words("telemetry")),
            ("\"empty Bearer\"", false, words("empty bearer")),
            ("host:Mail", false, holds(Field::Host, "mail")),
            ("-host:\"a b\"", true, holds(Field::Host, "a b")),
            ("step:chal", false, Condition::Step(Step::Challenge)),
            ("mark:gold", false, Condition::Mark(Mark::Gold)),
            ("mark:any", false, Condition::Any(Field::Mark, true)),
            ("auth:empty_bearer", false, holds(Field::Auth, "empty-bearer")),
            (
                "size>10k",
                false,
                Condition::Number(Field::Size, Interval { from: 10_241, to: u64::MAX }),
            ),
            ("time:>500ms", false, Condition::Lasted(Interval { from: 501, to: u64::MAX })),
            ("https://mail.contoso.com/", false, words("https://mail.contoso.com/")),
            ("urn:uuid", false, words("urn:uuid")),
            ("-", false, words("-")),
        ];
        for (text, exclude, condition) in cases {
            assert_eq!(one(text), (exclude, condition, None), "{text}");
        }
        assert!(matches!(one("time:>=09:14").1, Condition::Began(_)));
    }

    #[test]
    fn what_is_wrong_hides_nothing_and_says_what_is_right() {
        for (text, hint) in [
            ("hots:mail", "There is no field hots. Did you mean host:mail"),
            (
                "status:abc",
                "status: does not know abc. It takes status code: 401, 4xx, >=400, none",
            ),
            ("step:", "step: takes probe, challenge, sign-in, token, access"),
            ("size:>", "size: takes size of the answer: >10k, <=1mb, 5k..20k"),
        ] {
            let (_, condition, said) = one(text);
            assert_eq!(
                (condition, said.as_ref().map(Hint::text)),
                (Condition::Nothing, Some(hint)),
                "{text}"
            );
            assert!(Query::parse(text).is_empty());
        }
        assert!(Query::parse("  \"\" ").terms.is_empty());
    }

    #[test]
    fn terms_come_and_go_one_by_one() {
        let text = "host:mail  -\"a b\" 401";
        let query = Query::parse(text);
        assert_eq!(Query::without(text, &query.terms[1]), "host:mail 401");
        assert_eq!(Query::without(text, &query.terms[2]), "host:mail  -\"a b\"");
        assert_eq!(Query::with(text, "host:mail"), text);
        assert_eq!(Query::with("x ", &quoted(Field::Process, "a b")), "x process:\"a b\"");
        assert_eq!(query.words(), ["mail", "401"]);
    }

    proptest! {
        #[test]
        fn anything_can_be_typed(text in "\\PC{0,30}|[a-z:<>\"= -]{0,30}") {
            for term in Query::parse(&text).terms {
                prop_assert!(text.get(term.span.clone()).is_some());
                let _ = Query::without(&text, &term);
            }
        }
    }
}
