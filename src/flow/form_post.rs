//! The form that an identity provider has the browser post to the application: code or error stand in its hidden fields
//! ("OAuth 2.0 Form Post Response Mode").

/// Fields beyond these say nothing about the sign-in.
const NAMES: [&str; 4] = ["code", "id_token", "error", "error_description"];

/// So many fields of a page are looked at.
const MOST: usize = 64;

/// The fields of a page's form that say how a sign-in went.
pub(super) fn fields(page: &str) -> Vec<(String, String)> {
    if !page.contains("<form") && !page.contains("<FORM") {
        return Vec::new();
    }
    page.split("<input")
        .skip(1)
        .take(MOST)
        .filter_map(|after| {
            let tag = after.split('>').next()?;
            let is_hidden = attribute(tag, "type")?.eq_ignore_ascii_case("hidden");
            let name = attribute(tag, "name").filter(|name| NAMES.contains(name))?;
            let value = attribute(tag, "value")?;
            let plain = quick_xml::escape::unescape(value);
            is_hidden.then(|| {
                (
                    name.to_owned(),
                    plain.map_or_else(|_| value.to_owned(), std::borrow::Cow::into_owned),
                )
            })
        })
        .collect()
}

/// The value of ` name="…"` in a tag.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = tag;
    loop {
        let (before, after) = rest.split_once(name)?;
        let after = after.trim_start();
        let is_name = before.ends_with(|c: char| c.is_whitespace());
        match after.strip_prefix('=').map(str::trim_start).filter(|_| is_name) {
            Some(value) => {
                let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
                return value.strip_prefix(quote)?.split(quote).next();
            }
            None => rest = after,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::fields;

    #[test]
    fn hidden_fields_are_read_whatever_the_order_of_their_attributes() {
        let page = r#"<html><form method="POST" action="https://mail.contoso.com/owa/">
            <input type="hidden" name="error" value="access_denied" />
            <input name='error_description' value='AADSTS50105: The user isn&#39;t assigned.' type='hidden'/>
            <input type="text" name="code" value="typed"/><input type="hidden" name="state" value="s"/></form>"#;
        let read = fields(page);
        assert_eq!(
            read,
            [
                ("error".to_owned(), "access_denied".to_owned()),
                (
                    "error_description".to_owned(),
                    "AADSTS50105: The user isn't assigned.".to_owned()
                ),
            ]
        );
        assert!(fields("<input type=\"hidden\" name=\"error\" value=\"x\">").is_empty());
        for odd in [
            "<form><input",
            "<form><input type=hidden name",
            "<form><input type=\"hidden\" name=\"error\" value=\"",
        ] {
            assert!(fields(odd).iter().all(|(_, value)| value.is_empty()), "{odd}");
        }
    }
}
