//! The details of a session, driven as a keyboard or a screen reader drives them.

use std::fmt::Write as _;

use eframe::egui::{Key, Role, Theme, Vec2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use hma_trace::analysis::Analysis;
use hma_trace::gui::App;
use hma_trace::http::{Body, Headers};
use hma_trace::import::{self, Options, Progress};
use hma_trace::jwt::Keys;
use hma_trace::training::samples;

use crate::driver::{
    Window, copied, everything, has, opened, sample_analysis, show, text_analysis, wait_for,
};

const FORM: &str = "### 7 09:14:07 outlook.exe:4242
POST https://login.microsoftonline.com/common/oauth2/token?client-request-id=11111111-2222-3333-4444-555555555555 HTTP/1.1
Content-Type: application/x-www-form-urlencoded
Cookie: ESTSAUTH=chocolate-chip-secret; buid=oatmeal-secret

grant_type=password&username=greg%40contoso.com&password=formsecret99
HTTP/1.1 400 Bad Request
Content-Type: application/json; charset=utf-8
x-ms-clitelem: 1,50126,0,,
Set-Cookie: fpc=shortbread-secret; path=/; Secure; SameSite=None

{\"error\":\"invalid_grant\",\"error_description\":\"AADSTS50126: wrong password\",\"error_codes\":[50126],\"access_token\":\"jsonsecret99\"}
";

const SIZE: Vec2 = vec2(1400.0, 1800.0);

fn text(text: &str) -> Window {
    opened(text_analysis(text), SIZE)
}

fn sample(name: &str) -> Window {
    opened(sample_analysis(name), SIZE)
}

/// A session whose answer has this body.
fn body(kind: &str, bytes: &[u8]) -> Window {
    let request =
        "### 3 09:14:07\nGET https://mail.contoso.com/EWS/Exchange.asmx\n\nHTTP/1.1 200 OK\n";
    let mut capture = import::open_text("pasted text", request).unwrap();
    let response = capture.sessions.first_mut().unwrap().response.as_mut().unwrap();
    response.headers = [("Content-Type", kind)].into_iter().collect::<Headers>();
    response.body = Body::new(bytes);
    opened(Analysis::of(capture, &Keys::default()), SIZE)
}

fn click(window: &mut Window, label: &str) {
    window.get_all_by_label(label).next().unwrap().click();
    window.run_ok();
}

fn copy(window: &mut Window, label: &str) -> String {
    window.get_all_by_label(label).next().unwrap().click();
    let text = copied(window);
    window.run_ok();
    text
}

#[test]
fn a_challenge_is_a_table_and_what_is_missing_stands_out() {
    let window = sample("authorization-uri-missing");
    for label in [
        "▲ authorization_uri",
        "missing",
        "Exchange must name Entra ID here",
        "client_id",
        "The server: Office 365 Exchange Online",
        "The server wants to know who asks",
    ] {
        assert!(has(&window, label), "{label}");
    }
}

#[test]
fn diagnostics_and_telemetry_are_taken_apart() {
    let window = text(
        "### 3 09:14:07\nPOST https://mail.contoso.com/mapi/emsmdb/\nAuthorization: Bearer {{jwt {\"aud\":\"x\"}}}\n\n\
         HTTP/1.1 401 Unauthorized\nX-FEServer: EX01\nx-ms-diagnostics: 2000003;reason=\"The hostname is invalid\";error_category=\"invalid_resource\"\n",
    );
    for label in [
        "error_category",
        "The hostname is invalid",
        "Usual cause",
        "Front-end server that answered",
    ] {
        assert!(has(&window, label), "{label}");
    }
    let window = text(FORM);
    assert!(has(&window, "x-ms-clitelem") && has(&window, "suberror"));
}

#[test]
fn a_form_a_query_and_codes_are_explained() {
    let mut window = text(FORM);
    // The code that the body names.
    assert!(has(&window, "AADSTS50126"));
    assert!(has(&window, "error: invalid_grant"));
    show(&mut window, "Request");
    for label in [
        "greg@contoso.com",
        "What the client offers for a token",
        "••• 12 characters",
        "client-request-id",
    ] {
        assert!(has(&window, label), "{label}");
    }
    assert!(!everything(&window).contains("formsecret99"));
    click(&mut window, "Show password");
    let all = everything(&window);
    assert!(all.contains("formsecret99") && !all.contains("chocolate"));
    click(&mut window, "Hide password");
    assert!(!everything(&window).contains("formsecret99"));
}

#[test]
fn json_folds_moves_and_copies_by_keyboard() {
    let mut window = text(FORM);
    assert!(has(&window, "0: 50126"));
    let row = window.get_by_role_and_label(Role::TreeItem, "error_codes: 1 item");
    row.click();
    window.run_ok();
    window.key_press(Key::ArrowLeft);
    window.run_ok();
    assert!(!has(&window, "0: 50126"));
    window.key_press(Key::ArrowRight);
    window.run_ok();
    window.key_press(Key::ArrowRight);
    window.run_ok();
    window.event(eframe::egui::Event::Copy);
    assert_eq!(copied(&mut window), "50126");
    window.key_press(Key::Home);
    window.key_press(Key::Enter);
    window.run_ok();
    let node = "error: invalid_grant";
    assert!(window.query_by_role_and_label(Role::TreeItem, node).is_none());
    // What is folded tells what it holds.
    assert!(has(&window, "4 members · error: invalid_grant"));
}

#[test]
fn a_secret_of_a_tree_is_shown_by_intent_only() {
    let mut window = text(FORM);
    assert!(!everything(&window).contains("jsonsecret99"));
    assert_eq!(copy(&mut window, "Copy access_token"), "••• 12 characters");
    click(&mut window, "Show access_token");
    assert!(has(&window, "access_token: jsonsecret99"));
    assert_eq!(copy(&mut window, "Copy access_token"), "jsonsecret99");
}

#[test]
fn another_look_is_a_choice() {
    let mut window = text(FORM);
    click(&mut window, "Go to the body");
    click(&mut window, "Show response body as Text");
    assert!(has(&window, "{\"error\":\"invalid_grant\""));
    assert!(!everything(&window).contains("jsonsecret99"));
    click(&mut window, "Show response body as Hex");
    assert!(
        has(&window, "00000000  7b 22 65 72 72 6f 72 22")
            || has(&window, "These bytes hold credentials")
    );
    assert!(!everything(&window).contains("jsonsecret99"));
    click(&mut window, "Show response body as JSON");
    assert!(has(&window, "error: invalid_grant"));
}

#[test]
fn bodies_are_shown_as_what_they_are() {
    let window = body("text/xml; charset=utf-8", b"<s:Envelope xmlns:s=\"x\"><s:Body><ResponseCode>ErrorAccessDenied</ResponseCode></s:Body></s:Envelope>");
    assert!(has(&window, "ResponseCode: ErrorAccessDenied") && has(&window, "XML · UTF-8"));
    let mut window = body("text/html", b"<html><head><title>Logon</title></head><body><h1>Welcome</h1>\n<script>var x</script></body></html>");
    assert!(has(&window, "Welcome") && !has(&window, "var x"));
    click(&mut window, "Show response body as Text");
    assert!(has(&window, "<script>var x</script>"));
    let window = body("multipart/form-data; boundary=B", b"--B\r\nContent-Disposition: form-data; name=\"passwd\"\r\n\r\nSample-Passw0rd\r\n--B\r\nContent-Disposition: form-data; name=\"note\"; filename=\"a.txt\"\r\n\r\nhello\r\n--B--\r\n");
    assert!(
        has(&window, "PART 2 OF 2 · NOTE · A.TXT") || has(&window, "Part 2 of 2 · note · a.txt"),
        "{}",
        everything(&window)
    );
    assert!(has(&window, "hello") && !everything(&window).contains("Passw0rd"));
    let window = body(
        "application/mapi-http",
        b"PROCESSING\r\nDONE\r\nX-ElapsedTime: 31\r\n\r\n\0\0\0\0\x05\0\x07\x80",
    );
    assert!(has(&window, "MAPI over HTTP") && has(&window, "0x80070005"));
    let window =
        body("application/vnd.ms-sync.wbxml", b"\x03\x01\x6A\0\x45\x5C\x03FolderSync\0\x01");
    assert!(has(&window, "WBXML of ActiveSync") && has(&window, "FolderSync"));
    let window = body("image/gif", b"GIF89a\x03\0\x04\0");
    assert!(has(&window, "GIF image, 3 × 4"));
    let window = body("application/octet-stream", b"\0\x01\x02binary");
    assert!(has(&window, "00000000  00 01 02 62"));
}

#[test]
fn a_large_body_is_read_off_the_frame_and_only_rows_in_sight_are_made() {
    let mut big = String::from("[");
    for number in 0..40_000 {
        let _ = write!(big, "{{\"number\":{number}}},");
    }
    big.push_str("{\"number\":\"the end\"}]");
    let mut window = body("application/json", big.as_bytes());
    wait_for(&mut window, "40,001 items");
    let items = window.get_all_by_role(Role::TreeItem).count();
    assert!(items < 120, "{items}");
    let rows = vec![7u8; 3 << 20];
    let mut window = body("application/octet-stream", &rows);
    wait_for(&mut window, "00000000  07 07");
    assert!(has(&window, "0–1,048,575 of 3,145,728"));
    click(&mut window, "Next bytes");
    assert!(has(&window, "00100000  07 07"));
}

#[test]
fn empty_bodies_say_so() {
    let mut window = body("text/plain", b"");
    assert!(has(&window, "This answer has no body"));
    show(&mut window, "Request");
    assert!(has(&window, "This request has no body"));
    show(&mut window, "Cookies");
    assert!(has(&window, "This session neither sends nor sets a cookie"));
}

#[test]
fn cookies_have_a_page_of_their_own() {
    let mut window = text(FORM);
    show(&mut window, "Cookies");
    for label in
        ["ESTSAUTH", "The user's sign-in at Entra ID", "SameSite", "Sent back over https only"]
    {
        assert!(has(&window, label), "{label}");
    }
    for secret in ["chocolate", "oatmeal", "shortbread"] {
        assert!(!everything(&window).contains(secret), "{secret}");
    }
    click(&mut window, "Show buid");
    let all = everything(&window);
    assert!(all.contains("oatmeal-secret") && !all.contains("chocolate"));
}

#[test]
fn times_tell_the_session_before() {
    let mut window = text(
        "### 1 2026-03-02T09:14:00Z\nGET https://mail.contoso.com/owa/\n\nHTTP/1.1 200 OK\n\
         ### 2 09:14:20\nPOST https://mail.contoso.com/mapi/emsmdb/\nAuthorization: Bearer\n\nHTTP/1.1 401 Unauthorized\nX-FEServer: EX01\n",
    );
    click_session(&mut window, 2);
    show(&mut window, "Timing");
    assert!(has(&window, "2 Mar 2026, 09:14:20.000 UTC"));
    assert!(has(&window, "+20.00 s"));
    assert!(has(&window, "20.00 s after session 1 ended"));
}

fn click_session(window: &mut Window, number: u32) {
    show(window, "Sessions");
    window.query_all_by_label_contains(&format!("Session {number}:")).next().unwrap().click();
    window.run_ok();
}

#[test]
fn the_raw_page_is_masked_until_asked() {
    let mut window = text(FORM);
    show(&mut window, "Raw");
    let all = everything(&window);
    assert!(
        all.contains("x-ms-clitelem: 1,50126,0,,")
            && all.contains("grant_type=password&username=greg%40contoso.com&password=•••"),
        "{all}"
    );
    for secret in ["formsecret99", "jsonsecret99", "chocolate", "shortbread"] {
        assert!(!all.contains(secret), "{secret}");
    }
    click(&mut window, "Show secrets of the session");
    assert!(everything(&window).contains("password=formsecret99"));
}

#[test]
fn copies_of_every_kind_hold_no_secret() {
    let mut window = text(FORM);
    for (item, word) in [
        ("Copy address", "login.microsoftonline.com"),
        ("Copy request headers", "Content-Type: application/x-www-form-urlencoded"),
        ("Copy response headers", "x-ms-clitelem: 1,50126,0,,"),
        ("Copy as cURL (bash)", "curl -X POST 'https://login"),
        ("Copy as cURL (cmd)", "curl.exe -X"),
        ("Copy as PowerShell", "Invoke-WebRequest"),
    ] {
        click(&mut window, "Copy…");
        let text = copy(&mut window, item);
        assert!(text.contains(word), "{item}: {text}");
        for secret in ["formsecret99", "chocolate", "shortbread"] {
            assert!(!text.contains(secret), "{item}: {text}");
        }
    }
    let row = window.get_all_by_label("Copy error").last().unwrap();
    row.click();
    assert_eq!(copied(&mut window), "invalid_grant");
}

#[test]
fn the_menu_of_a_line_copies_the_header() {
    let mut window = text(FORM);
    window.get_all_by_label("x-ms-clitelem").next().unwrap().click_secondary();
    window.run_ok();
    assert_eq!(copy(&mut window, "Copy header"), "x-ms-clitelem: 1,50126,0,,");
}

#[test]
fn a_text_is_found_in_headers_and_in_a_folded_tree() {
    let mut window = text(FORM);
    click(&mut window, "Fold error_codes");
    assert!(!has(&window, "0: 50126"));
    click(&mut window, "Find in this session");
    window.get_by_label("Find in session").type_text("50126");
    window.run_ok();
    assert!(has(&window, "1 of "), "{}", everything(&window));
    for _ in 0..12 {
        click(&mut window, "Next place");
    }
    assert!(has(&window, "0: 50126"));
    window.get_by_label("Find in session").focus();
    window.run_ok();
    window.get_by_label("Find in session").type_text("frobnicate");
    window.run_ok();
    assert!(has(&window, "nothing found"));
    click(&mut window, "Close find");
    assert!(!has(&window, "nothing found"));
}

#[test]
fn evidence_leads_into_the_body() {
    let filler: String = (0..400).fold(String::new(), |mut all, number| {
        let _ = write!(all, "\"filler{number}\":{number},");
        all
    });
    let mut window = opened(
        text_analysis(&format!(
            "### 2 09:14:07\nPOST https://login.microsoftonline.com/common/oauth2/token\nContent-Type: application/x-www-form-urlencoded\n\n\
             grant_type=refresh_token&resource=https%3A%2F%2Fmail.contoso.com%2F&client_id=d3590ed6-52b3-4102-aeff-aad2292ab01c\n\
             HTTP/1.1 400 Bad Request\nContent-Type: application/json\n\n{{{filler}\"error\":\"invalid_resource\",\"error_description\":\"AADSTS500011: none\",\"error_codes\":[500011]}}\n"
        )),
        vec2(1400.0, 900.0),
    );
    show(&mut window, "Request");
    show(&mut window, "Findings");
    let evidence = window.query_all_by_label_contains("Session 2, ").next();
    evidence.unwrap().click();
    window.run_ok();
    assert!(has(&window, "filler399") && !has(&window, "filler1:"), "{}", everything(&window));
    assert!(has(&window, "AADSTS500011"));
}

#[test]
fn keys_of_the_tree_do_not_move_the_table() {
    let mut window = text(&format!(
        "{FORM}### 8 09:14:09\nGET https://mail.contoso.com/owa/\n\nHTTP/1.1 200 OK\n"
    ));
    click_session(&mut window, 7);
    window.get_by_role_and_label(Role::TreeItem, "error: invalid_grant").click();
    window.run_ok();
    window.key_press(Key::ArrowDown);
    window.run_ok();
    assert!(window.query_by_role_and_label(Role::Heading, "Session 7").is_some());
}

#[test]
fn the_inspector_is_usable_when_small() {
    let sample = samples::find("authorization-uri-missing").unwrap();
    let capture =
        import::open_bytes(sample.file_name, sample.bytes(), Options::default(), &Progress::none())
            .unwrap();
    let analysis = Analysis::of(capture, &Keys::default());
    let mut window = Harness::builder()
        .with_size(vec2(900.0, 420.0))
        .with_theme(Theme::Light)
        .build_eframe(|creation| App::with_analysis(creation, analysis));
    window.run_ok();
    for name in ["Request", "Auth", "Token", "Cookies", "Timing", "Raw", "Response"] {
        show(&mut window, name);
    }
    assert!(window.get_by_label("Copy…").rect().right() <= 900.0);
}
