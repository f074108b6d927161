//! Bodies that stay in the archive, read again when somebody looks.

use std::borrow::Cow;
use std::io;
use std::sync::Arc;

use super::archive::{Archive, Content};
use crate::http::{Distant, Headers};
use crate::import::{Budget, Recorded, decode_body};

/// Where a body lies.
#[derive(Debug)]
pub(super) struct SazBody {
    pub(super) archive: Arc<Archive>,
    /// The member, and where in its content the body begins.
    pub(super) member: usize,
    pub(super) from: usize,
    /// The header fields that name codings.
    pub(super) codings: Headers,
}

impl Distant for SazBody {
    fn fetch(&self) -> io::Result<Vec<u8>> {
        self.archive.source().intact()?;
        let budget = Budget::default();
        let content = self.archive.reader().read(self.member, &budget).map_err(io::Error::other)?;
        let (Content::Whole(mut bytes)
        | Content::TooLarge(mut bytes)
        | Content::Damaged(mut bytes)) = content;
        let bytes = bytes.split_off(self.from.min(bytes.len()));
        let decoded = decode_body(bytes, &self.codings, Recorded::OnTheWire, &budget);
        decoded.body.read().map(Cow::into_owned)
    }

    fn intact(&self) -> io::Result<()> {
        self.archive.source().intact()
    }
}
