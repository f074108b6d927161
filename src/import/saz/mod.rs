//! SAZ: Fiddler's session archive, a ZIP file with `raw/N_c.txt` (request), `raw/N_s.txt` (response) and `raw/N_m.xml`
//! (times and flags) for each session N.

mod announced;
mod archive;
mod directory;
mod distant;
pub(super) mod folder;
mod message;
mod meta;
mod password;
mod salvage;

use std::ops::Range;
use std::sync::Arc;

use super::gather::{Gather, Oddities};
use super::shared::SharedTexts;
use super::source::Source;
use super::{Budget, ImportError, Options, Progress, Stage, parallel};
use crate::capture::{Capture, Format, NoteKind, Session, SessionId};
use archive::{Archive, Member, MemberReader};
use message::{Context, RequestHint};
use meta::Meta;

/// Sessions that a thread reads at once.
const BATCH: usize = 32;

/// The members of one session.
#[derive(Clone, Copy, Debug, Default)]
struct Parts {
    request: Option<usize>,
    response: Option<usize>,
    meta: Option<usize>,
}

impl Parts {
    /// In the order in which they are read.
    fn members(self) -> impl Iterator<Item = usize> {
        [self.meta, self.request, self.response].into_iter().flatten()
    }
}

/// What became of a session: `None` when neither of its messages can be read.
type Outcome = Result<Option<(Session, Oddities)>, ImportError>;

/// Opens a SAZ file.
pub(super) fn open(
    file_name: &str,
    source: &Arc<Source>,
    options: Options<'_>,
    progress: &Progress<'_>,
) -> Result<Capture, ImportError> {
    let budget = Budget::default();
    let mut gather = Gather::new(file_name, Format::Saz);
    let archive = Arc::new(Archive::open(source, options.password)?);
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
    gather.creator(creator(archive.comment()));
    progress.step(Stage::Sessions, 0, 0)?;

    let (sessions, overwritten) = numbered(&archive);
    let replaced = archive.replaced() + overwritten;
    if replaced > 0 {
        let message =
            format!("{replaced} members have the name of a later one, which was read instead");
        gather.note(NoteKind::FieldRepaired, message);
    }
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
    progress.step(Stage::Sessions, 0, total)?;
    let stop = progress.stop();
    let worker = || {
        let mut reader = Reader {
            archive: &archive,
            members: archive.reader(),
            texts: SharedTexts::new(),
            budget: &budget,
            without_meta,
        };
        let sessions = &sessions;
        move |range: Range<usize>| {
            let batch = sessions.get(range.clone()).unwrap_or_default();
            reader.members.read_ahead(batch.iter().flat_map(|(_, parts)| parts.members()));
            let outcomes: Vec<Outcome> = batch
                .iter()
                .take_while(|_| !stop.asked())
                .map(|(number, parts)| reader.session(*number, *parts))
                .collect();
            (range, outcomes)
        }
    };
    let mut done = 0;
    let take = |(range, outcomes): (Range<usize>, Vec<Outcome>)| {
        let batch = sessions.get(range).unwrap_or_default();
        for ((number, _), outcome) in batch.iter().zip(outcomes) {
            let id = SessionId(number.unwrap_or_else(|| gather.next_number()));
            match outcome? {
                Some((session, oddities)) => gather.session(Session { id, ..session }, oddities),
                None => {
                    gather
                        .skip(Some(id), "Neither request nor response of the session is readable");
                }
            }
        }
        done += batch.len() as u64;
        progress.step(Stage::Sessions, done, total)
    };
    parallel::in_order(progress, worker, take, |jobs| {
        let mut batches = (0..sessions.len()).step_by(BATCH);
        batches.try_for_each(|start| jobs.give(start..(start + BATCH).min(sessions.len())))
    })?;
    progress.step(Stage::Sessions, total, total)?;
    Ok(gather.finish())
}

