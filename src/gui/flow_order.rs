//! In which order flows are offered: what broke first, what says nothing last.

use crate::flow::{Flow, Outcome};

/// Flows by how much they deserve a look, those alike in the order in which they began.
pub(super) fn by_interest(flows: &[Flow]) -> Vec<&Flow> {
    let mut sorted: Vec<&Flow> = flows.iter().collect();
    sorted.sort_by_key(|flow| match flow.outcome {
        Outcome::Broken => 0,
        Outcome::Healthy => 1,
        Outcome::NotHma => 2,
        Outcome::NotEnoughEvidence => 3,
    });
    sorted
}

#[cfg(test)]
mod tests {
    use super::by_interest;
    use crate::analysis::Analysis;
    use crate::import;
    use crate::jwt::{Keys, example};

    #[test]
    fn a_broken_flow_stands_before_an_anonymous_one() {
        let text = "
### 1 outlook.exe:7
GET https://contoso.com/autodiscover/autodiscover.xml

HTTP/1.1 404 Not Found
### 2 outlook.exe:7
POST https://mail.contoso.com/mapi/emsmdb/
Authorization: Bearer

HTTP/1.1 401 Unauthorized
X-FEServer: EX01
WWW-Authenticate: Bearer client_id=\"00000002-0000-0ff1-ce00-000000000000\"
";
        let capture = import::open_text("pasted", &example::expand(text)).unwrap();
        let analysis = Analysis::of(capture, &Keys::default());
        let hosts: Vec<&str> =
            by_interest(&analysis.flows.flows).iter().map(|flow| flow.host.as_str()).collect();
        assert_eq!(hosts, ["mail.contoso.com", "contoso.com"]);
    }
}
