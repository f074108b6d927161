//! Rules about the house itself: who may use whom, how long a file may be, that generated pages are fresh.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Lines of a file, tests included.
const LONGEST_FILE: usize = 600;

/// Stages and the stages they may use: the table of `docs/architecture.md`. An arrow that is not here is a decision to be
/// made, and then written down there.
const ARROWS: &[(&str, &[&str])] = &[
    ("cores", &[]),
    ("http", &[]),
    ("jwt", &[]),
    ("knowledge", &[]),
    ("packed", &[]),
    ("capture", &["http"]),
    ("import", &["capture", "cores", "http"]),
    ("flow", &["capture", "cores", "http", "jwt", "knowledge"]),
    ("rules", &["capture", "cores", "flow", "http", "jwt", "knowledge"]),
    ("verdict", &["capture", "flow", "rules"]),
    ("analysis", &["capture", "cores", "flow", "jwt", "rules", "verdict"]),
    ("compare", &["analysis", "capture", "flow", "http"]),
    ("diagram", &["analysis", "capture", "flow", "http", "knowledge", "rules"]),
    ("redact", &["capture", "cores", "http", "import", "jwt", "knowledge"]),
    ("export", &["capture", "cores", "http", "import", "redact"]),
    (
        "report",
        &[
            "analysis",
            "capture",
            "compare",
            "diagram",
            "flow",
            "http",
            "jwt",
            "knowledge",
            "rules",
            "verdict",
        ],
    ),
    ("search", &["analysis", "capture", "cores", "diagram", "flow", "http", "rules"]),
    ("training", &["analysis", "capture", "flow", "packed", "rules", "verdict"]),
    (
        "cli",
        &[
            "analysis",
            "capture",
            "compare",
            "export",
            "flow",
            "http",
            "import",
            "jwt",
            "knowledge",
            "redact",
            "report",
            "rules",
            "training",
        ],
    ),
    (
        "gui",
        &[
            "analysis",
            "capture",
            "compare",
            "cores",
            "diagram",
            "export",
            "flow",
            "http",
            "import",
            "jwt",
            "knowledge",
            "packed",
            "redact",
            "report",
            "rules",
            "search",
            "training",
            "verdict",
        ],
    ),
];

/// What tests inside a stage may use besides: captures written as text, tokens written as claims, whole analyses.
const TESTS_MAY_USE: &[&str] =
    &["import", "jwt", "analysis", "capture", "http", "knowledge", "report", "export"];

/// Crates that open network connections. The program works on secrets and talks to nobody.
const NETWORK_CRATES: &[&str] = &[
    "reqwest",
    "hyper",
    "ureq",
    "ehttp",
    "curl",
    "isahc",
    "native-tls",
    "rustls",
    "attohttpc",
    "surf",
    "tungstenite",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: impl AsRef<Path>) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// Every Rust file below a folder, by its path from the project's root, in order.
fn rust_files(folder: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(folder) else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                files.push(path.strip_prefix(root()).unwrap().to_owned());
            }
        }
    }
    files.sort();
    files
}

/// The stage a file of `src` belongs to: `flow` for `src/flow/steps.rs`, `verdict` for `src/verdict.rs`.
fn stage_of(file: &Path) -> String {
    let first = file.components().nth(1).unwrap().as_os_str().to_str().unwrap();
    first.trim_end_matches(".rs").to_owned()
}

/// The code of a file without its tests, and its tests. A file called `tests.rs` or `…_tests.rs` is all tests.
fn split_tests<'a>(file: &Path, text: &'a str) -> (&'a str, &'a str) {
    if is_test_file(file) {
        return ("", text);
    }
    text.split_once("#[cfg(test)]\nmod tests").unwrap_or((text, ""))
}

fn is_test_file(file: &Path) -> bool {
    file.file_stem().is_some_and(|stem| stem.to_string_lossy().ends_with("tests"))
}

/// The stages that a piece of code names by `crate::`.
fn used_stages(code: &str) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
        for after in line.split("crate::").skip(1) {
            let name: String =
                after.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
            if name.is_empty() {
                // `use crate::{capture::Session, flow::Flow}`
                let stages = ARROWS.iter().map(|(stage, _)| *stage);
                used.extend(
                    stages.filter(|s| after.contains(&format!("{s}::"))).map(str::to_owned),
                );
            } else {
                used.insert(name);
            }
        }
    }
    used
}

