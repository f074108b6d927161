//! Where Outlook on the web sends a browser that has not signed in.

use crate::capture::Session;
use crate::http::Target;

/// A place where a browser signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WebSignIn {
    /// Exchange's own forms page.
    Forms,
    /// AD FS.
    Adfs,
    /// An OAuth authority: Entra ID.
    OAuth,
}

impl WebSignIn {
    /// Reads the redirect of an answer; `None` for answers that lead to no sign-in.
    pub fn of(session: &Session) -> Option<Self> {
        let target = Target::new(session.response_header("location")?);
        let path = target.path().to_ascii_lowercase();
        if path.ends_with("/auth/logon.aspx") {
            Some(Self::Forms)
        } else if path.starts_with("/adfs/ls") || path.starts_with("/adfs/oauth2/authorize") {
            Some(Self::Adfs)
        } else {
            (path.ends_with("/oauth2/authorize") || path.ends_with("/oauth2/v2.0/authorize"))
                .then_some(Self::OAuth)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::WebSignIn;
    use crate::capture::{Response, Session, SessionId};

    #[test]
    fn sign_in_pages_are_told_by_their_address() {
        for (location, expected) in [
            ("https://mail.contoso.com/owa/auth/logon.aspx?url=x&reason=0", Some(WebSignIn::Forms)),
            ("/owa/auth/logon.aspx", Some(WebSignIn::Forms)),
            ("https://adfs.contoso.com/adfs/ls/?wa=wsignin1.0", Some(WebSignIn::Adfs)),
            (
                "https://login.microsoftonline.com/common/oauth2/authorize?x=1",
                Some(WebSignIn::OAuth),
            ),
            ("https://mail.contoso.com/owa/", None),
            ("https://mail.contoso.com/owa/auth/logoff.aspx", None),
        ] {
            let mut session = Session::new(SessionId(1));
            let headers = [("Location", location)].into_iter().collect();
            session.response = Some(Response { status: 302, headers, ..Response::default() });
            assert_eq!(WebSignIn::of(&session), expected, "{location}");
        }
    }
}
