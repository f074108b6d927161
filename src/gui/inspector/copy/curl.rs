//! A request as a cURL command for a POSIX shell.

use std::fmt::Write as _;

use super::Call;
use crate::capture::Session;

/// The request as a cURL command. Credentials are masked, so that it does not run as it stands.
pub(in crate::gui) fn curl(session: &Session) -> String {
    let call = Call::of(&session.request);
    let mut text = format!("curl -X {} {}", quoted(&call.method), quoted(&call.address));
    if call.method.chars().all(|c| c.is_ascii_alphanumeric()) && !call.method.is_empty() {
        text = format!("curl -X {} {}", call.method, quoted(&call.address));
    }
    for (name, value) in &call.headers {
        let _ = write!(text, " \\\n  -H {}", quoted(&field(name, value)));
    }
    if let Some(body) = &call.body {
        let _ = write!(text, " \\\n  --data-raw {}", quoted(body));
    }
    text
}

/// cURL drops a header without a value unless a semicolon ends it.
pub(super) fn field(name: &str, value: &str) -> String {
    if value.is_empty() { format!("{name};") } else { format!("{name}: {value}") }
}

/// One argument: between single quotes a shell reads nothing but the next single quote.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}
