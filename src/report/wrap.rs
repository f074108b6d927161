//! Lines broken at a width, counted in characters.

use super::document::{Line, Look, Span};
use super::plain::escape;

/// Breaks a line into lines of at most `width` characters, at blanks where possible. Control characters are spelled
/// out before they are counted. Always gives at least one line.
pub(super) fn wrap(line: &Line, width: usize) -> Vec<Line> {
    let width = width.max(1);
    let mut lines = vec![Line::new()];
    let mut used = 0;
    let mut words = words(line);
    words.reverse();
    while let Some(mut word) = words.pop() {
        let length = word.length();
        if used + length <= width {
            used += length;
            for (text, look) in word.pieces {
                add(&mut lines, text, look);
            }
        } else if word.blank {
            // A blank that does not fit is the line's end.
            used = width;
        } else if used > 0 {
            trim_end(&mut lines);
            lines.push(Line::new());
            used = 0;
            words.push(word);
        } else if word.pieces.len() > 1 {
            // Longer than a line: its pieces go their own ways.
            let pieces = word.pieces.drain(..).rev();
            words.extend(pieces.map(|piece| Word { pieces: vec![piece], blank: false }));
        } else if let Some((mut text, look)) = word.pieces.pop() {
            let tail = text.split_off(cut(&text, width));
            add(&mut lines, text, look);
            lines.push(Line::new());
            words.push(Word { pieces: vec![(tail, look)], blank: false });
        }
    }
    trim_end(&mut lines);
    lines
}

/// Where to cut a word that is longer than a line: behind a mark that joins the parts of a name, if there is one in the
/// second half.
fn cut(word: &str, width: usize) -> usize {
    let end = word.char_indices().nth(width).map_or(word.len(), |(at, _)| at);
    let joint = word
        .char_indices()
        .take(width)
        .skip(width / 2)
        .filter(|(_, c)| matches!(c, '.' | '/' | '-' | '_' | '@' | ':' | ',' | '&' | '='))
        .last();
    joint.map_or(end, |(at, c)| at + c.len_utf8())
}

/// Length of a line in characters, once control characters are spelled out.
pub(super) fn length(line: &Line) -> usize {
    line.0.iter().map(|span| escape(&span.text).chars().count()).sum()
}

/// Length of the longest word of a line. A sign belongs to the word behind it: `✔ verified`.
pub(super) fn longest_word(line: &Line) -> usize {
    let mut longest = 0;
    let mut sign = 0;
    for length in words(line).iter().filter(|word| !word.blank).map(Word::length) {
        longest = longest.max(sign + length);
        sign = if length == 1 { 2 } else { 0 };
    }
    longest
}

/// What stays together: blanks, or text without blanks, whatever its looks.
struct Word {
    pieces: Vec<(String, Look)>,
    blank: bool,
}

impl Word {
    fn length(&self) -> usize {
        self.pieces.iter().map(|(text, _)| text.chars().count()).sum()
    }
}

/// Words and blanks in turn.
fn words(line: &Line) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    for Span { text, look } in &line.0 {
        for c in escape(text).chars() {
            let blank = c == ' ';
            match words.last_mut() {
                Some(word) if word.blank == blank => match word.pieces.last_mut() {
                    Some((text, last)) if last == look => text.push(c),
                    _ => word.pieces.push((c.to_string(), *look)),
                },
                _ => words.push(Word { pieces: vec![(c.to_string(), *look)], blank }),
            }
        }
    }
    words
}

fn add(lines: &mut [Line], text: String, look: Look) {
    let Some(line) = lines.last_mut() else { return };
    match line.0.last_mut() {
        Some(span) if span.look == look => span.text.push_str(&text),
        _ => line.0.push(Span { text, look }),
    }
}

fn trim_end(lines: &mut [Line]) {
    let Some(line) = lines.last_mut() else { return };
    while let Some(span) = line.0.last_mut() {
        span.text.truncate(span.text.trim_end().len());
        if !span.text.is_empty() {
            break;
        }
        line.0.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::{length, longest_word, wrap};
    use crate::report::document::{Line, Look};
    use proptest::prelude::*;

    fn texts(line: &Line, width: usize) -> Vec<String> {
        wrap(line, width)
            .into_iter()
            .map(|line| line.0.into_iter().map(|span| span.text).collect())
            .collect()
    }

    #[test]
    fn breaks_at_blanks_and_only_then_inside_words() {
        assert_eq!(texts(&"one two three".into(), 7), ["one two", "three"]);
        assert_eq!(texts(&"one twothreefour".into(), 6), ["one", "twothr", "eefour"]);
        assert_eq!(texts(&"one two".into(), 80), ["one two"]);
        assert_eq!(texts(&"autodiscover.contoso.com".into(), 20), ["autodiscover.", "contoso.com"]);
        assert_eq!(texts(&Line::new(), 5), [""]);
    }

    #[test]
    fn looks_survive_the_break() {
        let line = Line::new().plain("a ").look(Look::Bad, "bad news");
        let lines = wrap(&line, 5);
        assert_eq!(lines.last().unwrap().0.last().unwrap().look, Look::Bad);
    }

    #[test]
    fn the_longest_word_keeps_its_sign() {
        assert_eq!(longest_word(&"2026-03-02 09:14".into()), 10);
        assert_eq!(longest_word(&Line::new().look(Look::Good, "✔ ").plain("verified now")), 10);
        assert_eq!(longest_word(&Line::new()), 0);
    }

    #[test]
    fn a_change_of_look_is_no_place_to_break() {
        let line = Line::new().look(Look::Bad, "very bad").plain(", really");
        let broken: Vec<String> = wrap(&line, 9)
            .iter()
            .map(|line| line.0.iter().map(|span| span.text.as_str()).collect())
            .collect();
        assert_eq!(broken, ["very bad,", "really"]);
        let broken = wrap(&Line::new().look(Look::Bad, "abcdef").plain("ghijkl"), 4);
        assert_eq!(broken.len(), 4);
    }

    #[test]
    fn spelled_out_characters_count() {
        assert_eq!(length(&"\u{1b}".into()), 6);
    }

    proptest! {
        #[test]
        fn no_line_is_longer_than_the_width(text in "\\PC{0,120}", width in 1_usize..40) {
            for line in wrap(&text.into(), width) {
                prop_assert!(length(&line) <= width);
            }
        }
    }
}
