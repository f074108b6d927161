//! Where a text breaks into rows of equal height, so that only the rows in sight have to be made.

use std::ops::Range;

/// A row: where it stands in the text, in bytes.
pub(super) type Row = Range<usize>;

/// The rows of a text at so many columns, at most `most`. A row ends at a line end, else at a blank in its second half,
/// else where it is full. Nothing of the text is lost but line ends.
pub(super) fn rows(text: &str, columns: usize, most: usize) -> Vec<Row> {
    let columns = columns.max(8);
    let mut rows = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        let shown = line.trim_end_matches(['\n', '\r']);
        if shown.len() <= columns {
            rows.push(start..start + shown.len());
        } else {
            fold(shown, start, columns, most, &mut rows);
        }
        if rows.len() >= most {
            rows.truncate(most);
            return rows;
        }
        start = end;
    }
    if rows.is_empty() {
        rows.push(0..0);
    }
    rows
}

fn fold(line: &str, offset: usize, columns: usize, most: usize, rows: &mut Vec<Row>) {
    let mut start = 0;
    let (mut count, mut blank) = (0, None);
    for (at, c) in line.char_indices() {
        if count == columns {
            let end = blank.filter(|b: &usize| (b - start) * 2 > columns).unwrap_or(at);
            rows.push(offset + start..offset + end);
            if rows.len() >= most {
                return;
            }
            count = line.get(end..at).map_or(0, |rest| rest.chars().count());
            start = end;
            blank = None;
        }
        count += 1;
        if c == ' ' {
            blank = Some(at + 1);
        }
    }
    if start < line.len() {
        rows.push(offset + start..offset + line.len());
    }
}

#[cfg(test)]
mod tests {
    use super::rows;
    use proptest::prelude::*;

    fn texts(text: &str, columns: usize) -> Vec<&str> {
        rows(text, columns, 100).into_iter().map(|row| text.get(row).unwrap()).collect()
    }

    #[test]
    fn rows_break_at_line_ends_then_at_blanks_then_anywhere() {
        assert_eq!(texts("one\r\n\ntwo", 20), ["one", "", "two"]);
        assert_eq!(texts("aaaaa bbbbb", 8), ["aaaaa ", "bbbbb"]);
        assert_eq!(texts("abcdefghijk", 8), ["abcdefgh", "ijk"]);
        assert_eq!(texts("", 8), [""]);
        assert_eq!(rows(&"x\n".repeat(500), 80, 100).len(), 100);
    }

    proptest! {
        #[test]
        fn no_row_is_too_long_and_nothing_is_lost(text in "[a-zü字 ]{0,200}", columns in 8usize..40) {
            let rows = rows(&text, columns, 1000);
            let joined: String = rows.iter().map(|r| text.get(r.clone()).unwrap()).collect();
            prop_assert_eq!(joined, text.clone());
            for row in rows {
                prop_assert!(text.get(row).unwrap().chars().count() <= columns);
            }
        }
    }
}
