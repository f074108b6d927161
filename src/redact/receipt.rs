//! What a redaction did, for the person who shares the file: counts, never values.

use serde::Serialize;

use super::{ENCODINGS, Lookout, Names, Proof, Redacted};

/// The receipt's schema.
const SCHEMA: &str = "hma-trace/receipt/1";

/// How many values of a kind were removed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RemovedCount {
    /// The kind's id.
    pub kind: &'static str,
    /// Removals, one for each place.
    pub count: usize,
}

/// What stayed, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Kept {
    /// What it is.
    pub kind: &'static str,
    /// Why it stayed.
    pub why: &'static str,
}

/// The search of the written file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rescan {
    /// How many values were searched for.
    pub values_searched: usize,
    /// In which encodings.
    pub encodings: [&'static str; ENCODINGS.len()],
    /// How many were found; a file with a find is never written.
    pub found: usize,
}

/// The receipt of one redaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Receipt {
    /// `hma-trace/receipt/1`.
    pub schema: &'static str,
    /// SHA-256 of the file that was read, in hexadecimal.
    pub input_sha256: String,
    /// SHA-256 of the file that was written, in hexadecimal.
    pub output_sha256: String,
    /// Sessions read.
    pub sessions_in: usize,
    /// Sessions in the written file.
    pub sessions_out: usize,
    /// What was removed, by kind.
    pub removed: Vec<RemovedCount>,
    /// What stayed, and why.
    pub kept: Vec<Kept>,
    /// What looks random and stayed because nothing says that it is a secret: worth a look.
    pub look_at: Lookout,
    /// How many names got another.
    pub pseudonyms: usize,
    /// The search of the written file.
    pub rescan: Rescan,
    /// What else the reader should know: sessions that got other numbers, say.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
    /// The verdict on what was read.
    pub verdict_before: String,
    /// The verdict on what was written; always the same.
    pub verdict_after: String,
}

/// What a receipt tells about the two files.
pub(crate) struct Files {
    pub(crate) input_sha256: String,
    pub(crate) output_sha256: String,
    pub(crate) sessions_in: usize,
    pub(crate) sessions_out: usize,
    pub(crate) remarks: Vec<String>,
    pub(crate) verdict: String,
    pub(crate) look_at: Lookout,
}

impl Receipt {
    /// Writes the receipt of a proven redaction.
    pub(crate) fn new(redacted: &Redacted, proof: Proof, files: Files) -> Self {
        Self {
            schema: SCHEMA,
            input_sha256: files.input_sha256,
            output_sha256: files.output_sha256,
            sessions_in: files.sessions_in,
            sessions_out: files.sessions_out,
            removed: counts(redacted),
            kept: kept(redacted.names),
            look_at: files.look_at,
            pseudonyms: redacted.pseudonyms,
            rescan: Rescan {
                values_searched: proof.values_searched,
                encodings: ENCODINGS,
                found: 0,
            },
            remarks: files.remarks,
            verdict_before: files.verdict.clone(),
            verdict_after: files.verdict,
        }
    }
}

fn counts(redacted: &Redacted) -> Vec<RemovedCount> {
    let mut kinds: Vec<_> = redacted.removed.iter().map(|removed| removed.kind).collect();
    kinds.sort_unstable();
    kinds
        .chunk_by(|a, b| a == b)
        .filter_map(|run| {
            run.first().map(|kind| RemovedCount { kind: kind.id(), count: run.len() })
        })
        .collect()
}

fn kept(names: Names) -> Vec<Kept> {
    let mut kept = vec![
        Kept {
            kind: "token-claims",
            why: "without its signature a token opens nothing, and its audience, times and scopes explain the flow",
        },
        Kept {
            kind: "request-ids",
            why: "they find the request again in the servers' logs and name no person",
        },
        Kept {
            kind: "times",
            why: "the order and the life of tokens cannot be judged without them",
        },
    ];
    if names == Names::Keep {
        kept.extend([
            Kept {
                kind: "names",
                why: "asked for: users, hosts, servers and addresses stand as recorded",
            },
            Kept { kind: "tenant-id", why: "asked for: it stays with the other names" },
        ]);
    }
    kept
}
