//! That nothing leaves the machine: the real binary under a tracer opens no connection and writes no file but those it was
//! asked for. `strace` must be there, and `Xvfb` for the window; without them a line says what was not checked.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(clippy::print_stdout, reason = "a test says what it did not check")]

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use hma_trace::training::samples::{self, SAMPLES};

const PROGRAM: &str = env!("CARGO_BIN_EXE_hma-trace");

/// Calls that open a file, to read or to write it.
const OPENING: &[&str] = &["open", "openat", "openat2"];

/// Calls that make or change a file.
const CHANGING: &[&str] = &[
    "creat",
    "mkdir",
    "mkdirat",
    "rename",
    "renameat",
    "renameat2",
    "link",
    "linkat",
    "symlink",
    "symlinkat",
    "truncate",
    "unlink",
    "unlinkat",
];

/// How long the window may take to appear, in a debug build on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// Seconds after which the program is ended if it does not end with its display.
const LONGEST: &str = "90";

/// How long the window is watched once it is there.
const WATCHED: Duration = Duration::from_secs(3);

/// A system call as the tracer writes it down: its name, and everything behind the name.
struct Call {
    name: String,
    rest: String,
}

impl Call {
    /// Whether it could change a file or make one.
    fn writes(&self) -> bool {
        let to_write = ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC"];
        let name = self.name.as_str();
        !self.rest.contains(") = -1 ")
            && (CHANGING.contains(&name)
                || OPENING.contains(&name) && to_write.iter().any(|flag| self.rest.contains(flag)))
    }

    /// The paths it names.
    fn paths(&self) -> impl Iterator<Item = &Path> {
        self.rest.split('"').skip(1).step_by(2).map(Path::new)
    }
}

fn calls(log: &str) -> Vec<Call> {
    log.lines()
        // `1234 openat(AT_FDCWD, "/etc/passwd", O_RDONLY|O_CLOEXEC) = 3`
        .filter_map(|line| {
            line.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ').split_once('(')
        })
        .map(|(name, rest)| Call { name: name.to_owned(), rest: rest.to_owned() })
        .collect()
}

/// What follows, under the tracer, with a home of its own.
fn traced(log: &Path, home: &Path) -> Command {
    let calls = [&["%network"][..], OPENING, CHANGING].concat().join(",");
    let mut command = Command::new("strace");
    command.args(["-f", "-qq", "-s", "4096", "-e", "signal=none", "-e", &calls, "-o"]);
    command.arg(log);
    command.env_clear().env("HOME", home).env("PATH", std::env::var_os("PATH").unwrap());
    command
}

fn can_trace() -> bool {
    let there = Command::new("strace").args(["-qq", "true"]).output();
    let can = there.is_ok_and(|output| output.status.success());
    if !can {
        println!("not checked: strace is not installed or may not trace here");
    }
    can
}

/// Files that were made or changed outside of `allowed`; relative paths start in `folder`.
fn written_elsewhere(calls: &[Call], folder: &Path, allowed: &Path) -> Vec<PathBuf> {
    // Devices hold no files: a terminal, the graphics card.
    let is_device = |path: &Path| path.starts_with("/dev") && !path.starts_with("/dev/shm");
    let changed = calls.iter().filter(|call| call.writes()).flat_map(Call::paths);
    changed
        .map(|path| folder.join(path))
        .filter(|path| !is_device(path) && !path.starts_with(allowed))
        .collect()
}

#[test]
fn the_command_line_opens_no_connection_and_writes_only_what_was_asked_for() {
    if !can_trace() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let [log, home, capture] =
        ["strace.log", "home", "bad.saz"].map(|name| folder.path().join(name));
    let bad = samples::find("authorization-uri-missing").unwrap();
    fs::write(&capture, bad.bytes()).unwrap();
    fs::create_dir(&home).unwrap();
    fs::create_dir(folder.path().join("out")).unwrap();
    let good = format!("out/samples/{}", SAMPLES[0].file_name);
    for line in [
        "samples --write out/samples",
        "analyze bad.saz --format html -o out/report.html",
        "redact bad.saz -o out/copy.saz --receipt out/receipt.json",
        &format!("compare {good} bad.saz"),
        "explain AADSTS50173",
    ] {
        let mut command = traced(&log, &home);
        let output =
            command.arg(PROGRAM).args(line.split(' ')).current_dir(folder.path()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_ne!(output.status.code(), Some(2), "{line}: {said}");
        let calls = calls(&fs::read_to_string(&log).unwrap());
        assert!(calls.iter().any(|call| call.name == "openat"), "{line}: nothing was traced");
        let sockets: Vec<&str> =
            calls.iter().filter(|c| c.name == "socket").map(|c| c.rest.as_str()).collect();
        assert!(sockets.is_empty(), "{line}: opens {sockets:?}");
        let elsewhere = written_elsewhere(&calls, folder.path(), &folder.path().join("out"));
        assert!(elsewhere.is_empty(), "{line}: writes {elsewhere:?}");
    }
    for file in ["out/report.html", "out/copy.saz", "out/receipt.json"] {
        assert!(folder.path().join(file).exists(), "{file}");
    }
    assert_eq!(fs::read(&capture).unwrap(), bad.bytes(), "the original changed");
    assert_eq!(fs::read_dir(home).unwrap().count(), 0, "something was left at home");
}

#[test]
fn the_tracers_log_is_understood() {
    let log = r#"7 openat(AT_FDCWD, "/read", O_RDONLY|O_CLOEXEC) = 3
7 socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_IP) = 4
7 connect(4, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("192.0.2.1")}, 16) = 0
8 openat(AT_FDCWD, "/new", O_WRONLY|O_CREAT|O_EXCL|O_CLOEXEC, 0600 <unfinished ...>
7 <... openat resumed>) = 5
7 openat(AT_FDCWD, "/nothing", O_RDWR|O_CLOEXEC) = -1 ENOENT (No such file or directory)
7 rename("out/a", "out/b") = 0
7 openat(AT_FDCWD, "/dev/tty", O_RDWR) = 6
"#;
    let calls = calls(log);
    assert_eq!(calls.iter().filter(|call| call.name == "socket").count(), 1);
    let elsewhere = written_elsewhere(&calls, Path::new("/here"), Path::new("/allowed"));
    assert_eq!(elsewhere, ["/new", "/here/out/a", "/here/out/b"].map(PathBuf::from));
}

