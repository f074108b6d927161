//! Redaction on a thread of its own: first what would go, then the file itself with its proof.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::background::{Background, Standing};
use super::loader::Source;
use crate::analysis::{Analysis, Conclusion, lasting};
use crate::capture::{Capture, Format, SessionId, session_ranges};
use crate::export::{self, Output};
use crate::http::Secret;
use crate::import::{Progress, Stage};
use crate::jwt::Keys;
use crate::redact::{self, Judgement, Names, Options, Receipt, SecretKind};
use eframe::egui::Context;

/// What would be removed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Preview {
    /// In the order of the kinds.
    pub(super) kinds: Vec<Removal>,
    /// How many names would get another.
    pub(super) pseudonyms: usize,
}

/// What would be removed of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Removal {
    /// The kind.
    pub(super) kind: SecretKind,
    /// In how many places it stands.
    pub(super) places: usize,
    /// In which sessions: `3, 7–12`.
    pub(super) sessions: String,
}

/// What is to be written.
#[derive(Clone, Debug)]
pub(super) struct Order {
    /// Where to.
    pub(super) path: PathBuf,
    /// What happens to names.
    pub(super) names: Names,
    /// As which kind of file.
    pub(super) format: Format,
    /// Encrypts a SAZ file.
    pub(super) password: Option<Secret>,
}

/// What the thread tells.
pub(super) enum RedactionEvent {
    /// What would go.
    Previewed(Preview),
    /// The file is written.
    Written(PathBuf, Box<Receipt>),
    /// It did not work; one sentence says why.
    Failed(String),
}

/// Work under way.
pub(super) struct Redaction(Background<RedactionEvent>);

impl Redaction {
    /// Finds out what would be removed.
    pub(super) fn preview(analysis: &Arc<Analysis>, ctx: &Context) -> Self {
        let analysis = Arc::clone(analysis);
        Self::start(ctx, move |_| preview(&analysis.capture))
    }

    /// Writes a redacted copy.
    pub(super) fn write(
        analysis: &Arc<Analysis>,
        source: &Source,
        order: Order,
        ctx: &Context,
    ) -> Self {
        let (analysis, source) = (Arc::clone(analysis), source.clone());
        Self::start(ctx, move |cancel| write(&analysis, &source, &order, cancel))
    }

    fn start(
        ctx: &Context,
        work: impl FnOnce(&AtomicBool) -> RedactionEvent + Send + 'static,
    ) -> Self {
        Self(Background::start("redaction", ctx, work))
    }

    /// The outcome, once there is one.
    pub(super) fn poll(&self) -> Option<RedactionEvent> {
        match self.0.poll() {
            Standing::Done(event) => Some(event),
            Standing::Busy => None,
            Standing::Lost => Some(RedactionEvent::Failed(
                "nothing was written: the redaction stopped".to_owned(),
            )),
        }
    }
}

fn preview(capture: &Capture) -> RedactionEvent {
    /// Ranges of sessions that fit a line.
    const SHOWN: usize = 5;
    let redacted = match redact::redact(capture.clone(), Options::default()) {
        Ok(redacted) => redacted,
        Err(error) => return RedactionEvent::Failed(error.to_string()),
    };
    let mut found: Vec<_> = redacted.removed.iter().map(|r| (r.kind, r.session)).collect();
    found.sort_unstable();
    let kinds = found
        .chunk_by(|a, b| a.0 == b.0)
        .filter_map(|run| {
            let mut sessions: Vec<SessionId> = run.iter().map(|(_, session)| *session).collect();
            sessions.dedup();
            let sessions = session_ranges(&sessions, SHOWN);
            Some(Removal { kind: run.first()?.0, places: run.len(), sessions })
        })
        .collect();
    RedactionEvent::Previewed(Preview { kinds, pseudonyms: redacted.pseudonyms })
}

fn write(
    analysis: &Analysis,
    source: &Source,
    order: &Order,
    cancel: &AtomicBool,
) -> RedactionEvent {
    let digest = match source.digest() {
        Ok(digest) => digest,
        Err(error) => {
            return RedactionEvent::Failed(format!(
                "nothing was written: the original is gone: {error}"
            ));
        }
    };
    let report = |_: Stage, _: u64, _: u64| {};
    let judge = |capture: &Capture| {
        let conclusion = Conclusion::of(capture, &Keys::default());
        Judgement { verdict: conclusion.verdict.key(), findings: conclusion.lasting_findings() }
    };
    let judged =
        Judgement { verdict: analysis.verdict.key(), findings: lasting(&analysis.findings) };
    let what = export::Order {
        input_sha256: &digest,
        options: Options { names: order.names, ..Options::default() },
        output: Output { format: order.format, password: order.password.as_ref() },
        judge: &judge,
        judged: Some(&judged),
    };
    let progress = Progress::new(&report, cancel);
    match export::redact_to_file(analysis.capture.clone(), what, &order.path, &progress) {
        Ok(receipt) => RedactionEvent::Written(order.path.clone(), Box::new(receipt)),
        Err(error) => RedactionEvent::Failed(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Order, RedactionEvent, preview, write};
    use crate::analysis::Analysis;
    use crate::capture::Format;
    use crate::gui::loader::Source;
    use crate::http::Secret;
    use crate::import;
    use crate::jwt::Keys;
    use crate::redact::Names;
    use std::sync::atomic::AtomicBool;

    const TEXT: &str = "GET https://mail.contoso.com/ews/exchange.asmx HTTP/1.1
Authorization: Basic Z3JlZzpodW50ZXIyLXZlcnktc2VjcmV0

HTTP/1.1 200 OK
";

    #[test]
    fn a_copy_is_previewed_and_written_without_its_password() {
        let capture = crate::import::open_text("pasted text", TEXT).unwrap();
        let analysis = Analysis::of(capture, &Keys::default());
        let RedactionEvent::Previewed(shown) = preview(&analysis.capture) else { panic!() };
        let [kind] = shown.kinds.as_slice() else { panic!() };
        assert_eq!((kind.places, kind.sessions.as_str()), (1, "1"));

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("redacted.har");
        let order =
            Order { path: path.clone(), names: Names::Keep, format: Format::Har, password: None };
        let event =
            write(&analysis, &Source::Text(TEXT.to_owned()), &order, &AtomicBool::new(false));
        assert!(matches!(event, RedactionEvent::Written(..)));
        let written = std::fs::read_to_string(&path).unwrap();
        assert!(
            written.contains("mail.contoso.com") && !written.contains("Z3JlZzpodW50"),
            "{written}"
        );
    }

    #[test]
    fn an_encrypted_copy_opens_with_its_password_only() {
        let capture = crate::import::open_text("pasted text", TEXT).unwrap();
        let analysis = Analysis::of(capture, &Keys::default());
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("redacted.saz");
        let password = Secret::new("opens the copy");
        let order = Order {
            path: path.clone(),
            names: Names::Keep,
            format: Format::Saz,
            password: Some(password.clone()),
        };
        let source = Source::Text(TEXT.to_owned());
        let event = write(&analysis, &source, &order, &AtomicBool::new(false));
        assert!(matches!(event, RedactionEvent::Written(..)));
        let open = |password| {
            import::open_file(&path, import::Options { password }, &import::Progress::none())
        };
        assert!(matches!(open(None), Err(import::ImportError::PasswordRequired)));
        assert_eq!(open(Some(&password)).unwrap().sessions.len(), 1);
    }
}
