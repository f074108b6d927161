//! XML as a tree: elements, their attributes, their texts.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::tree::{Kind, Tree};

/// Deeper documents are looked at as text.
const DEEPEST: usize = 200;

/// The tree of a document, as far as it can be read; `None` when it is no XML or too large.
pub(super) fn tree(text: &str) -> Option<Tree> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    let mut tree = Tree::default();
    let mut open: Vec<usize> = Vec::new();
    let mut words = String::new();
    loop {
        let event = reader.read_event();
        match event {
            Ok(Event::Text(text)) => words.push_str(&text),
            Ok(Event::GeneralRef(name)) => {
                let spelled = format!("&{};", &*name);
                words.push_str(
                    &quick_xml::escape::unescape(&spelled).unwrap_or(spelled.as_str().into()),
                );
            }
            Ok(Event::CData(data)) => words.push_str(&data),
            Ok(Event::Start(tag)) => {
                settle(&mut tree, &open, &mut words)?;
                if open.len() >= DEEPEST {
                    return None;
                }
                open.push(element(&mut tree, &tag, open.last().copied())?);
            }
            Ok(Event::Empty(tag)) => {
                settle(&mut tree, &open, &mut words)?;
                let at = element(&mut tree, &tag, open.last().copied())?;
                tree.close(at);
            }
            Ok(Event::End(_)) => {
                settle(&mut tree, &open, &mut words)?;
                if let Some(at) = open.pop() {
                    tree.close(at);
                }
            }
            Ok(Event::Comment(comment)) => {
                settle(&mut tree, &open, &mut words)?;
                let text = comment.trim().to_owned();
                tree.push(Kind::Comment, String::new(), text, open.last().copied())?;
            }
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    settle(&mut tree, &open, &mut words)?;
    while let Some(at) = open.pop() {
        tree.close(at);
    }
    let is_xml = tree.nodes.iter().any(|node| node.kind == Kind::Element);
    is_xml.then_some(tree)
}

fn element(tree: &mut Tree, tag: &BytesStart<'_>, parent: Option<usize>) -> Option<usize> {
    let name = tag.name().as_ref().to_owned();
    let at = tree.push(Kind::Element, name, String::new(), parent)?;
    for attribute in tag.attributes().with_checks(false).flatten() {
        let name = format!("@{}", attribute.key.as_ref());
        let value = quick_xml::escape::unescape(&attribute.value)
            .map_or_else(|_| attribute.value.to_string(), std::borrow::Cow::into_owned);
        tree.push(Kind::Attribute, name, value, Some(at))?;
    }
    Some(at)
}

/// Gives a text to the element it stands in: as its value, or, between other elements, as a line of its own.
fn settle(tree: &mut Tree, open: &[usize], words: &mut String) -> Option<()> {
    let text = std::mem::take(words);
    let text = text.trim();
    if text.is_empty() {
        return Some(());
    }
    let Some(at) = open.last().copied() else { return Some(()) };
    let only_attributes = tree.nodes.iter().skip(at + 1).all(|n| n.kind == Kind::Attribute);
    match tree.nodes.get_mut(at).filter(|node| only_attributes && node.value.is_empty()) {
        Some(node) => text.clone_into(&mut node.value),
        None => {
            tree.push(Kind::String, String::new(), text.to_owned(), Some(at))?;
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::tree;
    use proptest::prelude::*;

    #[test]
    fn elements_attributes_and_texts_become_lines() {
        let text = "<?xml version=\"1.0\"?><s:Envelope xmlns:s=\"x\"><s:Body a=\"1 &amp; 2\"><Code>5 &lt; 6</Code><!-- why --><Empty/>tail</s:Body></s:Envelope>";
        let tree = tree(text).unwrap();
        let lines: Vec<_> =
            tree.nodes.iter().map(|n| format!("{} {}={}", n.depth, n.key, n.value)).collect();
        assert_eq!(
            lines,
            [
                "0 s:Envelope=",
                "1 @xmlns:s=x",
                "1 s:Body=",
                "2 @a=1 & 2",
                "2 Code=5 < 6",
                "2 =why",
                "2 Empty=",
                "2 =tail"
            ]
        );
        assert_eq!(tree.path(4), "/s:Envelope/s:Body/Code");
        assert_eq!(tree.path(3), "/s:Envelope/s:Body/@a");
        assert_eq!(tree.find("code", ""), Some(4));
    }

    #[test]
    fn a_document_that_breaks_off_shows_what_there_is() {
        assert_eq!(tree("<a><b>1</b><c").unwrap().nodes.len(), 2);
        assert!(tree("no tags").is_none());
        assert!(tree(&"<a>".repeat(5000)).is_none());
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "(<a>|</a>|<b c='1'/>|&amp;|&x;|<!--|-->|<!\\[CDATA\\[|\\]\\]>|x| ){0,60}") {
            let _ = tree(&text);
        }
    }
}
