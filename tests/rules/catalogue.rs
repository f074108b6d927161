//! What every rule must satisfy, whatever it is about.

use std::collections::BTreeSet;
use std::path::Path;

use hma_trace::analysis::Analysis;
use hma_trace::rules::{Finding, FixStep, Piece, Rule, Severity, all, find};

use crate::analyse;

fn of<'a>(analysis: &'a Analysis, rule: &Rule) -> Vec<&'a Finding> {
    analysis.findings.iter().filter(|f| f.rule == rule.id).collect()
}

#[test]
fn every_rule_fires_once_on_its_own_bad_example() {
    for rule in all() {
        let analysis = analyse(rule.fires_on);
        let findings = of(&analysis, rule);
        assert_eq!(findings.len(), 1, "{}: {:#?}", rule.id, analysis.findings);
        assert_eq!(findings[0].severity, rule.severity, "{}", rule.id);
        assert_eq!(findings[0].flow.is_some(), rule.step.is_some(), "{}", rule.id);
    }
}

#[test]
fn nothing_but_notes_on_any_good_example() {
    for example in all() {
        let analysis = analyse(example.silent_on);
        let loud: Vec<_> =
            analysis.findings.iter().filter(|f| f.severity > Severity::Note).collect();
        assert!(loud.is_empty(), "good example of {}: {loud:#?}", example.id);
        assert!(of(&analysis, example).is_empty(), "{}", example.id);
    }
}

#[test]
fn the_bad_example_of_an_error_is_broken_by_it_and_nothing_else() {
    for rule in all().filter(|r| r.severity == Severity::Error) {
        let analysis = analyse(rule.fires_on);
        let step = rule.step.unwrap_or_else(|| panic!("{}: an error breaks a step", rule.id)).id();
        assert_eq!(analysis.verdict.key(), format!("broken/{step}/{}", rule.id));
        let errors =
            analysis.findings.iter().filter(|f| f.severity == Severity::Error && f.rule != rule.id);
        assert_eq!(errors.count(), 0, "{}: {:#?}", rule.id, analysis.findings);
        assert_eq!(analysis.verdict.session, of(&analysis, rule)[0].session(), "{}", rule.id);
    }
}

#[test]
fn good_examples_that_reach_the_mailbox_are_healthy() {
    for rule in all().filter(|r| r.severity == Severity::Error) {
        assert_eq!(analyse(rule.silent_on).verdict.key(), "healthy", "{}", rule.id);
    }
}

#[test]
fn ids_are_kebab_case_and_unique() {
    let mut seen = BTreeSet::new();
    for rule in all() {
        assert!(seen.insert(rule.id), "{} twice", rule.id);
        let is_kebab = rule.id.split('-').all(|word| {
            !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        });
        assert!(is_kebab, "{}", rule.id);
        assert!(std::ptr::eq(find(rule.id).unwrap(), rule));
    }
}

/// Each file that declares a rule declares the one of its name, and the catalogue holds it.
#[test]
fn every_file_is_registered_under_its_name() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules");
    let mut declared = BTreeSet::new();
    for topic in std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()) {
        if !topic.is_dir() {
            continue;
        }
        for file in std::fs::read_dir(topic).unwrap().map(|e| e.unwrap().path()) {
            let source = std::fs::read_to_string(&file).unwrap();
            if !source.contains("const RULE: Rule") {
                continue;
            }
            let id = file.file_stem().unwrap().to_str().unwrap().replace('_', "-");
            assert!(source.contains(&format!("id: \"{id}\",")), "{}", file.display());
            declared.insert(id);
        }
    }
    let registered: BTreeSet<String> = all().map(|rule| rule.id.to_owned()).collect();
    assert_eq!(declared, registered);
}

#[test]
fn texts_are_there_and_speak_in_one_voice() {
    for rule in all() {
        for text in [rule.title, rule.why, rule.reference] {
            assert!(!text.trim().is_empty() && !text.contains("  "), "{}: {text}", rule.id);
        }
        assert!(!rule.title.ends_with('.') && rule.why.ends_with('.'), "{}", rule.id);
        assert!(rule.why.len() > 120, "{}: a paragraph", rule.id);
        assert!(!rule.fix.is_empty(), "{}", rule.id);
        for step in rule.fix {
            assert!(!step.trim().is_empty() && !step.ends_with('.'), "{}: {step}", rule.id);
        }
        let analysis = analyse(rule.fires_on);
        for finding in of(&analysis, rule) {
            assert!(!finding.message.ends_with('.'), "{}", finding.message);
            for step in finding.fix() {
                assert!(!step.contains('{') || step.contains("{$_"), "{}: {step}", rule.id);
            }
        }
    }
}

/// Words, then commands, each in backticks and introduced by a colon; nothing to be typed hides among the words.
#[test]
fn commands_are_marked_and_come_last() {
    for (rule, step) in all().flat_map(|rule| rule.fix.iter().map(move |step| (rule, *step))) {
        let read = FixStep::read(step);
        let mut again = String::new();
        for piece in &read.words {
            match piece {
                Piece::Code(code) => again.extend(["`", code, "`"]),
                Piece::Words(words) => {
                    again.push_str(words);
                    for word in words.split_whitespace() {
                        let is_cmdlet = word.split_once('-').is_some_and(|(verb, noun)| {
                            ["Get", "Set", "New", "Add", "Update", "Start", "Test", "Connect"]
                                .contains(&verb)
                                && noun.starts_with(|c: char| c.is_ascii_uppercase())
                        });
                        let is_typed = ["hma-trace", "iisreset", "netsh", "defaults", "|"]
                            .contains(&word)
                            || word.starts_with(['$', '-'])
                            || word.starts_with("HKCU");
                        assert!(!is_cmdlet && !is_typed, "{}: {word} in {step}", rule.id);
                    }
                }
            }
        }
        assert!(!again.is_empty(), "{}: a command without a word: {step}", rule.id);
        assert_eq!(again.ends_with(':'), !read.commands.is_empty(), "{}: {step}", rule.id);
        for command in &read.commands {
            again.extend([" `", command, "`"]);
        }
        // Fails too where a backtick has no partner.
        assert_eq!(again, step, "{}", rule.id);
    }
}

/// `-ServicePrincipalNames @(…)` replaces the tenant's list, and ActiveSync has no `-OAuthAuthentication`.
#[test]
fn no_fix_does_harm() {
    for step in all().flat_map(|rule| rule.fix) {
        assert!(!step.contains("-ServicePrincipalNames @"), "{step}");
        for command in step.split(['`', ';', '|']).map(str::trim) {
            let is_active_sync = command.starts_with("Set-ActiveSyncVirtualDirectory");
            assert!(!(is_active_sync && command.contains("-OAuthAuthentication")), "{step}");
            assert!(!command.contains("-eq \"EvoSts\""), "{step}");
        }
    }
}

#[test]
fn no_secret_of_an_example_reaches_a_finding() {
    for rule in all() {
        let analysis = analyse(rule.fires_on);
        for finding in &analysis.findings {
            let shown = format!("{finding:?} {:?}", finding.fix());
            for secret in ["eyJ", "bWVn", "Sample-Pass1", "YIIGhg", "TlRMTVNTUAAD"] {
                assert!(!shown.contains(secret), "{}: {shown}", rule.id);
            }
        }
    }
}
