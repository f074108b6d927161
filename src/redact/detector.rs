//! The ways in which secrets and names are found, each with a name, so that tests can leave any one of them out and see
//! that something planted then stays.

/// One way to find what must not stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detector {
    /// `Authorization` and `Proxy-Authorization`.
    Authorization,
    /// Handshake messages in challenges.
    Challenge,
    /// The `Cookie` header.
    Cookie,
    /// The `Set-Cookie` header.
    SetCookie,
    /// Headers whose value is an address: `Location`, `Referer`.
    AddressHeader,
    /// Headers that are credentials as a whole, by name.
    CredentialHeader,
    /// User and password before a host.
    UserInfo,
    /// Parameters behind `?`.
    Query,
    /// Parameters behind `#`.
    Fragment,
    /// Forms sent as a body.
    Form,
    /// Parts of a multipart body, by the name of their field.
    Part,
    /// JSON, by key.
    Json,
    /// `"name": "value"` in what is not whole JSON: scripts, texts cut off.
    Script,
    /// XML, by element.
    Element,
    /// XML, by attribute.
    Attribute,
    /// Controls of a page, by name.
    Control,
    /// `password=…` and `Password: …` in prose.
    Word,
    /// Header lines in prose.
    HeaderLine,
    /// Addresses in prose.
    Address,
    /// Text inside base64.
    Base64,
    /// Signatures of tokens.
    Signature,
    /// Parts of encrypted tokens.
    EncryptedToken,
    /// Secrets in the claims of a token, tokens among them.
    Claim,
    /// Bodies that are no text.
    BinaryBody,
    /// Mail in the bodies of Exchange Web Services, Outlook on the web and Microsoft Graph.
    Mail,
    /// What recorders add: comments, errors, processes.
    Remark,
    /// Host names and domains: of requests, in headers and fields that hold one, in certificates.
    Host,
    /// Hosts in addresses inside texts, and those that only a customer's name servers know.
    AddressHost,
    /// `anna@contoso.com` in texts.
    MailAddress,
    /// Security identifiers in texts.
    SecurityId,
    /// Headers, fields and settings that name a server.
    Server,
    /// Headers, fields and labels of IP addresses.
    IpAddress,
    /// Realms and issuers of challenges.
    Realm,
    /// Tenants in the path of an identity provider's address, in its errors, and those that a proxy allows.
    Tenant,
    /// Fields that name a user, `CONTOSO\anna` in texts, and profiles on a disk.
    User,
    /// Fields that hold the name of a person or organisation in words, or in a directory.
    Person,
    /// Fields that identify a person, device or tenant.
    Identifier,
    /// Device and user in the query that ActiveSync has in base64.
    ActiveSync,
    /// Claims about a person.
    PersonalClaim,
    /// The search for what was found elsewhere: as it is, and in the spellings of the writers.
    Elsewhere,
    /// The same behind escapes that no writer had to make.
    ElsewhereEscaped,
    /// The same inside base64.
    ElsewhereBase64,
}

impl Detector {
    /// All of them.
    pub const ALL: [Self; 42] = [
        Self::Authorization,
        Self::Challenge,
        Self::Cookie,
        Self::SetCookie,
        Self::AddressHeader,
        Self::CredentialHeader,
        Self::UserInfo,
        Self::Query,
        Self::Fragment,
        Self::Form,
        Self::Part,
        Self::Json,
        Self::Script,
        Self::Element,
        Self::Attribute,
        Self::Control,
        Self::Word,
        Self::HeaderLine,
        Self::Address,
        Self::Base64,
        Self::Signature,
        Self::EncryptedToken,
        Self::Claim,
        Self::BinaryBody,
        Self::Mail,
        Self::Remark,
        Self::Host,
        Self::AddressHost,
        Self::MailAddress,
        Self::SecurityId,
        Self::Server,
        Self::IpAddress,
        Self::Realm,
        Self::Tenant,
        Self::User,
        Self::Person,
        Self::Identifier,
        Self::ActiveSync,
        Self::PersonalClaim,
        Self::Elsewhere,
        Self::ElsewhereEscaped,
        Self::ElsewhereBase64,
    ];
}
