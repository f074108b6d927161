//! Sessions in the order of what is known of them.

use super::Index;
use crate::capture::{Annotations, Capture};
use crate::cores::GoOn;

/// What sessions are sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortKey {
    /// The recorder's number.
    Number,
    /// The worst finding.
    Finding,
    /// The mark.
    Mark,
    /// Status code.
    Status,
    /// The step it reached.
    Step,
    /// What it means.
    Meaning,
    /// Method.
    Method,
    /// Who answered.
    Actor,
    /// Exchange's protocol.
    Protocol,
    /// Host.
    Host,
    /// Address.
    Url,
    /// What the client authenticated with.
    Auth,
    /// Content type.
    Kind,
    /// Size of the answer.
    Size,
    /// When it began.
    Began,
    /// How long it took.
    Lasted,
    /// Process.
    Process,
    /// Comment.
    Comment,
}

impl Index {
    /// The places of all sessions in an order; those alike stand in the order of the file, also when it descends.
    pub fn sorted<E: Send>(
        &self,
        key: SortKey,
        ascending: bool,
        capture: &Capture,
        added: &Annotations,
        go_on: GoOn<'_, E>,
    ) -> Result<Vec<u32>, E> {
        go_on()?;
        let rows = &self.rows;
        let sessions = &capture.sessions;
        let missing = |number: Option<u64>| number.map_or(0, |n| n.saturating_add(1));
        let ranked = |ranks: Vec<u64>, place: fn(&super::Row) -> u32| -> Vec<u64> {
            rows.iter().map(|r| ranks.get(place(r) as usize).copied().unwrap_or_default()).collect()
        };
        let by_name = |name: fn(&super::Row) -> &str| -> Vec<u64> {
            let mut names: Vec<&str> = rows.iter().map(name).collect();
            names.sort_unstable();
            names.dedup();
            rows.iter()
                .map(|row| names.partition_point(|known| *known < name(row)) as u64)
                .collect()
        };
        let keys: Vec<u64> = match key {
            SortKey::Number => sessions.iter().map(|s| s.id.0.into()).collect(),
            SortKey::Finding => rows.iter().map(|r| missing(r.finding.map(|f| f as u64))).collect(),
            SortKey::Mark => {
                sessions.iter().map(|s| missing(added.mark(s).map(|m| m as u64))).collect()
            }
            SortKey::Status => rows.iter().map(|r| r.status.into()).collect(),
            SortKey::Step => rows.iter().map(|r| missing(r.step.map(|s| s as u64))).collect(),
            SortKey::Size => rows.iter().map(|r| r.size).collect(),
            SortKey::Began => {
                rows.iter().map(|r| missing(r.began.map(i64::cast_unsigned))).collect()
            }
            SortKey::Lasted => rows.iter().map(|r| missing(r.lasted)).collect(),
            SortKey::Host => ranked(self.hosts.ranks(), |r| r.host),
            SortKey::Method => ranked(self.methods.ranks(), |r| r.method),
            SortKey::Process => ranked(self.processes.ranks(), |r| r.process),
            SortKey::Kind => ranked(self.kinds.ranks(), |r| r.kind),
            SortKey::Actor => by_name(|r| r.actor.name()),
            SortKey::Protocol => by_name(|r| r.protocol.map_or("", |p| p.name())),
            SortKey::Auth => by_name(|r| r.auth),
            SortKey::Meaning => by_text(rows.len(), |at| self.meaning(at)),
            SortKey::Url => by_text(rows.len(), |at| {
                let address = self.address(at);
                address.split_once(' ').map_or(address, |(_, url)| url)
            }),
            SortKey::Comment => {
                let comments: Vec<&str> = sessions.iter().map(|s| added.comment(s)).collect();
                by_text(rows.len(), |at| comments.get(at).copied().unwrap_or_default())
            }
        };
        go_on()?;
        let mut keyed: Vec<(u64, u32)> = keys.into_iter().zip(0..).collect();
        if ascending {
            keyed.sort_unstable();
        } else {
            keyed.sort_unstable_by_key(|(key, place)| (std::cmp::Reverse(*key), *place));
        }
        Ok(keyed.into_iter().map(|(_, place)| place).collect())
    }
}

/// Ranks of texts, equal ones the same.
fn by_text<'a>(count: usize, text: impl Fn(usize) -> &'a str) -> Vec<u64> {
    /// The first bytes as a number: most texts differ there, and numbers compare faster.
    fn start(text: &str) -> u128 {
        let mut bytes = [0; 16];
        bytes.iter_mut().zip(text.bytes()).for_each(|(to, from)| *to = from);
        u128::from_be_bytes(bytes)
    }
    let mut sorted: Vec<(u128, &str, usize)> = (0..count)
        .map(|at| {
            let text = text(at);
            (start(text), text, at)
        })
        .collect();
    sorted.sort_unstable();
    let mut ranks = vec![0; count];
    let mut rank = 0;
    let mut before = None;
    for (_, text, at) in sorted {
        if before.is_some_and(|before| before != text) {
            rank += 1;
        }
        before = Some(text);
        if let Some(place) = ranks.get_mut(at) {
            *place = rank;
        }
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::{SortKey, by_text};
    use crate::analysis::Analysis;
    use crate::capture::Annotations;
    use crate::jwt::Keys;
    use crate::search::Index;

    #[test]
    fn equal_texts_have_equal_ranks() {
        let texts = [
            "b",
            "a",
            "b",
            "",
            "a long text that differs late 2",
            "a long text that differs late 1",
        ];
        assert_eq!(by_text(texts.len(), |at| texts[at]), [4, 1, 4, 0, 3, 2]);
    }

    #[test]
    fn those_alike_stay_in_the_order_of_the_file() {
        let text = "### 1\nGET https://b.example/\n### 2\nGET https://a.example/\n### 3\nGET https://b.example/\n";
        let analysis = Analysis::of(crate::import::open_text("x", text).unwrap(), &Keys::default());
        let index = Index::of(&analysis);
        let order = |key, ascending| {
            let added = Annotations::default();
            index.sorted(key, ascending, &analysis.capture, &added, &|| Ok::<(), ()>(())).unwrap()
        };
        assert_eq!(order(SortKey::Host, true), [1, 0, 2]);
        assert_eq!(order(SortKey::Host, false), [0, 2, 1]);
        assert_eq!(order(SortKey::Number, false), [2, 1, 0]);
        assert_eq!(order(SortKey::Url, true), [1, 0, 2]);
    }
}
