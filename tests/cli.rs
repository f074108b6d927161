//! The real binary, run as a user runs it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use hma_trace::jwt::example;
use hma_trace::training::samples::{self, SAMPLES};

/// The program without anything of the environment that could change what it does.
fn hma_trace(arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("hma-trace").unwrap();
    for name in [
        "HMA_TRACE_PASSWORD",
        "HMA_TRACE_ENCRYPT_PASSWORD",
        "COLUMNS",
        "DISPLAY",
        "WAYLAND_DISPLAY",
        "WAYLAND_SOCKET",
    ] {
        command.env_remove(name);
    }
    command.args(arguments);
    command
}

struct Run {
    code: i32,
    stdout: String,
    stderr: String,
}

fn run(command: &mut Command) -> Run {
    let output = command.output().unwrap();
    Run {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

fn sample(name: &str) -> &'static samples::Sample {
    samples::find(name).unwrap()
}

/// A folder with a sample in it, and the sample's path.
fn sample_file(name: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(sample(name).file_name);
    fs::write(&path, sample(name).bytes()).unwrap();
    let path = path.to_str().unwrap().to_owned();
    (folder, path)
}

fn names_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn an_unpacked_saz_is_analysed_like_the_file() {
    let sample = SAMPLES.iter().find(|s| s.bytes().starts_with(b"PK")).unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(sample.bytes())).unwrap();
    let folder = tempfile::tempdir().unwrap();
    archive.extract(folder.path()).unwrap();
    let file = folder.path().join("packed.saz");
    fs::write(&file, sample.bytes()).unwrap();
    let verdict = |path: &Path| {
        let arguments =
            ["analyze", path.to_str().unwrap(), "--format", "json", "--fail-on", "never"];
        let done = run(&mut hma_trace(&arguments));
        let json: serde_json::Value = serde_json::from_str(&done.stdout).unwrap();
        (json["capture"]["sessions"].clone(), json["verdict"].clone(), json["flows"].clone())
    };
    assert_eq!(verdict(folder.path()), verdict(&file));
}

#[test]
fn the_same_capture_gives_the_same_bytes() {
    let (_folder, path) = sample_file("authorization-uri-missing");
    let arguments = ["analyze", &path, "--format", "json"];
    let (first, second) = (run(&mut hma_trace(&arguments)), run(&mut hma_trace(&arguments)));
    assert_eq!(first.stdout, second.stdout);
    let value: serde_json::Value = serde_json::from_str(&first.stdout).unwrap();
    assert_eq!(value["schema"], "hma-trace/analysis/1");
    assert_eq!(value["capture"]["file"], "authorization-uri-missing.saz");
    assert_eq!(value["capture"]["format"], "saz");
}

#[test]
fn the_exit_code_says_whether_something_was_found() {
    let (_healthy_folder, healthy) = sample_file("healthy-outlook-mapi");
    let (_broken_folder, broken) = sample_file("authorization-uri-missing");
    assert_eq!(run(&mut hma_trace(&["analyze", &healthy])).code, 0);
    assert_eq!(run(&mut hma_trace(&["analyze", &broken])).code, 1);
    assert_eq!(run(&mut hma_trace(&["analyze", &broken, "--fail-on", "never"])).code, 0);
}

#[test]
fn a_warning_fails_only_when_asked() {
    let (_folder, path) = sample_file("basic-credentials-in-capture");
    assert_eq!(run(&mut hma_trace(&["analyze", &path])).code, 0);
    assert_eq!(run(&mut hma_trace(&["analyze", &path, "--fail-on", "warning"])).code, 1);
}

#[test]
fn what_cannot_be_done_is_two_with_the_path_last() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing.saz");
    let text = folder.path().join("shopping.txt");
    fs::write(&text, "milk\nbread\n").unwrap();
    for path in [missing, text] {
        let path = path.to_str().unwrap();
        let ran = run(&mut hma_trace(&["analyze", path]));
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
        assert!(ran.stderr.starts_with("hma-trace: "), "{}", ran.stderr);
        assert!(ran.stderr.ends_with(&format!(": {path}\n")), "{}", ran.stderr);
        assert_eq!(ran.stderr.lines().count(), 1);
    }
    assert_eq!(run(&mut hma_trace(&["analyze"])).code, 2);
    assert_eq!(run(&mut hma_trace(&["--help"])).code, 0);
    assert_eq!(run(&mut hma_trace(&["--version"])).stdout.trim(), "hma-trace 0.1.0");
}

