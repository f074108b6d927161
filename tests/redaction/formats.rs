//! Written files as other tools read them: every member that HTTP Archive 1.2
//! (<http://www.softwareishard.com/blog/har-12-spec/>) demands, of the type it demands, and none it does not know; and the
//! layout of a SAZ file.

use std::collections::BTreeSet;
use std::io::{Cursor, Read as _};

use chrono::DateTime;
use hma_trace::capture::{Capture, Format};
use hma_trace::export::redact_to_bytes;
use hma_trace::import::{self, Progress};
use hma_trace::redact::{Judgement, Options};
use serde_json::Value;

use crate::place::cells;
use crate::places;
use crate::recorded::{Kind, file};

/// The type of a member.
#[derive(Clone, Copy)]
enum Is {
    Text,
    Time,
    Count,
    /// A number, or -1 for "does not apply".
    Number,
    Object(&'static [Member]),
    List(&'static [Member]),
}

/// Name, whether it must be there, type.
type Member = (&'static str, bool, Is);

const PAIR: &[Member] =
    &[("name", true, Is::Text), ("value", true, Is::Text), ("comment", false, Is::Text)];

const COOKIE: &[Member] = &[
    ("name", true, Is::Text),
    ("value", true, Is::Text),
    ("path", false, Is::Text),
    ("domain", false, Is::Text),
    ("expires", false, Is::Time),
    ("comment", false, Is::Text),
];

const POST: &[Member] = &[
    ("mimeType", true, Is::Text),
    ("params", false, Is::List(PAIR)),
    ("text", false, Is::Text),
    ("comment", false, Is::Text),
];

const REQUEST: &[Member] = &[
    ("method", true, Is::Text),
    ("url", true, Is::Text),
    ("httpVersion", true, Is::Text),
    ("cookies", true, Is::List(COOKIE)),
    ("headers", true, Is::List(PAIR)),
    ("queryString", true, Is::List(PAIR)),
    ("postData", false, Is::Object(POST)),
    ("headersSize", true, Is::Number),
    ("bodySize", true, Is::Number),
    ("comment", false, Is::Text),
];

const CONTENT: &[Member] = &[
    ("size", true, Is::Count),
    ("compression", false, Is::Number),
    ("mimeType", true, Is::Text),
    ("text", false, Is::Text),
    ("encoding", false, Is::Text),
    ("comment", false, Is::Text),
];

const RESPONSE: &[Member] = &[
    ("status", true, Is::Count),
    ("statusText", true, Is::Text),
    ("httpVersion", true, Is::Text),
    ("cookies", true, Is::List(COOKIE)),
    ("headers", true, Is::List(PAIR)),
    ("content", true, Is::Object(CONTENT)),
    ("redirectURL", true, Is::Text),
    ("headersSize", true, Is::Number),
    ("bodySize", true, Is::Number),
    ("comment", false, Is::Text),
];

const TIMINGS: &[Member] = &[
    ("blocked", false, Is::Number),
    ("dns", false, Is::Number),
    ("connect", false, Is::Number),
    ("send", true, Is::Number),
    ("wait", true, Is::Number),
    ("receive", true, Is::Number),
    ("ssl", false, Is::Number),
    ("comment", false, Is::Text),
];

const ENTRY: &[Member] = &[
    ("pageref", false, Is::Text),
    ("startedDateTime", true, Is::Time),
    ("time", true, Is::Number),
    ("request", true, Is::Object(REQUEST)),
    ("response", true, Is::Object(RESPONSE)),
    ("cache", true, Is::Object(&[])),
    ("timings", true, Is::Object(TIMINGS)),
    ("serverIPAddress", false, Is::Text),
    ("connection", false, Is::Text),
    ("comment", false, Is::Text),
];

const CREATOR: &[Member] =
    &[("name", true, Is::Text), ("version", true, Is::Text), ("comment", false, Is::Text)];

const LOG: &[Member] = &[
    ("version", true, Is::Text),
    ("creator", true, Is::Object(CREATOR)),
    ("browser", false, Is::Object(CREATOR)),
    ("entries", true, Is::List(ENTRY)),
    ("comment", false, Is::Text),
];

fn check(place: &str, value: &Value, is: Is, wrong: &mut BTreeSet<String>) {
    let fits = match is {
        Is::Text => value.is_string(),
        Is::Time => value.as_str().is_some_and(|text| DateTime::parse_from_rfc3339(text).is_ok()),
        Is::Count => value.is_u64(),
        Is::Number => value.as_f64().is_some_and(|number| number >= -1.0),
        Is::Object(members) => {
            object(place, value, members, wrong);
            value.is_object()
        }
        Is::List(members) => {
            for item in value.as_array().into_iter().flatten() {
                object(place, item, members, wrong);
            }
            value.is_array()
        }
    };
    if !fits {
        wrong.insert(format!("{place} has the wrong type"));
    }
}

fn object(place: &str, value: &Value, members: &[Member], wrong: &mut BTreeSet<String>) {
    let Some(object) = value.as_object() else {
        wrong.insert(format!("{place} is no object"));
        return;
    };
    for (name, needed, is) in members {
        match object.get(*name) {
            Some(value) => check(&format!("{place}/{name}"), value, *is, wrong),
            None if *needed => {
                wrong.insert(format!("{place}/{name} is missing"));
            }
            None => {}
        }
    }
    // Members of one's own begin with an underscore.
    for name in object.keys().filter(|name| !name.starts_with('_')) {
        if !members.iter().any(|(known, ..)| known == name) {
            wrong.insert(format!("{place}/{name} is unknown"));
        }
    }
}

fn written(from: Kind, to: Format) -> (Vec<u8>, usize) {
    let places = places::all();
    let cells = cells(&places);
    let mine = cells.iter().filter(|cell| cell.place.only.is_none_or(|only| only == from));
    let sessions: Vec<_> = mine.map(crate::place::Cell::session).collect();
    let none = Progress::none();
    let bytes = file(&sessions, from);
    let capture = import::open_bytes("t", &bytes, import::Options::default(), &none).unwrap();
    let judge = |_: &Capture| Judgement::default();
    let (out, _) = redact_to_bytes(&capture, "00", Options::default(), to, &judge, &none).unwrap();
    (out, sessions.len())
}

#[test]
fn a_har_file_is_as_the_format_demands() {
    for from in [Kind::Har, Kind::Saz] {
        let (bytes, count) = written(from, Format::Har);
        let har: Value = serde_json::from_slice(&bytes).unwrap();
        let mut wrong = BTreeSet::new();
        object("", &har, &[("log", true, Is::Object(LOG))], &mut wrong);
        assert!(wrong.is_empty(), "{wrong:#?}");
        assert_eq!(har["log"]["version"], "1.2");
        assert_eq!(har["log"]["entries"].as_array().unwrap().len(), count);
    }
}

#[test]
fn a_saz_file_is_laid_out_as_fiddler_expects() {
    let (bytes, count) = written(Kind::Har, Format::Saz);
    let mut archive = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
    let names: BTreeSet<String> =
        archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    let width = count.to_string().len();
    for number in 1..=count {
        for kind in ["c.txt", "s.txt", "m.xml"] {
            let name = format!("raw/{number:0width$}_{kind}");
            assert!(names.contains(&name), "{name}");
        }
    }
    let others: Vec<_> = names.iter().filter(|name| !name.starts_with("raw/")).collect();
    assert_eq!(others, ["[Content_Types].xml", "_index.htm"]);
    let mut types = String::new();
    archive.by_name("[Content_Types].xml").unwrap().read_to_string(&mut types).unwrap();
    for (extension, kind) in
        [("htm", "text/html"), ("xml", "application/xml"), ("txt", "text/plain")]
    {
        let expected = format!("<Default Extension=\"{extension}\" ContentType=\"{kind}\" />");
        assert!(types.contains(&expected), "{types}");
    }
    for index in 0..archive.len() {
        let mut member = archive.by_index(index).unwrap();
        let name = member.name().unwrap().into_owned();
        let mut text = Vec::new();
        member.read_to_end(&mut text).unwrap();
        if name.ends_with("m.xml") {
            let meta = std::str::from_utf8(&text).unwrap();
            let mut reader = quick_xml::Reader::from_str(meta);
            while !matches!(reader.read_event().unwrap(), quick_xml::events::Event::Eof) {}
        } else if name.ends_with("c.txt") {
            let line = text.split(|b| *b == b'\r').next().unwrap();
            assert_eq!(line.split(|b| *b == b' ').count(), 3, "{name}");
        }
    }
}
