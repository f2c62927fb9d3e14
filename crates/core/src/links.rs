//! Which links may leave the app, and what to call where they go. Pure: an agent wrote them, so nothing is believed.

use url::Url;

/// Longest link in bytes.
const LIMIT: usize = 2048;

/// A link that may be opened after a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// As it is opened.
    pub url: String,
    /// The host as it is looked up (punycode), or the address of a mail.
    pub target: String,
}

impl Link {
    /// The link, if it may be opened: `https:` or `mailto:`, without a user name and without hidden characters.
    pub fn read(text: &str) -> Option<Self> {
        if text.len() > LIMIT || text.chars().any(is_hidden) {
            return None;
        }
        let url = Url::parse(text).ok()?;
        let target = match url.scheme() {
            "https" if url.username().is_empty() && url.password().is_none() => url.host_str()?.to_owned(),
            "mailto" => url.path().to_owned(),
            _ => return None,
        };
        // A target that can not be told to the person, or says more than where it goes, is none.
        let telling = !target.is_empty() && !target.contains('%') && !target.contains(char::is_whitespace);
        telling.then(|| Self { url: url.into(), target })
    }
}

/// Controls, marks that turn the direction, and letters that take no room.
fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::Link;

    #[test]
    fn only_plain_web_and_mail_links_may_leave() {
        assert_eq!(Link::read("https://example.com/a?b").expect("fine").target, "example.com");
        assert_eq!(Link::read("mailto:someone@example.com").expect("fine").target, "someone@example.com");
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
            assert!(Link::read(bad).is_none(), "{bad:?}");
        }
        assert!(Link::read(&format!("https://example.com/{}", "a".repeat(3000))).is_none());
    }

    #[test]
    fn a_host_that_looks_like_another_is_shown_as_it_is_looked_up() {
        assert_eq!(Link::read("https://ex\u{430}mple.com/").expect("fine").target, "xn--exmple-4nf.com");
    }
}
