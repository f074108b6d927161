//! The fields of an entry that is not as the format promises: any of them may be missing, null or of another type.

use std::borrow::Cow;

use serde_json::Value;

use super::field::{count, list, number, take, text};
use super::fields::{
    BodyText, Content, Count, Entry, Field, Param, Post, Request, Response, Text, Timings,
};

/// Reads an entry.
pub(super) fn entry(entry: &mut Value) -> Entry<'static> {
    Entry {
        request: match take(entry, "request") {
            mut fields @ Value::Object(_) => Some(request(&mut fields)),
            _ => None,
        },
        response: match take(entry, "response") {
            mut fields @ Value::Object(_) => Some(response(&mut fields)),
            _ => None,
        },
        error: error(entry),
        started: owned(text(entry, "startedDateTime")),
        time: number(entry, "time"),
        timings: Some(timings(&take(entry, "timings"))),
        server_address: owned(text(entry, "serverIPAddress")),
        comment: owned(text(entry, "comment")),
        process: owned(text(entry, "_process")),
    }
}

fn request(fields: &mut Value) -> Request<'static> {
    let mut post = take(fields, "postData");
    if post.is_string() {
        // `postData` as the text itself.
        post = serde_json::json!({ "text": post });
    }
    Request {
        method: owned(text(fields, "method")),
        url: owned(text(fields, "url")),
        version: owned(text(fields, "httpVersion")),
        headers: headers(fields),
        body_size: Count(count(fields, "bodySize")),
        post: Some(Post {
            text: body_text(&mut post),
            encoding: owned(text(&mut post, "encoding")),
            mime: owned(text(&mut post, "mimeType")),
            params: list(&mut post, "params").iter_mut().filter_map(param).collect(),
        }),
    }
}

fn param(item: &mut Value) -> Option<Param<'static>> {
    Some(Param {
        name: owned(text(item, "name"))?,
        value: owned(text(item, "value")),
        file: owned(text(item, "fileName")),
        kind: owned(text(item, "contentType")),
    })
}

fn response(fields: &mut Value) -> Response<'static> {
    let mut content = take(fields, "content");
    Response {
        status: Count(count(fields, "status")),
        reason: owned(text(fields, "statusText")),
        version: owned(text(fields, "httpVersion")),
        headers: headers(fields),
        body_size: Count(count(fields, "bodySize")),
        content: Some(Content {
            text: body_text(&mut content),
            encoding: owned(text(&mut content, "encoding")),
            size: Count(count(&content, "size")),
            file: owned(text(&mut content, "_file")),
        }),
        error: error(fields),
    }
}

/// What the recorder says went wrong: Chrome's `_error`, or an object with a message.
fn error(fields: &mut Value) -> Option<Text<'static>> {
    owned(match fields.get_mut("_error")? {
        object @ Value::Object(_) => text(object, "message").or_else(|| text(object, "code")),
        _ => text(fields, "_error"),
    })
}

fn timings(parts: &Value) -> Timings {
    let part = |name: &str| number(parts, name);
    Timings {
        blocked: part("blocked"),
        dns: part("dns"),
        connect: part("connect"),
        ssl: part("ssl"),
        send: part("send"),
        wait: part("wait"),
        receive: part("receive"),
    }
}

/// The header fields: a list of names and values, or an object. A value may be a list.
fn headers(fields: &mut Value) -> Vec<Field<'static>> {
    let mut headers = Vec::new();
    let mut push = |name: &str, value: String| {
        headers.push(Field { name: Cow::Owned(name.to_owned()), value: Cow::Owned(value) });
    };
    let mut push_all = |name: &str, value: Value| match value {
        Value::String(text) => push(name, text),
        Value::Array(values) => {
            values.iter().filter_map(Value::as_str).for_each(|value| push(name, value.to_owned()));
        }
        Value::Null => push(name, String::new()),
        Value::Object(_) => {}
        scalar => push(name, scalar.to_string()),
    };
    match take(fields, "headers") {
        Value::Array(items) => {
            for mut item in items {
                if let Some(name) = text(&mut item, "name") {
                    push_all(&name, take(&mut item, "value"));
                }
            }
        }
        Value::Object(map) => map.into_iter().for_each(|(name, value)| push_all(&name, value)),
        _ => {}
    }
    headers
}

fn body_text(fields: &mut Value) -> BodyText<'static> {
    text(fields, "text").map_or(BodyText::Absent, BodyText::Read)
}

fn owned(text: Option<String>) -> Option<Text<'static>> {
    text.map(|text| Text(Cow::Owned(text)))
}