/// A display of one's own, gone with the value.
struct Display {
    server: Child,
    name: String,
}

impl Display {
    fn start() -> Option<Self> {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1000x700x24", "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let mut number = String::new();
        BufReader::new(server.stdout.take()?).read_line(&mut number).ok()?;
        Some(Self { server, name: format!(":{}", number.trim()) })
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

#[cfg(feature = "gui")]
#[test]
fn the_window_speaks_to_the_display_and_to_nobody_else() {
    let Some(display) = can_trace().then(Display::start).flatten() else {
        println!("not checked: the window needs strace and Xvfb");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("home");
    let settings = home.join(".local/share/hma-trace");
    fs::create_dir_all(settings.parent().unwrap()).unwrap();
    let sample = &SAMPLES[0];
    let capture = folder.path().join(sample.file_name);
    fs::write(&capture, sample.bytes()).unwrap();
    let log = folder.path().join("strace.log");
    let mut program = traced(&log, &home)
        .args(["timeout", LONGEST, PROGRAM])
        .arg(&capture)
        .env("DISPLAY", &display.name)
        .env("LIBGL_ALWAYS_SOFTWARE", "1")
        // The graphics driver keeps compiled shaders; that is its own business.
        .env("MESA_SHADER_CACHE_DISABLE", "true")
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let started = Instant::now();
    let opened = loop {
        // The capture is opened after the window is there.
        let text = fs::read_to_string(&log).unwrap_or_default();
        if text.contains(sample.file_name) && text.contains("X11-unix") {
            break true;
        }
        if started.elapsed() > PATIENCE || program.try_wait().unwrap().is_some() {
            break false;
        }
        thread::sleep(Duration::from_millis(200));
    };
    thread::sleep(WATCHED);
    // The window ends with its display.
    drop(display);
    let _ = program.wait();
    let calls = calls(&fs::read_to_string(&log).unwrap());
    if !opened {
        println!("not checked: no window opens on this machine");
        return;
    }
    let foreign: Vec<&str> = calls
        .iter()
        .filter(|call| call.name == "socket" && !call.rest.starts_with("AF_UNIX"))
        .map(|call| call.rest.as_str())
        .collect();
    assert!(foreign.is_empty(), "the window opens {foreign:?}");
    let partners: Vec<&str> = calls
        .iter()
        .filter(|call| call.name == "connect")
        .map(|call| call.rest.as_str())
        .filter(|to| !["X11-unix", "/bus", "wayland"].iter().any(|known| to.contains(known)))
        .collect();
    assert!(partners.is_empty(), "the window speaks to {partners:?}");
    let elsewhere = written_elsewhere(&calls, folder.path(), &settings);
    assert!(elsewhere.is_empty(), "the window writes {elsewhere:?}");
}
