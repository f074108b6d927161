//! Issuers' public keys, and whether a token's signature fits one of them.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk};
use jsonwebtoken::{AlgorithmFamily, DecodingKey, crypto, decode_header};
use serde::Deserialize;
use serde_json::Value;

use super::Jwt;

/// Why a text gives no keys.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum KeysError {
    /// The text is not JSON or has no list `keys`.
    #[error("not a JSON Web Key Set: no list \"keys\"")]
    NotAKeySet,
    /// The list holds no public RSA or elliptic-curve key that can check a signature.
    #[error("the key set holds no usable RSA or elliptic-curve key")]
    NoUsableKey,
}

/// Public keys of token issuers, as they publish them (RFC 7517; Entra under `/discovery/keys`, AD FS under
/// `/adfs/discovery/keys`).
#[derive(Clone, Debug, Default)]
pub struct Keys(Vec<Key>);

#[derive(Clone, Debug)]
struct Key {
    /// `kid` and `x5t`: either may be what a token names.
    names: Vec<String>,
    key: DecodingKey,
}

impl Keys {
    /// Reads a JSON Web Key Set. Keys of other kinds and sizes are passed over: symmetric ones, RSA beyond 1024 to 4096
    /// bits, entries with nothing but a certificate.
    pub fn from_jwks(text: &str) -> Result<Self, KeysError> {
        #[derive(Deserialize)]
        struct KeySet {
            keys: Vec<Value>,
        }
        let Ok(set) = serde_json::from_str::<KeySet>(text) else {
            return Err(KeysError::NotAKeySet);
        };
        let keys: Vec<Key> = set.keys.into_iter().filter_map(Key::read).collect();
        if keys.is_empty() { Err(KeysError::NoUsableKey) } else { Ok(Self(keys)) }
    }

    /// Adds another issuer's keys.
    pub fn merge(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no key.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Key {
    fn read(value: Value) -> Option<Self> {
        let jwk: Jwk = serde_json::from_value(value).ok()?;
        match &jwk.algorithm {
            AlgorithmParameters::RSA(rsa) => {
                let modulus = URL_SAFE_NO_PAD.decode(&rsa.n).ok()?;
                // The sizes the verifier accepts; any other would make every signature look invalid.
                (128..=512).contains(&modulus.len()).then_some(())?;
            }
            AlgorithmParameters::EllipticCurve(_) => {}
            _ => return None,
        }
        let names = [&jwk.common.key_id, &jwk.common.x509_sha1_fingerprint];
        let names: Vec<String> = names.into_iter().flatten().cloned().collect();
        let key = DecodingKey::from_jwk(&jwk).ok()?;
        (!names.is_empty()).then_some(Self { names, key })
    }
}

/// What is known of a token's signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Signature {
    /// It fits the key that the token names.
    Verified,
    /// It does not fit the key that the token names: the token was changed, or the key set is another issuer's.
    Invalid,
    /// No key at hand has the token's key name, or the algorithm cannot be checked with public keys, or the token is
    /// of the kind (`nonce` in the header, Microsoft Graph) that only its audience can check.
    NotChecked,
    /// The token carries none.
    Absent,
}

impl Signature {
    /// Stable name for reports.
    pub fn id(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Invalid => "invalid",
            Self::NotChecked => "not-checked",
            Self::Absent => "absent",
        }
    }
}

/// What stands in place of a token's signature, or of another part, in a redacted capture. Readable as base64url.
pub const REDACTED_PART: &str = "REDACTED";

