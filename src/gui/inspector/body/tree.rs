//! A document as a tree of lines: what JSON and XML have in common. Nodes stand in the order of the document; a node's
//! subtree are the nodes that follow it up to its `end`.

use std::collections::HashSet;

/// The most nodes of a tree. A larger document is looked at as text.
pub(super) const MOST: usize = 300_000;

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Object,
    Array,
    String,
    Number,
    /// `true`, `false` and `null`.
    Word,
    Element,
    Attribute,
    Comment,
}

/// A line of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Node {
    pub(super) kind: Kind,
    /// The member's or element's name; the position in an array.
    pub(super) key: String,
    /// The value as recorded; for what has children, what it holds.
    pub(super) value: String,
    /// The value as people may see it, where that is another one.
    pub(super) masked: Option<String>,
    pub(super) depth: u16,
    /// The first node behind its subtree.
    pub(super) end: usize,
    /// The node above; the root is its own.
    pub(super) parent: usize,
}

/// A document as a tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tree {
    pub(super) nodes: Vec<Node>,
}

impl Tree {
    /// Adds a node and gives its place; `None` when the tree is full.
    pub(super) fn push(
        &mut self,
        kind: Kind,
        key: String,
        value: String,
        parent: Option<usize>,
    ) -> Option<usize> {
        let at = self.nodes.len();
        if at >= MOST {
            return None;
        }
        let depth = parent.and_then(|p| self.nodes.get(p)).map_or(0, |p| p.depth.saturating_add(1));
        let parent = parent.unwrap_or(at);
        self.nodes.push(Node { kind, key, value, masked: None, depth, end: at + 1, parent });
        Some(at)
    }

    /// Ends a node's subtree here.
    pub(super) fn close(&mut self, at: usize) {
        let end = self.nodes.len();
        if let Some(node) = self.nodes.get_mut(at) {
            node.end = end;
        }
    }

    /// Whether a node has children.
    pub(super) fn has_children(&self, at: usize) -> bool {
        self.nodes.get(at).is_some_and(|node| node.end > at + 1)
    }

    /// The nodes that are not inside a folded one.
    pub(super) fn visible(&self, folded: &HashSet<usize>) -> Vec<usize> {
        let mut visible = Vec::new();
        let mut at = 0;
        while let Some(node) = self.nodes.get(at) {
            visible.push(at);
            at = if folded.contains(&at) { node.end } else { at + 1 };
        }
        visible
    }

    /// Unfolds everything around a node.
    pub(super) fn reveal(&self, at: usize, folded: &mut HashSet<usize>) {
        let mut at = at;
        while let Some(node) = self.nodes.get(at).filter(|node| node.parent != at) {
            at = node.parent;
            folded.remove(&at);
        }
    }

    /// Where a node stands: `$.error_codes[0]`, `/Envelope/Body`.
    pub(super) fn path(&self, at: usize) -> String {
        let mut steps = Vec::new();
        let mut at = at;
        while let Some(node) = self.nodes.get(at) {
            let above = self.nodes.get(node.parent).map(|above| above.kind);
            steps.push(match (node.kind, above) {
                (Kind::Element, _) => format!("/{}", node.key),
                (Kind::Attribute, _) => format!("/@{}", node.key.trim_start_matches('@')),
                _ if node.parent == at => "$".to_owned(),
                (_, Some(Kind::Array)) => format!("[{}]", node.key),
                _ if node.key.chars().all(|c| c.is_alphanumeric() || c == '_') => {
                    format!(".{}", node.key)
                }
                _ => format!("[{}]", serde_json::Value::from(node.key.as_str())),
            });
            if node.parent == at {
                break;
            }
            at = node.parent;
        }
        steps.reverse();
        steps.concat()
    }

    /// The node that proves something: the member or element of that name, best with that value, else whatever holds the
    /// value.
    pub(super) fn find(&self, name: &str, value: &str) -> Option<usize> {
        let holds = |node: &&Node| !value.is_empty() && node.value.contains(value);
        let named = |node: &&Node| {
            let key = node.key.rsplit(':').next().unwrap_or_default();
            !name.is_empty() && key.trim_start_matches('@').eq_ignore_ascii_case(name)
        };
        let at = |node: Option<&Node>| {
            node.and_then(|node| self.nodes.iter().position(|other| std::ptr::eq(other, node)))
        };
        at(self.nodes.iter().find(|n| named(n) && holds(n)))
            .or_else(|| at(self.nodes.iter().find(named)))
            .or_else(|| at(self.nodes.iter().find(holds)))
    }
}
