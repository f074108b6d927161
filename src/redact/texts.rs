//! Every text of a session, to read and to change: the one list of places, shared by search and replacement.

use crate::capture::Session;
use crate::http::{Body, Headers, Target};

/// Shows every text of the session.
pub(super) fn each(session: &Session, see: &mut dyn FnMut(&str)) {
    let request = &session.request;
    see(&request.method);
    see(request.target.as_str());
    see(&request.version);
    headers(&request.headers, see);
    see(&request.body.text());
    if let Some(response) = &session.response {
        see(&response.reason);
        see(&response.version);
        headers(&response.headers, see);
        see(&response.body.text());
    }
    for remark in [&session.process, &session.server_address, &session.comment, &session.error] {
        see(remark.as_deref().unwrap_or_default());
    }
}

fn headers(headers: &Headers, see: &mut dyn FnMut(&str)) {
    for field in headers {
        see(&field.name);
        see(&field.value);
    }
}

/// Changes every text of the session for which `change` has another.
pub(super) fn change(session: &mut Session, change: &dyn Fn(&str) -> Option<String>) {
    let put = |text: &mut String| {
        if let Some(new) = change(text) {
            *text = new;
        }
    };
    let put_body = |body: &mut Body| {
        if let Some(new) = change(&body.text()) {
            body.replace(new);
        }
    };
    let put_fields = |headers: &mut Headers| {
        for text in headers.iter_mut().flat_map(|field| [&mut field.name, &mut field.value]) {
            if let Some(new) = change(text) {
                *text = new.into();
            }
        }
    };
    let request = &mut session.request;
    put(&mut request.method);
    put(&mut request.version);
    if let Some(new) = change(request.target.as_str()) {
        request.target = Target::new(new);
    }
    put_fields(&mut request.headers);
    put_body(&mut request.body);
    if let Some(response) = &mut session.response {
        put(&mut response.reason);
        put(&mut response.version);
        put_fields(&mut response.headers);
        put_body(&mut response.body);
    }
    for text in [
        &mut session.process,
        &mut session.server_address,
        &mut session.comment,
        &mut session.error,
    ]
    .into_iter()
    .flatten()
    {
        put(text);
    }
}
