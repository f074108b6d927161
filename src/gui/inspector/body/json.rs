//! JSON as a tree.

use serde_json::Value;

use super::content::without_tokens;
use super::tree::{Kind, Tree};
use crate::gui::format;
use crate::http::mask;

/// The tree of a document; `None` when it is no JSON or too large. `shown` is the text with its secrets hidden.
pub(super) fn tree(text: &str, shown: &str) -> Option<Tree> {
    let plain: Value = serde_json::from_str(text.trim()).ok()?;
    let hidden = serde_json::from_str(shown.trim()).unwrap_or_else(|_| mask::json(&plain));
    let masked = mask::json(&plain);
    let mut tree = Tree::default();
    grow(&mut tree, "", &plain, [Some(&masked), Some(&hidden)], None)?;
    Some(tree)
}

/// Adds a value; `twins` are the same value with its secrets hidden, once by names and once by looks.
fn grow(
    tree: &mut Tree,
    key: &str,
    plain: &Value,
    twins: [Option<&Value>; 2],
    parent: Option<usize>,
) -> Option<()> {
    let key = key.to_owned();
    match plain {
        Value::Object(members) => {
            let what = format::count(members.len(), "member");
            let at = tree.push(Kind::Object, key, what, parent)?;
            for (name, member) in members {
                let twins = twins.map(|twin| twin.and_then(|value| value.get(name)));
                grow(tree, name, member, twins, Some(at))?;
            }
            tree.close(at);
        }
        Value::Array(items) => {
            let at = tree.push(Kind::Array, key, format::count(items.len(), "item"), parent)?;
            for (position, item) in items.iter().enumerate() {
                let twins = twins.map(|twin| twin.and_then(|value| value.get(position)));
                grow(tree, &position.to_string(), item, twins, Some(at))?;
            }
            tree.close(at);
        }
        Value::String(text) => {
            let at = tree.push(Kind::String, key, text.clone(), parent)?;
            let hidden = twins.map(|twin| twin.and_then(Value::as_str).unwrap_or("•••"));
            let [by_name, by_look] = hidden;
            let shown = without_tokens(if by_name == text { by_look } else { by_name });
            if shown != *text
                && let Some(node) = tree.nodes.get_mut(at)
            {
                node.masked = Some(shown);
            }
        }
        Value::Number(number) => {
            tree.push(Kind::Number, key, number.to_string(), parent)?;
        }
        Value::Bool(_) | Value::Null => {
            tree.push(Kind::Word, key, plain.to_string(), parent)?;
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::tree;
    use std::collections::HashSet;

    #[test]
    fn a_document_becomes_lines_with_paths() {
        let text = r#"{"error":"invalid_grant","codes":[50173,{"a b":null}],"access_token":"abc"}"#;
        let tree = tree(text, text).unwrap();
        let keys: Vec<_> = tree.nodes.iter().map(|n| (n.key.as_str(), n.depth)).collect();
        assert_eq!(
            keys,
            [
                ("", 0),
                ("error", 1),
                ("codes", 1),
                ("0", 2),
                ("1", 2),
                ("a b", 3),
                ("access_token", 1)
            ]
        );
        assert_eq!(tree.path(3), "$.codes[0]");
        assert_eq!(tree.path(5), "$.codes[1][\"a b\"]");
        assert_eq!(tree.nodes[6].masked.as_deref(), Some("••• 3 characters"));
        assert_eq!(tree.visible(&HashSet::from([2])), [0, 1, 2, 6]);
        assert_eq!(tree.find("ERROR", ""), Some(1));
        assert_eq!(tree.find("", "50173"), Some(3));
        let mut folded = HashSet::from([2, 4]);
        tree.reveal(5, &mut folded);
        assert!(folded.is_empty());
    }

    #[test]
    fn what_redaction_hides_is_hidden_in_the_tree() {
        let text = r#"{"note":"password=Sample-Passw0rd"}"#;
        let tree = tree(text, r#"{"note":"password=•••"}"#).unwrap();
        assert_eq!(tree.nodes[1].masked.as_deref(), Some("password=•••"));
    }
}
