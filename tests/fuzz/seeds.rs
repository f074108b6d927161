//! What changes start from: the sample traces, a few texts, and the small files of a corpus if there is one.

use std::path::Path;

use hma_trace::training::samples::SAMPLES;

/// Larger files are left alone, in bytes: a change in them rarely hits what is read closely.
const LARGEST: u64 = 48 << 10;

const TEXTS: [&str; 5] = [
    "### 12 09:14:07.120 +31ms outlook.exe:1234 // empty Bearer\nPOST https://mail.contoso.com/mapi/emsmdb/ HTTP/1.1\nAuthorization: Bearer\n\n\
     HTTP/1.1 401 Unauthorized\nWWW-Authenticate: Bearer client_id=\"x\", authorization_uri=\"https://login.windows.net/common/oauth2/authorize\"\n",
    "* Trying 203.0.113.7:443...\n> GET /owa/ HTTP/2\n> Host: mail.contoso.com\n> \n< HTTP/2 401 \n< www-authenticate: Basic realm=\"a\"\n< \nbody* Connection #0 to host x left intact\n",
    "HTTP Response Headers: request-id: 8f2514fe x-ms-diagnostics: 4000000;reason=\"Flighting is not enabled\";error_category=\"oauth_not_available\" \
     WWW-Authenticate: Bearer client_id=\"0\" WWW-Authenticate: Basic realm=\"mail.contoso.com\" Date: Wed, 03 Jul 2024 07:44:30 GMT Content-Length: 0\n",
    "The remote server returned an error: (401) Unauthorized.\nServer=Microsoft-IIS/10.0\nWWW-Authenticate=Bearer client_id=\"0\",Negotiate,NTLM\n",
    "GET https://mail.contoso.com/ews/ HTTP/1.1\r\n\r\nHTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nx\r\n------------------------------------------------------------------\r\nWWW-Authenticate →NTLM\n",
];

const VALUES: [&str; 6] = [
    "Bearer client_id=\"00000002-0000-0ff1-ce00-000000000000\", trusted_issuers=\"00000001-0000-0000-c000-000000000000@*,b@c\", token_types=\"app_asserted_user_v1 service_asserted_app_v1\", authorization_uri=\"https://login.windows.net/common/oauth2/authorize\", error=\"invalid_token\",Basic Realm=\"\",Negotiate,NTLM TlRMTVNTUAACAAAA",
    "Badger realm=\"https://contoso.com/\", Bearer authorization_uri  =   \"https://login.microsoftonline.com/common\"",
    "2000003;reason=\"The hostname component of the audience claim value is invalid. Expected 'https://mail.contoso.com'. Actual 'http://mail.contoso.com'.\";error_category=\"invalid_resource\"",
    "2000005;reason= \"The user specified by the user-context in the token is ambiguous.\" ;error_category=\"invalid_user\" LID: 43532",
    "eyJhbGciOiJub25lIn0.eyJhdWQiOiJodHRwczovL21haWwuY29udG9zby5jb20vIiwiZXhwIjoxNzcyNDQ1OTAwLCJhY3RvcnRva2VuIjoiZXlKaGJHY2lPaUp1YjI1bEluMC5lMzAuIn0.",
    "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"x\",\"n\":\"AQAB\",\"e\":\"AQAB\"}]}",
];

/// Captures in all formats.
pub(crate) fn captures() -> Vec<Vec<u8>> {
    let samples = SAMPLES.iter().map(|sample| sample.bytes().to_vec());
    samples.filter(|bytes| bytes.len() as u64 <= LARGEST).chain(texts()).chain(corpus()).collect()
}

/// HTTP text as people paste it.
pub(crate) fn texts() -> impl Iterator<Item = Vec<u8>> {
    TEXTS.iter().map(|text| text.as_bytes().to_vec())
}

/// Header values, tokens, keys.
pub(crate) fn values() -> Vec<Vec<u8>> {
    VALUES.iter().map(|text| text.as_bytes().to_vec()).collect()
}

fn corpus() -> Vec<Vec<u8>> {
    let Ok(folder) = std::env::var("HMA_TRACE_CORPUS") else { return Vec::new() };
    let mut files = Vec::new();
    for kind in ["har", "saz"] {
        let Ok(entries) = std::fs::read_dir(Path::new(&folder).join(kind)) else { continue };
        files.extend(entries.filter_map(Result::ok));
    }
    let small =
        |entry: &std::fs::DirEntry| entry.metadata().is_ok_and(|meta| meta.len() <= LARGEST);
    let mut paths: Vec<_> =
        files.iter().filter(|entry| small(entry)).map(std::fs::DirEntry::path).collect();
    paths.sort();
    paths.iter().filter_map(|path| std::fs::read(path).ok()).collect()
}
