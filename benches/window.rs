//! How long the window takes for a frame, with a capture of 100,000 sessions: `cargo bench --bench window [-- FACTOR]`.
//!
//! The window is driven through `egui_kittest` without drawing pixels: what is measured is all that the program does for a
//! frame, layout and accessibility tree included. Each line gives the window's own processor time for a frame (the mean,
//! where the system tells) and what passed on the clock: the median of its frames and the 95th percentile, which on a busy
//! machine hold other programs' time, too. The factor scales the number of sessions.

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints and may stop")]

use std::time::{Duration, Instant};

use eframe::egui::{
    Event, Key, Modifiers, MouseWheelSource, MouseWheelUnit, Role, TouchPhase, pos2, vec2,
};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use hma_trace::analysis::Analysis;
use hma_trace::capture::Annotations;
use hma_trace::gui::App;
use hma_trace::import::{Options, Progress, open_file};
use hma_trace::jwt::Keys;
use hma_trace::search::{BodyMemory, Index, Query, Sifter, SortKey, search_bodies};

#[path = "../examples/large_capture/generator.rs"]
mod generator;

use generator::{Format, Order};

/// Frames that are measured of each kind.
const FRAMES: usize = 240;

/// What is typed, letter by letter.
const TYPED: &str = "contoso emsmdb 401";

type Window = Harness<'static, App>;

fn main() {
    let factor = std::env::args().skip(1).find_map(|word| word.parse::<f64>().ok()).unwrap_or(1.0);
    let analysis = analysis(factor);
    println!("{} sessions\n", analysis.capture.sessions.len());
    println!("| work | processor ms | median ms | 95 % ms | goal ms |\n|---|---|---|---|---|");
    without_window(&analysis);
    let begun = Instant::now();
    let mut window = window(analysis);
    line("open at the timeline", &[begun.elapsed()], None);
    let over = pos2(900.0, 300.0);
    scroll(&mut window, over).print("scroll the timeline", Some(4));
    show(&mut window, "Sessions");
    scroll(&mut window, over).print("scroll the table", Some(4));
    wide(&mut window).print("scroll the table, 2560×1440", None);
    measured(FRAMES, |_| step(&mut window)).print("nothing moves", None);
    line("switch view", &switch(&mut window), Some(16));
    let (typing, streaming) = keystrokes(&mut window);
    line("a letter in the search box", &typing, Some(16));
    line("frames while bodies are searched", &streaming, None);
    line("a click on a column's head", &sort(&mut window), Some(16));
}

/// The capture, made and read.
fn analysis(factor: f64) -> Analysis {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a number of sessions"
    )]
    let sessions = (100_000.0 * factor).max(1.0) as u32;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("many.har");
    let order = Order { sessions, body_size: 0, format: Format::Har, encrypt: None };
    generator::write(&order, &path).unwrap();
    let capture = open_file(&path, Options::default(), &Progress::none()).unwrap();
    Analysis::of(capture, &Keys::default())
}

/// The work behind the window, each piece alone.
fn without_window(analysis: &Analysis) {
    let begun = Instant::now();
    let index = Index::of(analysis);
    line("reading the index (on threads)", &[begun.elapsed()], None);
    let (capture, added) = (&analysis.capture, Annotations::default());
    let mut typing = Sifter::default();
    let mut last = None;
    let mut typed = String::new();
    let letters: Vec<Duration> = TYPED
        .chars()
        .map(|letter| {
            typed.push(letter);
            let begun = Instant::now();
            let query = Query::parse(&typed);
            last = Some(typing.sift(&query, &index, capture, &added));
            begun.elapsed()
        })
        .collect();
    line("sifting addresses and header fields, a letter", &letters, Some(16));
    let anew: Vec<Duration> = (0..9)
        .map(|_| {
            let begun = Instant::now();
            let query = Query::parse("no-such-word");
            let _ = Sifter::default().sift(&query, &index, capture, &added);
            begun.elapsed()
        })
        .collect();
    line("sifting a whole new word", &anew, Some(16));
    let sifted = Sifter::default().sift(&Query::parse("no-such-word"), &index, capture, &added);
    let begun = Instant::now();
    let go_on = || Ok::<(), ()>(());
    search_bodies(&sifted, capture, &BodyMemory::default(), &go_on, |_| ()).unwrap();
    line("searching all bodies (on threads)", &[begun.elapsed()], None);
    for (name, key) in [
        ("sorting by host", SortKey::Host),
        ("sorting by meaning (on a thread)", SortKey::Meaning),
        ("sorting by URL (on a thread)", SortKey::Url),
        ("sorting by time", SortKey::Began),
    ] {
        let begun = Instant::now();
        let order = index.sorted(key, false, capture, &added, &go_on).unwrap();
        assert_eq!(order.len(), capture.sessions.len());
        line(name, &[begun.elapsed()], Some(100));
    }
    println!("| memory of the index, MiB | {} | | | |", index.memory() >> 20);
}

