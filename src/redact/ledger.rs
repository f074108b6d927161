//! What was taken out: which mask stands for which value, and how often.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::detector::Detector;
use super::kind::{Place, Removed, SecretKind};
use super::memo::SharedMemo;
use super::pseudonym::Pseudonyms;
use super::secrets::{self, When};
use super::{people, token};
use crate::capture::SessionId;
use crate::http::Secret;
use crate::jwt::REDACTED_PART;

/// The mask of a value whose identity does not matter. Round brackets, because square ones are what other tools write
/// that leave nothing to analyse.
pub(super) const MASK: &str = "(redacted)";
/// What a numbered mask begins with: `(redacted-7)`.
const NUMBERED: &str = "(redacted-";

/// A value that is gone from the capture, and what stands in its place.
#[derive(Clone, Debug)]
pub(super) struct Hidden {
    pub(super) value: Secret,
    pub(super) mask: String,
}

/// Where a named field stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spot {
    /// A query, fragment or form.
    Parameter,
    /// JSON, script, XML or prose.
    Document,
}

/// The book of a redaction: every value that went out, in memory only.
#[derive(Debug)]
pub(super) struct Ledger {
    masks: HashMap<Secret, String>,
    hunted: Vec<Hidden>,
    removed: Vec<Removed>,
    session: SessionId,
    place: Place,
    numbered: usize,
    /// What became of header fields that stand in many sessions, and what that counted as.
    pub(super) fields: SharedMemo<(Option<Arc<str>>, Vec<SecretKind>)>,
    /// How deep the walk is in values inside values.
    pub(super) depth: u8,
    /// The pseudonyms given, unless names are kept.
    pub(super) names: Option<Pseudonyms>,
    without: Option<Detector>,
    /// Names of requests, which stay: lower-case GUIDs.
    request_ids: HashSet<String>,
}

impl Ledger {
    pub(super) fn new(names: Option<Pseudonyms>) -> Self {
        Self {
            masks: HashMap::new(),
            hunted: Vec::new(),
            removed: Vec::new(),
            session: SessionId(0),
            place: Place::default(),
            numbered: 0,
            fields: SharedMemo::default(),
            depth: 0,
            names,
            without: None,
            request_ids: HashSet::new(),
        }
    }

    /// Leaves one detector out: for tests that show that it is needed.
    pub(super) fn without(self, without: Option<Detector>) -> Self {
        Self { without, ..self }
    }

    /// Lets the names of requests stay wherever they stand: pages hold them under other names.
    pub(super) fn keep_request_ids(&mut self, ids: impl IntoIterator<Item = String>) {
        self.request_ids.extend(ids);
    }

    /// Whether a detector is at work.
    pub(super) fn uses(&self, detector: Detector) -> bool {
        self.without != Some(detector)
    }

    /// Says where the next values stand.
    pub(super) fn at(&mut self, session: SessionId, place: Place) {
        self.session = session;
        self.place = place;
    }

    /// Takes a value out and gives what to write in its place. Nothing and a mask stay as they are.
    pub(super) fn hide(&mut self, kind: SecretKind, value: &str) -> String {
        if value.is_empty() || is_mask(value) {
            return value.to_owned();
        }
        self.count(kind);
        let key = Secret::new(value);
        if let Some(mask) = self.masks.get(&key) {
            return mask.clone();
        }
        let mask = if kind.is_numbered() {
            self.numbered += 1;
            format!("{NUMBERED}{})", self.numbered)
        } else {
            MASK.to_owned()
        };
        self.remember(kind, value, mask.clone());
        mask
    }

    /// Takes out a value that may as well be a plain word: it goes here, and is not hunted for.
    pub(super) fn hide_word(&mut self, kind: SecretKind, value: &str) -> String {
        if value.chars().all(char::is_alphabetic) && !is_mask(value) {
            self.count(kind);
            return MASK.to_owned();
        }
        self.hide_token(kind, value)
    }

    /// Takes out a part of a token; the mask is a part again.
    pub(super) fn hide_part(&mut self, kind: SecretKind, part: &str) -> String {
        if part.is_empty() || part.starts_with(REDACTED_PART) {
            return part.to_owned();
        }
        self.count(kind);
        self.remember(kind, part, REDACTED_PART.to_owned());
        REDACTED_PART.to_owned()
    }

    /// Takes out a value that is a token: a JSON Web Token keeps what analysis reads, anything else goes.
    pub(super) fn hide_token(&mut self, kind: SecretKind, value: &str) -> String {
        token::redacted_whole(value, self).unwrap_or_else(|| self.hide(kind, value))
    }

