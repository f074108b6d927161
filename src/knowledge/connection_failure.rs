//! What recorders and browsers write in place of an answer when none came: why a connection failed, and who says so.

use super::Source;

const FIDDLER: Source = Source::seen("Answers that Fiddler wrote itself, in public recordings");
const MITMPROXY: Source = Source::confirmed("mitmproxy's source code: proxy/layers/tls");
const CHROMIUM: Source = Source::confirmed("Chromium's source code: net/base/net_error_list.h");
const CURL: Source = Source::seen("Errors of command-line clients in public recordings");

/// Why no answer of the server came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The name has no address.
    NameUnknown,
    /// Nobody listens there, or a firewall says no.
    Refused,
    /// Nobody answered in time.
    TimedOut,
    /// The connection was closed before the answer.
    Closed,
    /// The TLS handshake with the server failed.
    ServerTls,
    /// The client did not trust the certificate that the recorder put in place of the server's.
    ClientDistrust,
    /// The recorder could not reach the proxy behind it.
    Upstream,
    /// The recorder wrote the answer for a reason of its own.
    MadeUp,
}

impl Reason {
    /// The reason behind the words "because".
    pub const fn text(self) -> &'static str {
        match self {
            Self::NameUnknown => "its name has no address",
            Self::Refused => "it refuses the connection",
            Self::TimedOut => "it does not answer",
            Self::Closed => "it closes the connection without an answer",
            Self::ServerTls => "the TLS handshake with it fails",
            Self::ClientDistrust => "the client does not trust the recorder's certificate",
            Self::Upstream => "the proxy in between cannot be reached",
            Self::MadeUp => "the recorder answered in its place",
        }
    }
}

/// Words that tell a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectionFailure {
    /// The words, in lower case.
    pub mark: &'static str,
    /// What they mean.
    pub reason: Reason,
    /// The recorder that writes them as an answer; `None` when they only stand where an answer is missing.
    pub recorder: Option<&'static str>,
    /// Where this comes from.
    pub source: Source,
}

const fn fiddler(mark: &'static str, reason: Reason) -> ConnectionFailure {
    ConnectionFailure { mark, reason, recorder: Some("Fiddler"), source: FIDDLER }
}

const fn told(mark: &'static str, reason: Reason, source: Source) -> ConnectionFailure {
    ConnectionFailure { mark, reason, recorder: None, source }
}

/// The more special words stand first.
const FAILURES: &[ConnectionFailure] = &[
    fiddler("[fiddler] the connection to the upstream proxy", Reason::Upstream),
    fiddler("fiddler - gateway connection failed", Reason::Upstream),
    fiddler("fiddler - dns lookup failed", Reason::NameUnknown),
    fiddler("[fiddler] dns lookup", Reason::NameUnknown),
    fiddler("fiddler.network.https> https handshake to", Reason::ServerTls),
    fiddler("connectionrefused", Reason::Refused),
    fiddler("timedout (0x274c)", Reason::TimedOut),
    fiddler("fiddler - receive failure", Reason::Closed),
    fiddler("readresponse() failed", Reason::Closed),
    fiddler("fiddler - connection failed", Reason::TimedOut),
    fiddler("[fiddler] the connection to", Reason::TimedOut),
    fiddler("fiddler - ", Reason::MadeUp),
    fiddler("[fiddler]", Reason::MadeUp),
    told("client does not trust the proxy's certificate", Reason::ClientDistrust, MITMPROXY),
    told("client tls handshake failed", Reason::ClientDistrust, MITMPROXY),
    told("server tls handshake failed", Reason::ServerTls, MITMPROXY),
    told("err_name_not_resolved", Reason::NameUnknown, CHROMIUM),
    told("err_connection_refused", Reason::Refused, CHROMIUM),
    told("err_address_unreachable", Reason::Refused, CHROMIUM),
    told("err_connection_timed_out", Reason::TimedOut, CHROMIUM),
    told("err_timed_out", Reason::TimedOut, CHROMIUM),
    told("err_connection_reset", Reason::Closed, CHROMIUM),
    told("err_connection_closed", Reason::Closed, CHROMIUM),
    told("err_empty_response", Reason::Closed, CHROMIUM),
    told("err_cert_", Reason::ServerTls, CHROMIUM),
    told("err_ssl_", Reason::ServerTls, CHROMIUM),
    told("err_proxy_connection_failed", Reason::Upstream, CHROMIUM),
    told("err_tunnel_connection_failed", Reason::Upstream, CHROMIUM),
    told("could not resolve host", Reason::NameUnknown, CURL),
    told("name or service not known", Reason::NameUnknown, CURL),
    told("connection refused", Reason::Refused, CURL),
    told("no route to host", Reason::Refused, CURL),
    told("timed out", Reason::TimedOut, CURL),
    told("connection reset", Reason::Closed, CURL),
    told("server disconnected", Reason::Closed, CURL),
];

/// What a recorder's words say: an error text, a status line's reason, the beginning of a body.
pub fn find(text: &str) -> Option<&'static ConnectionFailure> {
    let text = text.to_ascii_lowercase();
    FAILURES.iter().find(|row| text.contains(row.mark))
}

#[cfg(test)]
mod tests {
    use super::{FAILURES, Reason, find};

    #[test]
    fn every_row_is_found_or_outdone_by_a_more_special_one() {
        for row in FAILURES {
            assert_eq!(row.mark, row.mark.to_ascii_lowercase());
            let found = find(&row.mark.to_uppercase()).expect(row.mark);
            assert!(row.mark.contains(found.mark), "{}", row.mark);
            assert!(!row.source.document.is_empty());
        }
    }

    #[test]
    fn what_recorders_write() {
        for (text, reason, recorder) in [
            (
                "[Fiddler] The connection to 'mail.contoso.com' failed. <br />Error: ConnectionRefused (0x274d).",
                Reason::Refused,
                Some("Fiddler"),
            ),
            ("Fiddler - DNS Lookup Failed", Reason::NameUnknown, Some("Fiddler")),
            (
                "fiddler.network.https> HTTPS handshake to login.windows.net (for #7) failed.",
                Reason::ServerTls,
                Some("Fiddler"),
            ),
            ("net::ERR_NAME_NOT_RESOLVED", Reason::NameUnknown, None),
            (
                "Client TLS handshake failed. The client does not trust the proxy's certificate for login.windows.net",
                Reason::ClientDistrust,
                None,
            ),
        ] {
            let found = find(text).expect(text);
            assert_eq!((found.reason, found.recorder), (reason, recorder), "{text}");
        }
    }

    #[test]
    fn answers_of_servers_are_none() {
        for text in ["", "Bad Gateway", "Service Unavailable", "<html>Sign in</html>"] {
            assert_eq!(find(text), None, "{text}");
        }
    }
}
