//! What is known about Exchange, Entra ID and Outlook: codes, applications, claims, hosts and settings, as tables. Each
//! row tells where the fact comes from and how sure it is; what no row knows is answered with `None`.

pub mod cas_error_code;
pub mod claim;
pub mod client_app;
pub mod client_setting;
pub mod connection_failure;
pub mod diagnostics_code;
pub mod entra_error;
pub mod exchange_build;
pub mod exchange_online_host;
pub mod explain;
pub mod front_end;
pub mod header_field;
pub mod http_status;
pub mod identity_host;
pub mod mapi_response_code;
pub mod microsoft_service;
pub mod oauth_error;
pub mod outlook_version;
pub mod proxy_product;
pub mod public_mail;
pub mod registered_domain;
mod source;

pub use source::{Confidence, Source};

/// Whether `host` is `domain` or one of its sub-domains, whatever the letter case; a final dot does not count.
fn is_within(host: &str, domain: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    let Some(start) = host.len().checked_sub(domain.len()) else { return false };
    let (Some(before), Some(tail)) = (host.get(..start), host.get(start..)) else { return false };
    tail.eq_ignore_ascii_case(domain) && (before.is_empty() || before.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::is_within;

    #[test]
    fn a_host_is_within_its_domain_only() {
        for host in ["outlook.com", "OUTLOOK.com.", "autodiscover-s.outlook.com"] {
            assert!(is_within(host, "outlook.com"), "{host}");
        }
        for host in [
            "",
            "com",
            "evil-outlook.com",
            "outlook.com.evil.example",
            "outlook.com:443",
            "öoutlook.com",
        ] {
            assert!(!is_within(host, "outlook.com"), "{host}");
        }
    }
}
