//! What may be typed next: names of fields, and values that the capture holds, with how many sessions have them.

use std::collections::BTreeMap;

use super::query::quoted;
use super::{Field, Index, Names};
use crate::capture::{Annotations, Capture, Mark};
use crate::flow::Step;

/// The most that are offered.
const MOST: usize = 9;

/// Something that may be typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The whole text with it put in.
    pub text: String,
    /// What is put in.
    pub term: String,
    /// What it means, or how many sessions have it.
    pub detail: String,
    /// Whether a value is still to follow.
    pub is_field: bool,
}

/// What may stand at the end of a text.
pub fn complete(
    text: &str,
    index: &Index,
    capture: &Capture,
    added: &Annotations,
) -> Vec<Completion> {
    let start = text.rfind(char::is_whitespace).map_or(0, |at| {
        at + text.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
    });
    let (before, word) = text.split_at_checked(start).unwrap_or((text, ""));
    // Within quotes nothing is offered.
    if text.matches('"').count() % 2 == 1 {
        return Vec::new();
    }
    let minus = if word.starts_with('-') { "-" } else { "" };
    let word = word.trim_start_matches('-').to_lowercase();
    let completion = |term: String, detail: String, is_field: bool| Completion {
        text: format!("{before}{minus}{term}{}", if is_field { "" } else { " " }),
        term,
        detail,
        is_field,
    };
    let Some((name, value)) = word.split_once(':') else {
        let fields = Field::ALL.into_iter().filter(|field| field.name().starts_with(&word));
        return fields
            .filter(|_| !word.is_empty())
            .take(MOST)
            .map(|f| completion(format!("{}:", f.name()), f.meaning().to_owned(), true))
            .collect();
    };
    let Some(field) = Field::parse(name) else { return Vec::new() };
    let mut values = values(field, index, capture, added);
    values
        .retain(|(known, _)| known.to_lowercase().contains(value) && known.to_lowercase() != value);
    // What begins so stands first, then what most sessions have.
    values.sort_by_key(|(known, count)| {
        (!known.to_lowercase().starts_with(value), std::cmp::Reverse(*count))
    });
    values
        .into_iter()
        .take(MOST)
        .map(|(value, count)| {
            completion(quoted(field, &value), crate::diagram::words::count(count, "session"), false)
        })
        .collect()
}

/// The values of a field in a capture, with how many sessions have them.
fn values(
    field: Field,
    index: &Index,
    capture: &Capture,
    added: &Annotations,
) -> Vec<(String, usize)> {
    let names =
        |names: &Names| names.counted().map(|(name, count)| (name.to_owned(), count)).collect();
    let counted = |words: &mut dyn Iterator<Item = String>| {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for word in words {
            *counts.entry(word).or_default() += 1;
        }
        counts.into_iter().collect()
    };
    let spelled = |name: &str| name.to_lowercase().replace(' ', "-");
    let rows = &index.rows;
    match field {
        Field::Host => names(&index.hosts),
        Field::Method => names(&index.methods),
        Field::Process => {
            // `outlook.exe:1234` is asked for by its name.
            counted(&mut capture.sessions.iter().filter_map(crate::capture::Session::process_name))
        }
        Field::Type => names(&index.kinds),
        Field::Header => names(&index.header_names),
        Field::Status => counted(&mut rows.iter().map(|row| match row.status {
            0 => "none".to_owned(),
            status => status.to_string(),
        })),
        Field::Auth => counted(&mut rows.iter().map(|row| spelled(row.auth))),
        Field::Actor => counted(&mut rows.iter().map(|row| spelled(row.actor.name()))),
        Field::Protocol => {
            counted(&mut rows.iter().filter_map(|row| Some(spelled(row.protocol?.name()))))
        }
        Field::Step => Step::ALL
            .into_iter()
            .map(|step| {
                let count = rows.iter().filter(|row| row.is_part_of(step)).count();
                (step.id().to_owned(), count)
            })
            .collect(),
        Field::Finding => counted(&mut index.findings.iter().map(|(_, rule)| (*rule).to_owned())),
        Field::Mark => Mark::ALL
            .into_iter()
            .zip(added.mark_counts(capture))
            .map(|(mark, count)| (mark.id().to_owned(), count))
            .collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::complete;
    use crate::analysis::Analysis;
    use crate::capture::Annotations;
    use crate::jwt::Keys;
    use crate::search::Index;

    #[test]
    fn fields_and_values_are_offered_with_counts() {
        let text = "### 1 outlook.exe:7\nGET https://mail.contoso.com/ews/\nAuthorization: Bearer\n\nHTTP/1.1 401 No\n### 2\nGET https://mail.contoso.com/\n### 3\nGET https://www.fabrikam.com/\n";
        let analysis = Analysis::of(crate::import::open_text("x", text).unwrap(), &Keys::default());
        let index = Index::of(&analysis);
        let offered = |typed: &str| -> Vec<(String, String)> {
            let all = complete(typed, &index, &analysis.capture, &Annotations::default());
            all.into_iter().map(|c| (c.text, c.detail)).collect()
        };
        assert_eq!(offered("ho")[0], ("host:".to_owned(), "part of the host name".to_owned()));
        let hosts = offered("401 -host:");
        assert_eq!(hosts[0], ("401 -host:mail.contoso.com ".to_owned(), "2 sessions".to_owned()));
        assert_eq!(offered("host:fab")[0].0, "host:www.fabrikam.com ");
        assert_eq!(offered("auth:e")[0].0, "auth:empty-bearer ");
        assert_eq!(offered("step:")[0].0, "step:probe ");
        assert_eq!(offered("process:"), [("process:outlook ".to_owned(), "1 session".to_owned())]);
        assert!(
            offered("").is_empty() && offered("\"ho").is_empty() && offered("urn:x").is_empty()
        );
    }
}
