//! A request as a cURL command for Windows' command prompt.

use std::fmt::Write as _;

use super::Call;
use super::curl::field;
use crate::capture::Session;

/// The request as a cURL command for `cmd.exe`. Credentials are masked.
pub(in crate::gui) fn curl(session: &Session) -> String {
    let call = Call::of(&session.request);
    let mut text = format!("curl.exe -X {} {}", quoted(&call.method), quoted(&call.address));
    for (name, value) in &call.headers {
        let _ = write!(text, " ^\n  -H {}", quoted(&field(name, value)));
    }
    if let Some(body) = &call.body {
        let _ = write!(text, " ^\n  --data-raw {}", quoted(body));
    }
    text
}

/// One argument. Two readers take it apart: the program's start-up code knows `\"` and `\\`; before it, the command prompt
/// knows `^`, which makes every character after it an ordinary one, quotation marks included, so that it never believes
/// itself inside quotes. `%NAME%` is cut by a `^` behind its first mark. Characters beyond ASCII may be replaced by look-alikes
/// of quotation marks on their way, so they do not go.
fn quoted(text: &str) -> String {
    let mut inner = String::new();
    let mut slashes = 0;
    for c in text.chars() {
        match c {
            '\\' => slashes += 1,
            '"' => {
                // Backslashes count only before a quotation mark.
                inner.push_str(&"\\".repeat(slashes + 1));
                slashes = 0;
            }
            _ => slashes = 0,
        }
        inner.push(c);
    }
    inner.push_str(&"\\".repeat(slashes));
    let mut shown = String::from("^\"");
    for c in inner.chars() {
        match c {
            '•' => shown.push('*'),
            // A line end would end the command.
            '\n' => shown.push(' '),
            c if !c.is_ascii() => shown.push('?'),
            c if c.is_ascii_alphanumeric() || " _-:=+~'/.,?;*".contains(c) => shown.push(c),
            '%' => shown.push_str("%^"),
            c => {
                shown.push('^');
                shown.push(c);
            }
        }
    }
    shown.push_str("^\"");
    shown.replace("%^^", "%^")
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn nothing_ends_the_argument() {
        assert_eq!(quoted("a b"), "^\"a b^\"");
        assert_eq!(quoted("\" & calc"), "^\"\\^\" ^& calc^\"".replacen("\\^", "^\\^", 1));
        assert_eq!(quoted("%PATH%"), "^\"%^PATH%^\"");
        assert_eq!(quoted("a\\"), "^\"a^\\^\\^\"");
        assert_eq!(quoted("x\ny ••• ＂"), "^\"x y *** ?^\"");
    }
}
