//! Entra ID knows no reply URL for OWA or ECP of this host.

use crate::flow::{Protocol, Step};
use crate::rules::sign_in::failure::{Kind, failures};
use crate::rules::{Case, Evidence, Finding, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "reply-url-missing",
    title: "Entra ID does not know the address of OWA or ECP",
    step: Some(Step::SignIn),
    severity: Severity::Error,
    why: "OWA and ECP with Hybrid Modern Authentication send the browser to Entra ID and name the address to which it \
        must come back. Entra ID sends nobody to an address that is not registered as a reply URL of Office 365 \
        Exchange Online, and shows an error page instead. Every host name needs two entries, one for /owa and one for \
        /ecp. Outlook does not depend on them and may work all the same.",
    fix: &[
        "Connect to Microsoft Graph: `Connect-MgGraph -Scopes Application.ReadWrite.All`",
        "Read the addresses that are there: `$x = Get-MgServicePrincipal -Filter \"AppId eq \
            '00000002-0000-0ff1-ce00-000000000000'\"` `$x.ReplyUrls | Sort-Object`",
        "Add both addresses to the list: `$x.ReplyUrls += \"https://{host}/owa\"` `$x.ReplyUrls += \
            \"https://{host}/ecp\"`",
        "Write the whole list back, so never leave out what was there: `Update-MgServicePrincipal -ServicePrincipalId \
            $x.Id -ReplyUrls $x.ReplyUrls`",
        "Compare the list with every address of OWA and ECP: `Get-OwaVirtualDirectory | fl Server,*url*` \
            `Get-EcpVirtualDirectory | fl Server,*url*`",
    ],
    reference: "Microsoft Learn: Configure Exchange Server on-premises to use Hybrid Modern Authentication, Enable \
        Hybrid Modern Authentication for OWA and ECP; Microsoft Learn: Microsoft Entra authentication and \
        authorization error codes, 50011",
    fires_on: r#"### 09:14:07 +31ms outlook.exe:4312 // empty Bearer
POST https://mail.contoso.com/mapi/emsmdb/?MailboxId=8b4f@contoso.com HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
X-User-Identity: meg@contoso.com
Authorization: Bearer

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:14:07 GMT
X-FEServer: EX1
request-id: 5ca2c827-5147-474c-8457-63c4e5099c6e
WWW-Authenticate: Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="00000001-0000-0000-c000-000000000000@7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90", token_types="app_asserted_user_v1 service_asserted_app_v1", authorization_uri="https://login.windows.net/common/oauth2/authorize"
WWW-Authenticate: Negotiate
WWW-Authenticate: NTLM

### 09:14:31 +212ms outlook.exe:4312 // token request
POST https://login.windows.net/common/oauth2/token HTTP/1.1
Content-Type: application/x-www-form-urlencoded

grant_type=authorization_code&client_id=d3590ed6-52b3-4102-aeff-aad2292ab01c&resource=https%3A%2F%2Fmail.contoso.com%2F&code=sample
HTTP/1.1 200 OK
Content-Type: application/json; charset=utf-8

{"token_type":"Bearer","expires_in":"3899","resource":"https://mail.contoso.com/","access_token":"{{jwt {"aud":"https://mail.contoso.com/","iss":"https://sts.windows.net/7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90/","tid":"7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90","nbf":1772442840,"exp":1772446740,"appid":"d3590ed6-52b3-4102-aeff-aad2292ab01c","scp":"user_impersonation","upn":"meg@contoso.com"}}}","refresh_token":"sample"}

### 09:14:32 +84ms outlook.exe:4312 // token accepted
POST https://mail.contoso.com/mapi/emsmdb/?MailboxId=8b4f@contoso.com HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
Authorization: Bearer {{jwt {"aud":"https://mail.contoso.com/","iss":"https://sts.windows.net/7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90/","tid":"7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90","nbf":1772442840,"exp":1772446740,"appid":"d3590ed6-52b3-4102-aeff-aad2292ab01c","scp":"user_impersonation","upn":"meg@contoso.com"}}}

HTTP/1.1 200 OK
Date: Mon, 02 Mar 2026 09:14:32 GMT
X-FEServer: EX1
X-BEServer: EX2
X-ResponseCode: 0

### 09:20:01 +20ms msedge.exe:900 // OWA sends the browser to Entra ID
GET https://mail.contoso.com/owa/ HTTP/1.1
User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/133.0

HTTP/1.1 302 Found
Date: Mon, 02 Mar 2026 09:20:01 GMT
X-FEServer: EX1
Location: https://login.microsoftonline.com/common/oauth2/authorize?client_id=00000002-0000-0ff1-ce00-000000000000&redirect_uri=https%3a%2f%2fmail.contoso.com%2fowa%2f&response_mode=form_post&response_type=code+id_token&scope=openid&state=sample&nonce=sample

### 09:20:02 +95ms msedge.exe:900 // authorize
GET https://login.microsoftonline.com/common/oauth2/authorize?client_id=00000002-0000-0ff1-ce00-000000000000&redirect_uri=https%3a%2f%2fmail.contoso.com%2fowa%2f&response_mode=form_post&response_type=code+id_token&scope=openid&state=sample&nonce=sample HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html; charset=utf-8
x-ms-request-id: 9a41d1c5-0b34-4c1a-8b43-1d6a1f1c0e00

<html><script>$Config={"strServiceExceptionMessage":"AADSTS50011: The redirect URI 'https://mail.contoso.com/owa/' specified in the request does not match the redirect URIs configured for the application.","sErrorCode":"50011","correlationId":"6c0d1d6b-9a8c-4a0e-8f4e-2f4d53a2b7c1"};</script></html>
"#,
    silent_on: r#"### 09:14:07 +31ms outlook.exe:4312 // empty Bearer
POST https://mail.contoso.com/mapi/emsmdb/?MailboxId=8b4f@contoso.com HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
X-User-Identity: meg@contoso.com
Authorization: Bearer

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:14:07 GMT
X-FEServer: EX1
request-id: 5ca2c827-5147-474c-8457-63c4e5099c6e
WWW-Authenticate: Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="00000001-0000-0000-c000-000000000000@7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90", token_types="app_asserted_user_v1 service_asserted_app_v1", authorization_uri="https://login.windows.net/common/oauth2/authorize"
WWW-Authenticate: Negotiate
WWW-Authenticate: NTLM

### 09:14:31 +212ms outlook.exe:4312 // token request
POST https://login.windows.net/common/oauth2/token HTTP/1.1
Content-Type: application/x-www-form-urlencoded

grant_type=authorization_code&client_id=d3590ed6-52b3-4102-aeff-aad2292ab01c&resource=https%3A%2F%2Fmail.contoso.com%2F&code=sample
HTTP/1.1 200 OK
Content-Type: application/json; charset=utf-8

{"token_type":"Bearer","expires_in":"3899","resource":"https://mail.contoso.com/","access_token":"{{jwt {"aud":"https://mail.contoso.com/","iss":"https://sts.windows.net/7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90/","tid":"7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90","nbf":1772442840,"exp":1772446740,"appid":"d3590ed6-52b3-4102-aeff-aad2292ab01c","scp":"user_impersonation","upn":"meg@contoso.com"}}}","refresh_token":"sample"}

### 09:14:32 +84ms outlook.exe:4312 // token accepted
POST https://mail.contoso.com/mapi/emsmdb/?MailboxId=8b4f@contoso.com HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
Authorization: Bearer {{jwt {"aud":"https://mail.contoso.com/","iss":"https://sts.windows.net/7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90/","tid":"7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90","nbf":1772442840,"exp":1772446740,"appid":"d3590ed6-52b3-4102-aeff-aad2292ab01c","scp":"user_impersonation","upn":"meg@contoso.com"}}}

HTTP/1.1 200 OK
Date: Mon, 02 Mar 2026 09:14:32 GMT
X-FEServer: EX1
X-BEServer: EX2
X-ResponseCode: 0

### 09:20:01 +20ms msedge.exe:900 // OWA sends the browser to Entra ID
GET https://mail.contoso.com/owa/ HTTP/1.1
User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/133.0

HTTP/1.1 302 Found
Date: Mon, 02 Mar 2026 09:20:01 GMT
X-FEServer: EX1
Location: https://login.microsoftonline.com/common/oauth2/authorize?client_id=00000002-0000-0ff1-ce00-000000000000&redirect_uri=https%3a%2f%2fmail.contoso.com%2fowa%2f&response_mode=form_post&response_type=code+id_token&scope=openid&state=sample&nonce=sample

### 09:20:02 +95ms msedge.exe:900 // authorize
GET https://login.microsoftonline.com/common/oauth2/authorize?client_id=00000002-0000-0ff1-ce00-000000000000&redirect_uri=https%3a%2f%2fmail.contoso.com%2fowa%2f&response_mode=form_post&response_type=code+id_token&scope=openid&state=sample&nonce=sample HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html; charset=utf-8
x-ms-request-id: 9a41d1c5-0b34-4c1a-8b43-1d6a1f1c0e00

<html><form method="POST" action="https://mail.contoso.com/owa/"><input type="hidden" name="code" value="sample" /><input type="hidden" name="id_token" value="sample" /></form></html>

### 09:20:03 +60ms msedge.exe:900 // back to OWA
POST https://mail.contoso.com/owa/ HTTP/1.1
Content-Type: application/x-www-form-urlencoded

code=sample&id_token=sample&state=sample
HTTP/1.1 302 Found
Date: Mon, 02 Mar 2026 09:20:03 GMT
X-FEServer: EX1
Location: https://mail.contoso.com/owa/

### 09:20:04 +110ms msedge.exe:900 // the mailbox
GET https://mail.contoso.com/owa/ HTTP/1.1
Cookie: OpenIdConnect.token.v1=sample

HTTP/1.1 200 OK
Date: Mon, 02 Mar 2026 09:20:04 GMT
Content-Type: text/html; charset=utf-8
X-FEServer: EX1
X-BEServer: EX2
"#,
    check,
};

fn check(case: &Case<'_>) -> Vec<Finding> {
    failures(case, Kind::ReplyUrl)
        .into_iter()
        // What healed is an administrator's repair, seen as it took effect.
        .filter(|failure| !failure.healed)
        .filter_map(|failure| {
            let (host, protocol) = failure.web_application()?;
            let path = if protocol == Protocol::Ecp { "ecp" } else { "owa" };
            let message =
                format!("Entra ID has no reply URL for https://{host}/{path} ({})", failure.name());
            let finding = failure
                .finding(case, message)
                .and(Evidence::request_line(case, failure.reading.session))
                .severity(Severity::Error);
            Some(finding)
        })
        .collect()
}
