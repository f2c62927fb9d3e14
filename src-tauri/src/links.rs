//! The one opener: a link that an agent wrote leaves the app only as `https:` or `mailto:`, after a question that
//! names where it goes.

use tauri::{AppHandle, Url};
use tauri_plugin_dialog::{DialogExt, MessageDialogButtons};
use tauri_plugin_opener::OpenerExt;

/// Longest link in bytes.
const LIMIT: usize = 2048;

/// Asks, then opens. False when it is refused or declined.
pub(crate) async fn open(app: &AppHandle, text: &str) -> bool {
    let Some((url, target)) = check(text) else {
        log::warn!("a link was refused");
        return false;
    };
    let (tell, told) = tokio::sync::oneshot::channel();
    app.dialog()
        .message(format!("This link leaves Nineheads and goes to\n\n{target}"))
        .title("Open a link")
        .buttons(MessageDialogButtons::OkCancelCustom("Open link".into(), "Stay here".into()))
        .show(move |agreed| {
            let _ = tell.send(agreed);
        });
    told.await.unwrap_or(false) && app.opener().open_url(url.as_str(), None::<&str>).is_ok()
}

/// The link, if it may be opened, and what to call its target. Hosts are shown as they are looked up (punycode).
fn check(text: &str) -> Option<(Url, String)> {
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if text.len() > LIMIT || text.chars().any(hidden) {
        return None;
    }
    let url = Url::parse(text).ok()?;
    match url.scheme() {
        "https" if url.username().is_empty() && url.password().is_none() => {
            let host = url.host_str()?.to_owned();
            Some((url, host))
        }
        "mailto" => {
            let address = url.path().to_owned();
            Some((url, address))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn only_plain_web_and_mail_links_may_leave() {
        assert_eq!(check("https://example.com/a?b").expect("fine").1, "example.com");
        assert_eq!(check("mailto:someone@example.com").expect("fine").1, "someone@example.com");
        for bad in [
            "javascript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "smb://host/share",
            "http://example.com",
            "https://good@evil.example",
            "https://good:pw@evil.example",
            "https://e\u{202e}vil.example",
            "https://a\n.example",
            "nineheads://x",
            "",
        ] {
            assert!(check(bad).is_none(), "{bad:?}");
        }
        assert!(check(&format!("https://example.com/{}", "a".repeat(3000))).is_none());
    }

    #[test]
    fn a_host_that_looks_like_another_is_shown_as_it_is_looked_up() {
        assert_eq!(check("https://ex\u{430}mple.com/").expect("fine").1, "xn--exmple-4nf.com");
    }
}
