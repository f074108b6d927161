//! What HTTP says, whoever recorded it: header fields, URLs, bodies, and the grammars of the
//! header values that matter to Hybrid Modern Authentication. Nothing here knows captures or OAuth flows.

mod active;
mod authorization;
mod body;
mod challenge;
mod charset;
mod cookies;
mod diagnostics;
mod headers;
pub mod mask;
mod media_type;
mod multipart;
mod picture;
mod secret;
mod url;

pub use active::is_active;
pub use authorization::{Authorization, BasicCredentials, Scheme};
pub use body::{Body, BodyState, Distant, is_text};
pub use challenge::{Challenge, Challenges};
pub use charset::{Decoded, decode};
pub use cookies::{Cookie, request_cookies, response_cookies};
pub use diagnostics::Diagnostics;
pub use headers::{Header, Headers};
pub use media_type::MediaType;
pub use multipart::{BodyPart, body_parts};
pub use picture::Picture;
pub use secret::Secret;
pub use url::Target;
