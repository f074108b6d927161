//! Sessions that never got an answer of their server.

use crate::capture::Session;
use crate::knowledge::connection_failure::{self, ConnectionFailure};

/// Of an answer's body so many bytes are looked at.
const BEGINNING: usize = 600;

/// What recorder or browser tell about a connection that failed: in place of an answer, or as the answer.
pub(super) fn failure_of(session: &Session) -> Option<&'static ConnectionFailure> {
    let told = session.error.as_deref().and_then(connection_failure::find);
    let Some(response) = session.response.as_ref().filter(|r| r.status == 0 || r.status >= 400)
    else {
        return told;
    };
    told.or_else(|| {
        // What a recorder says is short, and its body tells more than its status line.
        let body =
            if response.body.is_distant() { Vec::new() } else { response.body.bytes().into() };
        let bytes = body.get(..BEGINNING).unwrap_or(&body);
        let beginning = String::from_utf8_lossy(bytes);
        let recorders = beginning.contains("iddler");
        let told = recorders.then(|| connection_failure::find(&beginning)).flatten();
        told.or_else(|| connection_failure::find(&response.reason))
            .filter(|row| row.recorder.is_some())
    })
}

/// Whether neither the server nor anything behind it was reached: no answer but a recorded error, or a gateway's word.
/// Gateways say 502 to 504 (RFC 9110 §15.6) or, at a content network, 520 to 530.
pub(super) fn is_unreached(session: &Session) -> bool {
    match session.status() {
        0 => session.error.is_some(),
        status => matches!(status, 502..=504 | 520..=530),
    }
}
