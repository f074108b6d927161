//! Lessons and comparisons, driven as a keyboard or a screen reader drives them.

use eframe::egui::{Key, Modifiers, Role, Vec2, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use hma_trace::analysis::Analysis;
use hma_trace::gui::App;
use hma_trace::import::{self};
use hma_trace::jwt::Keys;
use hma_trace::rules;
use hma_trace::training::course::{self, Plan};
use hma_trace::training::lesson::Lesson;
use hma_trace::training::samples::{self, SAMPLES};

use crate::driver::{
    Window, analysis_of, copied, everything, has, press, sample_analysis, show, wait_for, window,
};

const SIZE: Vec2 = vec2(1400.0, 1000.0);

fn start_screen() -> Window {
    window(SIZE, |creation| App::new(creation, Vec::new()))
}

fn opened(name: &str) -> Window {
    crate::driver::opened(sample_analysis(name), SIZE)
}

fn click(window: &mut Window, label: &str) {
    let found = window.query_all_by_label(label).next();
    assert!(found.is_some(), "no {label} in\n{}", everything(window));
    found.unwrap().click_accesskit();
    window.run_ok();
}

/// A sample's lesson, under way.
fn lesson(name: &str) -> Window {
    let mut window = opened(name);
    window.key_press_modifiers(Modifiers::ALT, Key::Num6);
    window.run_ok();
    click(&mut window, "Start the lesson");
    wait_for(&mut window, "Page 1:");
    window
}

#[test]
fn nothing_in_the_window_gives_the_verdict_away_before_it_is_revealed() {
    // Every chapter of the course, and every way to end.
    for name in [
        "healthy-outlook-mapi",
        "no-empty-bearer",
        "authorization-uri-missing",
        "spn-missing",
        "audience-host-mismatch",
        "user-not-found",
        "one-server-differs",
        "https-not-decrypted",
        "windows-sign-in-only",
    ] {
        let sample = samples::find(name).unwrap();
        let analysis = analysis_of(sample);
        let model = Lesson::of(&analysis, Some(sample));
        let mut window = lesson(name);
        // Answers are told by themselves: they are what the question is about.
        let asked: Vec<&str> = model
            .pages
            .iter()
            .filter_map(|page| page.question.as_ref())
            .flat_map(|question| question.answers.iter().map(String::as_str))
            .collect();
        for view in ["Lesson", "Timeline", "Sessions", "Tokens", "Findings", "Compare"] {
            show(&mut window, view);
            let all = everything(&window);
            let mut secrets = vec![sample.title, sample.about, sample.point_at, sample.file_name];
            secrets.push(&analysis.verdict.summary);
            for finding in &analysis.findings {
                let rule = rules::find(finding.rule).unwrap();
                secrets.extend([finding.message.as_str(), rule.id, rule.title, rule.why]);
            }
            let comments = analysis.capture.sessions.iter().filter_map(|s| s.comment.as_deref());
            secrets.extend(comments.filter(|comment| comment.len() > 20));
            for secret in secrets {
                assert!(
                    asked.contains(&secret) || !all.contains(secret),
                    "{name}, {view}: {secret}"
                );
            }
            for word in ["Verdict: ", "First break", "Missing: ", "How to fix"] {
                assert!(!all.contains(word), "{name}, {view}: {word}");
            }
            if view != "Lesson" {
                for word in ["Broken", "broken", "Healthy", "healthy"] {
                    assert!(!all.contains(word), "{name}, {view}: {word}");
                }
            }
        }
    }
}

#[test]
fn a_lesson_is_walked_by_keyboard_to_the_verdict_for_every_sample() {
    for sample in SAMPLES {
        let analysis = analysis_of(sample);
        let model = Lesson::of(&analysis, Some(sample));
        let mut window = lesson(sample.name);
        for page in model.pages.iter().filter(|page| page.question.is_some()) {
            let right = page.question.as_ref().unwrap().right;
            press(&mut window, [Key::Num1, Key::Num2, Key::Num3, Key::Num4][right]);
            assert!(has(&window, "Right answer"), "{}: {:?}", sample.name, page.subject);
            press(&mut window, Key::Space);
        }
        let verdict = format!("The verdict: {}", analysis.verdict.headline());
        assert!(has(&window, &verdict), "{}:\n{}", sample.name, everything(&window));
        let asked = model.questions();
        assert!(has(&window, &format!("{asked} of {asked} right")), "{}", sample.name);
        assert!(has(&window, sample.title));
        // The whole window tells now.
        assert!(has(&window, "Verdict: "), "{}", sample.name);
    }
}

#[test]
fn answers_are_chosen_by_arrows_and_enter_and_count_once() {
    let mut window = lesson("authorization-uri-missing");
    press(&mut window, Key::ArrowDown);
    press(&mut window, Key::Enter);
    let marks = ["answered rightly", "answered wrongly"];
    assert!(marks.iter().any(|mark| has(&window, mark)));
    let before = everything(&window);
    press(&mut window, Key::Num4);
    press(&mut window, Key::Num1);
    assert_eq!(before, everything(&window), "an answer stands");
    press(&mut window, Key::ArrowRight);
    assert!(has(&window, "Step 2 of 5: Challenge"));
    press(&mut window, Key::ArrowLeft);
    assert!(has(&window, "Step 1 of 5: Probe"));
}

#[test]
fn a_place_to_look_at_opens_in_the_inspector() {
    let mut window = lesson("authorization-uri-missing");
    press(&mut window, Key::Space);
    press(&mut window, Key::Space);
    click(&mut window, "Session 9, WWW-Authenticate in the answer");
    window.get_by_role_and_label(Role::Heading, "Session 9");
    assert!(has(&window, "Step 2 of 5: Challenge"), "the lesson stays in front");
    assert!(has(&window, "client_id"), "the parameters are explained");
    assert!(!has(&window, "▲ authorization_uri"), "what is asked is not told");
}

#[test]
fn revealing_counts_as_not_right_and_begin_again_forgets() {
    let mut window = lesson("spn-missing");
    click(&mut window, "Reveal");
    assert!(has(&window, "0 of 1 right"));
    click(&mut window, "Begin again");
    assert!(!has(&window, "0 of 1 right"));
    assert!(has(&window, "Page 1: Probe, open"));
}

#[test]
fn a_lesson_can_be_ended_and_everything_shows() {
    let mut window = lesson("spn-missing");
    assert!(!has(&window, "Verdict: "));
    show(&mut window, "Findings");
    assert!(has(&window, "Hidden while the lesson runs"));
    click(&mut window, "End it");
    assert!(has(&window, "Verdict: Broken at the sign-in"));
}

#[test]
fn the_course_leads_from_the_start_screen_through_the_samples() {
    let mut window = start_screen();
    click(&mut window, "Start the course");
    wait_for(&mut window, "Page 1:");
    assert!(has(&window, "Lesson 1 of "));
    click(&mut window, "All lessons");
    click(&mut window, "45 minutes");
    assert!(has(&window, "12 min"));
    let second = Plan::Short.samples()[1];
    let (number, _) = course::number(second.name).unwrap();
    click(&mut window, &format!("Lesson {number}: {}", second.reported));
    wait_for(&mut window, &format!("Lesson {number} of "));
    for _ in 0..20 {
        press(&mut window, Key::Space);
        if has(&window, "The verdict: ") {
            break;
        }
    }
    click(&mut window, "All lessons");
    assert!(has(&window, "45 minutes: 1 of 6 lessons done"));
    click(&mut window, "Back to the lesson");
    click(&mut window, "Next sample");
    let (third, _) = course::number(Plan::Short.samples()[2].name).unwrap();
    wait_for(&mut window, &format!("Lesson {third} of "));
}

#[test]
fn a_capture_of_ones_own_is_a_lesson_too() {
    let text = "### 1\nPOST https://mail.contoso.com/mapi/emsmdb/\nAuthorization: Bearer\n\n\
                HTTP/1.1 401 Unauthorized\nX-FEServer: EX01\nWWW-Authenticate: Bearer client_id=\"x\"\n";
    let analysis = Analysis::of(import::open_text("own.txt", text).unwrap(), &Keys::default());
    let mut window = crate::driver::opened(analysis, SIZE);
    show(&mut window, "Lesson");
    click(&mut window, "Start the lesson");
    assert!(!has(&window, "Verdict: "));
    for _ in 0..12 {
        press(&mut window, Key::PageDown);
    }
    assert!(has(&window, "The verdict: Broken at the challenge"));
}

#[test]
fn the_presenter_view_shows_the_lesson_alone() {
    let mut window = lesson("spn-missing");
    press(&mut window, Key::F5);
    assert!(window.query_by_role_and_label(Role::Tab, "Timeline").is_none());
    assert!(has(&window, "Step 1 of 5: Probe"));
    press(&mut window, Key::Escape);
    assert!(window.query_by_role_and_label(Role::Tab, "Timeline").is_some());
}

/// A sample beside the healthy sample closest to it.
fn compared(name: &str) -> Window {
    let mut window = opened(name);
    window.key_press_modifiers(Modifiers::ALT, Key::Num5);
    window.run_ok();
    assert!(has(&window, "Compare with what?"));
    click(&mut window, "The healthy sample closest to this one");
    wait_for(&mut window, "Swap sides");
    window
}

#[test]
fn a_capture_is_compared_with_the_healthy_sample_closest_to_it() {
    let mut window = compared("audience-host-mismatch");
    assert!(has(&window, "They part at the token step"));
    assert!(has(&window, "First difference: Token, good: "));
    assert!(has(&window, "healthy-outlook-mapi.saz"));
    // Both sessions stand side by side.
    let first = window.query_all_by_label_contains("First difference: Token").next().unwrap();
    first.click_accesskit();
    window.run_ok();
    window.get_by_role_and_label(Role::Heading, "Session 23");
    let heads = window.query_all_by_role(Role::Heading);
    let sessions =
        heads.filter(|h| h.accesskit_node().label().is_some_and(|l| l.starts_with("Session ")));
    assert_eq!(sessions.count(), 2);
    window.get_by_label("Copy comparison as Markdown").click_accesskit();
    let report = copied(&mut window);
    assert!(report.contains("They part at the token step"), "{report}");
}

#[test]
fn sides_are_swapped_and_a_comparison_ends() {
    let mut window = compared("spn-missing");
    assert!(has(&window, "GOOD: THE OTHER CAPTURE"));
    click(&mut window, "Swap sides");
    assert!(has(&window, "GOOD: THIS CAPTURE"));
    click(&mut window, "End the comparison");
    assert!(has(&window, "Compare with what?"));
}

#[test]
fn a_phone_is_compared_with_a_phone_and_the_same_capture_does_not_differ() {
    let window = compared("basic-fallback");
    assert!(has(&window, "healthy-mobile-activesync.saz"));
    let window = compared("healthy-federated-adfs");
    assert!(has(&window, "No difference in any step"));
}

#[test]
fn two_open_captures_are_compared_and_their_flows_paired_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    let paths = ["spn-missing.saz", "healthy-outlook-mapi.saz"].map(|name| {
        let path = folder.path().join(name);
        std::fs::write(&path, samples::find(name).unwrap().bytes()).unwrap();
        path
    });
    let mut window = window(SIZE, |creation| App::new(creation, paths.to_vec()));
    wait_for(&mut window, "Verdict: Broken at the sign-in");
    wait_for(&mut window, "healthy-outlook-mapi.saz, healthy");
    show(&mut window, "Compare");
    click(&mut window, "Open capture: healthy-outlook-mapi.saz");
    assert!(has(&window, "They part at the sign-in step"));
    assert!(has(&window, "Show MAPI, parts at the sign-in"));
    click(&mut window, "Flow of the good capture: MAPI to mail.contoso.com");
    click(&mut window, "EWS to mail.contoso.com");
    assert!(has(&window, "Flow of the good capture: EWS to mail.contoso.com"));
}
