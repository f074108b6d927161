//! A request as a PowerShell command.

use std::fmt::Write as _;

use super::Call;
use crate::capture::Session;

/// Fields that `-Headers` refuses in Windows PowerShell, or that the command sets itself.
const OWN: &[&str] = &["connection", "content-type", "expect", "host", "keep-alive", "user-agent"];

/// Methods that `-Method` knows in every PowerShell.
const METHODS: &[&str] =
    &["DELETE", "GET", "HEAD", "MERGE", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"];

/// The request as `Invoke-WebRequest`. Credentials are masked.
pub(in crate::gui) fn powershell(session: &Session) -> String {
    let call = Call::of(&session.request);
    let method = call.method.to_ascii_uppercase();
    let parameter = if METHODS.contains(&method.as_str()) { "-Method" } else { "-CustomMethod" };
    let mut text = format!(
        "Invoke-WebRequest -UseBasicParsing -MaximumRedirection 0 -Uri {} {parameter} {}",
        quoted(&call.address),
        quoted(&call.method)
    );
    let find = |name: &str| call.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name));
    for (name, parameter) in [("user-agent", "-UserAgent"), ("content-type", "-ContentType")] {
        if let Some((_, value)) = find(name).filter(|(_, value)| !value.is_empty()) {
            let _ = write!(text, " `\n  {parameter} {}", quoted(value));
        }
    }
    // A table has each name once.
    let mut fields: Vec<(&str, String)> = Vec::new();
    for (name, value) in &call.headers {
        if OWN.iter().any(|own| own.eq_ignore_ascii_case(name)) {
            continue;
        }
        match fields.iter_mut().find(|(n, _)| n.eq_ignore_ascii_case(name)) {
            Some((_, joined)) => {
                let joint = if name.eq_ignore_ascii_case("cookie") { "; " } else { ", " };
                joined.push_str(joint);
                joined.push_str(value);
            }
            None => fields.push((name, value.clone())),
        }
    }
    if !fields.is_empty() {
        text.push_str(" `\n  -Headers @{\n");
        for (name, value) in &fields {
            let _ = writeln!(text, "    {} = {}", quoted(name), quoted(value));
        }
        text.push_str("  }");
    }
    if let Some(body) = &call.body {
        let _ = write!(text, " `\n  -Body {}", quoted(body));
    }
    text
}

/// One argument. Between single quotes PowerShell expands nothing; but to it the typographic quotes are single quotes too
/// (its language specification, §2.3.5.2, "single-quote-character"). Each is written twice.
fn quoted(text: &str) -> String {
    let mut shown = String::from("'");
    for c in text.chars() {
        if matches!(c, '\'' | '\u{2018}'..='\u{201b}') {
            shown.push(c);
        }
        shown.push(c);
    }
    shown.push('\'');
    shown
}
