//! The ladder of who said what to whom, drawn for a page. Its colours are variables of `assets/report.css`, so that one
//! picture fits a light page, a dark one and a sheet of paper.

use crate::analysis::Analysis;
use crate::diagram::figure::Ink;
use crate::diagram::geometry::comfortable_width;
use crate::diagram::{Folds, Layout, Strips, strips};
use crate::flow::{Actor, FlowId};

/// Rows beyond this number are left out, those far from the first break.
const MOST_ROWS: usize = 400;

/// Width of a page's text; a wider ladder is drawn smaller.
const WIDTH: f32 = 960.0;

/// A drawn ladder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ladder {
    /// SVG, made here from figures: recorded text in it cannot be markup.
    strips: Strips,
    /// Rows above and below that were left out.
    left_out: (usize, usize),
}

impl Ladder {
    /// Draws a capture, or one flow of it; `None` when there is nothing to draw.
    pub(super) fn of(analysis: &Analysis, flow: Option<FlowId>) -> Option<Self> {
        let layout = Layout::of(analysis, flow, &Folds::default());
        let rows = layout.rows.len();
        let center = layout.first_break.unwrap_or(0);
        let start = center.saturating_sub(MOST_ROWS / 2).min(rows.saturating_sub(MOST_ROWS));
        let end = rows.min(start + MOST_ROWS);
        let width = comfortable_width(&layout).max(WIDTH);
        let left_out = (start, rows - end);
        (rows > 0).then(|| Self { strips: strips(&layout, start..end, width, &variable), left_out })
    }

    /// The pictures: the lanes' heads, and each row.
    pub(super) const fn strips(&self) -> &Strips {
        &self.strips
    }

    /// What was left out, in one sentence.
    pub(super) fn remark(&self) -> Option<String> {
        let (above, below) = self.left_out;
        (above + below > 0).then(|| {
            format!("{above} earlier and {below} later rows are left out; the window shows them")
        })
    }
}

/// The style sheet's name of a colour.
fn variable(ink: Ink) -> String {
    let name = match ink {
        Ink::Background | Ink::Selection | Ink::Hover => "ground",
        Ink::Panel => "panel",
        Ink::Raised => "code",
        Ink::Line => "line",
        Ink::Text | Ink::Accent => "text",
        Ink::Dim | Ink::Actor(Actor::Proxy | Actor::Other) => "quiet",
        Ink::Error => "bad",
        Ink::ErrorSurface => "bad-ground",
        Ink::Warning => "caution",
        Ink::Ok => "good",
        Ink::Actor(Actor::Client) => "client",
        Ink::Actor(Actor::Exchange) => "exchange",
        Ink::Actor(Actor::EntraId) => "entra",
        Ink::Actor(Actor::IdentityProvider) => "adfs",
    };
    format!("var(--{name})")
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::{Ladder, MOST_ROWS};
    use crate::analysis::Analysis;
    use crate::import::open_text;
    use crate::jwt::Keys;

    fn analysis(text: &str) -> Analysis {
        Analysis::of(open_text("pasted text", text).unwrap(), &Keys::default())
    }

    #[test]
    fn every_colour_is_one_of_the_style_sheet() {
        let text = "POST https://mail.contoso.com/mapi/emsmdb/\nAuthorization: Bearer\n\n\
                    HTTP/1.1 401 Unauthorized\nX-FEServer: EX01\nWWW-Authenticate: Bearer\n";
        let ladder = Ladder::of(&analysis(text), None).unwrap();
        let style = include_str!("../../assets/report.css");
        for variable in ladder.strips().rows.concat().split("var(").skip(1) {
            let name = variable.split(')').next().unwrap();
            assert!(style.contains(&format!("{name}: #")), "{name}");
        }
        assert_eq!(ladder.remark(), None);
    }

    #[test]
    fn a_very_long_ladder_is_drawn_around_its_break() {
        let mut text = String::new();
        for at in 0..MOST_ROWS {
            let _ = write!(
                text,
                "### {}\nGET https://h{at}.example.com/EWS/Exchange.asmx\nAuthorization: NTLM\n\n\
                 HTTP/1.1 403 Forbidden\nX-FEServer: EX01\n",
                at + 1
            );
        }
        let _ = write!(
            text,
            "### 900\nPOST https://mail.contoso.com/mapi/emsmdb/\nAuthorization: Bearer\n\n\
             HTTP/1.1 401 Unauthorized\nX-FEServer: EX01\nWWW-Authenticate: Bearer client_id=\"x\"\n"
        );
        let ladder = Ladder::of(&analysis(&text), None).unwrap();
        assert!(ladder.remark().is_some());
        assert!(ladder.strips().rows.concat().contains("First break"));
    }

    #[test]
    fn nothing_is_drawn_of_an_empty_capture() {
        let empty = crate::capture::Capture::new("empty.har", crate::capture::Format::Har);
        assert_eq!(Ladder::of(&Analysis::of(empty, &Keys::default()), None), None);
    }
}
