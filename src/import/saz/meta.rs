//! `_m.xml`: a session's times and flags.

use std::borrow::Cow;

use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use quick_xml::XmlVersion;
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use crate::capture::{Mark, Timing};
use crate::import::time;

/// Bit 0 of `BitFlags`: the session went over TLS (Fiddler's enumeration `SessionFlags`, `IsHTTPS`).
const IS_HTTPS: u64 = 1;

/// What `_m.xml` tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Meta {
    pub(super) started: Option<DateTime<Utc>>,
    pub(super) utc_offset: Option<FixedOffset>,
    pub(super) timing: Timing,
    /// Whether the session went over TLS, if the file tells.
    pub(super) https: Option<bool>,
    pub(super) process: Option<String>,
    pub(super) server_address: Option<String>,
    pub(super) comment: Option<String>,
    /// The colour of the session in Fiddler's list, where it is one of the six marks.
    pub(super) mark: Option<Mark>,
    /// Where the session was aborted.
    pub(super) aborted: Option<String>,
    /// Whether Fiddler was told to forget the body.
    pub(super) request_dropped: bool,
    pub(super) response_dropped: bool,
}

impl Meta {
    /// Reads the file as far as it is XML.
    pub(super) fn parse(bytes: &[u8]) -> Self {
        let text = std::str::from_utf8(bytes)
            .map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed);
        let mut reader = Reader::from_str(text.trim_start_matches('\u{FEFF}'));
        let mut meta = Self::default();
        while let Ok(event) = reader.read_event() {
            match event {
                Event::Start(element) | Event::Empty(element) => meta.element(&element),
                Event::Eof => break,
                _ => {}
            }
        }
        meta
    }

    fn element(&mut self, element: &BytesStart<'_>) {
        let name = element.local_name();
        let is = |wanted: &str| name.as_ref().eq_ignore_ascii_case(wanted);
        if is("SessionFlag") {
            let attributes = Attributes::of(element);
            if let (Some(flag), Some(value)) = (attributes.get("N"), attributes.get("V")) {
                self.flag(flag, value);
            }
        } else if is("SessionTimers") {
            self.timers(&Attributes::of(element));
        } else if is("Session") {
            self.https = Attributes::of(element)
                .get("BitFlags")
                .and_then(|flags| u64::from_str_radix(flags, 16).ok())
                .map(|flags| flags & IS_HTTPS != 0);
        }
    }

    fn timers(&mut self, timers: &Attributes<'_>) {
        let at = |name: &str| timers.get(name).and_then(time::instant);
        let ms = |name: &str| {
            timers
                .get(name)
                .and_then(|v| v.parse().ok())
                .and_then(time::milliseconds)
                .unwrap_or_default()
        };
        // An aborted session and a tunnel lack some of the times: take the next best.
        self.started = [
            "ClientBeginRequest",
            "GotRequestHeaders",
            "ClientDoneRequest",
            "FiddlerBeginRequest",
            "ClientConnected",
        ]
        .into_iter()
        .find_map(at);
        self.utc_offset = ["ClientBeginRequest", "ClientConnected"]
            .into_iter()
            .find_map(|name| timers.get(name).and_then(time::utc_offset));
        let ended = at("ClientDoneResponse").or_else(|| at("ServerDoneResponse"));
        let (dns, tls) = (ms("DNSTime"), ms("HTTPSHandshakeTime"));
        let connect = dns + ms("TCPConnectTime") + tls;
        let known = |part: TimeDelta| (part > TimeDelta::zero()).then_some(part);
        self.timing = Timing {
            total: time::between(self.started, ended),
            connect: known(connect),
            dns: known(dns),
            tls: known(tls),
            send: time::between(at("FiddlerBeginRequest"), at("ServerGotRequest")),
            wait: time::between(at("ServerGotRequest"), at("ServerBeginResponse")),
            receive: time::between(at("ServerBeginResponse"), at("ServerDoneResponse")),
        };
    }

    fn flag(&mut self, name: &str, value: &str) {
        let text = || Some(value.to_owned());
        match name.to_ascii_lowercase().as_str() {
            "x-processinfo" => self.process = text(),
            "x-hostip" => self.server_address = text(),
            "ui-comments" => self.comment = text(),
            "ui-color" => self.mark = Mark::parse(value),
            "x-aborted-when" => self.aborted = Some(format!("aborted: {value}")),
            "https-client-version" | "https-server-version" => self.https = Some(true),
            "log-drop-request-body" => self.request_dropped = true,
            "log-drop-response-body" => self.response_dropped = true,
            _ => {}
        }
    }
}

