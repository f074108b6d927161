//! The fields of an entry that are read, typed as the format promises them and borrowed from the file. What is not as
//! promised is left to [`loose`](super::loose), which makes the same fields of it.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, de};
use serde_json::value::RawValue;

use super::field::whole;

/// An entry.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Entry<'a> {
    #[serde(borrow, default)]
    pub(super) request: Option<Request<'a>>,
    #[serde(borrow, default)]
    pub(super) response: Option<Response<'a>>,
    #[serde(borrow, default, rename = "_error")]
    pub(super) error: Option<Text<'a>>,
    #[serde(borrow, default, rename = "startedDateTime")]
    pub(super) started: Option<Text<'a>>,
    #[serde(default)]
    pub(super) time: Option<f64>,
    #[serde(default)]
    pub(super) timings: Option<Timings>,
    #[serde(borrow, default, rename = "serverIPAddress")]
    pub(super) server_address: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) comment: Option<Text<'a>>,
    /// Not part of the format; written by recorders that know the process, and by this program's own export.
    #[serde(borrow, default, rename = "_process")]
    pub(super) process: Option<Text<'a>>,
}

/// A request.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Request<'a> {
    #[serde(borrow, default)]
    pub(super) method: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) url: Option<Text<'a>>,
    #[serde(borrow, default, rename = "httpVersion")]
    pub(super) version: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) headers: Vec<Field<'a>>,
    #[serde(default, rename = "bodySize")]
    pub(super) body_size: Count,
    #[serde(borrow, default, rename = "postData")]
    pub(super) post: Option<Post<'a>>,
}

/// A response.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Response<'a> {
    #[serde(default)]
    pub(super) status: Count,
    #[serde(borrow, default, rename = "statusText")]
    pub(super) reason: Option<Text<'a>>,
    #[serde(borrow, default, rename = "httpVersion")]
    pub(super) version: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) headers: Vec<Field<'a>>,
    #[serde(default, rename = "bodySize")]
    pub(super) body_size: Count,
    #[serde(borrow, default)]
    pub(super) content: Option<Content<'a>>,
    #[serde(borrow, default, rename = "_error")]
    pub(super) error: Option<Text<'a>>,
}

/// `postData`.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Post<'a> {
    #[serde(borrow, default)]
    pub(super) text: BodyText<'a>,
    #[serde(borrow, default)]
    pub(super) encoding: Option<Text<'a>>,
    #[serde(borrow, default, rename = "mimeType")]
    pub(super) mime: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) params: Vec<Param<'a>>,
}

/// A parameter of `postData`.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Param<'a> {
    #[serde(borrow)]
    pub(super) name: Text<'a>,
    #[serde(borrow, default)]
    pub(super) value: Option<Text<'a>>,
    #[serde(borrow, default, rename = "fileName")]
    pub(super) file: Option<Text<'a>>,
    #[serde(borrow, default, rename = "contentType")]
    pub(super) kind: Option<Text<'a>>,
}

/// `content`.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Content<'a> {
    #[serde(borrow, default)]
    pub(super) text: BodyText<'a>,
    #[serde(borrow, default)]
    pub(super) encoding: Option<Text<'a>>,
    #[serde(default)]
    pub(super) size: Count,
    #[serde(borrow, default, rename = "_file")]
    pub(super) file: Option<Text<'a>>,
}

/// `timings`, in milliseconds.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub(super) struct Timings {
    #[serde(default)]
    pub(super) blocked: Option<f64>,
    #[serde(default)]
    pub(super) dns: Option<f64>,
    #[serde(default)]
    pub(super) connect: Option<f64>,
    #[serde(default)]
    pub(super) ssl: Option<f64>,
    #[serde(default)]
    pub(super) send: Option<f64>,
    #[serde(default)]
    pub(super) wait: Option<f64>,
    #[serde(default)]
    pub(super) receive: Option<f64>,
}

/// A text, borrowed where the file has it without escapes.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub(super) struct Text<'a>(#[serde(borrow)] pub(super) Cow<'a, str>);

/// The text, if there is one and it is not empty.
pub(super) fn filled(text: Option<Text<'_>>) -> Option<Cow<'_, str>> {
    text.map(|text| text.0).filter(|text| !text.is_empty())
}

/// A header field.
#[derive(Debug)]
pub(super) struct Field<'a> {
    pub(super) name: Cow<'a, str>,
    pub(super) value: Cow<'a, str>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Field<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;

        impl<'de> Visitor<'de> for Fields {
            type Value = Field<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a header field")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Field<'de>, A::Error> {
                let (mut name, mut value) = (None, None);
                while let Some(key) = map.next_key::<Text<'de>>()? {
                    let slot = match &*key.0 {
                        "name" => &mut name,
                        "value" => &mut value,
                        _ => {
                            map.next_value::<IgnoredAny>()?;
                            continue;
                        }
                    };
                    if slot.replace(map.next_value::<Text<'de>>()?.0).is_some() {
                        return Err(A::Error::custom("a member stands twice"));
                    }
                }
                let missing = || A::Error::custom("a header field without name or value");
                Ok(Field { name: name.ok_or_else(missing)?, value: value.ok_or_else(missing)? })
            }
        }

        deserializer.deserialize_map(Fields)
    }
}

/// A whole number that is not negative, `401.0` included; any other number is none.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Count(pub(super) Option<u64>);

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Numbers;

        impl Visitor<'_> for Numbers {
            type Value = Count;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number")
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Count, E> {
                Ok(Count(Some(number)))
            }

            fn visit_i64<E: de::Error>(self, _: i64) -> Result<Count, E> {
                Ok(Count(None))
            }

            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Count, E> {
                Ok(Count(whole(number)))
            }

            fn visit_unit<E: de::Error>(self) -> Result<Count, E> {
                Ok(Count(None))
            }
        }

        deserializer.deserialize_any(Numbers)
    }
}

/// The text of a body.
#[derive(Debug, Default)]
pub(super) enum BodyText<'a> {
    /// None was recorded.
    #[default]
    Absent,
    /// A string as the file has it, quotes and escapes included.
    Raw(&'a str),
    /// A string, read.
    Read(String),
}

impl<'de: 'a, 'a> Deserialize<'de> for BodyText<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match <&'a RawValue>::deserialize(deserializer)?.get() {
            "null" | "\"\"" => Ok(Self::Absent),
            raw if raw.starts_with('"') => Ok(Self::Raw(raw)),
            _ => Err(D::Error::custom("a body that is no text")),
        }
    }
}
