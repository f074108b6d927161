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

/// A tunnel that a browser opens.
fn tunnel(host: &str, answer: &str) -> String {
    format!("### 09:14:05 msedge.exe:901\nCONNECT {host}:443 HTTP/1.1\n\nHTTP/1.1 {answer}\n")
}

const NEGOTIATE: &str = "### 09:14:00 +31ms outlook.exe:4312
POST MAPI HTTP/1.1
OUTLOOK
Authorization: Negotiate YIIGhgYGKwYBBQUCoIIGej

HTTP/1.1 200 OK
X-FEServer: EX1
";

#[test]
fn a_browsers_web_mail_is_not_the_organisations_exchange() {
    for host in ["mail.google.com", "outlook.live.com", "mail.fabrikam.com"] {
        let refused = tunnel(host, "403 Forbidden");
        let analysis = analyse(&format!("PROBE\nISSUED\nACCEPTED\n{refused}"));
        assert_eq!(told(&analysis), "", "{host}");

        let open = tunnel(host, "200 Connection established");
        let analysis = analyse(&format!("{NEGOTIATE}ISSUED\n{open}"));
        assert_eq!(told(&analysis), "no-empty-bearer error @1", "{host}");
    }
}

#[test]
fn a_tunnel_to_the_organisations_own_domain_hides_its_exchange() {
    let own = tunnel("owa.contoso.com", "200 Connection established");
    let outlooks =
        own.replace("msedge.exe:901", "outlook.exe:88").replace("owa.contoso", "mail.fabrikam");
    let unknown = outlooks.replace(" outlook.exe:88", "");
    for open in [own, outlooks, unknown] {
        let analysis = analyse(&format!("{NEGOTIATE}ISSUED\n{open}"));
        assert_eq!(told(&analysis), "https-not-decrypted warning @3", "{open}");
    }
}

#[test]
fn a_tunnel_to_a_host_that_a_token_is_for_hides_exchange() {
    let open = tunnel("hybrid.contoso.com", "200 Connection established");
    let issued = super::ISSUED.replace("mail.contoso.com", "hybrid.contoso.com");
    let analysis = analyse(&format!("{issued}{open}"));
    assert_eq!(analysis.verdict.key(), "not-enough-evidence/https-not-decrypted");

    let other = issued
        .replace("d3590ed6-52b3-4102-aeff-aad2292ab01c", "14d82eec-204b-4c2f-b7e8-296a70dab67e");
    let analysis = analyse(&format!("{other}{open}"));
    assert_eq!(analysis.verdict.key(), "not-enough-evidence/no-exchange-traffic");
}

#[test]
fn a_web_site_that_the_mail_domain_leads_to_is_only_tried() {
    let moved = "HTTP/1.1 301 Moved Permanently\nLocation: https://www.contoso.com/autodiscover/autodiscover.xml\nServer: nginx\n";
    let page = "HTTP/1.1 200 OK\nServer: nginx\nContent-Type: text/html\n";
    let blocked = "HTTP/1.1 403 Forbidden\nServer: cloudflare\n";
    for (domain, answer) in
        [("contoso.com", page), ("contoso.com", blocked), ("contoso.co.uk", page)]
    {
        let asked = |host: &str, answer: &str| {
            unreached("09:14:01", &format!("https://{host}/autodiscover/autodiscover.xml"))
                .replace("HTTP/1.1 504 Gateway Timeout\n", answer)
        };
        let tried = [asked(domain, moved), asked(&format!("www.{domain}"), answer)].concat();
        let analysis = analyse(&format!("{tried}PROBE\nISSUED\nACCEPTED\n"));
        assert_eq!(told(&analysis), "", "{domain} {answer}");

        // A name that is there for Exchange is no web site.
        let named = asked(&format!("autodiscover.{domain}"), answer);
        let analysis = analyse(&format!("{named}PROBE\nISSUED\nACCEPTED\n"));
        assert_eq!(told(&analysis), "not-exchange-answering warning @1", "{domain} {answer}");
        assert_eq!(analysis.verdict.key(), "healthy");
        assert_eq!(told(&analyse(&named)), "not-exchange-answering error @1");
    }
}

#[test]
fn settings_that_one_server_does_not_give_are_got_from_another() {
    let busy =
        unreached("09:14:01", "https://autodiscover.contoso.com/autodiscover/autodiscover.xml")
            .replace(
                "HTTP/1.1 504 Gateway Timeout\n",
                "HTTP/1.1 503 Service Unavailable\nX-FEServer: EX1\n",
            );
    let analysis = analyse(&format!("{busy}PROBE\nISSUED\nACCEPTED\n"));
    assert_eq!((told(&analysis).as_str(), analysis.verdict.key().as_str()), ("", "healthy"));
    assert_eq!(analyse(&busy).verdict.key(), "broken/challenge");
}
