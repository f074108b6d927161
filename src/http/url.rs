//! The address a request went to, as recorded and as the URL standard reads it.

use url::Url;

/// The target of a request. A recorder may write anything here, so the recorded text is kept beside its reading.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Target {
    parsed: Option<Url>,
    /// The recorded text, unless it is that of the parsed address.
    raw: Option<Box<str>>,
}

impl Target {
    /// Reads a recorded address. `mail.contoso.com:443`, the form of a CONNECT request, counts as an https address.
    pub fn new(raw: impl Into<String>) -> Self {
        let raw = raw.into();
        let authority_only = !raw.contains('/')
            && raw.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
        let parsed =
            if authority_only { Url::parse(&format!("https://{raw}/")) } else { Url::parse(&raw) };
        let parsed = parsed.ok();
        let same = parsed.as_ref().map_or(raw.is_empty(), |url| url.as_str() == raw);
        Self { parsed, raw: (!same).then(|| raw.into_boxed_str()) }
    }

    /// The address as recorded.
    pub fn as_str(&self) -> &str {
        match (&self.raw, &self.parsed) {
            (Some(raw), _) => raw,
            (None, Some(url)) => url.as_str(),
            (None, None) => "",
        }
    }

    /// The standard's reading; `None` for relative and garbled addresses.
    pub fn url(&self) -> Option<&Url> {
        self.parsed.as_ref()
    }

    /// Host name in lower case without a trailing dot; empty when there is none.
    pub fn host(&self) -> &str {
        self.parsed.as_ref().and_then(Url::host_str).map_or("", |h| h.trim_end_matches('.'))
    }

    /// `https`, `http`, …; empty when unknown.
    pub fn scheme(&self) -> &str {
        self.parsed.as_ref().map_or("", Url::scheme)
    }

    /// Path without query; for a relative address whatever stands before `?`.
    pub fn path(&self) -> &str {
        match &self.parsed {
            Some(url) => url.path(),
            None => self.as_str().split(['?', '#']).next().unwrap_or_default(),
        }
    }

    /// Decoded value of the first query parameter called `name`, names compared without case.
    pub fn query(&self, name: &str) -> Option<String> {
        self.query_pairs()
            .into_iter()
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    /// Decoded query parameters in order.
    pub fn query_pairs(&self) -> Vec<(String, String)> {
        match &self.parsed {
            Some(url) => url.query_pairs().into_owned().collect(),
            None => self
                .as_str()
                .split_once('?')
                .map(|(_, query)| {
                    url::form_urlencoded::parse(query.as_bytes()).into_owned().collect()
                })
                .unwrap_or_default(),
        }
    }

    /// `https://mail.contoso.com`: scheme and host, with the port unless it is the scheme's own.
    pub fn origin(&self) -> String {
        match &self.parsed {
            Some(url) if url.has_host() => url.port().map_or_else(
                || format!("{}://{}", url.scheme(), self.host()),
                |port| format!("{}://{}:{port}", url.scheme(), self.host()),
            ),
            _ => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Target;

    #[test]
    fn reads_what_recorders_write() {
        let target = Target::new("https://Mail.Contoso.com:443/mapi/emsmdb/?MailboxId=a%40b");
        assert_eq!(
            (target.host(), target.path(), target.origin().as_str()),
            ("mail.contoso.com", "/mapi/emsmdb/", "https://mail.contoso.com")
        );
        assert_eq!(target.query("mailboxid").as_deref(), Some("a@b"));
        assert_eq!(
            Target::new("login.microsoftonline.com:443").host(),
            "login.microsoftonline.com"
        );
        assert_eq!(Target::new("/owa/?x=1").path(), "/owa/");
        assert_eq!(Target::new("/owa/?x=1").query("x").as_deref(), Some("1"));
        assert_eq!(Target::new("").host(), "");
    }
}
