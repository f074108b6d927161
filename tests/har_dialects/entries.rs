//! Files and entries: encodings, versions, what is missing, numbers and times.

use hma_trace::capture::NoteKind;

use super::{
    Dialect, GOOD, REQUEST, RESPONSE, TIMES, creator, entry, gzip, har, lines, row, start, timed,
    total,
};

/// The file itself: its encoding, what stands around the JSON, its version.
pub(crate) fn files() -> Vec<Dialect> {
    let plain = entry(REQUEST, RESPONSE);
    let utf16 = |unit: fn(u16) -> [u8; 2]| -> Vec<u8> {
        [0xFEFF].into_iter().chain(plain.encode_utf16()).flat_map(unit).collect()
    };
    let mut table = vec![
        row("plain", plain.clone(), &[], lines, GOOD),
        row("byte order mark", format!("\u{FEFF}{plain}"), &[], lines, GOOD),
        row("UTF-16, little end first", utf16(u16::to_le_bytes), &[], lines, GOOD),
        row("UTF-16, big end first", utf16(u16::to_be_bytes), &[], lines, GOOD),
        row("gzip", gzip(plain.as_bytes()), &[], lines, GOOD),
        row("JSONP", format!("onInputData({plain});\n"), &[], lines, GOOD),
        row("script", format!("var har = {plain};"), &[], lines, GOOD),
        row(
            "entries without log",
            format!(r#"{{"entries":[{{{TIMES},"request":{REQUEST},"response":{RESPONSE}}}]}}"#),
            &[],
            lines,
            GOOD,
        ),
        row(
            "a bare list",
            format!(r#"[{{{TIMES},"request":{REQUEST},"response":{RESPONSE}}}]"#),
            &[],
            lines,
            GOOD,
        ),
        row("creator", plain.clone(), &[], creator, "Recorder 7"),
        row(
            "no creator, a browser",
            plain.replace("creator", "browser"),
            &[],
            creator,
            "Recorder 7",
        ),
        row(
            "creator of null",
            plain.replace(r#"{"name":"Recorder","version":"7"}"#, "null"),
            &[],
            creator,
            "none",
        ),
    ];
    for version in [
        r#""version":"1.1","#,
        r#""version":"1.3","#,
        r#""version":1.2,"#,
        r#""version":null,"#,
        "",
    ] {
        table.push(row("version", plain.replace(r#""version":"1.2","#, version), &[], lines, GOOD));
    }
    table
}

/// What an entry lacks.
pub(crate) fn missing() -> Vec<Dialect> {
    vec![
        row(
            "no response",
            har(&format!(r#"{{{TIMES},"request":{REQUEST}}}"#)),
            &[NoteKind::ResponseMissing],
            lines,
            "1 GET https://mail.contoso.com/owa/ 0",
        ),
        row(
            "response of null",
            entry(REQUEST, "null"),
            &[NoteKind::ResponseMissing],
            lines,
            "1 GET https://mail.contoso.com/owa/ 0",
        ),
        row(
            "no request",
            har(&format!(r#"{{{TIMES},"response":{RESPONSE}}}"#)),
            &[NoteKind::RequestMissing],
            lines,
            "1   200",
        ),
        row(
            "no cookies, headers or sizes",
            entry(r#"{"method":"GET","url":"https://mail.contoso.com/owa/"}"#, r#"{"status":200}"#),
            &[],
            lines,
            GOOD,
        ),
        row(
            "no timings",
            timed(r#""startedDateTime":"2026-03-02T09:14:07Z","time":31"#),
            &[],
            total,
            "31000",
        ),
        row(
            "no time",
            timed(
                r#""startedDateTime":"2026-03-02T09:14:07Z","timings":{"send":1,"wait":20,"receive":10}"#,
            ),
            &[],
            total,
            "31000",
        ),
        row(
            "time of null",
            timed(r#""startedDateTime":"2026-03-02T09:14:07Z","time":null"#),
            &[],
            total,
            "none",
        ),
        row("no start", timed(r#""time":31"#), &[NoteKind::TimeUnusable], start, "none"),
        row(
            "an entry of null",
            har(&format!(r#"null,{{{TIMES},"request":{REQUEST},"response":{RESPONSE}}}"#)),
            &[NoteKind::SessionSkipped],
            lines,
            "2 GET https://mail.contoso.com/owa/ 200",
        ),
        row(
            "unsorted entries keep their place",
            har(&format!(
                r#"{{"startedDateTime":"2026-03-02T09:14:09Z","request":{REQUEST},"response":{RESPONSE}}},{{"startedDateTime":"2026-03-02T09:14:07Z","request":{REQUEST},"response":{RESPONSE}}}"#
            )),
            &[],
            start,
            "2026-03-02T09:14:09+00:00",
        ),
    ]
}

/// Numbers and times.
pub(crate) fn numbers() -> Vec<Dialect> {
    let starting = |text: &str| timed(&format!(r#""startedDateTime":"{text}""#));
    vec![
        row(
            "status as a string",
            entry(REQUEST, r#"{"status":"401"}"#),
            &[],
            lines,
            "1 GET https://mail.contoso.com/owa/ 401",
        ),
        row(
            "status with a fraction",
            entry(REQUEST, r#"{"status":401.0}"#),
            &[],
            lines,
            "1 GET https://mail.contoso.com/owa/ 401",
        ),
        row(
            "status beyond sixteen bits",
            entry(REQUEST, r#"{"status":65937,"headers":[{"name":"A","value":"b"}]}"#),
            &[],
            lines,
            "1 GET https://mail.contoso.com/owa/ 0",
        ),
        row(
            "time as a string",
            timed(r#""startedDateTime":"2026-03-02T09:14:07Z","time":"31.5""#),
            &[],
            total,
            "31500",
        ),
        row(
            "time below zero",
            timed(r#""startedDateTime":"2026-03-02T09:14:07Z","time":-1"#),
            &[],
            total,
            "none",
        ),
        row(
            "time beyond belief",
            timed(r#""startedDateTime":"2026-03-02T09:14:07Z","time":1e300"#),
            &[],
            total,
            "none",
        ),
        row(
            "time without a number",
            timed(r#""startedDateTime":"2026-03-02T09:14:07Z","time":NaN"#),
            &[NoteKind::FieldRepaired],
            total,
            "none",
        ),
        row(
            "time too large for a number",
            timed(r#""startedDateTime":"2026-03-02T09:14:07Z","time":1e400"#),
            &[NoteKind::FieldRepaired],
            total,
            "none",
        ),
        row(
            "NaN start",
            starting("NaN-NaN-NaNTNaN:NaN:NaN.NaN+NaN:"),
            &[NoteKind::TimeUnusable],
            start,
            "none",
        ),
        row(
            "start of Fiddler's never",
            starting("0001-01-01T00:00:00.0000000-07:00"),
            &[NoteKind::TimeUnusable],
            start,
            "none",
        ),
        row(
            "2 fraction digits",
            starting("2026-03-02T09:14:07.12Z"),
            &[],
            start,
            "2026-03-02T09:14:07.120+00:00",
        ),
        row(
            "3 fraction digits",
            starting("2026-03-02T09:14:07.123Z"),
            &[],
            start,
            "2026-03-02T09:14:07.123+00:00",
        ),
        row(
            "6 fraction digits",
            starting("2026-03-02T09:14:07.123456+01:00"),
            &[],
            start,
            "2026-03-02T08:14:07.123456+00:00",
        ),
        row(
            "7 fraction digits",
            starting("2026-03-02T09:14:07.1234567-05:00"),
            &[],
            start,
            "2026-03-02T14:14:07.123456700+00:00",
        ),
        row(
            "offset without colon",
            starting("2026-03-02T09:14:07.1+0100"),
            &[],
            start,
            "2026-03-02T08:14:07.100+00:00",
        ),
        row(
            "a blank for the T",
            starting("2026-03-02 09:14:07Z"),
            &[],
            start,
            "2026-03-02T09:14:07+00:00",
        ),
    ]
}
