//! The table of sessions and the search box, driven as a keyboard or a screen reader drives them.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use eframe::egui::accesskit::Toggled;
use eframe::egui::{Key, Modifiers, Role, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use hma_trace::analysis::Analysis;

use crate::driver::{Window, copied, has, press_with, sample_analysis, show, text_analysis};

const CAPTURE: &str = "
### 1 2026-03-02T09:14:00Z +31ms outlook.exe:7720 // recorded remark
POST https://mail.contoso.com/mapi/emsmdb/
Authorization: Bearer

HTTP/1.1 401 Unauthorized
X-FEServer: EX01
WWW-Authenticate: Bearer client_id=\"00000002-0000-0ff1-ce00-000000000000\"
### 2 09:14:03 +2s outlook.exe:7720
GET https://www.fabrikam.com/news?code=grant-secret

HTTP/1.1 200 OK
Content-Type: text/plain

a needle in the body
### 3 09:14:05 teams.exe:9
GET https://www.fabrikam.com/other

HTTP/1.1 500 Oops
";

fn opened(analysis: Analysis, size: (f32, f32)) -> Window {
    let mut window = crate::driver::opened(analysis, vec2(size.0, size.1));
    show(&mut window, "Sessions");
    window
}

fn text(capture: &str) -> Window {
    opened(text_analysis(capture), (1600.0, 900.0))
}

fn sample(name: &str) -> Window {
    opened(sample_analysis(name), (1600.0, 900.0))
}

/// The rows in sight as a screen reader reads them.
fn rows(window: &Window) -> Vec<String> {
    window.query_all_by_role(Role::Row).filter_map(|n| n.accesskit_node().label()).collect()
}

/// The numbers of the rows in sight.
fn numbers(window: &Window) -> Vec<u32> {
    let number = |row: &String| row.strip_prefix("Session ")?.split(':').next()?.parse().ok();
    rows(window).iter().filter_map(number).collect()
}

fn selected(window: &Window) -> Option<String> {
    let mut rows = window.query_all_by_role(Role::Row);
    rows.find(|n| n.accesskit_node().toggled() == Some(Toggled::True))?.accesskit_node().label()
}

fn click(window: &mut Window, label: &str) {
    window.query_all_by_label_contains(label).next().unwrap().click();
    window.run_ok();
}

/// Types into the box, in the place of what stood there.
fn search(window: &mut Window, text: &str) {
    if has(window, "Clear the filter") {
        click(window, "Clear the filter");
    }
    press_with(window, Modifiers::COMMAND, Key::F);
    window.get_by_label("Filter sessions").type_text(text);
    window.run_ok();
}

fn leave_box(window: &mut Window) {
    press_with(window, Modifiers::NONE, Key::Escape);
    press_with(window, Modifiers::NONE, Key::Enter);
    assert!(!window.get_by_label("Filter sessions").is_focused());
}

#[test]
fn words_fields_and_bodies_narrow_the_table() {
    let mut window = text(CAPTURE);
    for (query, fitting) in [
        ("host:fabrikam", &[2, 3][..]),
        ("status:4xx", &[1]),
        ("-status:200", &[1, 3]),
        ("needle", &[2]),
        ("auth:empty-bearer", &[1]),
        ("step:challenge", &[1]),
        ("time>1s", &[2]),
        ("comment:remark", &[1]),
        ("grant-secret", &[]),
    ] {
        search(&mut window, query);
        assert_eq!(numbers(&window), fitting, "{query}");
    }
    assert!(has(&window, "No session fits the filter"));
    click(&mut window, "Clear filter");
    assert_eq!(numbers(&window), [1, 2, 3]);
}

#[test]
fn a_mistake_hides_nothing_and_says_what_is_right() {
    let mut window = text(CAPTURE);
    search(&mut window, "hots:mail");
    assert!(has(&window, "There is no field hots. Did you mean host:mail"));
    assert_eq!(numbers(&window), [1, 2, 3]);
    search(&mut window, "status:fine");
    assert!(has(&window, "status: does not know fine. It takes status code: 401, 4xx"));
    assert_eq!(numbers(&window), [1, 2, 3]);
}

#[test]
fn chips_show_counts_and_go_one_by_one() {
    let mut window = text(CAPTURE);
    search(&mut window, "host:fabrikam -needle ");
    assert!(has(&window, "1 of 3 sessions"));
    click(&mut window, "Remove -needle");
    assert!(has(&window, "2 of 3 sessions"));
    click(&mut window, "Remove host:fabrikam");
    assert_eq!(numbers(&window), [1, 2, 3]);
}

#[test]
fn the_box_offers_fields_values_and_what_was_searched_before() {
    let mut window = text(CAPTURE);
    search(&mut window, "ho");
    assert!(has(&window, "host:, part of the host name"));
    press_with(&mut window, Modifiers::NONE, Key::Tab);
    assert!(has(&window, "host:www.fabrikam.com, 2 sessions"));
    press_with(&mut window, Modifiers::NONE, Key::ArrowDown);
    press_with(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(numbers(&window), [2, 3]);
    press_with(&mut window, Modifiers::NONE, Key::Enter);
    click(&mut window, "Clear the filter");
    press_with(&mut window, Modifiers::COMMAND, Key::F);
    press_with(&mut window, Modifiers::NONE, Key::ArrowDown);
    assert!(has(&window, "host:www.fabrikam.com, searched before"));
    press_with(&mut window, Modifiers::NONE, Key::ArrowDown);
    press_with(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(numbers(&window), [2, 3]);
}

#[test]
fn hits_are_walked_through_in_every_view() {
    let mut window = text(CAPTURE);
    search(&mut window, "host:fabrikam");
    leave_box(&mut window);
    assert!(selected(&window).unwrap().starts_with("Session 2:"));
    press_with(&mut window, Modifiers::NONE, Key::F3);
    assert!(selected(&window).unwrap().starts_with("Session 3:"));
    window.get_by_role_and_label(Role::Tab, "Timeline").click();
    window.run_ok();
    press_with(&mut window, Modifiers::NONE, Key::F3);
    assert!(window.query_by_role_and_label(Role::Heading, "Session 2").is_some());
    press_with(&mut window, Modifiers::SHIFT, Key::F3);
    assert!(window.query_by_role_and_label(Role::Heading, "Session 3").is_some());
}

#[test]
fn sessions_are_marked_commented_and_found_by_it() {
    let mut window = text(CAPTURE);
    click(&mut window, "Session 2:");
    press_with(&mut window, Modifiers::COMMAND, Key::Num3);
    assert!(rows(&window)[1].contains("marked gold"), "{:?}", rows(&window));
    press_with(&mut window, Modifiers::NONE, Key::M);
    window.get_by_label("Comment on session 2").type_text("ask the proxy team");
    window.run_ok();
    press_with(&mut window, Modifiers::NONE, Key::Enter);
    assert!(rows(&window)[1].ends_with("comment: ask the proxy team"), "{:?}", rows(&window));
    assert!(rows(&window)[0].ends_with("comment: recorded remark"));
    window.get_by_label("Copy session as Markdown").click();
    assert!(copied(&mut window).contains("Comment: ask the proxy team"));
    window.run_ok();
    for (query, fitting) in
        [("mark:gold", &[2][..]), ("comment:proxy", &[2]), ("mark:none", &[1, 3])]
    {
        search(&mut window, query);
        assert_eq!(numbers(&window), fitting, "{query}");
    }
    click(&mut window, "Clear the filter");
    press_with(&mut window, Modifiers::COMMAND, Key::Num3);
    assert!(!rows(&window)[1].contains("marked"), "{:?}", rows(&window));
}

#[test]
fn a_comment_that_is_left_by_escape_is_not_kept() {
    let mut window = text(CAPTURE);
    click(&mut window, "Session 2:");
    press_with(&mut window, Modifiers::NONE, Key::M);
    window.get_by_label("Comment on session 2").type_text("nonsense");
    window.run_ok();
    press_with(&mut window, Modifiers::NONE, Key::Escape);
    assert!(!has(&window, "nonsense"), "{:?}", rows(&window));
}

#[test]
fn columns_sort_hide_and_move() {
    let mut window = text(CAPTURE);
    click(&mut window, "Sort by result");
    assert_eq!(numbers(&window), [2, 1, 3]);
    click(&mut window, "Sort by result, ascending");
    assert_eq!(numbers(&window), [3, 1, 2]);
    click(&mut window, "Sort by host");
    assert_eq!(numbers(&window), [1, 2, 3]);
    click(&mut window, "Choose columns");
    window.get_by_role_and_label(Role::CheckBox, "Host").click();
    window.run_ok();
    press_with(&mut window, Modifiers::NONE, Key::Escape);
    assert!(!has(&window, "Sort by host"));
}

#[test]
fn a_column_moves_and_resizes_by_the_keyboard() {
    let mut window = text(CAPTURE);
    let left = |window: &Window, name: &str| window.get_by_label(name).rect().left();
    let (step, result) = (left(&window, "Sort by step"), left(&window, "Sort by result"));
    assert!(result < step);
    window.get_by_label("Sort by step").focus();
    window.run_ok();
    press_with(&mut window, Modifiers::ALT, Key::ArrowLeft);
    assert!(left(&window, "Sort by step") < left(&window, "Sort by result"));
    let before = window.get_by_label("Sort by step").rect().width();
    press_with(&mut window, Modifiers::SHIFT, Key::ArrowRight);
    assert!(window.get_by_label("Sort by step").rect().width() > before);
}

#[test]
fn a_row_has_a_menu() {
    let mut window = text(CAPTURE);
    click(&mut window, "Session 2:");
    press_with(&mut window, Modifiers::SHIFT, Key::F10);
    window.get_by_label("Copy URL").click();
    let url = copied(&mut window);
    assert!(url.starts_with("https://www.fabrikam.com/news?code=•••"), "{url}");
    window.run_ok();
    window.query_all_by_label_contains("Session 2:").next().unwrap().click_secondary();
    window.run_ok();
    click(&mut window, "Without host:www.fabrikam.com");
    assert_eq!(numbers(&window), [1]);
    window.query_all_by_label_contains("Session 1:").next().unwrap().click_secondary();
    window.run_ok();
    click(&mut window, "Show in timeline");
    let node = window.get_by_role_and_label(Role::Tab, "Timeline");
    assert_eq!(node.accesskit_node().toggled(), Some(Toggled::True));
}

#[test]
fn the_keyboard_walks_the_whole_table() {
    let mut capture = String::new();
    for number in 1..=500 {
        let _ = write!(
            capture,
            "### {number}\nGET https://www.fabrikam.com/{number}\n\nHTTP/1.1 200 OK\n"
        );
    }
    let mut window = text(&capture);
    assert!(numbers(&window).len() < 60, "{}", numbers(&window).len());
    for (pressed, expected) in [
        (Key::End, "Session 500:"),
        (Key::ArrowUp, "Session 499:"),
        (Key::Home, "Session 1:"),
        (Key::ArrowDown, "Session 2:"),
    ] {
        press_with(&mut window, Modifiers::NONE, pressed);
        assert!(selected(&window).unwrap().starts_with(expected), "{pressed:?}");
    }
    press_with(&mut window, Modifiers::NONE, Key::PageDown);
    let row = selected(&window).unwrap();
    press_with(&mut window, Modifiers::NONE, Key::PageUp);
    assert!(!row.starts_with("Session 2:") && selected(&window).unwrap().starts_with("Session 2:"));
    click(&mut window, "Hide the inspector");
    press_with(&mut window, Modifiers::NONE, Key::Enter);
    assert!(has(&window, "Hide the inspector"));
}

#[test]
fn a_large_capture_is_read_and_searched_beside_the_window() {
    let mut capture = String::new();
    for number in 1..=3000 {
        let _ = write!(
            capture,
            "### {number}\nGET https://host{}.contoso.com/{number}\n\nHTTP/1.1 200 OK\n\nbody {number}\n",
            number % 7
        );
    }
    let mut window = text(&capture);
    search(&mut window, "\"body 2999\"");
    let begun = Instant::now();
    while numbers(&window) != [2999] {
        assert!(begun.elapsed() < Duration::from_mins(1), "{:?}", rows(&window));
        std::thread::sleep(Duration::from_millis(10));
        window.step();
    }
    search(&mut window, "host:host3");
    while !has(&window, "of 3,000 sessions") || !numbers(&window).contains(&3) {
        assert!(begun.elapsed() < Duration::from_mins(1), "{:?}", rows(&window));
        std::thread::sleep(Duration::from_millis(10));
        window.step();
    }
    assert!(!numbers(&window).contains(&2999));
}

#[test]
fn findings_are_found_by_their_rule() {
    let mut window = sample("authorization-uri-missing");
    search(&mut window, "finding:authorization-uri");
    assert_eq!(numbers(&window), [9]);
    assert!(rows(&window)[0].contains("error found"), "{:?}", rows(&window));
}

#[test]
fn a_long_host_and_a_small_window_break_nothing() {
    let host = format!("{}.example", ["a".repeat(60).as_str(); 4].join("."));
    let capture = format!("### 1\nGET https://{host}/{}\n\nHTTP/1.1 200 OK\n", "x".repeat(3000));
    let mut window = opened(text_analysis(&capture), (1000.0, 700.0));
    assert_eq!(numbers(&window), [1]);
    search(&mut window, "host:aaa");
    assert_eq!(numbers(&window), [1]);
}
