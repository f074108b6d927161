//! Entra ID does not know the Exchange address.

use crate::flow::Step;
use crate::http::Target;
use crate::rules::sign_in::failure::{Kind, failures};
use crate::rules::{Case, Evidence, Finding, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "spn-missing",
    title: "The Exchange address is not registered in Entra ID",
    step: Some(Step::SignIn),
    severity: Severity::Error,
    why: "The client asked Entra ID for a token for the address where it found Exchange. Entra ID issues tokens only \
        for addresses that are registered as service principal names (SPNs) of the application Office 365 Exchange \
        Online in your tenant, and this one is not among them. Every name that clients use must be there, inside and \
        outside, Autodiscover included. The same error comes when the user signs in to a wrong tenant.",
    fix: &[
        "Connect to Microsoft Graph: `Connect-MgGraph -Scopes Application.ReadWrite.All`",
        "Read the names that are there; {resource} is missing: `$x = Get-MgServicePrincipal -Filter \"AppId eq \
            '00000002-0000-0ff1-ce00-000000000000'\"` `$x.ServicePrincipalNames | Sort-Object`",
        "Add the name to the list: `$x.ServicePrincipalNames += \"https://{host}/\"`",
        "Write the whole list back, so never leave out what was there: `Update-MgServicePrincipal -ServicePrincipalId \
            $x.Id -ServicePrincipalNames $x.ServicePrincipalNames`",
        "Read the list again, and compare it with the Autodiscover names and with every URL of Exchange: \
            `Get-MapiVirtualDirectory | fl Server,*url*` `Get-WebServicesVirtualDirectory | fl Server,*url*` \
            `Get-OabVirtualDirectory | fl Server,*url*` `Get-ActiveSyncVirtualDirectory | fl Server,*url*`",
        "With several tenants add the name in each of them; if the name is already there, the user signed in to \
            another tenant",
        "Without Microsoft Graph PowerShell: the older MSOnline cmdlets `Get-MsolServicePrincipal` and \
            `Set-MsolServicePrincipal` did the same and are retired",
    ],
    reference: "Exchange Team Blog: Announcing Hybrid Modern Authentication for Exchange On-Premises (2017), Missing \
        SPNs; Microsoft Learn: Configure Exchange Server on-premises to use Hybrid Modern Authentication (revision \
        of December 2024)",
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

### 09:14:08 +310ms outlook.exe:4312 // sign-in for the Exchange host
GET https://login.windows.net/common/oauth2/authorize?response_type=code&client_id=d3590ed6-52b3-4102-aeff-aad2292ab01c&resource=https%3A%2F%2Fmail.contoso.com%2F&redirect_uri=urn%3Aietf%3Awg%3Aoauth%3A2.0%3Aoob&login_hint=meg%40contoso.com HTTP/1.1

HTTP/1.1 302 Found
x-ms-request-id: d1a0f3a5-40a4-4a9f-8d2e-0f6c9e7b1500
Location: urn:ietf:wg:oauth:2.0:oob?error=invalid_resource&error_description=AADSTS500011%3a+The+resource+principal+named+https%3a%2f%2fmail.contoso.com%2f+was+not+found+in+the+tenant+named+Contoso.
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

### 09:14:08 +310ms outlook.exe:4312 // sign-in for the Exchange host
GET https://login.windows.net/common/oauth2/authorize?response_type=code&client_id=d3590ed6-52b3-4102-aeff-aad2292ab01c&resource=https%3A%2F%2Fmail.contoso.com%2F&redirect_uri=urn%3Aietf%3Awg%3Aoauth%3A2.0%3Aoob&login_hint=meg%40contoso.com HTTP/1.1

HTTP/1.1 302 Found
x-ms-request-id: d1a0f3a5-40a4-4a9f-8d2e-0f6c9e7b1500
Location: urn:ietf:wg:oauth:2.0:oob?code=sample&session_state=sample

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
"#,
    check,
};

fn check(case: &Case<'_>) -> Vec<Finding> {
    failures(case, Kind::SpnMissing)
        .into_iter()
        // What healed is an administrator's repair, seen as it took effect.
        .filter(|failure| !failure.healed)
        .map(|failure| {
            let host = failure
                .resource()
                .map(|resource| Target::new(resource).host().to_owned())
                .filter(|host| !host.is_empty())
                .unwrap_or_else(|| failure.flow.host.clone());
            let mut finding = Finding::new(
                failure.evidence(case),
                format!("Entra ID has no service principal name for https://{host}/ and issues no token for it"),
            )
            .and(Evidence::request_line(case, failure.reading.session))
            .flow(failure.flow.id)
            .fact("host", host.as_str())
            .fact("resource", format!("https://{host}/"));
            finding.evidence.extend(failure.request_id(case));
            match failure.lesser_severity() {
                Some(severity) => finding.severity(severity),
                None => finding,
            }
        })
        .collect()
}