#[test]
fn standard_input_is_a_file_too() {
    let sample = sample("healthy-outlook-mapi.har");
    let mut command = hma_trace(&["analyze", "-", "--format", "json"]);
    let ran = run(command.write_stdin(sample.bytes()));
    let value: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((ran.code, &value["capture"]["file"]), (0, &"standard input".into()));
}

#[test]
fn every_format_is_written_and_holds_no_control_character() {
    let capture = "GET https://mail.contoso.com/EWS/\u{9b}x HTTP/1.1\nUser-Agent: a\u{1b}]0;title\u{7}\u{1b}[2J\n\
                   Authorization: Bearer\n\nHTTP/1.1 401 Unauthorized\nX-FEServer: EX01\n\
                   WWW-Authenticate: Bearer authorization_uri=\"\u{1b}[31m\"\n";
    for format in ["text", "json", "markdown", "html"] {
        let mut command = hma_trace(&["analyze", "-", "--format", format, "--fail-on", "never"]);
        let ran = run(command.write_stdin(capture));
        assert_eq!(ran.code, 0, "{format}: {}", ran.stderr);
        assert!(ran.stdout.chars().all(|c| c == '\n' || !c.is_control()), "{format}");
    }
}

#[test]
fn an_output_appears_whole_or_not_at_all() {
    let (folder, path) = sample_file("authorization-uri-missing");
    let out = folder.path().join("report.html");
    let ran =
        run(&mut hma_trace(&["analyze", &path, "--format", "html", "-o", out.to_str().unwrap()]));
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
    assert!(fs::read_to_string(&out).unwrap().ends_with("</html>\n"));

    let before = names_in(folder.path());
    let nowhere = folder.path().join("no-such-folder/report.html");
    let ran = run(&mut hma_trace(&["analyze", &path, "-o", nowhere.to_str().unwrap()]));
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.trim_end().ends_with("report.html"), "{}", ran.stderr);
    assert_eq!(names_in(folder.path()), before);

    let ran = run(&mut hma_trace(&["analyze", &path, "-o", &path]));
    assert_eq!(ran.code, 2);
    assert_eq!(fs::read(&path).unwrap(), sample("authorization-uri-missing").bytes());
}

#[cfg(unix)]
#[test]
fn a_device_is_written_straight() {
    let (_folder, path) = sample_file("healthy-outlook-mapi");
    assert_eq!(run(&mut hma_trace(&["analyze", &path, "-o", "/dev/null"])).code, 0);
    assert!(!fs::metadata("/dev/null").unwrap().is_file());
    assert_eq!(run(&mut hma_trace(&["analyze", &path, "-o", "/dev/full"])).code, 2);
}

#[cfg(unix)]
#[test]
fn a_reader_that_leaves_early_is_no_failure() {
    let (folder, _) = sample_file("healthy-outlook-mapi");
    let program = assert_cmd::cargo::cargo_bin("hma-trace");
    let script = format!(
        "'{}' samples --write . | true; '{}' analyze healthy-outlook-mapi.saz --format json 2>err | true; cat err",
        program.display(),
        program.display()
    );
    let mut shell = Command::new("sh");
    let ran = run(shell.current_dir(folder.path()).args(["-c", &script]));
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""));
}

/// Credentials that the sample traces hold; none may stand in any report.
fn secrets(capture: &hma_trace::capture::Capture) -> Vec<String> {
    let mut secrets = Vec::new();
    for session in &capture.sessions {
        if let hma_trace::http::Authorization::Token(token) =
            hma_trace::http::Authorization::of(&session.request.headers)
        {
            secrets.push(token.reveal().rsplit('.').next().unwrap().to_owned());
        }
        for (name, value) in session.request.body.form() {
            if hma_trace::http::mask::is_secret_field(&name) {
                secrets.push(value);
            }
        }
        for value in session.request.headers.get_all("cookie") {
            let pairs = value.split(';').filter_map(|pair| pair.split_once('='));
            secrets.extend(pairs.map(|(_, value)| value.trim().to_owned()));
        }
    }
    secrets.retain(|secret| secret.len() >= 12);
    secrets
}

