//! One message of HTTP text, gathered line by line.

use crate::capture::NoteKind;
use crate::http::{Body, Headers};
use crate::import::gather::Oddities;
use crate::import::head::HeaderLines;

use super::{joined, pasted};

/// A message whose end has not come yet.
#[derive(Debug)]
pub(super) struct Draft {
    /// The request or status line.
    pub(super) start: String,
    fields: HeaderLines,
    /// `None` while the head goes on.
    body: Option<String>,
    /// Whether the text was pasted, so that what people and programs do to it is undone.
    pasted: bool,
}

/// A message that is complete.
#[derive(Debug)]
pub(super) struct Message {
    pub(super) start: String,
    pub(super) headers: Headers,
    pub(super) body: Body,
}

impl Draft {
    /// Begins a message written by hand, which is taken literally.
    pub(super) fn literal(start: &str) -> Self {
        let start = start.trim().to_owned();
        Self { start, fields: HeaderLines::default(), body: None, pasted: false }
    }

    /// Begins a pasted message; headers may have ended up on its first line.
    pub(super) fn pasted(line: &str) -> Self {
        let mut pieces = joined::pieces(line).into_iter();
        let mut draft = Self { pasted: true, ..Self::literal(pieces.next().unwrap_or_default()) };
        for piece in pieces {
            draft.header(piece);
        }
        draft
    }

    /// Adds a line, its line end included.
    pub(super) fn line(&mut self, line: &str) {
        match &mut self.body {
            Some(body) => body.push_str(line),
            None if line.trim().is_empty() => self.body = Some(String::new()),
            None => self.header(line.trim_end()),
        }
    }

    fn header(&mut self, line: &str) {
        if !self.pasted {
            self.fields.push(line);
            return;
        }
        let line = pasted::plain_quotes(line);
        for piece in joined::pieces(&line) {
            self.fields.push(piece);
        }
    }

    /// Whether the body could begin here but nothing of it was written.
    pub(super) fn at_body_start(&self) -> bool {
        self.body.as_ref().is_some_and(|body| body.trim().is_empty())
    }

    /// Whether the last line of the body is a rule between sessions.
    pub(super) fn ends_with_rule(&self) -> bool {
        self.pasted
            && last_line(self.body.as_deref().unwrap_or_default())
                .is_some_and(|(_, line)| pasted::is_rule(line))
    }

    /// The message. Blank lines at the body's end separate it from what follows and do not belong to it.
    pub(super) fn finish(self, oddities: &mut Oddities) -> Message {
        if self.fields.strays > 0 {
            let message = "Lines among the headers are no headers; they were left out";
            oddities.add(NoteKind::FieldRepaired, message);
        }
        let mut body = self.body.unwrap_or_default();
        body.truncate(body.trim_end().len());
        while self.pasted
            && let Some((start, line)) = last_line(&body)
            && pasted::is_rule(line)
        {
            body.truncate(start);
            body.truncate(body.trim_end().len());
        }
        Message { start: self.start, headers: self.fields.finish(), body: Body::new(body) }
    }
}

/// The last line that is not blank, and where it starts.
fn last_line(text: &str) -> Option<(usize, &str)> {
    let text = text.trim_end();
    let start = text.rfind('\n').map_or(0, |at| at + 1);
    text.get(start..).filter(|line| !line.is_empty()).map(|line| (start, line))
}
