//! Fields that name somebody or something of a customer, as data: users, people, organisations, devices, machines.

use super::detector::Detector;
use super::pseudonym::Pseudonyms;
use super::{names, secrets};

/// What a field names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    /// A user: `anna@contoso.com`, `CONTOSO\anna` or `anna`.
    User,
    /// A person or device in words, or a name in a directory.
    Person,
    /// An organisation in words.
    Organisation,
    /// Something that identifies a person, device or tenant.
    Identifier,
    /// An IP address.
    Address,
    /// A domain or host.
    Domain,
    /// A machine, by its host or its short name.
    Machine,
}

/// A row: names in lower case, letters and digits only, and what such fields name.
type Row = (&'static [&'static str], Field);

const FIELDS: &[Row] = &[
    (
        &[
            "username",
            "userid",
            "login",
            "loginfmt",
            "loginhint",
            "user",
            "upn",
            "userprincipalname",
            "email",
            "emailaddress",
            "emailaddressaddress",
            "wsseusername",
            "nameid",
            "nameidentifier",
            "samaccountname",
            "onpremisessamaccountname",
            "windowsaccountname",
            "winaccountname",
            "userloginname",
            "logonname",
            "accountname",
            "xuseridentity",
            "remoteuser",
            "xremoteuser",
            "xforwardeduser",
            "xauthenticateduser",
            "xlogonuser",
        ],
        Field::User,
    ),
    (
        &[
            "displayname",
            "givenname",
            "familyname",
            "surname",
            "firstname",
            "lastname",
            "fullname",
            "legacydn",
            "legacyexchangedn",
            "userlegacyexchangedn",
            "mailboxdn",
            "mdbdn",
            "serverdn",
            "userdn",
            "dn",
            "onpremisesdistinguishedname",
            "userdisplayname",
            "sdisplayname",
            "devicedisplayname",
            "devicename",
            "friendlyname",
            "devicefriendlyname",
            "xmsdevicefriendlyname",
            "xfriendlyname",
            "computername",
            "mobilephone",
            "telephonenumber",
            "phonenumber",
        ],
        Field::Person,
    ),
    (
        &[
            "federationbrandname",
            "companydisplayname",
            "scompanydisplayname",
            "tenantdisplayname",
            "companyname",
            "organizationname",
            "organizationdisplayname",
        ],
        Field::Organisation,
    ),
    (
        &[
            "deviceid",
            "xdeviceid",
            "xmsdeviceid",
            "oid",
            "objectid",
            "puid",
            "tid",
            "tenantid",
            "uid",
            "utid",
            "onpremsid",
            "immutableid",
            "cuid",
            "xmsclienttenantid",
            "mailboxguid",
            "deploymentid",
            "mailboxid",
            "localaccountid",
            "homeaccountid",
            "externaldirectoryobjectid",
        ],
        Field::Identifier,
    ),
    (
        &[
            "ipaddress",
            "ipaddr",
            "clientip",
            "clientipaddress",
            "callerip",
            "callingip",
            "remoteip",
            "remoteaddress",
            "sourceip",
            "sourceipaddress",
        ],
        Field::Address,
    ),
    (
        &[
            "domain",
            "domainhint",
            "domainname",
            "defaultdomain",
            "targetdomain",
            "tenantdomain",
            "tenantdefaultdomain",
            "tenantdomainname",
            "delegatedorg",
            "organization",
            "organizationdomain",
            "onpremisesdomainname",
            "realm",
            "whr",
            "fqdn",
            "hostname",
            "dnshostname",
        ],
        Field::Domain,
    ),
    (
        &[
            "server",
            "servername",
            "machinename",
            "machine",
            "ad",
            "publicfolderserver",
            "mailboxserver",
            "internalmailboxserver",
            "internalrpcclientserver",
            "externalmailboxserver",
            "mailboxserverfqdn",
            "activedirectoryserver",
            "casserver",
            "be",
            "fe",
            "beserver",
            "feserver",
            "mdb",
        ],
        Field::Machine,
    ),
];

