//! Every text of a session, to read and to change: the one list of places, shared by search and replacement.

use std::ops::Deref;
use std::sync::Arc;

use super::sweep::Sweeper;
use crate::capture::Session;
use crate::http::{Body, Headers, Target};

/// A text of a session.
#[derive(Clone, Copy, Debug)]
pub(super) enum Text<'a> {
    /// One of its own.
    Own(&'a str),
    /// One whose memory other sessions may share.
    Shared(&'a Arc<str>),
}

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Own(text) => text,
            Self::Shared(text) => text,
        }
    }
}

/// Shows every text of the session.
pub(super) fn each(session: &Session, see: &mut dyn FnMut(Text<'_>)) {
    let request = &session.request;
    see(Text::Own(&request.method));
    see(Text::Own(request.target.as_str()));
    see(Text::Own(&request.version));
    headers(&request.headers, see);
    see(Text::Own(&request.body.text()));
    if let Some(response) = &session.response {
        see(Text::Own(&response.reason));
        see(Text::Own(&response.version));
        headers(&response.headers, see);
        see(Text::Own(&response.body.text()));
    }
    for remark in [&session.process, &session.server_address, &session.comment, &session.error] {
        see(Text::Own(remark.as_deref().unwrap_or_default()));
    }
}

fn headers(headers: &Headers, see: &mut dyn FnMut(Text<'_>)) {
    for field in headers {
        see(Text::Shared(&field.name));
        see(Text::Shared(&field.value));
    }
}

/// Sweeps every text of the session.
pub(super) fn change(session: &mut Session, sweeper: &Sweeper<'_>) {
    let put = |text: &mut String| {
        if let Some(new) = sweeper.text(text) {
            *text = new;
        }
    };
    let put_body = |body: &mut Body| {
        if let Some(new) = sweeper.text(&body.text()) {
            body.replace(new);
        }
    };
    let put_fields = |headers: &mut Headers| {
        for text in headers.iter_mut().flat_map(|field| [&mut field.name, &mut field.value]) {
            if let Some(new) = sweeper.shared(text) {
                *text = new;
            }
        }
    };
    let request = &mut session.request;
    put(&mut request.method);
    put(&mut request.version);
    if let Some(new) = sweeper.text(request.target.as_str()) {
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
