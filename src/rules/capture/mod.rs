//! Rules about the file: what it can show and what it cannot.

mod bodies_missing;
mod capture_clock_off;
mod capture_tool_interfered;
mod export_sanitized;
mod https_not_decrypted;
mod no_exchange_traffic;
mod sign_in_not_visible;
mod starts_mid_session;

use super::Rule;

pub(super) const RULES: &[&Rule] = &[
    &https_not_decrypted::RULE,
    &export_sanitized::RULE,
    &starts_mid_session::RULE,
    &sign_in_not_visible::RULE,
    &no_exchange_traffic::RULE,
    &capture_clock_off::RULE,
    &bodies_missing::RULE,
    &capture_tool_interfered::RULE,
];