/// Endings of names of controls in which people type who they are: `pf.username`, `j_username`,
/// `ctl00$ContentPlaceHolder1$UsernameTextBox`.
const USER_ENDINGS: &[&str] = &["username", "usernametextbox"];

/// Shortest identifier that may be short of what looks random, in bytes: `ApplF17QKXYZDT1`.
const SHORTEST_IDENTIFIER: usize = 10;

/// What to write for the value of a field or header that names a person, device or organisation; `None` when it does not.
pub(super) fn renamed(
    name: &str,
    value: &str,
    names: &mut Pseudonyms,
    uses: &dyn Fn(Detector) -> bool,
) -> Option<String> {
    match field(name)? {
        Field::Person if uses(Detector::Person) => Some(names.words(value)),
        Field::Organisation if uses(Detector::Person) => Some(names.company(value)),
        Field::Identifier if uses(Detector::Identifier) && is_identifier(value) => {
            Some(names.identifier(value))
        }
        Field::User if uses(Detector::User) => Some(names.user(value)),
        _ => None,
    }
}

/// The same for a field of a document or an address that names a machine: `Server` as a header names a product.
pub(super) fn machine(
    name: &str,
    value: &str,
    names: &mut Pseudonyms,
    uses: &dyn Fn(Detector) -> bool,
) -> Option<String> {
    let value = value.trim();
    match field(name)? {
        Field::Address if uses(Detector::IpAddress) => Some(names.address(value)),
        Field::Domain if uses(Detector::Host) && names::is_host(value) => Some(names.domain(value)),
        Field::Domain if uses(Detector::Identifier) && super::well_known::is_guid(value) => {
            Some(names.identifier(value))
        }
        Field::Machine if uses(Detector::Server) && names::is_machine(value) => {
            Some(names.server(value))
        }
        _ => None,
    }
    .filter(|new| new != value)
}

/// Whether the field names a user.
pub(super) fn is_user_field(name: &str) -> bool {
    field(name) == Some(Field::User)
}

fn field(name: &str) -> Option<Field> {
    let plain = plain(name);
    let known = FIELDS.iter().find(|(names, _)| names.contains(&plain.as_str()));
    let is_user = || USER_ENDINGS.iter().any(|end| plain.ends_with(end));
    known.map(|(_, field)| *field).or_else(|| is_user().then_some(Field::User))
}

/// The last part of a name (`o:Username`, `ctl00$UsernameTextBox`, `http://…/claims/windowsaccountname`), letters and
/// digits only.
fn plain(name: &str) -> String {
    let last = name.rsplit([':', '$', '/']).next().unwrap_or(name);
    last.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

fn is_identifier(value: &str) -> bool {
    let is_short = value.len() >= SHORTEST_IDENTIFIER
        && value.bytes().all(|b| b.is_ascii_alphanumeric())
        && value.bytes().any(|b| b.is_ascii_digit());
    is_short || secrets::looks_random(value)
}

#[cfg(test)]
mod tests {
    use super::{FIELDS, Field, field};

    #[test]
    fn every_name_can_be_found() {
        for (names, kind) in FIELDS {
            for name in *names {
                assert_eq!(field(name), Some(*kind), "{name}");
            }
        }
    }

    #[test]
    fn the_last_part_of_a_name_counts() {
        for name in [
            "pf.username",
            "j_username",
            "ctl00$ContentPlaceHolder1$UsernameTextBox",
            "http://schemas.microsoft.com/ws/2008/06/identity/claims/windowsaccountname",
            "o:Username",
        ] {
            assert_eq!(field(name), Some(Field::User), "{name}");
        }
        assert_eq!(field("app_displayname"), None);
        assert_eq!(field("wtrealm"), None);
    }
}
