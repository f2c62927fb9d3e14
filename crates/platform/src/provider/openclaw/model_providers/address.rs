//! Which addresses a key may go to. Pure.

use url::{Host, Url};

/// The address as it is kept, without a slash at its end.
///
/// `localhost` is kept as 127.0.0.1: a name is asked of whoever answers for names, and may lead elsewhere.
///
/// # Errors
/// What is wrong, as a sentence for people.
pub(crate) fn checked(text: &str) -> Result<String, &'static str> {
    let text = text.trim();
    if text.len() > 2_048 {
        return Err("The address is too long. Give one such as https://api.example.com/v1.");
    }
    if text.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\') {
        return Err(
            "The address holds characters that do not belong there. Give one such as https://api.example.com/v1.",
        );
    }
    let mut url = Url::parse(text)
        .map_err(|_| "That is no whole address. Give one such as https://api.example.com/v1.")?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(
            "The address holds a name or a password. Leave it out, and give the key in its own field.",
        );
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("The address must end with its path, such as /v1: leave out what follows a ? or a #.");
    }
    match url.scheme() {
        "https" => {}
        "http" => {
            if url.host_str() == Some("localhost") && url.set_host(Some("127.0.0.1")).is_err() {
                return Err("That is no whole address. Give one such as https://api.example.com/v1.");
            }
            if !is_this_computer(&url) {
                return Err(
                    "Only a server on this computer may be reached without https. Give an address that begins with https://.",
                );
            }
        }
        _ => {
            return Err(
                "The address must begin with https://, or with http:// for a server on this computer.",
            );
        }
    }
    if url.host().is_none() {
        return Err("That is no whole address. Give one such as https://api.example.com/v1.");
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// Whether an address is a literal one of this computer.
pub(super) fn is_this_computer(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(_)) | None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::checked;

    #[test]
    fn good_addresses_are_kept_in_one_way_of_writing() {
        for (given, kept) in [
            ("https://api.example.com/v1/", "https://api.example.com/v1"),
            (" HTTPS://API.example.com ", "https://api.example.com"),
            ("http://127.0.0.1:11434/v1", "http://127.0.0.1:11434/v1"),
            ("http://[::1]:8080/v1", "http://[::1]:8080/v1"),
            ("http://localhost:1234/v1", "http://127.0.0.1:1234/v1"),
            ("https://192.168.1.4/v1", "https://192.168.1.4/v1"),
        ] {
            assert_eq!(checked(given).as_deref(), Ok(kept));
        }
    }

    #[test]
    fn what_could_carry_a_key_elsewhere_is_refused_with_a_way_on() {
        for wrong in [
            "",
            "api.example.com/v1",
            "http://api.example.com/v1",
            "http://192.168.1.4/v1",
            "http://0.0.0.0:11434/v1",
            "http://169.254.169.254/",
            "http://localhost.example.com/v1",
            "http://localhost.:1234/v1",
            "http://[::ffff:10.0.0.1]/v1",
            "https://user@example.com/v1",
            "https://user:key@example.com/v1",
            "https://good@evil.example/v1",
            "https://example.com/v1?key=1",
            "https://example.com/v1#a",
            "https:\\\\example.com",
            "https://exa mple.com",
            "https://example.com/v1\nHost: evil",
            "ftp://127.0.0.1/",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "unix:/var/run/x",
        ] {
            let said = checked(wrong).expect_err(wrong);
            assert!(said.ends_with('.') && said.len() > 40, "{said}");
        }
        assert!(checked(&format!("https://example.com/{}", "a".repeat(3_000))).is_err());
    }
}
