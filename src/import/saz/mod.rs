//! SAZ: Fiddler's session archive, a ZIP file with `raw/N_c.txt` (request), `raw/N_s.txt` (response) and `raw/N_m.xml`
//! (times and flags) for each session N.

mod archive;
mod directory;
pub(super) mod folder;
mod message;
mod meta;
mod password;
mod salvage;

use std::collections::BTreeMap;

use super::gather::{Gather, Oddities};
use super::{Budget, ImportError, Options, Progress, Stage};
use crate::capture::{Capture, Format, NoteKind, Session, SessionId};
use archive::{Archive, Member};
use message::RequestHint;
use meta::Meta;

/// The members of one session.
#[derive(Debug, Default)]
struct Parts {
    request: Option<usize>,
    response: Option<usize>,
    meta: Option<usize>,
}

/// Opens a SAZ file.
pub(super) fn open(
    file_name: &str,
    source: &std::sync::Arc<super::source::Source>,
    options: Options<'_>,
    progress: &Progress<'_>,
) -> Result<Capture, ImportError> {
    let bytes = &source.piece(0, source.len() as usize).map_err(ImportError::Read)?;
    let mut budget = Budget::default();
    let mut gather = Gather::new(file_name, Format::Saz);
    let mut archive = Archive::open(bytes, options.password)?;
    if let Some(found) = archive.salvaged() {
        gather.note(
            NoteKind::FileTruncated,
            format!(
                "The ZIP file has no usable directory, as after an upload that was cut off; {} members were found by their \
                 own headers, {} of them incomplete",
                found.members, found.incomplete
            ),
        );
    }
    let replaced = archive.replaced();
    if replaced > 0 {
        let message =
            format!("{replaced} members have the name of a later one, which was read instead");
        gather.note(NoteKind::FieldRepaired, message);
    }
    gather.creator(creator(archive.comment()));

    let sessions = numbered(&archive);
    if sessions.is_empty() {
        return Err(ImportError::NoSessions);
    }
    let without_meta = sessions.iter().all(|(_, parts)| parts.meta.is_none());
    if without_meta {
        gather.note(
            NoteKind::TimeUnusable,
            "The archive holds no raw/…_m.xml, so that no times are known",
        );
    }
    let total = sessions.len() as u64;
    for (done, (number, parts)) in sessions.into_iter().enumerate() {
        progress.step(Stage::Sessions, done as u64, total)?;
        let id = SessionId(number.unwrap_or_else(|| gather.next_number()));
        let mut reader =
            Reader { archive: &mut archive, budget: &mut budget, oddities: Oddities::default() };
        match reader.session(id, &parts, without_meta)? {
            Some(session) => {
                if number.is_none() {
                    reader
                        .oddities
                        .add(NoteKind::NumberChanged, "The session's number is too large");
                }
                let oddities = reader.oddities;
                gather.session(session, oddities);
            }
            None => {
                gather.skip(Some(id), "Neither request nor response of the session is readable");
            }
        }
    }
    progress.step(Stage::Sessions, total, total)?;
    Ok(gather.finish())
}

/// The sessions by number. A number met twice (`1_c.txt` beside `01_c.txt`) comes again at the end, where a free one
/// can be given; a number beyond the countable is `None`.
fn numbered(archive: &Archive<'_>) -> Vec<(Option<u32>, Parts)> {
    let mut groups: BTreeMap<(Option<u32>, String), Parts> = BTreeMap::new();
    for (index, name) in archive.names() {
        let Some((digits, member)) = Member::parse(&name) else { continue };
        let key = (digits.parse().ok(), digits);
        let parts = groups.entry(key).or_default();
        match member {
            Member::Request => parts.request = Some(index),
            Member::Response => parts.response = Some(index),
            Member::Meta => parts.meta = Some(index),
        }
    }
    groups.retain(|_, parts| parts.request.is_some() || parts.response.is_some());
    let (mut ordered, mut again) = (Vec::new(), Vec::new());
    let mut last = None;
    let mut unnumbered = Vec::new();
    for ((number, _), parts) in groups {
        if number.is_none() {
            unnumbered.push((number, parts));
        } else if number == last {
            again.push((number, parts));
        } else {
            last = number;
            ordered.push((number, parts));
        }
    }
    ordered.extend(again);
    ordered.extend(unnumbered);
    ordered
}

/// `Fiddler 5.0.20253.3311` out of `Fiddler (v5.0.20253.3311) Session Archive. See https://…`.
fn creator(comment: &str) -> Option<String> {
    let (name, rest) = comment.split_once("(v")?;
    let (version, _) = rest.split_once(')')?;
    let plain = |text: &str| text.len() < 60 && !text.contains(char::is_control);
    (plain(name) && plain(version)).then(|| format!("{} {}", name.trim(), version.trim()))
}

struct Reader<'r, 'a> {
    archive: &'r mut Archive<'a>,
    budget: &'r mut Budget,
    oddities: Oddities,
}

impl Reader<'_, '_> {
    /// Reads one session; `None` when neither of its messages can be read.
    fn session(
        &mut self,
        id: SessionId,
        parts: &Parts,
        without_meta: bool,
    ) -> Result<Option<Session>, ImportError> {
        let meta = match self.member(parts.meta)? {
            Some(bytes) => Meta::parse(&bytes),
            None => Meta::default(),
        };
        let request = self.member(parts.request)?;
        let response = self.member(parts.response)?;
        if request.is_none() && response.is_none() {
            return Ok(None);
        }
        let mut session = Session::new(id);
        match request.filter(|bytes| !bytes.trim_ascii().is_empty()) {
            Some(bytes) => {
                session.request = message::request(bytes, &meta, self.budget, &mut self.oddities);
            }
            None => self.oddities.add(NoteKind::RequestMissing, "The session has no request"),
        }
        session.tunnel = session.request.method.eq_ignore_ascii_case("CONNECT");
        let hint = RequestHint::of(&session.request);
        session.response =
            response.filter(|bytes| !bytes.trim_ascii().is_empty()).and_then(|bytes| {
                message::response(bytes, hint, &meta, self.budget, &mut self.oddities)
            });
        if session.response.is_none() {
            self.oddities.add(NoteKind::ResponseMissing, "The session has no response");
            session.error.clone_from(&meta.aborted);
        }
        if meta.started.is_none() && !without_meta {
            self.oddities.add(NoteKind::TimeUnusable, "The session has no usable start time");
        }
        session.started = meta.started;
        session.timing = meta.timing;
        session.process = meta.process;
        session.server_address = meta.server_address;
        session.comment = meta.comment;
        Ok(Some(session))
    }

    /// The content of a member; one that cannot be read becomes a note.
    fn member(&mut self, index: Option<usize>) -> Result<Option<Vec<u8>>, ImportError> {
        let Some(index) = index else { return Ok(None) };
        match self.archive.read(index, self.budget)? {
            archive::Content::Whole(bytes) => Ok(Some(bytes)),
            archive::Content::TooLarge(bytes) => {
                let message =
                    "A member of the archive is larger than the limit; its rest was left out";
                self.oddities.add(NoteKind::LimitReached, message);
                Ok(Some(bytes))
            }
            archive::Content::Damaged(bytes) => {
                let message = "A member of the archive is damaged; it was read up to there";
                self.oddities.add(NoteKind::MemberUnreadable, message);
                Ok((!bytes.is_empty()).then_some(bytes))
            }
        }
    }
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod damage_tests;
