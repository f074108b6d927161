//! The names of a capture stand in its fix.

use crate::analyse;

/// The steps of the finding that the verdict rests on.
fn fix(capture: &str) -> String {
    let analysis = analyse(capture);
    let rule = analysis.verdict.rule.unwrap();
    let finding = analysis.findings.iter().find(|f| f.rule == rule).unwrap();
    finding.fix().join("\n")
}

const NO_URI: &str = "### 1\nPOST https://mail.contoso.com/mapi/emsmdb/ HTTP/1.1\nAuthorization: Bearer\n\n\
    HTTP/1.1 401 Unauthorized\nX-FEServer: EX1\nWWW-Authenticate: Bearer client_id=\"00000002-0000-0ff1-ce00-000000000000\", \
    trusted_issuers=\"00000001-0000-0000-c000-000000000000@{realm}\"\n";

#[test]
fn the_tenant_is_the_one_that_exchange_trusts() {
    let tenant = "7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90";
    assert!(fix(&NO_URI.replace("{realm}", tenant)).contains(&format!("your tenant {tenant} the")));
    for unclear in ["*", "one.example,b@two.example"] {
        assert!(fix(&NO_URI.replace("{realm}", unclear)).contains("your tenant <tenant> the"));
    }
}

const UNKNOWN_USER: &str = "### 1\nPOST https://mail.contoso.com/mapi/emsmdb/ HTTP/1.1\n{named}\
    Authorization: Bearer {{jwt {\"aud\":\"https://mail.contoso.com/\",\"exp\":1772445900{claims}}}}\n\n\
    HTTP/1.1 401 Unauthorized\nX-FEServer: EX1\nWWW-Authenticate: Bearer client_id=\"x\"\n\
    x-ms-diagnostics: 4000000;reason=\"Flighting is not enabled\";error_category=\"oauth_not_available\"\n";

#[test]
fn the_user_is_the_named_one_else_the_one_of_the_token() {
    let fix = |named: &str, claims: &str| {
        fix(&UNKNOWN_USER.replace("{named}", named).replace("{claims}", claims))
    };
    let (named, claims) = ("X-User-Identity: meg@contoso.com\n", ",\"upn\":\"kim@contoso.com\"");
    assert!(fix(named, claims).contains("Get-User meg@contoso.com |"));
    assert!(fix("", claims).contains("Get-User kim@contoso.com |"));
    assert!(fix("", "").contains("Get-User <user> |"));
    // Pasted into a shell, this would be an option.
    assert!(fix("X-User-Identity: -Confirm:@x\n", "").contains("Get-User <user> |"));
}

#[test]
fn a_password_in_a_form_belongs_to_the_user_named_there() {
    let form = |kind: &str, body: &str| {
        format!(
            "### 1\nPOST https://login.microsoftonline.com/common/login HTTP/1.1\nContent-Type: {kind}\n\n{body}\n\
             HTTP/1.1 200 OK\n"
        )
    };
    let soap = "<s:Envelope><o:UsernameToken><o:Username>meg@contoso.com</o:Username>\
        <o:Password>Sample-Pass1</o:Password></o:UsernameToken></s:Envelope>";
    for text in [
        form("application/x-www-form-urlencoded", "login=meg%40contoso.com&passwd=Sample-Pass1"),
        form("application/soap+xml", soap),
    ] {
        let analysis = analyse(&text);
        let rule = "basic-credentials-in-capture";
        let finding = analysis.findings.iter().find(|f| f.rule == rule).unwrap();
        assert!(finding.fix()[1].ends_with("the password of meg@contoso.com"), "{text}");
    }
}
