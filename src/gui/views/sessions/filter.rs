//! The filter of the sessions: free words and `field:value`, all of which must fit.

use super::line::Line;
use crate::capture::Session;

/// What may stand before a colon.
const FIELDS: [&str; 8] =
    ["host", "status", "method", "auth", "process", "actor", "step", "header"];

/// A filter, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    terms: Vec<Term>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Term {
    exclude: bool,
    field: Option<&'static str>,
    /// In lower case.
    value: String,
}

impl Filter {
    /// Reads a filter: words, `"quoted words"`, `field:value`, and `-` before any of them to exclude.
    pub fn parse(text: &str) -> Self {
        Self { terms: words(text).into_iter().filter_map(|word| Term::parse(&word)).collect() }
    }

    /// Whether everything fits.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether a session fits.
    pub fn accepts(&self, line: &Line, session: &Session) -> bool {
        self.terms.iter().all(|term| term.fits(line, session) != term.exclude)
    }
}

impl Term {
    fn parse(word: &str) -> Option<Self> {
        let (exclude, word) = match word.strip_prefix('-') {
            Some(rest) if !rest.is_empty() => (true, rest),
            _ => (false, word),
        };
        let known = word.split_once(':').and_then(|(name, value)| {
            let field = FIELDS.into_iter().find(|f| f.eq_ignore_ascii_case(name))?;
            Some((field, value))
        });
        let (field, value) = known.map_or((None, word), |(field, value)| (Some(field), value));
        // A field without a value is not finished yet: it hides nothing.
        (!value.is_empty()).then(|| Self { exclude, field, value: value.to_lowercase() })
    }

    fn fits(&self, line: &Line, session: &Session) -> bool {
        let value = self.value.as_str();
        let holds = |text: &str| text.to_lowercase().contains(value);
        match self.field {
            Some("host") => session.host().contains(value),
            Some("status") => fits_status(value, line.status),
            Some("method") => session.request.method.eq_ignore_ascii_case(value),
            Some("auth") => {
                line.auth.replace(' ', "-").to_lowercase().starts_with(&value.replace(' ', "-"))
            }
            Some("process") => session.process.as_deref().is_some_and(holds),
            Some("actor") => holds(line.actor.name()),
            Some("step") => holds(&line.meaning),
            Some("header") => {
                let answer = session.response.iter().flat_map(|r| r.headers.iter());
                session.request.headers.iter().chain(answer).any(|h| {
                    holds(&h.name) || holds(&crate::http::mask::header_value(&h.name, &h.value))
                })
            }
            _ => line.haystack.contains(value),
        }
    }
}

/// `401`, `4xx`, `40`, `none`
fn fits_status(value: &str, status: u16) -> bool {
    if matches!(value, "0" | "none") {
        return status == 0;
    }
    status != 0 && status.to_string().starts_with(value.trim_end_matches('x'))
}

/// Splits at blanks outside quotes; quotes go.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            c if c.is_whitespace() && !quoted => words.push(String::new()),
            c => {
                if let Some(word) = words.last_mut() {
                    word.push(c);
                }
            }
        }
    }
    words.retain(|w| !w.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::Filter;
    use crate::analysis::Analysis;
    use crate::gui::views::sessions::line::Line;
    use crate::jwt::Keys;

    const CAPTURE: &str = "### 1 outlook.exe:7
POST https://mail.contoso.com/mapi/emsmdb/ HTTP/1.1
Authorization: Bearer

HTTP/1.1 401 Unauthorized
WWW-Authenticate: Bearer client_id=\"x\"
### 2 teams.exe:9
GET https://www.fabrikam.com/a?code=secret HTTP/1.1

HTTP/1.1 200 OK
";

    fn fitting(filter: &str) -> Vec<u32> {
        let capture = crate::import::open_text("pasted text", CAPTURE).unwrap();
        let analysis = Analysis::of(capture, &Keys::default());
        let filter = Filter::parse(filter);
        let fits = |s: &&crate::capture::Session| filter.accepts(&Line::of(s, &analysis), s);
        analysis.capture.sessions.iter().filter(fits).map(|s| s.id.0).collect()
    }

    #[test]
    fn words_and_fields_must_all_fit() {
        for (filter, sessions) in [
            ("", &[1, 2][..]),
            ("contoso", &[1]),
            ("CONTOSO post", &[1]),
            ("contoso get", &[]),
            ("-contoso", &[2]),
            ("host:mail", &[1]),
            ("host:", &[1, 2]),
            ("status:401", &[1]),
            ("status:2xx", &[2]),
            ("method:get", &[2]),
            ("auth:empty-bearer", &[1]),
            ("process:outlook", &[1]),
            ("-process:outlook", &[2]),
            ("\"empty bearer\"", &[1]),
            ("header:www-authenticate", &[1]),
        ] {
            assert_eq!(fitting(filter), sessions, "{filter}");
        }
    }

    #[test]
    fn a_secret_cannot_be_guessed_by_filtering() {
        assert_eq!(fitting("code"), [2]);
        assert_eq!(fitting("secret"), [] as [u32; 0]);
    }
}
