//! The claims that sign-in to Exchange depends on, in the spellings of Entra's v1 and v2 tokens, AD FS and Exchange.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::Jwt;

impl Jwt {
    /// `alg` of the header.
    pub fn algorithm(&self) -> Option<&str> {
        self.header().get("alg")?.as_str()
    }

    /// Name of the signing key: `kid`, or `x5t`, the thumbprint of its certificate.
    pub fn key_id(&self) -> Option<&str> {
        ["kid", "x5t"].iter().find_map(|name| self.header().get(*name)?.as_str())
    }

    /// `aud`: whom the token is for, the first when there are several. A URL in v1 tokens, an app id in v2 tokens.
    pub fn audience(&self) -> Option<&str> {
        match self.claims().get("aud")? {
            Value::Array(several) => several.first()?.as_str(),
            one => one.as_str(),
        }
    }

    /// `iss`: who made the token.
    pub fn issuer(&self) -> Option<&str> {
        self.text("iss")
    }

    /// The Entra tenant: `tid`, else the tenant inside the issuer (`https://sts.windows.net/{tid}/`,
    /// `https://login.microsoftonline.com/{tid}/v2.0`, `{app}@{tid}`).
    pub fn tenant_id(&self) -> Option<&str> {
        self.text("tid").or_else(|| {
            let issuer = self.issuer()?;
            let tenant = match issuer.split_once("://") {
                Some((_, rest)) => rest.split('/').nth(1)?,
                None => issuer.rsplit_once('@')?.1,
            };
            is_guid(tenant).then_some(tenant)
        })
    }

    /// `nbf`: valid from.
    pub fn not_before(&self) -> Option<DateTime<Utc>> {
        self.instant("nbf")
    }

    /// `iat`: made at.
    pub fn issued_at(&self) -> Option<DateTime<Utc>> {
        self.instant("iat")
    }

    /// `exp`: valid until.
    pub fn expires(&self) -> Option<DateTime<Utc>> {
        self.instant("exp")
    }

    /// The client application: `appid` (v1) or `azp` (v2).
    pub fn app_id(&self) -> Option<&str> {
        self.text("appid").or_else(|| self.text("azp"))
    }

    /// Delegated permissions: the words of `scp`.
    pub fn scopes(&self) -> Vec<&str> {
        self.texts("scp").into_iter().flat_map(str::split_whitespace).collect()
    }

    /// Permissions of the application itself: `roles`.
    pub fn roles(&self) -> Vec<&str> {
        self.texts("roles")
    }

    /// The user, in the first of the claims that names one: `upn`, `unique_name`, `preferred_username`, `smtp`,
    /// `email`, `nameid`. Personal data.
    pub fn user(&self) -> Option<&str> {
        ["upn", "unique_name", "preferred_username", "smtp", "email", "nameid"]
            .iter()
            .find_map(|name| self.text(name))
    }

    /// `ver`: the format, `1.0` or `2.0`. It follows the resource, not the endpoint that was asked (Microsoft Learn,
    /// Access token claims reference).
    pub fn version(&self) -> Option<&str> {
        self.text("ver")
    }

    /// A claim that is a text and not empty.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.claims().get(name)?.as_str().filter(|text| !text.is_empty())
    }

    /// A claim that is a text or a list of texts.
    fn texts(&self, name: &str) -> Vec<&str> {
        match self.claims().get(name) {
            Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
            Some(one) => one.as_str().into_iter().collect(),
            None => Vec::new(),
        }
    }

    /// Seconds since 1970 as number or, in Exchange's own tokens, as text; `None` beyond what a date can hold.
    fn instant(&self, name: &str) -> Option<DateTime<Utc>> {
        let seconds = match self.claims().get(name)? {
            Value::Number(number) => number.as_i64().or_else(|| whole(number.as_f64()?))?,
            Value::String(text) => text.trim().parse().ok()?,
            _ => return None,
        };
        DateTime::from_timestamp(seconds, 0)
    }
}

/// The seconds of a fractional number of seconds.
fn whole(seconds: f64) -> Option<i64> {
    format!("{:.0}", seconds.floor()).parse().ok()
}

pub(super) fn is_guid(text: &str) -> bool {
    let mut groups = text.split('-');
    [8, 4, 4, 4, 12].iter().all(|len| {
        groups.next().is_some_and(|g| g.len() == *len && g.bytes().all(|b| b.is_ascii_hexdigit()))
    }) && groups.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::super::{Jwt, Token, example::expand};

    const TENANT: &str = "11111111-2222-3333-4444-555555555555";

    fn jwt(claims: &str) -> Jwt {
        match Token::read(&expand(&format!("{{{{jwt {claims}}}}}"))) {
            Token::Jwt(jwt) => jwt,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_claims_of_a_user_token() {
        let jwt = jwt(
            r#"{"aud":["https://mail.contoso.com/","x"],"iss":"https://sts.windows.net/t/","tid":"t","nbf":1772442000,
            "iat":"1772442000","exp":1772445900.7,"appid":"app","scp":"EAS.AccessAsUser.All  user_impersonation",
            "upn":"","unique_name":"meg@contoso.com","ver":"1.0"}"#,
        );
        assert_eq!(jwt.audience(), Some("https://mail.contoso.com/"));
        assert_eq!(jwt.tenant_id(), Some("t"));
        assert_eq!(jwt.app_id(), Some("app"));
        assert_eq!(jwt.scopes(), ["EAS.AccessAsUser.All", "user_impersonation"]);
        assert_eq!(jwt.user(), Some("meg@contoso.com"));
        assert_eq!(jwt.version(), Some("1.0"));
        assert_eq!(jwt.key_id(), Some("sample"));
        assert_eq!(jwt.not_before(), jwt.issued_at());
        assert_eq!(jwt.expires().unwrap().to_rfc3339(), "2026-03-02T10:05:00+00:00");
    }

    #[test]
    fn the_claims_of_an_application_token() {
        let jwt = jwt(r#"{"azp":"app","roles":["full_access_as_app"]}"#);
        assert_eq!((jwt.app_id(), jwt.roles()), (Some("app"), vec!["full_access_as_app"]));
        assert_eq!((jwt.scopes().len(), jwt.user(), jwt.expires()), (0, None, None));
    }

    #[test]
    fn the_tenant_is_found_in_an_issuer() {
        for issuer in [
            format!("https://sts.windows.net/{TENANT}/"),
            format!("https://login.microsoftonline.com/{TENANT}/v2.0"),
            format!("00000001-0000-0000-c000-000000000000@{TENANT}"),
        ] {
            assert_eq!(jwt(&format!(r#"{{"iss":"{issuer}"}}"#)).tenant_id(), Some(TENANT));
        }
        for issuer in
            ["http://adfs.contoso.com/adfs/services/trust", "00000002@contoso.com", "", "@"]
        {
            assert_eq!(jwt(&format!(r#"{{"iss":"{issuer}"}}"#)).tenant_id(), None, "{issuer}");
        }
    }

    #[test]
    fn times_that_no_calendar_holds_are_none() {
        for exp in ["99999999999999999", "1e300", "-1e300", "\"soon\"", "null", "[1]", "{}"] {
            assert_eq!(jwt(&format!(r#"{{"exp":{exp}}}"#)).expires(), None, "{exp}");
        }
    }
}
