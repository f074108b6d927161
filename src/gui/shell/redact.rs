//! The dialog that writes a copy without secrets: what will go, the options, the receipt.

use std::path::PathBuf;
use std::sync::Arc;

use eframe::egui::{Context, Label, RichText, ScrollArea, TextEdit, Ui};
use lucide_icons::Icon;

use super::modal;
use crate::analysis::Analysis;
use crate::capture::Format;
use crate::gui::action::Action;
use crate::gui::dialog::{self, Choice, FileDialog};
use crate::gui::document::Document;
use crate::gui::format::count;
use crate::gui::loader::Source;
use crate::gui::redaction::{Order, Preview, Redaction, RedactionEvent, Removal};
use crate::gui::theme::{self, Theme, space};
use crate::gui::widgets::{self, Cell};
use crate::http::Secret;
use crate::redact::{Names, Receipt, SecretKind};

const ABOUT: &str = "Writes a copy that is safe to share. The original stays as it is; nothing is written unless the copy is proven free of what was removed and gives the same verdict";

enum Stage {
    Previewing,
    Ready,
    Writing,
    Done(PathBuf, Box<Receipt>),
    Failed(String),
}

/// The dialog's state.
pub(in crate::gui) struct RedactDialog {
    analysis: Arc<Analysis>,
    source: Source,
    names: Names,
    format: Format,
    encrypt: bool,
    password: String,
    preview: Preview,
    stage: Stage,
    job: Option<Redaction>,
    save: Option<FileDialog>,
}

impl RedactDialog {
    /// Opens the dialog and starts looking for what would go.
    pub(in crate::gui) fn new(document: &Document, ctx: &Context) -> Self {
        let format = match document.analysis.capture.format {
            Format::Saz => Format::Saz,
            Format::Har | Format::RawText => Format::Har,
        };
        Self {
            analysis: Arc::clone(&document.analysis),
            source: document.source.clone(),
            names: Names::Pseudonymize,
            format,
            encrypt: false,
            password: String::new(),
            preview: Preview::default(),
            stage: Stage::Previewing,
            job: Some(Redaction::preview(&document.analysis, ctx)),
            save: None,
        }
    }

    fn poll(&mut self, ctx: &Context) {
        if let Some(event) = self.job.as_ref().and_then(Redaction::poll) {
            self.job = None;
            self.stage = match event {
                RedactionEvent::Previewed(preview) => {
                    self.preview = preview;
                    Stage::Ready
                }
                RedactionEvent::Written(path, receipt) => Stage::Done(path, receipt),
                RedactionEvent::Failed(message) => Stage::Failed(message),
            };
        }
        match self.save.as_ref().map(FileDialog::poll) {
            Some(Choice::File(path)) => {
                self.save = None;
                self.write(path, ctx);
            }
            Some(Choice::Nothing) => self.save = None,
            Some(Choice::Open) | None => {}
        }
    }

    fn write(&mut self, path: PathBuf, ctx: &Context) {
        let same = |original: &PathBuf| {
            original == &path
                || original
                    .canonicalize()
                    .ok()
                    .zip(path.canonicalize().ok())
                    .is_some_and(|(a, b)| a == b)
        };
        if self.source.path().is_some_and(same) {
            self.stage = Stage::Failed(
                "nothing was written: that is the original; choose another name for the copy"
                    .to_owned(),
            );
            return;
        }
        let encrypts = self.encrypt && self.format == Format::Saz;
        let password = encrypts.then(|| Secret::new(self.password.as_str()));
        let order = Order { path, names: self.names, format: self.format, password };
        self.job = Some(Redaction::write(&self.analysis, &self.source, order, ctx));
        self.stage = Stage::Writing;
    }

    /// `outlook-redacted.saz`
    fn proposed_name(&self) -> String {
        let extension = if self.format == Format::Saz { "saz" } else { "har" };
        dialog::proposed_name(&self.source.name(), "redacted", extension)
    }

