//! Files that `build.rs` packed together: the program is downloaded more often than they are opened.

use std::io::Read as _;
use std::sync::LazyLock;

/// A static of the files that `build.rs` packed under a name.
macro_rules! packed {
    ($files:ident, $name:literal) => {
        #[expect(clippy::unreadable_literal, reason = "nobody reads what build.rs writes")]
        static $files: $crate::packed::Packed = $crate::packed::Packed::new(
            include!(concat!(env!("OUT_DIR"), "/", $name, ".rs")),
            || {
                let packed = include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".br"));
                $crate::packed::unpacked(packed)
            },
        );
    };
}
pub(crate) use packed;

/// Files one after the other, unpacked when the first of them is asked for, and kept.
pub(crate) struct Packed {
    /// Each file's name and where it ends.
    ends: &'static [(&'static str, usize)],
    all: LazyLock<Vec<u8>>,
}

impl Packed {
    /// Files by their ends, and how to unpack them.
    pub(crate) const fn new(
        ends: &'static [(&'static str, usize)],
        unpack: fn() -> Vec<u8>,
    ) -> Self {
        Self { ends, all: LazyLock::new(unpack) }
    }

    /// The content of a file; empty when there is none of that name.
    pub(crate) fn file(&'static self, name: &str) -> &'static [u8] {
        let mut start = 0;
        for (own, end) in self.ends {
            if *own == name {
                return self.all.get(start..*end).unwrap_or_default();
            }
            start = *end;
        }
        &[]
    }
}

/// What `build.rs` compressed is whole.
pub(crate) fn unpacked(packed: &[u8]) -> Vec<u8> {
    let mut all = Vec::new();
    let _ = brotli_decompressor::Decompressor::new(packed, 1 << 16).read_to_end(&mut all);
    all
}
