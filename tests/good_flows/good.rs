//! What an expert calls healthy is called healthy, with nothing above a note.

use crate::story::{alarms, all, analyse, flows};

#[test]
fn every_good_flow_is_good() {
    let mut wrong = Vec::new();
    for flow in all() {
        let analysis = analyse(flow.capture);
        let alarms = alarms(&analysis);
        let expected = format!("{} warning ", flow.warns);
        let is_silent = alarms.is_empty()
            || !flow.warns.is_empty() && alarms.lines().all(|line| line.starts_with(&expected));
        let told: Vec<String> = analysis
            .flows
            .flows
            .iter()
            .map(|f| format!("{} {}", f.mechanism.id(), f.protocol.id()))
            .collect();
        let told = told.join(", ");
        let verdict = &analysis.verdict;
        if verdict.outcome.id() != flow.outcome || !is_silent || told != flow.flows {
            wrong.push(format!(
                "{}: {} ({})\n{alarms}\n{told}\n{}",
                flow.name,
                verdict.key(),
                verdict.summary,
                flows(&analysis)
            ));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n\n"));
}