    /// What to write for the value of a named field; `None` when the name makes it no secret.
    pub(super) fn field(&mut self, name: &str, value: &str, spot: Spot) -> Option<String> {
        if let Some((kind, when)) = secrets::field(name) {
            let secret = match when {
                When::Always => true,
                When::Likely => secrets::is_likely(kind, value),
                When::Parameter => spot == Spot::Parameter || secrets::looks_random(value),
                When::Random => secrets::looks_random(value),
            };
            let secret = secret
                && !(kind == SecretKind::SignInState
                    && self.request_ids.contains(&value.to_ascii_lowercase()));
            // In a document a code of digits only is an error code or a status, not a grant.
            let is_status =
                when == When::Parameter && spot == Spot::Document && value.parse::<u32>().is_ok();
            let secret = secret && !is_status;
            return secret.then(|| self.hide_token(kind, value));
        }
        self.name_field(name, value).or_else(|| self.machine_field(name, value))
    }

    /// What to write for the value of a field that names a person, device or organisation; `None` when the field does not,
    /// or names are kept.
    pub(super) fn name_field(&mut self, name: &str, value: &str) -> Option<String> {
        let uses = |detector| self.without != Some(detector);
        let names = self.names.as_mut().filter(|_| !value.is_empty() && !is_mask(value))?;
        people::renamed(name, value, names, &uses)
    }

    /// The same for a field that names a machine.
    fn machine_field(&mut self, name: &str, value: &str) -> Option<String> {
        let uses = |detector| self.without != Some(detector);
        let names = self.names.as_mut().filter(|_| !value.is_empty() && !is_mask(value))?;
        people::machine(name, value, names, &uses)
    }

    /// The pseudonym of a user name, or the name itself when names are kept.
    pub(super) fn user(&mut self, value: &str) -> String {
        match &mut self.names {
            Some(names) if !is_mask(value) && !value.is_empty() => names.user(value),
            _ => value.to_owned(),
        }
    }

    /// Counts a removal without a value to hunt for: a body, a name.
    pub(super) fn count(&mut self, kind: SecretKind) {
        self.removed.push(Removed { kind, session: self.session, place: self.place });
    }

    /// How many removals were counted.
    pub(super) fn counted(&self) -> usize {
        self.removed.len()
    }

    /// The kinds of the removals counted after the first so many.
    pub(super) fn counted_since(&self, before: usize) -> Vec<SecretKind> {
        self.removed.iter().skip(before).map(|removed| removed.kind).collect()
    }

    /// Remembers a value for the sweep and the proof without counting a removal: another spelling of one.
    pub(super) fn remember(&mut self, kind: SecretKind, value: &str, mask: String) {
        if self.masks.insert(Secret::new(value), mask.clone()).is_none() && is_hunted(kind, value) {
            self.hunted.push(Hidden { value: Secret::new(value), mask });
        }
    }

    /// The removals, the values to hunt for, and the pseudonyms.
    pub(super) fn close(self) -> (Vec<Removed>, Vec<Hidden>, Option<Pseudonyms>) {
        (self.removed, self.hunted, self.names)
    }
}

/// Whether a value is what this module writes.
pub(super) fn is_mask(value: &str) -> bool {
    value == MASK
        || value
            .strip_prefix(NUMBERED)
            .and_then(|rest| rest.strip_suffix(')'))
            .is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}

/// Shortest value, in bytes, that can be told from chance when it stands somewhere else.
const SHORTEST_HUNTED: usize = 6;

fn is_hunted(kind: SecretKind, value: &str) -> bool {
    // Times and sizes are full of digits: a short number cannot be told from them.
    let is_short_number = value.len() < 10 && value.bytes().all(|b| b.is_ascii_digit());
    let is_own_word = MASK.contains(value) || REDACTED_PART.contains(value);
    if value.len() < SHORTEST_HUNTED
        || is_short_number
        || is_own_word
        || secrets::is_protocol_word(value)
    {
        return false;
    }
    kind.is_always_hunted() || secrets::looks_random(value)
}

#[cfg(test)]
mod tests {
    use super::{Ledger, is_mask};
    use crate::redact::SecretKind;

    #[test]
    fn one_value_has_one_mask() {
        let mut ledger = Ledger::new(None);
        let first = ledger.hide(SecretKind::Cookie, "abcdef0123456789");
        assert_eq!(first, "(redacted-1)");
        assert_eq!(ledger.hide(SecretKind::Cookie, "en-US"), "(redacted-2)");
        assert_eq!(ledger.hide(SecretKind::Grant, "abcdef0123456789"), first);
        assert_eq!(ledger.hide(SecretKind::Password, "Sample-Passw0rd"), "(redacted)");
        assert_eq!(ledger.hide(SecretKind::Grant, &first), first);
        let (removed, hunted, _) = ledger.close();
        assert_eq!((removed.len(), hunted.len()), (4, 2));
    }

    #[test]
    fn words_of_the_protocol_are_not_hunted() {
        let mut ledger = Ledger::new(None);
        for word in ["autodiscover", "Outlook", "Bearer", "password"] {
            assert_eq!(ledger.hide(SecretKind::Password, word), "(redacted)", "{word}");
        }
        let (_, hunted, _) = ledger.close();
        assert!(hunted.is_empty());
    }

    #[test]
    fn masks_are_known() {
        assert!(is_mask("(redacted)") && is_mask("(redacted-12)"));
        assert!(!is_mask("(redacted-)") && !is_mask("(redacted-x)"));
    }
}