    /// Shows the dialog; false when it is done.
    pub(in crate::gui) fn ui(&mut self, ctx: &Context, actions: &mut Vec<Action>) -> bool {
        self.poll(ctx);
        let mut open = true;
        let stays = modal::show(ctx, "Redact and export", 580.0, |ui| match &self.stage {
            Stage::Previewing => open &= !busy(ui, "Looking for secrets"),
            Stage::Writing => open &= !busy(ui, "Writing the copy and proving it"),
            Stage::Ready => self.order_ui(ui, &mut open),
            Stage::Done(path, receipt) => done_ui(ui, path, receipt, actions),
            Stage::Failed(message) => {
                if modal::failure(ui, message) {
                    self.stage = Stage::Ready;
                }
            }
        });
        open && stays
    }

    /// Asks for a password where one is of use; true when it is still to be typed.
    fn encryption_ui(&mut self, ui: &mut Ui) -> bool {
        if self.format != Format::Saz {
            return false;
        }
        ui.checkbox(&mut self.encrypt, "Encrypt with a password (AES-256)");
        if !self.encrypt {
            return false;
        }
        ui.horizontal(|ui| {
            let label = ui.label("Password");
            let field = TextEdit::singleline(&mut self.password).password(true);
            ui.add(field.desired_width(280.0)).labelled_by(label.id);
        });
        let theme = Theme::of(ui);
        let advice = "Send it on another way than the file; nobody can open the copy without it";
        ui.label(theme::small(advice).color(theme.dim));
        self.password.is_empty()
    }

    fn order_ui(&mut self, ui: &mut Ui, open: &mut bool) {
        let theme = Theme::of(ui);
        ui.add(Label::new(RichText::new(ABOUT).color(theme.dim)).wrap());
        widgets::rule(ui, "What will be removed, and in which sessions it stands");
        if self.preview.kinds.is_empty() {
            ui.label("No credentials were found; names can still be replaced");
        }
        ScrollArea::vertical().max_height(260.0).auto_shrink([false, true]).show(ui, |ui| {
            for Removal { kind, places, sessions } in &self.preview.kinds {
                let sessions = widgets::tidy(&format!("in {sessions}"), 60);
                let cells = vec![
                    Cell::new(RichText::new(words(*kind)).color(theme.text), 280.0),
                    Cell::new(RichText::new(count(*places, "place")).color(theme.dim), 90.0),
                    Cell::new(RichText::new(sessions).color(theme.dim), 0.0),
                ];
                widgets::row(ui, cells, None, 0.0, |_| {});
            }
        });
        widgets::rule(ui, "Names of people, servers and organisations");
        let replace = format!(
            "Replace by made-up names ({}), the same name always by the same",
            count(self.preview.pseudonyms, "name")
        );
        ui.radio_value(&mut self.names, Names::Pseudonymize, replace);
        ui.radio_value(&mut self.names, Names::Keep, "Keep, for people of the same organisation");
        widgets::rule(ui, "File");
        ui.horizontal(|ui| {
            ui.radio_value(&mut self.format, Format::Saz, "SAZ (Fiddler)");
            ui.radio_value(&mut self.format, Format::Har, "HAR (browsers)");
        });
        let wants_password = self.encryption_ui(ui);
        ui.add_space(space(4));
        ui.horizontal(|ui| {
            let save =
                ui.add_enabled_ui(!wants_password, |ui| widgets::primary_button(ui, "Save as…"));
            let save = save.inner.on_disabled_hover_text("Type the password first");
            if save.clicked() && self.save.is_none() {
                self.save =
                    Some(FileDialog::save(ui.ctx(), "Save redacted copy", self.proposed_name()));
            }
            if widgets::secondary_button(ui, "Cancel").clicked() {
                *open = false;
            }
        });
    }
}

/// Says what is under way; true when that is to be stopped.
fn busy(ui: &mut Ui, what: &str) -> bool {
    ui.horizontal(|ui| {
        ui.spinner();
        ui.label(what);
    });
    ui.add_space(space(2));
    widgets::secondary_button(ui, "Cancel").clicked()
}

