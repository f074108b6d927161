//! The open captures, each in a tab, and the one in front.

use std::sync::Arc;

use eframe::egui::Context;

use super::document::Document;
use super::loader::{LoadEvent, Loader, Source};
use super::shell::loading::{PasswordQuestion, Trouble};
use crate::analysis::Analysis;
use crate::cores;
use crate::http::Secret;

/// Names a tab as long as it is open; no two tabs ever share one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TabId(u64);

/// What a tab holds: a capture goes through these from top to bottom.
pub(super) enum Content {
    /// Another capture is being opened first.
    Waiting(Source),
    /// It is being opened.
    Loading(Loader),
    /// It is encrypted.
    Password(PasswordQuestion),
    /// It did not open.
    Trouble(Trouble),
    /// It is open.
    Open(Box<Document>),
}

impl Content {
    /// Where it comes from.
    pub(super) const fn source(&self) -> &Source {
        match self {
            Self::Waiting(source) => source,
            Self::Loading(loader) => &loader.source,
            Self::Password(question) => &question.source,
            Self::Trouble(trouble) => &trouble.source,
            Self::Open(document) => &document.source,
        }
    }
}

/// A tab.
pub(super) struct Tab {
    /// Its own, for good.
    pub(super) id: TabId,
    /// What it holds.
    pub(super) content: Content,
}

/// Another open capture, for those who compare.
#[derive(Clone, Debug)]
pub struct Other {
    /// Its tab.
    pub tab: TabId,
    /// Its name as the tab shows it.
    pub name: String,
    /// Everything known about it.
    pub analysis: Arc<Analysis>,
}

/// The tabs in their order, and which is in front.
#[derive(Default)]
pub(super) struct Documents {
    tabs: Vec<Tab>,
    front: usize,
    last_id: u64,
    /// Whether the start screen stands before the tabs.
    at_start: bool,
}

impl Documents {
    /// The tabs in their order.
    pub(super) fn tabs(&self) -> &[Tab] {
        &self.tabs
    }

    /// The tab in front; none at the start screen.
    pub(super) fn front(&self) -> Option<&Tab> {
        self.tabs.get(self.front).filter(|_| !self.at_start)
    }

    /// The tab in front, to be changed.
    pub(super) fn front_mut(&mut self) -> Option<&mut Tab> {
        self.tabs.get_mut(self.front).filter(|_| !self.at_start)
    }

    /// Shows the start screen before the tabs.
    pub(super) fn show_start(&mut self) {
        self.at_start = true;
    }

    /// Goes back from the start screen to the tab that was in front.
    pub(super) fn leave_start(&mut self) {
        self.at_start = false;
    }

    /// Whether the start screen is shown though captures are open.
    pub(super) fn is_at_start(&self) -> bool {
        self.at_start && !self.tabs.is_empty()
    }

    /// The capture in front; none while it is not open yet.
    pub(super) fn document(&self) -> Option<&Document> {
        match &self.front()?.content {
            Content::Open(document) => Some(document),
            _ => None,
        }
    }

    /// The capture in front, to be changed.
    pub(super) fn document_mut(&mut self) -> Option<&mut Document> {
        match &mut self.front_mut()?.content {
            Content::Open(document) => Some(document),
            _ => None,
        }
    }

    /// The open captures behind the one in front.
    pub(super) fn others(&self) -> Vec<Other> {
        let behind = self.tabs.iter().enumerate().filter(|(at, _)| *at != self.front);
        behind
            .filter_map(|(_, tab)| match &tab.content {
                Content::Open(document) => Some(Other {
                    tab: tab.id,
                    name: document.source.name(),
                    analysis: Arc::clone(&document.analysis),
                }),
                _ => None,
            })
            .collect()
    }

    /// Opens captures, each in a tab of its own, one after the other; the first of them comes to the front. A capture that
    /// is open already only comes to the front. A tab in front that only says what failed gives way.
    pub(super) fn open(&mut self, sources: Vec<Source>, ctx: &Context) {
        if sources.is_empty() {
            return;
        }
        let mut first = None;
        if let Some(failed) =
            self.front().filter(|t| matches!(t.content, Content::Trouble(_))).map(|t| t.id)
        {
            self.close(failed);
        }
        for source in sources {
            let known = self.tabs.iter().find(|tab| tab.content.source().is_same_as(&source));
            let id = match known {
                Some(tab) => tab.id,
                None => self.add(Content::Waiting(source)),
            };
            first.get_or_insert(id);
        }
        if let Some(id) = first {
            self.show(id);
        }
        self.go_on(ctx);
    }

    /// Adds a capture that is read already, in front.
    pub(super) fn add_open(&mut self, document: Document) {
        let id = self.add(Content::Open(Box::new(document)));
        self.show(id);
    }

    fn add(&mut self, content: Content) -> TabId {
        self.last_id += 1;
        let id = TabId(self.last_id);
        self.tabs.push(Tab { id, content });
        id
    }

    /// Tries a password on the capture in front.
    pub(super) fn try_password(&mut self, password: Secret, ctx: &Context) {
        if let Some(tab) = self.front_mut()
            && let Content::Password(question) = &tab.content
        {
            let loader = Loader::start(question.source.clone(), Some(password), ctx);
            tab.content = Content::Loading(loader);
        }
    }

