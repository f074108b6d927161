//! Names and values on alternate lines: what is selected in the Headers tab of Chrome's and Edge's developer tools.

use super::headless::is_heading;
use super::names;

/// What these tools show above the header fields, each with its value on the next line.
const GENERAL: [&str; 5] =
    ["Request URL", "Request Method", "Status Code", "Remote Address", "Referrer Policy"];

/// The fewest pairs by which such a list is recognised.
const FEWEST: usize = 2;

/// The lines as `Name: value`, if most of the known names stand alone on theirs; headings stay as they are.
pub(super) fn joined(lines: &[&str]) -> Option<Vec<String>> {
    let lines: Vec<&str> =
        lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty()).collect();
    let alone = lines.iter().filter(|line| is_name(line)).count();
    let beside = lines
        .iter()
        .filter(|line| line.split_once(':').is_some_and(|(name, _)| names::known(name.trim())))
        .count();
    if alone < FEWEST || alone <= beside {
        return None;
    }
    let mut found = Vec::new();
    let mut rest = lines.into_iter().peekable();
    // Names that nobody knows stand between those that are known.
    let mut among_names = false;
    while let Some(line) = rest.next() {
        let heading = is_heading(line);
        among_names = !heading && (is_name(line) || among_names && is_token(line));
        if among_names && let Some(value) = rest.next_if(|next| !is_name(next) && !is_heading(next))
        {
            found.push(format!("{}: {value}", line.trim_end_matches(':')));
        } else {
            among_names = heading;
            found.push(line.to_owned());
        }
    }
    Some(found)
}

fn is_name(line: &str) -> bool {
    let name = line.trim_end_matches(':');
    names::known(name) || GENERAL.iter().any(|known| known.eq_ignore_ascii_case(name))
}

fn is_token(line: &str) -> bool {
    line.trim_matches(':').bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::joined;

    fn of(text: &str) -> Option<Vec<String>> {
        joined(&text.lines().collect::<Vec<_>>())
    }

    #[test]
    fn values_go_behind_their_names() {
        let text = "Request URL\nhttps://mail.contoso.com/owa/\nStatus Code\n401 Unauthorized\nResponse Headers\nx-contoso\nabc\n\
            www-authenticate\nBearer client_id=\"1\"\ndate\nMon, 02 Mar 2026 09:00:00 GMT\n";
        assert_eq!(
            of(text).unwrap(),
            [
                "Request URL: https://mail.contoso.com/owa/",
                "Status Code: 401 Unauthorized",
                "Response Headers",
                "x-contoso: abc",
                "www-authenticate: Bearer client_id=\"1\"",
                "date: Mon, 02 Mar 2026 09:00:00 GMT",
            ]
        );
    }

    #[test]
    fn a_name_without_value_takes_no_other_name() {
        assert_eq!(
            of("content-length\nserver\nMicrosoft-IIS/10.0\n").unwrap(),
            ["content-length", "server: Microsoft-IIS/10.0"]
        );
    }

    #[test]
    fn lists_with_colons_are_left_alone() {
        assert_eq!(of("Server: x\nDate: y\nLocation: z\nserver\n"), None);
        assert_eq!(of("server\n"), None);
        assert_eq!(of(""), None);
    }
}
