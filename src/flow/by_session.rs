//! Facts by session number: a sorted list, which numbers without gaps find their place in at once.

use crate::capture::SessionId;

/// Facts about sessions; a session may have several.
#[derive(Clone, Debug)]
pub(crate) struct BySession<T> {
    entries: Vec<(SessionId, T)>,
}

impl<T> FromIterator<(SessionId, T)> for BySession<T> {
    fn from_iter<I: IntoIterator<Item = (SessionId, T)>>(facts: I) -> Self {
        let mut entries: Vec<(SessionId, T)> = facts.into_iter().collect();
        // Stable, and quick for what is in order already.
        entries.sort_by_key(|(session, _)| *session);
        Self { entries }
    }
}

impl<T: Copy> BySession<T> {
    /// The fact about a session that was told last.
    pub(crate) fn get(&self, session: SessionId) -> Option<T> {
        self.all(session).last()
    }

    /// All facts about a session, in the order in which they were told.
    pub(crate) fn all(&self, session: SessionId) -> impl Iterator<Item = T> {
        let facts = self.entries.get(self.start(session)..).unwrap_or_default();
        facts.iter().take_while(move |(id, _)| *id == session).map(|(_, fact)| *fact)
    }

    /// Where the facts about a session begin.
    fn start(&self, session: SessionId) -> usize {
        let first = self.entries.first().map_or(0, |(id, _)| id.0);
        let likely = session.0.saturating_sub(first) as usize;
        let id_at = |at: usize| self.entries.get(at).map(|(id, _)| *id);
        if id_at(likely) == Some(session)
            && likely.checked_sub(1).and_then(id_at).is_none_or(|before| before < session)
        {
            return likely;
        }
        self.entries.partition_point(|(id, _)| *id < session)
    }
}

#[cfg(test)]
mod tests {
    use super::BySession;
    use crate::capture::SessionId;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_was_told_is_found(facts in prop::collection::vec((0..12_u32, any::<u8>()), 0..20), asked in 0..14_u32) {
            let told: Vec<u8> =
                facts.iter().filter(|(id, _)| *id == asked).map(|(_, fact)| *fact).collect();
            let facts: BySession<u8> =
                facts.iter().map(|(id, fact)| (SessionId(*id), *fact)).collect();
            prop_assert_eq!(facts.get(SessionId(asked)), told.last().copied());
            prop_assert_eq!(facts.all(SessionId(asked)).collect::<Vec<_>>(), told);
        }
    }
}
