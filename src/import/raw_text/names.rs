//! Names of header fields that people paste, by which a header is recognised where its line is damaged.

/// Fields of an answer that people paste alone.
const RESPONSE: [&str; 25] = [
    "www-authenticate",
    "x-ms-diagnostics",
    "server",
    "set-cookie",
    "location",
    "request-id",
    "x-feserver",
    "x-beserver",
    "x-calculatedbetarget",
    "x-calculatedfetarget",
    "x-backendhttpstatus",
    "x-feproxyinfo",
    "x-feefzinfo",
    "x-owa-version",
    "x-owa-diagnosticsinfo",
    "x-powered-by",
    "x-aspnet-version",
    "x-diaginfo",
    "x-rpcerror",
    "x-ms-location",
    "x-ms-request-id",
    "ms-server-activesync",
    "ms-asprotocolversions",
    "date",
    "proxy-authenticate",
];

/// Fields of a request that people paste alone.
const REQUEST: [&str; 8] = [
    "authorization",
    "host",
    "user-agent",
    "cookie",
    "x-anchormailbox",
    "x-user-identity",
    "ms-asprotocolversion",
    "proxy-authorization",
];

/// Fields that both may have, or that say too little about which of them it is.
const EITHER: [&str; 36] = [
    "accept",
    "accept-encoding",
    "accept-language",
    "allow",
    "cache-control",
    "client-request-id",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "etag",
    "expires",
    "keep-alive",
    "last-modified",
    "origin",
    "persistent-auth",
    "pragma",
    "proxy-connection",
    "referer",
    "referrer-policy",
    "retry-after",
    "return-client-request-id",
    "strict-transport-security",
    "transfer-encoding",
    "vary",
    "via",
    "x-clientapplication",
    "x-clientinfo",
    "x-content-type-options",
    "x-expirationinfo",
    "x-frame-options",
    "x-ms-correlation-id",
    "x-pendingperiod",
    "x-requestid",
    "x-requesttype",
    "x-responsecode",
];

/// Whether a field of this name tells that a message is an answer.
pub(super) fn of_response(name: &str) -> bool {
    among(&RESPONSE, name)
}

/// Whether a field of this name tells that a message is a request.
pub(super) fn of_request(name: &str) -> bool {
    among(&REQUEST, name)
}

/// Whether this is a field's name, in any case.
pub(super) fn known(name: &str) -> bool {
    of_response(name) || of_request(name) || among(&EITHER, name)
}

/// The known name that a word ends with, if it is too long to stand there by chance: `e113x-ms-diagnostics`.
pub(super) fn known_end(word: &str) -> Option<&'static str> {
    const BY_CHANCE: usize = 10;
    [&RESPONSE[..], &REQUEST, &EITHER].into_iter().flatten().copied().find(|name| {
        let start = word.len().checked_sub(name.len());
        let end = start.and_then(|start| word.get(start..));
        name.len() >= BY_CHANCE && end.is_some_and(|end| end.eq_ignore_ascii_case(name))
    })
}

fn among(names: &[&str], name: &str) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::{known, known_end};

    #[test]
    fn names_are_known_in_any_case() {
        assert!(known("WWW-Authenticate") && known("Host") && known("content-length"));
        assert!(!known("Bearer") && !known("Additional"));
    }

    #[test]
    fn only_long_names_count_at_a_words_end() {
        assert_eq!(known_end("Unauthorizedrequest-id"), Some("request-id"));
        assert_eq!(known_end("X-FooServer"), None);
        assert_eq!(known_end("é-id"), None);
    }
}