fn done_ui(ui: &mut Ui, path: &std::path::Path, receipt: &Receipt, actions: &mut Vec<Action>) {
    let theme = Theme::of(ui);
    ui.horizontal_top(|ui| {
        widgets::glyph(ui, Icon::ShieldCheck, theme.ok, "Done");
        ui.add(Label::new(theme::strong("The copy is written and proven")).wrap());
    });
    ui.add(Label::new(theme::mono(path.display().to_string()).color(theme.dim)).wrap());
    ui.add_space(space(2));
    let removed: usize = receipt.removed.iter().map(|r| r.count).sum();
    for (name, value) in [
        ("Sessions", format!("{} read, {} written", receipt.sessions_in, receipt.sessions_out)),
        ("Removed", format!("secrets in {}", count(removed, "place"))),
        ("Names replaced", receipt.pseudonyms.to_string()),
        (
            "Searched again",
            format!(
                "{} in {} encodings, {} found",
                count(receipt.rescan.values_searched, "value"),
                receipt.rescan.encodings.len(),
                receipt.rescan.found
            ),
        ),
        ("Verdict", format!("{}, the same before and after", receipt.verdict_after)),
    ] {
        let cells = vec![
            Cell::new(RichText::new(name).color(theme.dim), 150.0),
            Cell::new(RichText::new(value).color(theme.text), 0.0),
        ];
        widgets::row(ui, cells, None, 0.0, |_| {});
    }
    for remark in &receipt.remarks {
        ui.add(Label::new(theme::small(remark).color(theme.warning)).wrap());
    }
    for kept in &receipt.kept {
        let text = format!("Kept: {}. {}", kept.kind, kept.why);
        ui.add(Label::new(theme::small(text).color(theme.dim)).wrap());
    }
    look_at_ui(ui, receipt);
    ui.add_space(space(3));
    if widgets::secondary_button(ui, "Copy receipt").clicked() {
        actions.push(Action::Copy(serde_json::to_string_pretty(receipt).unwrap_or_default()));
    }
}

/// What only a person can judge before the copy is shared.
fn look_at_ui(ui: &mut Ui, receipt: &Receipt) {
    /// More are in the receipt.
    const SHOWN: usize = 6;
    if receipt.look_at.is_empty() {
        return;
    }
    let theme = Theme::of(ui);
    let listed = &receipt.look_at.texts;
    let title = "Looks random and stayed, because nothing says that it is a secret. Have a look:";
    ui.add(Label::new(theme::small(title).color(theme.warning)).wrap());
    for look in listed.iter().take(SHOWN) {
        let text = format!(
            "Session {}, {}: {}…, {} characters",
            look.session, look.place, look.begins, look.length
        );
        ui.add(Label::new(theme::small(text).color(theme.text)).wrap());
    }
    let more = listed.len().saturating_sub(SHOWN) + receipt.look_at.more;
    if more > 0 {
        let text = format!("{more} more; the receipt says where");
        ui.add(Label::new(theme::small(text).color(theme.dim)).wrap());
    }
}

/// A kind as people read it.
const fn words(kind: SecretKind) -> &'static str {
    match kind {
        SecretKind::BasicCredentials => "User names with passwords (Basic)",
        SecretKind::Password => "Passwords and one-time codes",
        SecretKind::TokenSignature => "Signatures of tokens",
        SecretKind::Token => "Access, refresh and identity tokens",
        SecretKind::Grant => "Codes and assertions that buy tokens",
        SecretKind::WindowsAuthentication => "NTLM and Kerberos messages",
        SecretKind::Cookie => "Cookies",
        SecretKind::SignInState => "State of sign-in pages",
        SecretKind::OtherCredential => "Other credentials",
        SecretKind::BinaryBody => "Binary bodies (mail, address books)",
        SecretKind::MailContent => "Text of mail and calendar items",
    }
}
