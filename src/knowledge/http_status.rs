//! What status codes say, those that Exchange, its proxies and IIS send among them.

use super::Source;

const HTTP: Source = Source::confirmed("RFC 9110 (HTTP semantics), 15");
const EXCHANGE: Source = Source::seen("Answers of Exchange in public recordings and forums");
const ACTIVESYNC: Source = Source::confirmed("[MS-ASHTTP] 2.2.2, response status line");

/// One code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HttpStatus {
    /// The number.
    pub code: u16,
    /// What it says, in a sentence.
    pub meaning: &'static str,
    /// Where this comes from.
    pub source: Source,
}

const fn row(code: u16, meaning: &'static str, source: Source) -> HttpStatus {
    HttpStatus { code, meaning, source }
}

/// Sorted by code.
const CODES: &[HttpStatus] = &[
    row(100, "The client may send the body.", HTTP),
    row(101, "The connection goes on in another protocol.", HTTP),
    row(200, "Done.", HTTP),
    row(201, "Something was made.", HTTP),
    row(202, "Taken, and worked on later.", HTTP),
    row(204, "Done; there is nothing to send back.", HTTP),
    row(206, "A part of the whole, as it was asked for.", HTTP),
    row(301, "Moved for good: the client goes to the address in Location.", HTTP),
    row(302, "The client goes to the address in Location.", HTTP),
    row(303, "The client fetches the address in Location.", HTTP),
    row(304, "The client's own copy is still good.", HTTP),
    row(307, "The client sends the same again, to the address in Location.", HTTP),
    row(308, "Moved for good: the client sends the same again, to the address in Location.", HTTP),
    row(400, "The server does not understand the request.", HTTP),
    row(401, "The server wants to know who asks, or did not accept what it was given.", HTTP),
    row(403, "The server knows who asks, or does not care, and says no.", HTTP),
    row(404, "There is nothing at this address.", HTTP),
    row(405, "The method is not allowed at this address.", HTTP),
    row(406, "The server has no form of this that the client takes.", HTTP),
    row(407, "A proxy on the way wants to know who asks.", HTTP),
    row(408, "The request took too long to arrive.", HTTP),
    row(411, "The server wants to be told the length of the body.", HTTP),
    row(412, "A condition that the client named does not hold.", HTTP),
    row(413, "The body is too large for the server.", HTTP),
    row(414, "The address is too long for the server.", HTTP),
    row(415, "The server does not take bodies of this type.", HTTP),
    row(429, "Too many requests: the client must wait.", HTTP),
    row(
        431,
        "The header fields are too large, mostly because of cookies or a Kerberos ticket.",
        HTTP,
    ),
    row(440, "The sign-in by form has ended; the user signs in again.", EXCHANGE),
    row(441, "The sign-in by form found no cookie.", EXCHANGE),
    row(449, "The device must first take the policies of the server (Provision).", ACTIVESYNC),
    row(451, "The mailbox is at another address, which X-MS-Location names.", ACTIVESYNC),
    row(456, "The account is blocked.", EXCHANGE),
    row(457, "The password has expired.", EXCHANGE),
    row(500, "The server failed.", HTTP),
    row(501, "The server does not know the method.", HTTP),
    row(502, "A gateway got no usable answer from the server behind it.", HTTP),
    row(
        503,
        "The server does not serve now: overloaded, in maintenance, or its application pool is down.",
        HTTP,
    ),
    row(504, "A gateway waited in vain for the server behind it.", HTTP),
    row(507, "The server has no room left.", ACTIVESYNC),
];

/// What a code says.
pub fn find(code: u16) -> Option<&'static HttpStatus> {
    CODES.binary_search_by_key(&code, |row| row.code).ok().and_then(|at| CODES.get(at))
}

#[cfg(test)]
mod tests {
    use super::{CODES, find};

    #[test]
    fn every_code_is_found_and_says_a_sentence() {
        for row in CODES {
            assert_eq!(find(row.code), Some(row));
            assert!(row.meaning.ends_with('.') && !row.source.document.is_empty());
        }
        assert_eq!(find(299), None);
    }
}
