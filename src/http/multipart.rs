//! The parts of a multipart body (RFC 2046 §5.1, RFC 7578), found by the boundary and nothing else.

use std::ops::Range;

use memchr::memmem;

use super::{Headers, MediaType};

/// More parts than any form or batch has; the rest is left alone.
const MOST: usize = 1000;
/// Longest head of a part that is read, in bytes.
const LONGEST_HEAD: usize = 16 * 1024;

/// A part: its own header fields, and where its content stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BodyPart {
    /// The part's header fields.
    pub headers: Headers,
    /// Where its content stands in the whole body, in bytes.
    pub content: Range<usize>,
}

impl BodyPart {
    /// `name` or `filename` of its `Content-Disposition`, as recorded.
    pub fn disposition(&self, parameter: &str) -> Option<String> {
        let value = MediaType::parse(self.headers.get("content-disposition")?);
        value.parameter(parameter).map(str::to_owned)
    }
}

/// The parts of a body whose `Content-Type` names a boundary.
pub fn body_parts(body: &[u8], boundary: &str) -> Vec<BodyPart> {
    let delimiter = format!("--{boundary}");
    let starts: Vec<usize> = memmem::find_iter(body, &delimiter)
        .filter(|at| at.checked_sub(1).is_none_or(|before| body.get(before) == Some(&b'\n')))
        .filter(|at| {
            let rest = body.get(at + delimiter.len()..).unwrap_or_default();
            let line = rest.get(..memchr::memchr(b'\n', rest).unwrap_or(rest.len()));
            line.is_some_and(|line| line.starts_with(b"--") || line.trim_ascii().is_empty())
        })
        .take(MOST + 1)
        .collect();
    let ends = starts.iter().skip(1).copied().chain([body.len()]);
    starts
        .iter()
        .zip(ends)
        .filter_map(|(start, end)| part(body, start + delimiter.len()..end))
        .take(MOST)
        .collect()
}

/// Reads what stands between two delimiters.
fn part(body: &[u8], range: Range<usize>) -> Option<BodyPart> {
    let text = body.get(range.clone())?;
    // The last delimiter ends with two hyphens.
    if text.starts_with(b"--") {
        return None;
    }
    let line_end = memchr::memchr(b'\n', text)? + 1;
    let rest = text.get(line_end..)?;
    let (head, gap) = if rest.starts_with(b"\r\n") {
        (0, 2)
    } else if rest.starts_with(b"\n") {
        (0, 1)
    } else {
        let near = rest.get(..LONGEST_HEAD.min(rest.len()))?;
        let crlf = memmem::find(near, b"\r\n\r\n").map(|at| (at, 4));
        crlf.or_else(|| memmem::find(near, b"\n\n").map(|at| (at, 2)))?
    };
    let headers = String::from_utf8_lossy(rest.get(..head)?)
        .lines()
        .filter_map(|line| line.split_once(':').map(|(n, v)| (n.trim().to_owned(), v.to_owned())))
        .collect();
    let start = range.start + line_end + head + gap;
    let mut end = range.end.max(start);
    // The line end before a delimiter belongs to the delimiter.
    let content = body.get(start..end)?;
    if content.ends_with(b"\r\n") {
        end -= 2;
    } else if content.ends_with(b"\n") {
        end -= 1;
    }
    Some(BodyPart { headers, content: start..end })
}

#[cfg(test)]
mod tests {
    use super::body_parts;
    use proptest::prelude::*;

    #[test]
    fn parts_have_names_and_contents() {
        let body = b"preamble\r\n--B\r\nContent-Disposition: form-data; name=\"a\"; filename=\"x.txt\"\r\nContent-Type: text/plain\r\n\r\none\r\n--B is no delimiter\r\n--B\r\n\r\ntwo\r\n--B--\r\nepilogue";
        let parts = body_parts(body, "B");
        assert_eq!(parts.len(), 2, "{parts:?}");
        assert_eq!(&body[parts[0].content.clone()], b"one\r\n--B is no delimiter");
        assert_eq!(parts[0].disposition("name").as_deref(), Some("a"));
        assert_eq!(parts[0].disposition("filename").as_deref(), Some("x.txt"));
        assert_eq!(&body[parts[1].content.clone()], b"two");
        assert!(body_parts(b"no parts", "B").is_empty());
    }

    proptest! {
        #[test]
        fn any_body_is_read_without_panic(body in "(--B|\r\n|\n|[a-z:]|-){0,60}") {
            for part in body_parts(body.as_bytes(), "B") {
                prop_assert!(body.as_bytes().get(part.content).is_some());
            }
        }
    }
}
