//! Redaction on a thread of its own: first what would go, then the file itself with its proof.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::thread;

use eframe::egui::Context;
use sha2::{Digest as _, Sha256};

use super::loader::Source;
use crate::analysis::{Analysis, Conclusion};
use crate::capture::{Capture, Format};
use crate::export;
use crate::import::{Progress, Stage};
use crate::jwt::Keys;
use crate::redact::{self, Judgement, Names, Options, Receipt, SecretKind};

/// What would be removed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Preview {
    /// Kinds with the number of places, in the order of the kinds.
    pub(super) kinds: Vec<(SecretKind, usize)>,
    /// How many names would get another.
    pub(super) pseudonyms: usize,
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
pub(super) struct Redaction {
    events: Receiver<RedactionEvent>,
    cancel: Arc<AtomicBool>,
}

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
        let (sender, events): (Sender<RedactionEvent>, _) = channel();
        let cancel = Arc::new(AtomicBool::new(false));
        let (ctx, flag) = (ctx.clone(), Arc::clone(&cancel));
        // Without a thread the sender is dropped, which the receiver takes for a failure.
        let _ = thread::Builder::new().name("redaction".to_owned()).spawn(move || {
            if sender.send(work(&flag)).is_ok() {
                ctx.request_repaint();
            }
        });
        Self { events, cancel }
    }

    /// The outcome, once there is one.
    pub(super) fn poll(&self) -> Option<RedactionEvent> {
        match self.events.try_recv() {
            Ok(event) => Some(event),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => Some(RedactionEvent::Failed(
                "nothing was written: the redaction stopped".to_owned(),
            )),
        }
    }
}

impl Drop for Redaction {
    fn drop(&mut self) {
        self.cancel.store(true, Ordering::Relaxed);
    }
}

fn preview(capture: &Capture) -> RedactionEvent {
    let redacted = match redact::redact(capture.clone(), Options::default()) {
        Ok(redacted) => redacted,
        Err(error) => return RedactionEvent::Failed(error.to_string()),
    };
    let mut kinds: Vec<SecretKind> = redacted.removed.iter().map(|r| r.kind).collect();
    kinds.sort_unstable();
    let kinds =
        kinds.chunk_by(|a, b| a == b).filter_map(|run| Some((*run.first()?, run.len()))).collect();
    RedactionEvent::Previewed(Preview { kinds, pseudonyms: redacted.pseudonyms })
}

fn write(
    analysis: &Analysis,
    source: &Source,
    order: &Order,
    cancel: &AtomicBool,
) -> RedactionEvent {
    let digest = match source.bytes() {
        Ok(bytes) => Sha256::digest(&bytes),
        Err(error) => {
            return RedactionEvent::Failed(format!(
                "nothing was written: the original is gone: {error}"
            ));
        }
    };
    let digest = digest.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    let report = |_: Stage, _: u64, _: u64| {};
    let judge = |capture: &Capture| {
        let conclusion = Conclusion::of(capture, &Keys::default());
        Judgement { verdict: conclusion.verdict.key(), findings: conclusion.lasting_findings() }
    };
    let written = export::redact_to_bytes(
        &analysis.capture,
        &digest,
        Options { names: order.names, ..Options::default() },
        order.format,
        &judge,
        &Progress::new(&report, cancel),
    );
    match written {
        Ok((bytes, receipt)) => match export::write_whole(&order.path, &bytes) {
            Ok(()) => RedactionEvent::Written(order.path.clone(), Box::new(receipt)),
            Err(error) => RedactionEvent::Failed(format!("the file could not be written: {error}")),
        },
        Err(error) => RedactionEvent::Failed(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Order, RedactionEvent, preview, write};
    use crate::analysis::Analysis;
    use crate::capture::Format;
    use crate::gui::loader::Source;
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
        assert_eq!(shown.kinds.len(), 1);

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("redacted.har");
        let order = Order { path: path.clone(), names: Names::Keep, format: Format::Har };
        let event =
            write(&analysis, &Source::Text(TEXT.to_owned()), &order, &AtomicBool::new(false));
        assert!(matches!(event, RedactionEvent::Written(..)));
        let written = std::fs::read_to_string(&path).unwrap();
        assert!(
            written.contains("mail.contoso.com") && !written.contains("Z3JlZzpodW50"),
            "{written}"
        );
    }
}
