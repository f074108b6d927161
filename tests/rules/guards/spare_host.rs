//! Hosts that a client can do without.

use super::analyse;
use crate::told;

/// A session of Outlook with an empty Bearer that a gateway answers.
fn unreached(time: &str, url: &str) -> String {
    format!(
        "### {time} +31ms outlook.exe:4312
POST {url} HTTP/1.1
OUTLOOK
X-User-Identity: meg@contoso.com
Authorization: Bearer

HTTP/1.1 504 Gateway Timeout
"
    )
}

const INTERNAL: &str = "https://ex1.corp.contoso.com/mapi/emsmdb/?MailboxId=8b4f@contoso.com";
const PARTNER: &str = "https://mail.fabrikam.com/EWS/Exchange.asmx";

#[test]
fn a_host_that_a_client_with_a_mailbox_can_do_without_is_a_warning() {
    for url in [INTERNAL, PARTNER] {
        let analysis = analyse(&format!("{}PROBE\nISSUED\nACCEPTED\n", unreached("09:14:01", url)));
        assert_eq!(told(&analysis), "endpoint-unreachable warning @1", "{url}");
        assert_eq!(analysis.verdict.key(), "healthy", "{url}");
    }
}

#[test]
fn a_host_that_nothing_replaces_is_an_error() {
    let own_ews = unreached("09:15:01", "https://mail.contoso.com/EWS/Exchange.asmx");
    let second_account =
        unreached("09:15:01", "https://mail.fabrikam.com/mapi/emsmdb/?MailboxId=8b4f@fabrikam.com")
            .replace("X-User-Identity: meg@contoso.com", "X-User-Identity: meg@fabrikam.com");
    let other_program = unreached("09:15:01", INTERNAL).replace("outlook.exe:4312", "mail.exe:9");
    for failing in [own_ews, second_account, other_program] {
        let analysis = analyse(&format!("PROBE\nISSUED\nACCEPTED\n{failing}"));
        assert_eq!(told(&analysis), "endpoint-unreachable error @4", "{failing}");
        assert_eq!(analysis.verdict.key(), "broken/challenge/endpoint-unreachable");
    }
    // Settings are not the mailbox.
    let settings = "PROBE\nISSUED\nACCEPTED\n"
        .replace("PROBE\n", super::PROBE)
        .replace("ACCEPTED\n", super::ACCEPTED)
        .replace("POST MAPI", "POST https://mail.contoso.com/autodiscover/autodiscover.xml");
    let analysis = analyse(&format!("{settings}{}", unreached("09:15:01", INTERNAL)));
    assert_eq!(told(&analysis), "endpoint-unreachable error @4");
}

#[test]
fn a_tunnel_that_is_refused_beside_a_mailbox_is_a_warning() {
    let tunnel = "### 09:15:07 outlook.exe:4312
CONNECT mail.fabrikam.com:443 HTTP/1.1

HTTP/1.1 403 Forbidden
";
    let analysis = analyse(&format!("PROBE\nISSUED\nACCEPTED\n{tunnel}"));
    assert_eq!(told(&analysis), "endpoint-unreachable warning @4");
}