#[test]
fn no_report_shows_a_secret() {
    use hma_trace::import::{Options, Progress, open_bytes};
    let folder = tempfile::tempdir().unwrap();
    for sample in SAMPLES {
        let capture =
            open_bytes(sample.file_name, sample.bytes(), Options::default(), &Progress::none());
        let secrets = secrets(&capture.unwrap());
        let path = folder.path().join(sample.file_name);
        fs::write(&path, sample.bytes()).unwrap();
        for format in ["text", "json", "markdown", "html"] {
            let ran = run(&mut hma_trace(&["analyze", path.to_str().unwrap(), "--format", format]));
            let joined = ran.stdout.replace(['\n', ' '], "");
            for secret in &secrets {
                assert!(!joined.contains(secret.as_str()), "{} in {format}", sample.file_name);
            }
            assert!(!joined.contains("Sample-Passw0rd"), "{} in {format}", sample.file_name);
        }
    }
}

#[test]
fn every_kind_of_word_is_explained() {
    for (word, expected) in [
        ("authorization-uri-missing", "Rule"),
        ("AADSTS50173", "Meaning"),
        ("50173", "AADSTS50173"),
        ("2000003", "x-ms-diagnostics"),
        ("aud", "claim"),
        ("d3590ed6-52b3-4102-aeff-aad2292ab01c", "Outlook"),
        ("invalid_grant", "OAuth"),
    ] {
        let ran = run(&mut hma_trace(&["explain", word]));
        assert_eq!(ran.code, 0, "{word}: {}", ran.stderr);
        assert!(ran.stdout.contains(expected), "{word}: {}", ran.stdout);
    }
    let ran = run(&mut hma_trace(&["explain", "unicorn"]));
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
}

#[test]
fn a_token_is_read_from_the_argument_and_from_standard_input() {
    let token = example::expand(r#"{{jwt {"aud":"https://mail.contoso.com/","exp":1772445900}}}"#);
    let argument = run(&mut hma_trace(&["token", &token]));
    assert_eq!(argument.code, 0, "{}", argument.stderr);
    assert!(argument.stdout.contains("Token for https://mail.contoso.com/"));
    for mut command in [hma_trace(&["token", "-"]), hma_trace(&["token"])] {
        let ran = run(command.write_stdin(format!("Authorization: Bearer {token}\n")));
        assert_eq!(ran.stdout, argument.stdout);
    }
    let ran = run(&mut hma_trace(&["token", "EwCwA8l6BAAU-secret"]));
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(!ran.stderr.contains("EwCwA8l6BAAU"));
}

#[test]
fn the_samples_are_listed_and_written() {
    let list = run(&mut hma_trace(&["samples"]));
    assert_eq!(list.code, 0);
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("new/samples");
    assert_eq!(run(&mut hma_trace(&["samples", "--write", target.to_str().unwrap()])).code, 0);
    for sample in SAMPLES {
        assert_eq!(fs::read(target.join(sample.file_name)).unwrap(), sample.bytes());
    }
    assert_eq!(names_in(&target).len(), SAMPLES.len());
}

#[test]
fn a_redacted_capture_gives_the_same_verdict_and_a_receipt() {
    let (folder, path) = sample_file("authorization-uri-missing");
    let (out, receipt) = (folder.path().join("safe.saz"), folder.path().join("receipt.json"));
    let ran = run(&mut hma_trace(&[
        "redact",
        &path,
        "-o",
        out.to_str().unwrap(),
        "--receipt",
        receipt.to_str().unwrap(),
    ]));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let receipt: serde_json::Value = serde_json::from_slice(&fs::read(&receipt).unwrap()).unwrap();
    assert_eq!(receipt["schema"], "hma-trace/receipt/1");
    assert_eq!(receipt["verdict_before"], receipt["verdict_after"]);
    assert_eq!(receipt["input_sha256"].as_str().unwrap().len(), 64);
    assert_eq!(fs::read(&path).unwrap(), sample("authorization-uri-missing").bytes());
    assert_eq!(run(&mut hma_trace(&["analyze", out.to_str().unwrap()])).code, 1);
}

#[test]
fn redaction_refuses_to_replace_the_original_and_unknown_formats() {
    let (folder, path) = sample_file("authorization-uri-missing");
    assert_eq!(run(&mut hma_trace(&["redact", &path, "-o", &path])).code, 2);
    let odd = folder.path().join("safe.txt");
    let ran = run(&mut hma_trace(&["redact", &path, "-o", odd.to_str().unwrap()]));
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains(".har or .saz"), "{}", ran.stderr);
    assert_eq!(names_in(folder.path()), ["authorization-uri-missing.saz"]);
}

