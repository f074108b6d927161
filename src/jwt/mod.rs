//! JSON Web Tokens, read without trust: what a token says of itself, where tokens stand in a text, and whether a
//! signature fits keys that a person supplied. Decoding never decides that a token is good.

mod claims;
pub mod example;
mod find;
mod keys;
mod kind;
mod token;

pub use find::find;
pub use keys::{Keys, KeysError, REDACTED_PART, Signature, verify};
pub use kind::TokenKind;
pub use token::{EncryptedToken, Jwt, MAX_TOKEN_BYTES, Token};
