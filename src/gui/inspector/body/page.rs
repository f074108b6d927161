//! The words of a web page: what a person saw, or would have seen.

/// Elements whose content is not shown.
const UNSEEN: &[&str] = &["script", "style", "head", "template", "svg", "noscript"];
/// Elements that begin a new line.
const BLOCKS: &[&str] = &[
    "address", "article", "body", "br", "div", "dd", "dl", "dt", "fieldset", "form", "h1", "h2",
    "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre", "section", "table",
    "td", "th", "title", "tr", "ul",
];

/// The title and the words of a page. Scripts and styles are left out.
pub(super) fn words(page: &str) -> String {
    let mut words = String::new();
    let mut rest = page;
    while let Some((before, after)) = rest.split_once('<') {
        push(&mut words, before);
        if let Some(comment) = after.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, tail)| tail);
            continue;
        }
        let (tag, tail) = after.split_once('>').unwrap_or((after, ""));
        let name: String = tag
            .chars()
            .skip_while(|c| *c == '/')
            .take_while(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_lowercase())
            .take(12)
            .collect();
        rest = tail;
        let opens = !tag.starts_with('/') && !tag.ends_with('/');
        if opens && name == "head" {
            // The title is the one thing of a head that people see.
            let head = until(tail, "head");
            let title = head.0.split_once("<title").and_then(|(_, t)| t.split_once('>'));
            if let Some((title, _)) = title.and_then(|(_, title)| title.split_once('<')) {
                push(&mut words, title);
                line(&mut words);
            }
            rest = head.1;
        } else if opens && UNSEEN.contains(&name.as_str()) {
            rest = until(tail, &name).1;
        } else if BLOCKS.contains(&name.as_str()) {
            line(&mut words);
        }
    }
    push(&mut words, rest);
    words.trim().to_owned()
}

/// What stands before the end tag of an element, and what behind.
fn until<'a>(text: &'a str, name: &str) -> (&'a str, &'a str) {
    let close = format!("</{name}");
    let bytes = text.as_bytes();
    let at = memchr::memchr_iter(b'<', bytes).find(|at| {
        bytes.get(*at..at + close.len()).is_some_and(|b| b.eq_ignore_ascii_case(close.as_bytes()))
    });
    let Some((inside, after)) = at.and_then(|at| text.split_at_checked(at)) else {
        return (text, "");
    };
    (inside, after.split_once('>').map_or("", |(_, tail)| tail))
}

fn push(words: &mut String, text: &str) {
    let plain = entities(text);
    for word in plain.split_whitespace() {
        if !words.is_empty() && !words.ends_with(['\n', ' ']) {
            words.push(' ');
        }
        words.push_str(word);
    }
}

fn line(words: &mut String) {
    if !words.is_empty() && !words.ends_with('\n') {
        words.push('\n');
    }
}

fn entities(text: &str) -> String {
    let mut plain = text.to_owned();
    if text.contains('&') {
        plain = text.replace("&nbsp;", " ").replace("&copy;", "©");
        if let Ok(read) = quick_xml::escape::unescape(&plain) {
            plain = read.into_owned();
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn a_page_is_read_as_a_person_reads_it() {
        let page = "<html><HEAD><title>Sign in</title><style>p{}</style></HEAD><body><script>if (a<b) {}</script><h1>Sorry&hellip;</h1><p>AADSTS50105: the user &amp; <b>group</b></p><!-- x --><input value=1>";
        assert_eq!(words(page), "Sign in\nSorry&hellip;\nAADSTS50105: the user & group");
        assert_eq!(words("<script>never ends"), "");
        assert_eq!(words("ü<"), "ü");
    }
}