/// The attributes of an element, borrowed from the file where they hold no references.
struct Attributes<'a>(Vec<(&'a str, Cow<'a, str>)>);

impl<'a> Attributes<'a> {
    fn of(element: &'a BytesStart<'_>) -> Self {
        let mut attributes = element.attributes();
        let read = |attribute: Attribute<'a>| {
            let value = attribute.normalized_value(XmlVersion::Implicit1_0);
            (attribute.key.0, value.unwrap_or(attribute.value))
        };
        Self(attributes.with_checks(false).filter_map(Result::ok).map(read).collect())
    }

    /// An attribute that says something, names compared without case.
    fn get(&self, name: &str) -> Option<&str> {
        let (_, value) = self.0.iter().find(|(n, _)| n.eq_ignore_ascii_case(name))?;
        Some(value.trim()).filter(|value| !value.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::Meta;
    use crate::capture::Mark;
    use chrono::TimeDelta;
    use proptest::prelude::*;

    #[test]
    fn times_and_flags_are_read() {
        let meta = Meta::parse(
            "\u{FEFF}<?xml version=\"1.0\" encoding=\"utf-8\"?>
            <Session SID=\"2\" BitFlags=\"9\">
              <SessionTimers ClientConnected=\"0001-01-01T00:00:00\" ClientBeginRequest=\"2026-03-02T09:14:07.1200000-07:00\"
                DNSTime=\"3\" TCPConnectTime=\"20\" HTTPSHandshakeTime=\"30\" FiddlerBeginRequest=\"2026-03-02T09:14:07.2-07:00\"
                ServerGotRequest=\"2026-03-02T09:14:07.25-07:00\" ServerBeginResponse=\"2026-03-02T09:14:07.35-07:00\"
                ServerDoneResponse=\"2026-03-02T09:14:07.36-07:00\" ClientDoneResponse=\"2026-03-02T09:14:07.37-07:00\" />
              <SessionFlags>
                <SessionFlag N=\"X-ProcessInfo\" V=\"outlook:1234\" />
                <SessionFlag N=\"ui-comments\" V=\"empty Bearer &amp; 401\" />
                <SessionFlag N=\"ui-color\" V=\"Red\" />
                <SessionFlag N=\"x-hostIP\" V=\"203.0.113.7\" />
                <SessionFlag N=\"x-clientip\" V=\"\" />
              </SessionFlags>
            </Session>"
                .as_bytes(),
        );
        let ms = |n| Some(TimeDelta::milliseconds(n));
        assert_eq!(meta.started.unwrap().to_rfc3339(), "2026-03-02T16:14:07.120+00:00");
        let timing = meta.timing;
        assert_eq!(
            (timing.total, timing.connect, timing.send, timing.wait, timing.receive),
            (ms(250), ms(53), ms(50), ms(100), ms(10))
        );
        assert_eq!(meta.https, Some(true));
        assert_eq!(meta.process.as_deref(), Some("outlook:1234"));
        assert_eq!(meta.comment.as_deref(), Some("empty Bearer & 401"));
        assert_eq!(meta.mark, Some(Mark::Red));
        assert_eq!(meta.server_address.as_deref(), Some("203.0.113.7"));
    }

    #[test]
    fn what_never_happened_has_no_time() {
        let meta = Meta::parse(
            b"<Session BitFlags=\"1000\"><SessionTimers ClientBeginRequest=\"0001-01-01T00:00:00\" \
              ClientConnected=\"2026-03-02T09:00:00Z\" ServerDoneResponse=\"0001-01-01T00:00:00\"/></Session>",
        );
        assert_eq!(meta.started.unwrap().to_rfc3339(), "2026-03-02T09:00:00+00:00");
        assert_eq!((meta.timing.total, meta.https), (None, Some(false)));
        assert_eq!(Meta::parse(b"<Session"), Meta::default());
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Meta::parse(&bytes);
        }
    }
}
