//! What may stand before a colon in the search box.

/// A field of the search language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// Host name.
    Host,
    /// Status code.
    Status,
    /// Method.
    Method,
    /// Step of the flow.
    Step,
    /// What the client authenticated with.
    Auth,
    /// A finding that the session proves.
    Finding,
    /// Header fields of request and answer.
    Header,
    /// Bodies of request and answer.
    Body,
    /// The whole address.
    Url,
    /// Client's process.
    Process,
    /// Who answered.
    Actor,
    /// Exchange's protocol.
    Protocol,
    /// Content type of the answer.
    Type,
    /// Size of the answer's body.
    Size,
    /// How long it took, or when it began.
    Time,
    /// A mark.
    Mark,
    /// A comment.
    Comment,
    /// The recorder's number.
    Session,
}

impl Field {
    /// All fields, those asked for most first.
    pub const ALL: [Self; 18] = [
        Self::Host,
        Self::Status,
        Self::Method,
        Self::Step,
        Self::Auth,
        Self::Finding,
        Self::Header,
        Self::Body,
        Self::Url,
        Self::Process,
        Self::Actor,
        Self::Protocol,
        Self::Type,
        Self::Size,
        Self::Time,
        Self::Mark,
        Self::Comment,
        Self::Session,
    ];

    /// The field's name as it is typed.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Status => "status",
            Self::Method => "method",
            Self::Step => "step",
            Self::Auth => "auth",
            Self::Finding => "finding",
            Self::Header => "header",
            Self::Body => "body",
            Self::Url => "url",
            Self::Process => "process",
            Self::Actor => "actor",
            Self::Protocol => "protocol",
            Self::Type => "type",
            Self::Size => "size",
            Self::Time => "time",
            Self::Mark => "mark",
            Self::Comment => "comment",
            Self::Session => "session",
        }
    }

    /// What it looks at, in a few words.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Host => "part of the host name",
            Self::Status => "status code: 401, 4xx, >=400, none",
            Self::Method => "GET, POST, CONNECT, …",
            Self::Step => "probe, challenge, sign-in, token, access",
            Self::Auth => "none, empty-bearer, token, basic, ntlm, negotiate",
            Self::Finding => "error, warning, note, any, none, or part of a rule's name",
            Self::Header => "name or value of a header field",
            Self::Body => "text in a body of request or answer",
            Self::Url => "part of the address",
            Self::Process => "part of the process's name",
            Self::Actor => "who answered: exchange, entra, ad-fs, proxy, other",
            Self::Protocol => "mapi, ews, oab, autodiscover, …",
            Self::Type => "content type of the answer: json, html, …",
            Self::Size => "size of the answer: >10k, <=1mb, 5k..20k",
            Self::Time => "duration: >500ms, >2s; or clock: >09:14, 09:14..09:20",
            Self::Mark => "red, blue, gold, green, orange, purple or 1–6, any, none",
            Self::Comment => "text of a comment, any, none",
            Self::Session => "number or range: 12, 5..20, >100",
        }
    }

    /// The field of a name, typed in any case; plural and common other names count.
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let known = match name.as_str() {
            "code" | "result" => Some(Self::Status),
            "duration" => Some(Self::Time),
            "content-type" | "mime" => Some(Self::Type),
            "rule" => Some(Self::Finding),
            "id" => Some(Self::Session),
            _ => None,
        };
        known.or_else(|| Self::ALL.into_iter().find(|f| f.name() == name))
    }
}