#[test]
fn two_captures_are_compared() {
    let (_good_folder, good) = sample_file("healthy-outlook-mapi");
    let (_bad_folder, bad) = sample_file("authorization-uri-missing");
    let ran = run(&mut hma_trace(&["compare", &good, &bad, "--format", "json"]));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let value: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(value["first_difference"]["step"], "challenge");
    for (format, begin) in [
        ("text", "✖ They part at the challenge step"),
        ("markdown", "# authorization-uri-missing.saz compared with healthy-outlook-mapi.saz"),
        ("html", "<!doctype html>"),
    ] {
        let ran = run(&mut hma_trace(&["compare", &good, &bad, "--format", format]));
        assert!(ran.stdout.starts_with(begin), "{}", ran.stdout);
        assert!(ran.stdout.contains("authorization_uri"), "{}", ran.stdout);
    }
    let ran = run(&mut hma_trace(&["compare", &good, &good]));
    assert!(ran.stdout.starts_with("✔ No difference"), "{}", ran.stdout);
}

/// An encrypted SAZ with one session; the password is `open sesame`.
fn encrypted() -> Vec<u8> {
    use std::io::Write as _;
    let options = zip::write::SimpleFileOptions::default()
        .with_aes_encryption(zip::AesMode::Aes256, "open sesame");
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in [
        (
            "raw/1_c.txt",
            "GET https://mail.contoso.com/EWS/ HTTP/1.1\r\nHost: mail.contoso.com\r\n\r\n",
        ),
        ("raw/1_s.txt", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
    ] {
        archive.start_file(name, options).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn a_redacted_saz_can_be_encrypted() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("shared.saz");
    let out = out.to_str().unwrap();
    let (_kept, sample) = sample_file("healthy-outlook-mapi.saz");
    let arguments = ["redact", &sample, "-o", out, "--encrypt"];
    let ran = run(&mut hma_trace(&arguments));
    assert_eq!(ran.code, 2, "nobody to ask");
    assert!(ran.stderr.contains("HMA_TRACE_ENCRYPT_PASSWORD"), "{}", ran.stderr);
    let ran = run(hma_trace(&arguments).env("HMA_TRACE_ENCRYPT_PASSWORD", "open sesame"));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(run(&mut hma_trace(&["analyze", out])).code, 2);
    let ran = run(hma_trace(&["analyze", out]).env("HMA_TRACE_PASSWORD", "open sesame"));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let har = folder.path().join("shared.har");
    let arguments = ["redact", &sample, "-o", har.to_str().unwrap(), "--encrypt"];
    let ran = run(hma_trace(&arguments).env("HMA_TRACE_ENCRYPT_PASSWORD", "open sesame"));
    assert!(ran.code == 2 && !har.exists() && ran.stderr.contains("only a SAZ"), "{}", ran.stderr);
}

#[test]
fn a_password_opens_an_encrypted_capture_and_is_never_repeated() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("locked.saz");
    fs::write(&path, encrypted()).unwrap();
    let path = path.to_str().unwrap();
    let password_file = folder.path().join("password");
    fs::write(&password_file, "open sesame\n").unwrap();

    let by_file = ["analyze", path, "--password-file", password_file.to_str().unwrap()];
    assert_eq!(run(&mut hma_trace(&by_file)).code, 0);
    let ran = run(hma_trace(&["analyze", path]).env("HMA_TRACE_PASSWORD", "open sesame"));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let ran = run(hma_trace(&["analyze", path]).env("HMA_TRACE_PASSWORD", "wrong-sesame"));
    assert_eq!(ran.code, 2);
    assert!(!ran.stderr.contains("wrong-sesame") && ran.stderr.contains("password"));
    let ran = run(&mut hma_trace(&["analyze", path]));
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("--password-file") && ran.stderr.trim_end().ends_with(path));
}

#[cfg(any(target_os = "linux", not(feature = "gui")))]
#[test]
fn without_a_display_one_line_says_what_to_type() {
    for arguments in [&[][..], &["trace.saz"]] {
        let ran = run(&mut hma_trace(arguments));
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
        assert!(ran.stderr.contains("hma-trace analyze FILE"), "{}", ran.stderr);
        assert_eq!(ran.stderr.lines().count(), 1);
    }
}
