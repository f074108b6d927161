//! Characters that act instead of being shown.

/// Whether a terminal or a browser may act on a character instead of showing it: C0 and C1 controls, DEL, line and
/// paragraph separators, invisible marks, and those that change the writing direction (Unicode TR 36, "bidi spoofing").
pub fn is_active(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(c, '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::is_active;

    #[test]
    fn controls_and_invisible_marks_act_and_letters_do_not() {
        assert!(['\u{1b}', '\u{9b}', '\n', '\u{202e}', '\u{feff}'].into_iter().all(is_active));
        assert!(!['a', 'ü', '✔', '•', ' ', '字'].into_iter().any(is_active));
    }
}