fn window(analysis: Analysis) -> Window {
    let mut window = Harness::builder()
        .with_size(vec2(1400.0, 900.0))
        .build_eframe(|creation| App::with_analysis(creation, analysis));
    window.step();
    window
}

fn step(window: &mut Window) -> Duration {
    let begun = Instant::now();
    window.step();
    begun.elapsed()
}

fn show(window: &mut Window, tab: &str) {
    window.get_by_role_and_label(Role::Tab, tab).click();
    // Indexing, too, is over by then.
    for _ in 0..100 {
        window.step();
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Turns the wheel for a while, down and up again.
fn scroll(window: &mut Window, over: eframe::egui::Pos2) -> Frames {
    window.event(Event::PointerMoved(over));
    window.step();
    measured(FRAMES, |frame| {
        let lines = if frame < FRAMES * 3 / 4 { -30.0 } else { 30.0 };
        window.event(Event::MouseWheel {
            unit: MouseWheelUnit::Line,
            delta: vec2(0.0, lines),
            phase: TouchPhase::Move,
            source: MouseWheelSource::Wheel,
            modifiers: Modifiers::NONE,
        });
        step(window)
    })
}

fn wide(window: &mut Window) -> Frames {
    window.set_size(vec2(2560.0, 1440.0));
    window.step();
    let frames = scroll(window, pos2(1200.0, 400.0));
    window.set_size(vec2(1400.0, 900.0));
    window.step();
    frames
}

fn switch(window: &mut Window) -> Vec<Duration> {
    (0..20)
        .map(|at| {
            let tab = if at % 2 == 0 { Key::Num1 } else { Key::Num2 };
            window.key_press_modifiers(Modifiers::ALT, tab);
            let took = step(window) + step(window);
            window.step();
            took
        })
        .collect()
}

/// The frames in which a letter is typed, and those after the last one until all bodies were searched.
fn keystrokes(window: &mut Window) -> (Vec<Duration>, Vec<Duration>) {
    window.key_press_modifiers(Modifiers::COMMAND, Key::F);
    window.step();
    window.step();
    let mut typing = Vec::new();
    let mut streaming = Vec::new();
    for letter in TYPED.chars() {
        window.event(Event::Text(letter.to_string()));
        typing.push(step(window));
        for _ in 0..4 {
            streaming.push(step(window));
        }
    }
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(3) {
        streaming.push(step(window));
        std::thread::sleep(Duration::from_millis(12));
    }
    let found = window
        .query_all_by_label_contains(" sessions")
        .filter_map(|node| node.accesskit_node().label().or_else(|| node.accesskit_node().value()))
        .find(|label| label.contains(" of "));
    println!("| {TYPED}: {} | | | | |", found.unwrap_or_default());
    window.get_by_label("Clear the filter").click();
    window.step();
    window.step();
    (typing, streaming)
}

fn sort(window: &mut Window) -> Vec<Duration> {
    let mut frames = Vec::new();
    for name in ["meaning", "host", "URL", "result"] {
        window.get_by_label(&format!("Sort by {name}")).click();
        for _ in 0..40 {
            frames.push(step(window));
            std::thread::sleep(Duration::from_millis(5));
        }
    }
    frames
}

fn line(work: &str, frames: &[Duration], goal: Option<u32>) {
    full_line(work, frames, None, goal);
}

/// A line with the processor time of all its frames together.
fn full_line(work: &str, frames: &[Duration], cpu: Option<Duration>, goal: Option<u32>) {
    let mut sorted = frames.to_vec();
    sorted.sort_unstable();
    let at = |part: usize| sorted.get((sorted.len() * part / 100).min(sorted.len() - 1));
    let ms = |took: Option<&Duration>| took.map_or(0.0, |took| took.as_secs_f64() * 1000.0);
    let goal = goal.map_or("–".to_owned(), |goal| goal.to_string());
    let cpu = cpu.map_or("–".to_owned(), |cpu| {
        format!("{:.2}", cpu.as_secs_f64() * 1000.0 / frames.len() as f64)
    });
    println!("| {work} | {cpu} | {:.2} | {:.2} | {goal} |", ms(at(50)), ms(at(95)));
}

/// Processor time of this thread so far, where Linux tells it.
fn processor() -> Option<Duration> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(told.split(' ').next()?.parse().ok()?))
}

/// Measures frames, and their processor time.
fn measured(frames: usize, mut frame: impl FnMut(usize) -> Duration) -> Frames {
    let before = processor();
    let walls = (0..frames).map(&mut frame).collect();
    let cpu = processor().zip(before).map(|(after, before)| after.saturating_sub(before));
    Frames { walls, cpu }
}

struct Frames {
    walls: Vec<Duration>,
    cpu: Option<Duration>,
}

impl Frames {
    fn print(&self, work: &str, goal: Option<u32>) {
        full_line(work, &self.walls, self.cpu, goal);
    }
}
