//! The values of `X-ResponseCode`: what MAPI over HTTP says about a request that HTTP itself answered with 200. None of
//! them is a refusal of the token.

use super::Source;

const PROTOCOL: Source =
    Source::confirmed("[MS-OXCMAPIHTTP] 2.2.3.3.3, X-ResponseCode Header Field");

/// One value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MapiResponseCode {
    /// The number.
    pub code: u32,
    /// What it says.
    pub meaning: &'static str,
    /// Where this comes from.
    pub source: Source,
}

const fn row(code: u32, meaning: &'static str) -> MapiResponseCode {
    MapiResponseCode { code, meaning, source: PROTOCOL }
}

/// Sorted by code; the specification has a few more.
const CODES: &[MapiResponseCode] = &[
    row(0, "The request was carried out."),
    row(1, "An unknown failure."),
    row(2, "The HTTP method is not one that MAPI uses."),
    row(3, "The path is not one that MAPI uses."),
    row(4, "A header field has a value that cannot be used."),
    row(5, "The request type (X-RequestType) is unknown."),
    row(6, "The session's cookie is not valid here; the client connects anew."),
    row(7, "A header field is missing."),
    row(8, "The request came without a user; anonymous access is not allowed."),
    row(9, "The request is too large."),
    row(
        10,
        "The session is not known here. Routine after the mailbox moved to another server: the client connects anew.",
    ),
    row(11, "The user may not use this session."),
    row(12, "The body cannot be read."),
    row(13, "The session's cookie is missing."),
];

/// A value by its number.
pub fn find(code: u32) -> Option<&'static MapiResponseCode> {
    CODES.iter().find(|row| row.code == code)
}

#[cfg(test)]
mod tests {
    use super::{CODES, find};

    #[test]
    fn every_code_is_found_and_none_twice() {
        for (at, row) in CODES.iter().enumerate() {
            assert_eq!((find(row.code), row.code as usize), (Some(row), at));
        }
        assert_eq!(find(99), None);
    }
}
