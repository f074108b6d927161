//! Why a file could not be opened, one variant per thing a user can act on.

use std::io;

/// Why a file could not be opened. Messages hold no secret and no path; whoever knows the path appends it.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The content is none of the known formats.
    #[error(
        "not a capture ({found}); expected a HAR file (JSON with log.entries), a SAZ file (a ZIP with raw/…_c.txt) \
         or HTTP text (a request line such as GET https://mail.contoso.com/ HTTP/1.1 with its headers)"
    )]
    NotACapture {
        /// What the content looks like instead.
        found: &'static str,
    },
    /// JSON that breaks before the first complete entry.
    #[error(
        "the HAR file is not valid JSON: it breaks at line {line}, column {column}, before its first complete entry"
    )]
    Json {
        /// Line counted from 1.
        line: usize,
        /// Column counted from 1.
        column: usize,
    },
    /// A ZIP file that is damaged beyond its directory.
    #[error("the ZIP file is damaged: {0}")]
    Zip(#[source] zip::result::ZipError),
    /// A ZIP file without a single recorded message.
    #[error("the ZIP file holds no sessions; a SAZ file has raw/1_c.txt, raw/1_s.txt and so on")]
    NoSessions,
    /// The archive is encrypted and no password was given.
    #[error("the SAZ file is encrypted: a password is required")]
    PasswordRequired,
    /// The password does not open the archive.
    #[error("the password does not open this SAZ file")]
    WrongPassword,
    /// The user stopped the work.
    #[error("cancelled")]
    Cancelled,
    /// Larger than this program reads.
    #[error("the content is larger than {} MiB, the most this program reads", .limit >> 20)]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// The file could not be read.
    #[error("cannot read the file: {0}")]
    Read(#[source] io::Error),
}