/// Checks a token's signature, and nothing else: not its times, not its audience.
pub fn verify(jwt: &Jwt, keys: &Keys) -> Signature {
    if !jwt.is_signed() {
        return Signature::Absent;
    }
    if jwt.header().contains_key("nonce") {
        return Signature::NotChecked;
    }
    let (Ok(header), Some((message, signature)), Some(name)) =
        (decode_header(jwt.raw()), jwt.raw().rsplit_once('.'), jwt.key_id())
    else {
        return Signature::NotChecked;
    };
    if signature == REDACTED_PART {
        return Signature::NotChecked;
    }
    if !matches!(header.alg.family(), AlgorithmFamily::Rsa | AlgorithmFamily::Ec) {
        return Signature::NotChecked;
    }
    let mut answer = Signature::NotChecked;
    for key in keys.0.iter().filter(|key| key.names.iter().any(|known| known == name)) {
        if key.key.family() != header.alg.family() {
            continue;
        }
        match crypto::verify(signature, message.as_bytes(), &key.key, header.alg) {
            Ok(true) => return Signature::Verified,
            Ok(false) => answer = Signature::Invalid,
            Err(_) => {}
        }
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::super::{Jwt, Token, example::expand};
    use super::{Keys, KeysError, REDACTED_PART, Signature, verify};
    use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
    use serde_json::json;

    // Throw-away keys, made for these tests and used nowhere else.
    const RSA: &[u8] = include_bytes!("testdata/rsa-private.pem");
    const P256: &[u8] = include_bytes!("testdata/p256-private.pem");
    const JWKS: &str = include_str!("testdata/jwks.json");

    #[test]
    fn a_redacted_signature_is_not_called_invalid() {
        let token = signed(Algorithm::RS256, |_| {});
        let (message, _) = token.rsplit_once('.').unwrap();
        assert_eq!(
            verify(&read(&format!("{message}.{REDACTED_PART}")), &keys()),
            Signature::NotChecked
        );
        assert_eq!(verify(&read(&format!("{message}.REDACTES")), &keys()), Signature::Invalid);
    }

    fn keys() -> Keys {
        Keys::from_jwks(JWKS).unwrap()
    }

    fn read(text: &str) -> Jwt {
        match Token::read(text) {
            Token::Jwt(jwt) => jwt,
            other => panic!("{other:?}"),
        }
    }

    fn signed(algorithm: Algorithm, edit: impl FnOnce(&mut Header)) -> String {
        let key = match algorithm {
            Algorithm::ES256 => EncodingKey::from_ec_pem(P256).unwrap(),
            _ => EncodingKey::from_rsa_pem(RSA).unwrap(),
        };
        let mut header = Header::new(algorithm);
        header.kid = Some("rsa".into());
        edit(&mut header);
        // Expired long ago, and for nobody: neither may matter.
        encode(&header, &json!({ "aud": "x", "exp": 1 }), &key).unwrap()
    }

    #[test]
    fn a_signature_fits_its_own_key() {
        for algorithm in [Algorithm::RS256, Algorithm::RS384, Algorithm::RS512, Algorithm::PS256] {
            let token = read(&signed(algorithm, |_| {}));
            assert_eq!(verify(&token, &keys()), Signature::Verified, "{algorithm:?}");
        }
        let token = read(&signed(Algorithm::ES256, |h| h.kid = Some("p256".into())));
        assert_eq!(verify(&token, &keys()), Signature::Verified);
        let by_thumbprint = read(&signed(Algorithm::RS256, |h| {
            h.kid = None;
            h.x5t = Some("rsa-thumbprint".into());
        }));
        assert_eq!(verify(&by_thumbprint, &keys()), Signature::Verified);
    }

    #[test]
    fn a_wrong_key_or_a_changed_token_is_invalid() {
        let wrong = read(&signed(Algorithm::RS256, |h| h.kid = Some("other-rsa".into())));
        assert_eq!(verify(&wrong, &keys()), Signature::Invalid);

        let genuine = signed(Algorithm::RS256, |_| {});
        let (message, signature) = genuine.rsplit_once('.').unwrap();
        let header = message.split('.').next().unwrap();
        let forged = expand(r#"{{jwt {"aud":"y"}}}"#);
        let claims = forged.split('.').nth(1).unwrap();
        let forged = read(&format!("{header}.{claims}.{signature}"));
        assert_eq!(verify(&forged, &keys()), Signature::Invalid);
    }

    #[test]
    fn what_cannot_be_checked_is_not_called_invalid() {
        let unknown_key = read(&signed(Algorithm::RS256, |h| h.kid = Some("rotated".into())));
        assert_eq!(verify(&unknown_key, &keys()), Signature::NotChecked);
        let graph = read(&signed(Algorithm::RS256, |h| h.nonce = Some("n".into())));
        assert_eq!(verify(&graph, &keys()), Signature::NotChecked);
        let symmetric = read(&expand(r#"{{jwt {"alg":"HS256","kid":"rsa"} {}}}"#));
        assert_eq!(verify(&symmetric, &keys()), Signature::NotChecked);
        let genuine = read(&signed(Algorithm::RS256, |_| {}));
        assert_eq!(verify(&genuine, &Keys::default()), Signature::NotChecked);
    }

    #[test]
    fn an_unsigned_token_has_no_signature() {
        let unsigned = read(&expand(r#"{{jwt {"alg":"none","kid":"rsa"} {}}}"#));
        assert_eq!(verify(&unsigned, &keys()), Signature::Absent);
        let (message, _) = unsigned.raw().rsplit_once('.').unwrap();
        // "none" with a third part is still unsigned.
        assert_eq!(verify(&read(&format!("{message}.c2ln")), &keys()), Signature::Absent);
    }

    #[test]
    fn key_sets() {
        assert_eq!(Keys::from_jwks("[]").unwrap_err(), KeysError::NotAKeySet);
        assert_eq!(Keys::from_jwks("{\"keys\":[]}").unwrap_err(), KeysError::NoUsableKey);
        let odd = r#"{"keys":[1,{},{"kty":"oct","kid":"k","k":"AA"},{"kty":"RSA","kid":"tiny","n":"AQAB","e":"AQAB"}]}"#;
        assert_eq!(Keys::from_jwks(odd).unwrap_err(), KeysError::NoUsableKey);
        let mut keys = Keys::default();
        assert!(keys.is_empty());
        keys.merge(self::keys());
        assert_eq!(keys.len(), 3);
    }
}
