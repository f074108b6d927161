use super::{curl, curl_for_cmd, headers, powershell};
use crate::capture::{Session, SessionId};
use crate::http::{Body, Headers, Target};
use crate::import::open_text;

const TEXT: &str = "POST https://mail.contoso.com/ews/exchange.asmx?code=grant-secret HTTP/1.1
Authorization: Basic Z3JlZzpodW50ZXIy
User-Agent: it's Outlook
X-Empty:
Content-Type: application/x-www-form-urlencoded

username=greg&password=formsecret99&next=a%20b
HTTP/1.1 200 OK
Set-Cookie: cadata=verysecret; path=/
";

fn session() -> Session {
    open_text("x", TEXT).unwrap().sessions.remove(0)
}

fn hostile(value: &str) -> Session {
    let mut session = Session::new(SessionId(1));
    session.request.method = "GET; rm".to_owned();
    session.request.target = Target::new(format!("https://mail.contoso.com/{value}"));
    session.request.headers = [("X-Odd", value)].into_iter().collect::<Headers>();
    session.request.body = Body::new(value);
    session
}

#[test]
fn copies_hold_no_secret_and_stay_one_argument() {
    let session = session();
    let command = curl(&session);
    assert!(
        command.starts_with("curl -X POST 'https://mail.contoso.com/ews/exchange.asmx?code=•••"),
        "{command}"
    );
    assert!(command.contains("it'\\''s Outlook"), "{command}");
    assert!(command.contains("-H 'X-Empty;'"), "{command}");
    assert!(command.contains("username=greg&password=•••&next=a%20b"), "{command}");
    let powershell = powershell(&session);
    assert!(powershell.contains("-UserAgent 'it''s Outlook'"), "{powershell}");
    let cmd = curl_for_cmd(&session);
    for text in [command, powershell, cmd, headers(&session.request.headers)] {
        for secret in ["Z3Jl", "verysecret", "formsecret", "grant-secret"] {
            assert!(!text.contains(secret), "{secret}: {text}");
        }
    }
}

/// What a POSIX shell, or PowerShell, leaves outside of quotes.
fn outside(text: &str, quotes: &[char]) -> String {
    let (mut outside, mut inside) = (String::new(), false);
    let mut escaped = false;
    for c in text.chars() {
        if quotes.contains(&c) && !escaped {
            inside = !inside;
        } else if !inside {
            outside.push(c);
        }
        escaped = !inside && c == '\\' && !escaped && quotes.len() == 1;
    }
    assert!(!inside, "{text}");
    outside
}

#[test]
fn no_value_leaves_its_quotes() {
    for value in [
        "'; calc; '",
        "$(calc) `calc` ${calc} !calc",
        "\u{2018}; calc; \u{2019}",
        "\u{201a}; calc; \u{201b}",
        "a\n; calc\r\n; calc",
        "\"; calc; \"",
        "\\'; calc; \\'",
        "\u{1b}[31m\u{202e}calc\u{0}",
    ] {
        let session = hostile(value);
        let bash = curl(&session);
        assert!(!outside(&bash, &['\'']).contains("calc"), "{bash}");
        let powershell = powershell(&session);
        let quotes = ['\'', '\u{2018}', '\u{2019}', '\u{201a}', '\u{201b}'];
        assert!(!outside(&powershell, &quotes).contains("calc"), "{powershell}");
        for text in [&bash, &powershell, &curl_for_cmd(&session)] {
            assert!(!text.contains(['\u{1b}', '\u{202e}', '\0', '\r']), "{text}");
        }
    }
}

#[test]
fn the_command_prompt_gets_one_line_for_each_argument() {
    let text = curl_for_cmd(&hostile("a\n& calc \" | calc %PATH%"));
    for line in text.lines() {
        let rest = line.trim_end_matches(" ^");
        assert!(rest.ends_with("^\""), "{text}");
        let bare = rest.replace("^&", "").replace("^|", "").replace("^\"", "");
        assert!(!bare.contains(['&', '|', '"']) && !bare.contains("%PATH"), "{text}");
    }
}
