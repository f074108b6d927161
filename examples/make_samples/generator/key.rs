//! The throw-away key that signs the sample tokens. RS256 has no randomness: the same claims give the same token.

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode, jwk::Jwk};
use serde_json::{Value, json};

use super::Mistake;

/// The sample key's id in token headers and in the key set: 27 characters like a real one.
const KEY_ID: &str = "Sample-Key-Of-HMA-Trace-001";
const PLACE: &str = "sample-key.pem";

/// The sample signing key.
pub(crate) struct SampleKey(EncodingKey);

impl SampleKey {
    pub(crate) fn from_pem(pem: &str) -> Result<Self, Mistake> {
        EncodingKey::from_rsa_pem(pem.as_bytes())
            .map(Self)
            .map_err(|error| Mistake::new(PLACE, error.to_string()))
    }

    /// A signed token with these claims, in the order given.
    pub(crate) fn sign(&self, claims: &Value) -> Result<String, Mistake> {
        let header = Header {
            typ: Some("JWT".to_owned()),
            x5t: Some(KEY_ID.to_owned()),
            kid: Some(KEY_ID.to_owned()),
            ..Header::new(Algorithm::RS256)
        };
        encode(&header, claims, &self.0).map_err(|error| Mistake::new(PLACE, error.to_string()))
    }

    /// The public half as a JSON Web Key Set.
    pub(crate) fn key_set(&self) -> Result<String, Mistake> {
        let key = Jwk::from_encoding_key(&self.0, Algorithm::RS256)
            .map_err(|error| Mistake::new(PLACE, error.to_string()))?;
        let key =
            serde_json::to_value(&key).map_err(|error| Mistake::new(PLACE, error.to_string()))?;
        let set = json!({ "keys": [{
            "kty": "RSA", "use": "sig", "kid": KEY_ID, "x5t": KEY_ID, "n": key.get("n"), "e": key.get("e"),
        }]});
        Ok(set.to_string())
    }
}
