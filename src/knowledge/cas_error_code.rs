//! The values of `X-CasErrorCode`: why the front end that let a client in found no back end for it.

use super::Source;

const SEEN: Source = Source::seen("Answers of Exchange front ends in public recordings and forums");

/// One value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CasErrorCode {
    /// The word.
    pub name: &'static str,
    /// What it says.
    pub meaning: &'static str,
    /// Where this comes from.
    pub source: Source,
}

const CODES: &[CasErrorCode] = &[
    CasErrorCode {
        name: "UserNotFound",
        meaning: "The front end let the user in and found no mailbox for them in Active Directory.",
        source: SEEN,
    },
    CasErrorCode {
        name: "EmailNotFound",
        meaning: "No mailbox has the address that the request names.",
        source: SEEN,
    },
    CasErrorCode {
        name: "MailboxGuidWithDomainNotFound",
        meaning: "No mailbox has the GUID and domain of MailboxId in the address: it was moved, disabled or deleted, or \
            the profile is old.",
        source: SEEN,
    },
];

/// A value by its word, in any letter case.
pub fn find(name: &str) -> Option<&'static CasErrorCode> {
    CODES.iter().find(|row| row.name.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::{CODES, find};

    #[test]
    fn every_word_is_found() {
        for row in CODES {
            assert_eq!(find(&row.name.to_lowercase()), Some(row));
            assert!(row.meaning.ends_with('.'));
        }
        assert_eq!(find("somethingelse"), None);
    }
}
