//! Changes bytes at random, the same way for the same seed.

/// Words that readers look for, so that changes get past the first check.
const WORDS: [&[u8]; 40] = [
    b"{\"log\":{\"entries\":[",
    b"\"request\":",
    b"\"response\":",
    b"\"headers\":",
    b"\"content\":{\"text\":",
    b"\"encoding\":\"base64\"",
    b"\"postData\":{\"params\":[",
    b"\\ud800",
    b"null",
    b"1e999",
    b"-1",
    b"18446744073709551615",
    b"GET https://a.example/ HTTP/1.1\r\n",
    b"HTTP/1.1 401 Unauthorized\r\n",
    b"\r\n\r\n",
    b"### ",
    b"> ",
    b"< ",
    b"WWW-Authenticate: Bearer ",
    b"authorization_uri=\"",
    b", ",
    b"\"",
    b"Content-Encoding: gzip\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Content-Length: 5\r\n",
    b"PK\x03\x04",
    b"PK\x01\x02",
    b"PK\x05\x06",
    b"PK\x07\x08",
    b"raw/1_c.txt",
    b"raw/1_m.xml",
    b"\x1F\x8B\x08",
    b"<SessionFlag N=\"",
    b"&#x10FFFF;",
    b"eyJhbGciOiJub25lIn0.",
    b".",
    b";reason=\"",
    b";error_category=\"",
    b"\xEF\xBB\xBF",
    b"\xFF\xFE",
];

/// Numbers that break sums.
const EDGES: [u8; 6] = [0, 1, 0x7F, 0x80, 0xFE, 0xFF];

/// The largest input, in bytes.
const LARGEST: usize = 64 << 10;

/// A source of numbers: xorshift64*.
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// A number below `end`; 0 when there is none.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap().max(1);
        usize::try_from((self.next() >> 11) % end).unwrap()
    }

    /// One of several.
    pub(crate) fn pick<'a, T: ?Sized>(&mut self, from: &'a [&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}

/// Changes bytes in one to eight places; `other` is another seed to take parts from.
pub(crate) fn mutate(bytes: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    for _ in 0..=random.below(8) {
        change(bytes, other, random);
    }
    bytes.truncate(LARGEST);
}

fn change(bytes: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    let at = random.below(bytes.len() + 1);
    let longest = 1 << random.below(10);
    let to = (at + random.below(longest)).min(bytes.len());
    match random.below(9) {
        0 => flip(bytes, at, random),
        1 => {
            let edge = EDGES[random.below(EDGES.len())];
            bytes[at..to].fill(edge);
        }
        2 => drop(bytes.drain(at..to)),
        3 => {
            let part = bytes[at..to].to_vec();
            let times = 1 + random.below(20);
            insert(bytes, to, &part.repeat(times));
        }
        4 => bytes.truncate(at),
        5 => {
            let from = random.below(other.len() + 1);
            let length = random.below(512).min(other.len() - from);
            insert(bytes, at, &other[from..from + length]);
        }
        6 => {
            let byte = u8::try_from(random.below(256)).unwrap();
            insert(bytes, at, &[byte]);
        }
        _ => {
            let word = random.pick(&WORDS);
            if random.below(2) == 0 {
                insert(bytes, at, word);
            } else {
                let end = (at + word.len()).min(bytes.len());
                bytes[at..end].copy_from_slice(&word[..end - at]);
            }
        }
    }
}

fn flip(bytes: &mut [u8], at: usize, random: &mut Random) {
    if let Some(byte) = bytes.get_mut(at) {
        *byte ^= 1 << random.below(8);
    }
}

fn insert(bytes: &mut Vec<u8>, at: usize, part: &[u8]) {
    if bytes.len() + part.len() <= LARGEST {
        bytes.splice(at..at, part.iter().copied());
    }
}
