//! Messages: header lists, addresses, failures and bodies.

use hma_trace::capture::NoteKind;

use super::{
    Dialect, GOOD, REQUEST, RESPONSE, base64, entry, error, first, gzip, lines, request,
    request_body, request_headers, response, response_body, response_headers, row, versions,
};

/// Header lists.
pub(crate) fn header_lists() -> Vec<Dialect> {
    let with = |headers: &str| response(&format!(r#""headers":{headers}"#));
    vec![
        row(
            "a list of values",
            with(r#"[{"name":"WWW-Authenticate","value":["Negotiate","NTLM"]}]"#),
            &[],
            response_headers,
            "WWW-Authenticate=Negotiate; WWW-Authenticate=NTLM",
        ),
        row(
            "values joined by newlines",
            with(r#"[{"name":"set-cookie","value":"a=1\nb=2; Path=/"}]"#),
            &[],
            response_headers,
            "set-cookie=a=1; set-cookie=b=2; Path=/",
        ),
        row(
            "an object",
            with(r#"{"Server":"Microsoft-IIS/10.0","Content-Length":0}"#),
            &[],
            response_headers,
            "Server=Microsoft-IIS/10.0; Content-Length=0",
        ),
        row(
            "a value of null",
            with(r#"[{"name":"X-Empty","value":null}]"#),
            &[],
            response_headers,
            "X-Empty=",
        ),
        row("no value", with(r#"[{"name":"X-Empty"}]"#), &[], response_headers, "X-Empty="),
        row(
            "a number",
            with(r#"[{"name":"Content-Length","value":0}]"#),
            &[],
            response_headers,
            "Content-Length=0",
        ),
        row(
            "no name",
            with(r#"[{"value":"x"},{"name":"","value":"y"},7,null]"#),
            &[],
            response_headers,
            "",
        ),
        row("headers of null", with("null"), &[], response_headers, ""),
        row(
            "pseudo-headers",
            entry(
                r#"{"headers":[{"name":":authority","value":"mail.contoso.com"},{"name":":method","value":"PUT"},{"name":":path","value":"/x"},{"name":":scheme","value":"https"},{"name":"a","value":"b"}]}"#,
                RESPONSE,
            ),
            &[NoteKind::FieldRepaired],
            |c| format!("{} / {}", lines(c), request_headers(c)),
            "1 PUT https://mail.contoso.com/x 200 / a=b",
        ),
        row(
            "a pseudo-header's status",
            entry(REQUEST, r#"{"headers":[{"name":":status","value":"302"}]}"#),
            &[],
            lines,
            "1 GET https://mail.contoso.com/owa/ 302",
        ),
    ]
}

/// Addresses, versions, failures.
pub(crate) fn lines_and_failures() -> Vec<Dialect> {
    let address = |url: &str| {
        entry(
            &format!(
                r#"{{"method":"GET","url":"{url}","headers":[{{"name":"Host","value":"mail.contoso.com"}}]}}"#
            ),
            RESPONSE,
        )
    };
    let version = |request: &str, response: &str| {
        entry(
            &format!(r#"{{"method":"GET","url":"https://a.example/","httpVersion":{request}}}"#),
            &format!(r#"{{"status":200,"httpVersion":{response}}}"#),
        )
    };
    vec![
        row("a relative address", address("/owa/"), &[NoteKind::FieldRepaired], lines, GOOD),
        row(
            "a data address",
            address("data:image/png;base64,iVBORw0KGgo="),
            &[],
            lines,
            "1 GET data:image/png;base64,iVBORw0KGgo= 200",
        ),
        row("about:blank", address("about:blank"), &[], lines, "1 GET about:blank 200"),
        row(
            "an address that is none",
            address("http://[not/an address"),
            &[],
            lines,
            "1 GET http://[not/an address 200",
        ),
        row(
            "a method with blanks",
            entry(r#"{"method":"GET ","url":"https://mail.contoso.com/owa/"}"#, RESPONSE),
            &[],
            lines,
            GOOD,
        ),
        row(
            "versions of every kind",
            version(r#""http/2.0+quic/46""#, r#""h3""#),
            &[],
            versions,
            "http/2.0+quic/46, h3",
        ),
        row("versions of garbage", version(r#""me:""#, r#""2 2""#), &[], versions, "me:, 2 2"),
        row("versions of null and number", version("null", "1.1"), &[], versions, ", 1.1"),
        row(
            "status 0 with a reason",
            entry(
                REQUEST,
                r#"{"status":0,"_error":"net::ERR_NAME_NOT_RESOLVED","headers":[],"content":{"size":0,"mimeType":"x-unknown"}}"#,
            ),
            &[NoteKind::ResponseMissing],
            error,
            "false net::ERR_NAME_NOT_RESOLVED",
        ),
        row(
            "a reason as an object",
            entry(REQUEST, r#"{"status":0,"_error":{"code":"ECONNRESET"}}"#),
            &[NoteKind::ResponseMissing],
            error,
            "false ECONNRESET",
        ),
        row(
            "status 0 with content",
            entry(REQUEST, r#"{"status":0,"content":{"text":"partly"}}"#),
            &[],
            error,
            "true none",
        ),
        row(
            "a WebSocket",
            response(r#""status":101,"_webSocketMessages":[{"type":"send","data":"x"}]"#)
                .replace(r#""status":200,"#, ""),
            &[],
            lines,
            "1 GET https://mail.contoso.com/owa/ 101",
        ),
    ]
}

/// Bodies.
pub(crate) fn bodies() -> Vec<Dialect> {
    let content = |fields: &str| response(&format!(r#""headers":[],"content":{{{fields}}}"#));
    let coded = |coding: &str, fields: &str| {
        response(&format!(
            r#""headers":[{{"name":"Content-Encoding","value":"{coding}"}}],"content":{{{fields}}}"#
        ))
    };
    let zipped = base64(&gzip(b"hello"));
    let mut broken = gzip("hello hello hello".repeat(50).as_bytes());
    broken.truncate(30);
    vec![
        row(
            "base64",
            content(&format!(r#""text":"{}","encoding":"base64""#, base64(b"hello"))),
            &[],
            response_body,
            "complete: hello",
        ),
        row(
            "base64 in capitals, without padding, in lines",
            content(r#""text":"aGVs\nbG8","encoding":"BASE64""#),
            &[],
            response_body,
            "complete: hello",
        ),
        row(
            "base64 that is not",
            content(r#""text":"MANUALLY REMOVED","encoding":"base64""#),
            &[NoteKind::BodyUndecodable],
            response_body,
            "coded: MANUALLY REMOVED",
        ),
        row(
            "an encoding that is a character set",
            content(r#""text":"hello","encoding":"utf-8""#),
            &[],
            response_body,
            "complete: hello",
        ),
        row(
            "still compressed",
            coded("gzip", &format!(r#""text":"{zipped}","encoding":"base64""#)),
            &[],
            response_body,
            "complete: hello",
        ),
        row(
            "decoded, whatever the header says",
            coded("br", r#""text":"hello""#),
            &[],
            response_body,
            "complete: hello",
        ),
        row(
            "compressed and broken",
            coded("gzip", &format!(r#""text":"{}","encoding":"base64""#, base64(&broken))),
            &[NoteKind::BodyTruncated],
            |c| format!("{:?}", first(c).response.as_ref().unwrap().body.state),
            "Truncated",
        ),
        row(
            "in a file beside",
            content(r#""_file":"a1b2.bin","size":9"#),
            &[],
            response_body,
            "dropped: ",
        ),
        row(
            "left out",
            content(r#""size":9,"mimeType":"text/html""#),
            &[],
            response_body,
            "dropped: ",
        ),
        row("size below zero", content(r#""size":-1"#), &[], response_body, "complete: "),
        row(
            "an event stream",
            content(r#""mimeType":"text/event-stream","text":"data: a\n\ndata: b\n\n""#),
            &[],
            response_body,
            "complete: data: a\n\ndata: b\n\n",
        ),
        row("text of another type", content(r#""text":7"#), &[], response_body, "complete: 7"),
        row("content of null", response(r#""content":null"#), &[], response_body, "complete: "),
        row(
            "half a surrogate pair",
            content(r#""text":"a\ud83db""#),
            &[NoteKind::FieldRepaired],
            response_body,
            "complete: a\u{FFFD}b",
        ),
        row(
            "parameters",
            request(
                r#""postData":{"mimeType":"application/x-www-form-urlencoded","params":[{"name":"a","value":"1 2"},{"name":"b"}]}"#,
            ),
            &[],
            request_body,
            "complete: a=1+2&b=",
        ),
        row(
            "parameters against text: the text was sent",
            request(
                r#""postData":{"mimeType":"application/x-www-form-urlencoded","text":"a=text","params":[{"name":"a","value":"params"}]}"#,
            ),
            &[],
            request_body,
            "complete: a=text",
        ),
        row("postData as text", request(r#""postData":"a=1""#), &[], request_body, "complete: a=1"),
        row(
            "postData in base64",
            request(&format!(r#""postData":{{"text":"{}","encoding":"base64"}}"#, base64(b"a=1"))),
            &[],
            request_body,
            "complete: a=1",
        ),
        row(
            "postData left out",
            request(r#""bodySize":12,"postData":{"mimeType":"text/xml"}"#),
            &[],
            request_body,
            "dropped: ",
        ),
    ]
}