#[test]
fn every_arrow_is_in_the_table() {
    let mut wrong = Vec::new();
    for file in rust_files("src") {
        let stage = stage_of(&file);
        if stage == "lib" || stage == "main" {
            continue;
        }
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == stage) else {
            wrong.push(format!("{}: the stage {stage} is not in the table", file.display()));
            continue;
        };
        let text = read(&file);
        let (code, tests) = split_tests(&file, &text);
        for used in used_stages(code) {
            if used != stage && !allowed.contains(&used.as_str()) {
                wrong.push(format!("{}: {stage} may not use {used}", file.display()));
            }
        }
        for used in used_stages(tests) {
            let used = used.as_str();
            if used != stage && !allowed.contains(&used) && !TESTS_MAY_USE.contains(&used) {
                wrong.push(format!("{}: tests of {stage} may not use {used}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_is_the_one_in_the_document() {
    let document = read("docs/architecture.md");
    for (stage, allowed) in ARROWS {
        let row = document
            .lines()
            .find(|line| line.starts_with(&format!("| `{stage}` |")))
            .unwrap_or_else(|| panic!("docs/architecture.md has no row for {stage}"));
        let documented: BTreeSet<&str> = row.split('`').skip(3).step_by(2).collect();
        assert_eq!(documented, allowed.iter().copied().collect(), "row of {stage}");
    }
}

#[test]
fn no_file_is_too_long() {
    let long: Vec<String> = ["src", "tests", "examples", "benches"]
        .into_iter()
        .flat_map(rust_files)
        // A generated list is as long as what it lists.
        .filter(|file| !file.ends_with("src/training/sample_list.rs"))
        .map(|file| (read(&file).lines().count(), file))
        .filter(|(lines, _)| *lines > LONGEST_FILE)
        .map(|(lines, file)| format!("{}: {lines} lines", file.display()))
        .collect();
    assert!(long.is_empty(), "split these by what they hold:\n{}", long.join("\n"));
}

#[test]
fn every_file_says_what_it_holds() {
    for file in rust_files("src").iter().filter(|file| !is_test_file(file)) {
        assert!(read(file).starts_with("//! "), "{} has no heading", file.display());
    }
}

#[test]
fn only_the_theme_names_a_colour() {
    let constructors =
        ["Color32::from_", "Color32::WHITE", "Color32::BLACK", "Color32::RED", "Rgba::from_"];
    for file in rust_files("src") {
        if file != Path::new("src/gui/theme.rs") {
            let text = read(&file);
            let found = constructors.iter().find(|name| text.contains(*name));
            assert_eq!(found, None, "{}", file.display());
        }
    }
}

#[test]
fn only_the_command_line_speaks_to_the_terminal() {
    for file in rust_files("src").iter().filter(|file| stage_of(file) != "cli") {
        let text = read(file);
        let (code, _) = split_tests(file, &text);
        let found = ["println!", "eprintln!", "print!(", "dbg!(", "io::stdout()", "io::stderr()"]
            .into_iter()
            .find(|name| code.contains(name));
        assert_eq!(found, None, "{}", file.display());
    }
}

#[test]
fn nothing_can_open_a_network_connection() {
    let lock = read("Cargo.lock");
    for name in NETWORK_CRATES {
        assert!(
            !lock.contains(&format!("name = \"{name}\"\n")),
            "{name} is among the dependencies"
        );
    }
    for file in rust_files("src") {
        let text = read(&file);
        let found = ["TcpStream", "TcpListener", "UdpSocket", "ToSocketAddrs", "UnixStream"]
            .into_iter()
            .find(|name| text.contains(name));
        assert_eq!(found, None, "{}", file.display());
    }
}

#[test]
fn the_page_of_rules_is_fresh() {
    let page = hma_trace::report::rules_page();
    let path = root().join("docs/rules.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(written == page, "docs/rules.md is stale: run UPDATE_DOCS=1 cargo test --test tidy");
}

#[test]
fn the_documents_name_files_that_exist() {
    for document in ["README.md", "docs/architecture.md", "docs/style.md", "docs/changelog.md"] {
        let text = read(document);
        let folder = root().join(document).parent().unwrap().to_owned();
        let links =
            text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(to, _)| to);
        for link in links.filter(|link| !link.contains("://") && !link.starts_with('#')) {
            let file = link.split('#').next().unwrap();
            assert!(folder.join(file).exists(), "{document} links to {link}");
        }
        for path in text.split('`').skip(1).step_by(2) {
            let is_path =
                ["src/", "docs/", "sample-traces/", "tests/", ".ci/", "assets/", "examples/"]
                    .iter()
                    .any(|start| path.starts_with(start));
            if is_path && !path.contains([' ', '*', '<', '{', '…']) {
                assert!(root().join(path).exists(), "{document} names {path}");
            }
        }
    }
}