/// The sessions by number. A number met twice (`1_c.txt` beside `01_c.txt`) comes again at the end, where a free one
/// can be given; a number beyond the countable is `None`. Beside them, how many members another of their kind replaced.
fn numbered(archive: &Archive) -> (Vec<(Option<u32>, Parts)>, u64) {
    let mut found: Vec<(Option<u32>, Box<str>, Member, usize)> = Vec::new();
    archive.each_name(|index, name| {
        if let Some((digits, member)) = Member::parse(name) {
            found.push((digits.parse().ok(), digits.into(), member, index));
        }
    });
    found.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    let (mut ordered, mut again) = (Vec::new(), Vec::new());
    let (mut last, mut overwritten) = (None, 0);
    let mut unnumbered = Vec::new();
    for group in found.chunk_by(|a, b| (a.0, &a.1) == (b.0, &b.1)) {
        let mut parts = Parts::default();
        for (_, _, member, index) in group {
            let place = match member {
                Member::Request => &mut parts.request,
                Member::Response => &mut parts.response,
                Member::Meta => &mut parts.meta,
            };
            overwritten += u64::from(place.replace(*index).is_some());
        }
        if parts.request.is_none() && parts.response.is_none() {
            continue;
        }
        let number = group.first().and_then(|(number, ..)| *number);
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
    (ordered, overwritten)
}

/// `Fiddler 5.0.20253.3311` out of `Fiddler (v5.0.20253.3311) Session Archive. See https://…`.
fn creator(comment: &str) -> Option<String> {
    let (name, rest) = comment.split_once("(v")?;
    let (version, _) = rest.split_once(')')?;
    let plain = |text: &str| text.len() < 60 && !text.contains(char::is_control);
    (plain(name) && plain(version)).then(|| format!("{} {}", name.trim(), version.trim()))
}

struct Reader<'a> {
    archive: &'a Arc<Archive>,
    members: MemberReader<'a>,
    texts: SharedTexts,
    budget: &'a Budget,
    without_meta: bool,
}

impl Reader<'_> {
    /// Reads one session. Its number is given later.
    fn session(&mut self, number: Option<u32>, parts: Parts) -> Outcome {
        let mut oddities = Oddities::default();
        let meta = match self.member(parts.meta, &mut oddities)? {
            Some(bytes) => Meta::parse(&bytes),
            None => Meta::default(),
        };
        let request = self.member(parts.request, &mut oddities)?;
        let response = self.member(parts.response, &mut oddities)?;
        if request.is_none() && response.is_none() {
            return Ok(None);
        }
        let mut session = Session::new(SessionId(0));
        let mut context = Context {
            archive: self.archive,
            meta: &meta,
            texts: &mut self.texts,
            budget: self.budget,
            oddities: &mut oddities,
        };
        match request.zip(parts.request).filter(|(bytes, _)| !bytes.trim_ascii().is_empty()) {
            Some((bytes, member)) => {
                session.request = message::request(&bytes, member, &mut context);
            }
            None => {
                context.oddities.add(NoteKind::RequestMissing, "The session has no request");
            }
        }
        session.tunnel = session.request.method.eq_ignore_ascii_case("CONNECT");
        let hint = RequestHint::of(&session.request);
        session.response = response
            .zip(parts.response)
            .filter(|(bytes, _)| !bytes.trim_ascii().is_empty())
            .and_then(|(bytes, member)| message::response(&bytes, member, hint, &mut context));
        if session.response.is_none() {
            oddities.add(NoteKind::ResponseMissing, "The session has no response");
            session.error.clone_from(&meta.aborted);
        }
        if meta.started.is_none() && !self.without_meta {
            oddities.add(NoteKind::TimeUnusable, "The session has no usable start time");
        }
        session.started = meta.started;
        session.utc_offset = meta.utc_offset;
        session.timing = meta.timing;
        session.process = meta.process;
        session.server_address = meta.server_address;
        session.comment = meta.comment;
        session.mark = meta.mark;
        if number.is_none() {
            oddities.add(NoteKind::NumberChanged, "The session's number is too large");
        }
        Ok(Some((session, oddities)))
    }

    /// The content of a member; one that cannot be read becomes a note.
    fn member(
        &mut self,
        index: Option<usize>,
        oddities: &mut Oddities,
    ) -> Result<Option<Vec<u8>>, ImportError> {
        let Some(index) = index else { return Ok(None) };
        match self.members.read(index, self.budget)? {
            archive::Content::Whole(bytes) => Ok(Some(bytes)),
            archive::Content::TooLarge(bytes) => {
                let message =
                    "A member of the archive is larger than the limit; its rest was left out";
                oddities.add(NoteKind::LimitReached, message);
                Ok(Some(bytes))
            }
            archive::Content::Damaged(bytes) => {
                let message = "A member of the archive is damaged; it was read up to there";
                oddities.add(NoteKind::MemberUnreadable, message);
                Ok((!bytes.is_empty()).then_some(bytes))
            }
        }
    }
}

#[cfg(test)]
mod tests;