    /// Brings a tab to the front.
    pub(super) fn show(&mut self, id: TabId) {
        if let Some(at) = self.tabs.iter().position(|tab| tab.id == id) {
            self.front = at;
            self.at_start = false;
        }
    }

    /// Brings the tab that is `by` places further to the front, round and round.
    pub(super) fn cycle(&mut self, by: isize) {
        if let Ok(count @ 1..) = isize::try_from(self.tabs.len()) {
            self.at_start = false;
            let to = self.front.cast_signed().saturating_add(by).rem_euclid(count);
            self.front = to.unsigned_abs();
        }
    }

    /// Closes a tab; what it was doing stops. The tab to its right takes its place, else the one to its left.
    pub(super) fn close(&mut self, id: TabId) {
        let Some(at) = self.tabs.iter().position(|tab| tab.id == id) else { return };
        let tab = self.tabs.remove(at);
        if let Content::Open(document) = tab.content {
            cores::dispose(document);
        }
        self.at_start &= !self.tabs.is_empty();
        if at < self.front || self.front == self.tabs.len() {
            self.front = self.front.saturating_sub(1);
        }
    }

    /// Takes in what the loader has to say. Returns the files that are open now.
    pub(super) fn poll(&mut self, ctx: &Context) -> Vec<Source> {
        let mut opened = Vec::new();
        let mut cancelled = Vec::new();
        for tab in &mut self.tabs {
            let Content::Loading(loader) = &mut tab.content else { continue };
            let Some(event) = loader.poll() else { continue };
            let source = loader.source.clone();
            tab.content = match event {
                LoadEvent::Done(analysis) => {
                    opened.push(source.clone());
                    Content::Open(Box::new(Document::new(*analysis, source)))
                }
                LoadEvent::PasswordWanted { wrong } => {
                    Content::Password(PasswordQuestion::new(source, wrong))
                }
                LoadEvent::Failed(message) => Content::Trouble(Trouble { source, message }),
                LoadEvent::Cancelled => {
                    cancelled.push(tab.id);
                    continue;
                }
                LoadEvent::Progress { .. } => continue,
            };
        }
        for id in cancelled {
            self.close(id);
        }
        self.go_on(ctx);
        opened
    }

    /// Starts opening the next capture that waits, unless one is being opened.
    fn go_on(&mut self, ctx: &Context) {
        if self.tabs.iter().any(|tab| matches!(tab.content, Content::Loading(_))) {
            return;
        }
        // What the user looks at goes first.
        let waits = |tab: &Tab| matches!(tab.content, Content::Waiting(_));
        let next = if self.front().is_some_and(waits) {
            Some(self.front)
        } else {
            self.tabs.iter().position(waits)
        };
        if let Some(tab) = next.and_then(|at| self.tabs.get_mut(at))
            && let Content::Waiting(source) = &tab.content
        {
            tab.content = Content::Loading(Loader::start(source.clone(), None, ctx));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Content, Documents, TabId};
    use crate::gui::loader::Source;

    fn documents(count: u64) -> (Documents, Vec<TabId>) {
        let mut documents = Documents::default();
        let ids = (0..count)
            .map(|n| documents.add(Content::Waiting(Source::Text(n.to_string()))))
            .collect();
        (documents, ids)
    }

    #[test]
    fn the_front_stays_where_it_is_when_another_tab_closes() {
        let (mut documents, ids) = documents(4);
        documents.show(ids[2]);
        documents.close(ids[0]);
        assert_eq!(documents.front().unwrap().id, ids[2]);
        documents.close(ids[2]);
        assert_eq!(documents.front().unwrap().id, ids[3]);
        documents.close(ids[3]);
        assert_eq!(documents.front().unwrap().id, ids[1]);
        documents.close(ids[1]);
        assert!(documents.front().is_none());
        documents.cycle(1);
        assert!(documents.front().is_none());
    }

    #[test]
    fn the_start_screen_is_left_by_any_tab() {
        let (mut documents, ids) = documents(2);
        documents.show_start();
        assert!(documents.is_at_start() && documents.front().is_none());
        documents.show(ids[1]);
        assert_eq!(documents.front().unwrap().id, ids[1]);
        documents.show_start();
        documents.leave_start();
        assert_eq!(documents.front().unwrap().id, ids[1]);
    }

    #[test]
    fn tabs_go_round() {
        let (mut documents, ids) = documents(3);
        documents.cycle(-1);
        assert_eq!(documents.front().unwrap().id, ids[2]);
        documents.cycle(1);
        assert_eq!(documents.front().unwrap().id, ids[0]);
    }

    #[test]
    fn one_file_is_the_same_under_any_path() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.har");
        std::fs::write(&path, "{}").unwrap();
        let detour = folder.path().join(".").join("a.har");
        assert!(Source::File(path.clone()).is_same_as(&Source::File(detour)));
        assert!(!Source::File(path).is_same_as(&Source::File(folder.path().join("b.har"))));
        let sample = |name: &str| Source::Bytes(name.to_owned(), Arc::new(vec![1]));
        assert!(sample("a.saz").is_same_as(&sample("a.saz")));
        assert!(!sample("a.saz").is_same_as(&sample("b.saz")));
    }
}
