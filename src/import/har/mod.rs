//! HAR: HTTP Archive 1.1 and 1.2 (<http://www.softwareishard.com/blog/har-12-spec/>), a JSON file.
//!
//! The file is walked entry by entry, each parsed and dropped on its own, so that one odd entry or a file cut off loses
//! nothing else.

mod body;
mod entry;
mod field;
mod repair;
mod scan;

use serde::de::IgnoredAny;
use serde_json::Value;

use super::gather::{Gather, Oddities};
use super::{Budget, ImportError, Progress, Stage};
use crate::capture::{Capture, Format, NoteKind, SessionId};
use scan::Scan;

/// The most bytes of script before the JSON.
const MAX_PREFIX: usize = 200;

/// The JSON of a file: the whole, or what stands in a call such as `onInputData({…})` or behind `var har =`. `None` when
/// this is not JSON.
pub(super) fn json_part(bytes: &[u8]) -> Option<&[u8]> {
    let bytes = bytes.trim_ascii_start();
    if matches!(bytes.first(), Some(b'{' | b'[')) {
        return Some(bytes);
    }
    let brace = bytes.iter().take(MAX_PREFIX).position(|byte| *byte == b'{')?;
    let (prefix, json) = bytes.split_at_checked(brace)?;
    let script = matches!(prefix.trim_ascii_end().last(), Some(b'(' | b'='))
        && prefix.iter().all(|b| b.is_ascii_alphanumeric() || b"_$.=(; \t\r\n".contains(b));
    let object = json.get(1..).is_some_and(|rest| rest.trim_ascii_start().starts_with(b"\""));
    (script && object).then_some(json)
}

/// Opens a HAR file.
pub(super) fn open(
    file_name: &str,
    json: &[u8],
    progress: &Progress<'_>,
) -> Result<Capture, ImportError> {
    let mut gather = Gather::new(file_name, Format::Har);
    let mut budget = Budget::default();
    let mut position: u32 = 0;
    let total = json.len() as u64;
    let scan = scan::walk(json, |entry, offset| {
        position = position.saturating_add(1);
        add_entry(SessionId(position), entry, &mut budget, &mut gather);
        progress.step(Stage::Sessions, offset as u64, total)
    })?;
    if gather.len() == 0 {
        // What stands behind the JSON, the end of a function call say, does not matter.
        let mut values = serde_json::Deserializer::from_slice(json).into_iter::<IgnoredAny>();
        if let Some(Err(error)) = values.next() {
            return Err(ImportError::Json { line: error.line(), column: error.column() });
        }
    }
    if !scan.found_log {
        return Err(ImportError::NotACapture { found: "JSON without log.entries" });
    }
    if !scan.complete {
        let message = if scan.cut_entry {
            gather.skip(
                Some(SessionId(position.saturating_add(1))),
                "The file ends inside this entry",
            );
            format!("The file breaks off after {position} complete entries")
        } else {
            format!("The file breaks off behind entry {position}")
        };
        gather.note(NoteKind::FileTruncated, message);
    }
    gather.creator(creator(&scan));
    progress.step(Stage::Sessions, total, total)?;
    Ok(gather.finish())
}

fn add_entry(id: SessionId, json: &[u8], budget: &mut Budget, gather: &mut Gather) {
    let mut oddities = Oddities::default();
    let parsed = serde_json::from_slice(json).or_else(|_| {
        let message = "The entry is not valid JSON (broken characters); they were replaced";
        oddities.add(NoteKind::FieldRepaired, message);
        serde_json::from_str(&repair::repaired(json))
    });
    match parsed {
        Ok(Value::Object(entry)) => {
            let session = entry::session(id, entry, budget, &mut oddities);
            gather.session(session, oddities);
        }
        Ok(_) => gather.skip(Some(id), "The entry is not an object"),
        Err(_) => gather.skip(Some(id), "The entry is not valid JSON"),
    }
}

/// Name and version of `log.creator`, else of `log.browser`.
fn creator(scan: &Scan<'_>) -> Option<String> {
    [scan.creator, scan.browser].into_iter().flatten().find_map(|json| {
        let mut value: Value = serde_json::from_slice(json).ok()?;
        let name = field::text(&mut value, "name")?;
        Some(match field::text(&mut value, "version") {
            Some(version) => format!("{name} {version}"),
            None => name,
        })
    })
}

#[cfg(test)]
mod tests;
