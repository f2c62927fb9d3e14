//! A platform's base URL: what is accepted, and how a route is put behind it. Pure.

use crate::error::{AddressProblem, Code, Failure};
use url::{Host, Url};

/// A checked base URL. A path prefix such as `/api` is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BaseUrl(Url);

impl BaseUrl {
    /// Accepts `https`, and `http` only for a literal loopback address.
    ///
    /// # Errors
    /// [`Code::BadAddress`] with what is wrong.
    pub(crate) fn parse(text: &str) -> Result<Self, Failure> {
        let bad = |problem| {
            Failure::new(Code::BadAddress { problem }, format!("not a usable base URL: {problem:?}"))
        };
        let mut url = Url::parse(text.trim()).map_err(|_| bad(AddressProblem::NotAUrl))?;
        let Some(host) = url.host() else { return Err(bad(AddressProblem::NotAUrl)) };
        let loopback = is_loopback(&host);
        match url.scheme() {
            "https" => {}
            "http" if loopback => {}
            _ => return Err(bad(AddressProblem::NotSecure)),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(bad(AddressProblem::Userinfo));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(bad(AddressProblem::Query));
        }
        // People paste the path from the documentation; the routes carry it already.
        // As often as it stands there: what is kept reads as itself when it is read again.
        let mut path = url.path().trim_end_matches('/');
        while let Some(shorter) = path.strip_suffix("/v1") {
            path = shorter.trim_end_matches('/');
        }
        let path = path.to_owned();
        url.set_path(&path);
        Ok(Self(url))
    }

    /// The address of a route. `path` starts with `/` and is percent-encoded already.
    pub(crate) fn join(&self, path: &str, query: &[(&'static str, String)]) -> Url {
        let mut url = self.0.clone();
        url.set_path(&format!("{}{path}", self.0.path().trim_end_matches('/')));
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }

    /// As text, without a slash at its end.
    pub(crate) fn as_str(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }

    /// Whether it lies on this computer.
    pub(crate) fn is_loopback(&self) -> bool {
        self.0.host().is_some_and(|host| is_loopback(&host))
    }

    /// The host for people.
    pub(crate) fn host(&self) -> String {
        self.0.host_str().unwrap_or_default().to_owned()
    }
}

/// A base URL as it would be kept, if it can be used.
///
/// # Errors
/// [`Code::BadAddress`] with what is wrong.
pub fn read_address(text: &str) -> Result<String, Failure> {
    BaseUrl::parse(text).map(|base| base.as_str().to_owned())
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
        Host::Domain(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> AddressProblem {
        match BaseUrl::parse(text).expect_err(text).code {
            Code::BadAddress { problem } => problem,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn only_https_and_literal_loopback_addresses_are_accepted() {
        for good in
            ["https://api.example.com", "http://127.0.0.1:8000", "http://[::1]:9", " https://x.example/api/ "]
        {
            assert!(BaseUrl::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "http://api.example.com",
            "http://localhost:1",
            "http://10.0.0.1",
            "file:///etc",
            "ftp://x.example",
        ] {
            assert!(matches!(problem(bad), AddressProblem::NotSecure | AddressProblem::NotAUrl), "{bad}");
        }
        assert_eq!(problem("api.example.com"), AddressProblem::NotAUrl);
        assert_eq!(problem("https://good@evil.example"), AddressProblem::Userinfo);
        assert_eq!(problem("https://x.example/?token=1"), AddressProblem::Query);
    }

    #[test]
    fn a_path_prefix_is_kept_and_a_version_is_not_doubled() {
        for (base, full) in [
            ("https://x.example", "https://x.example/v1/instances"),
            ("https://x.example/api/", "https://x.example/api/v1/instances"),
            ("https://x.example/api/v1", "https://x.example/api/v1/instances"),
            ("https://x.example/v1/", "https://x.example/v1/instances"),
        ] {
            assert_eq!(BaseUrl::parse(base).expect(base).join("/v1/instances", &[]).as_str(), full);
        }
    }

    #[test]
    fn an_address_that_is_kept_reads_as_itself() {
        for text in [
            "https://x.example/v1/v1",
            "https://x.example/v1///v1/",
            "https:/ts:/phttps:/ts:/p///v1///v1/",
            "https://x.example//",
            "https://x.example/api//v1",
        ] {
            let kept = read_address(text).expect(text);
            assert_eq!(read_address(&kept).expect(text), kept, "{text}");
        }
    }

    #[test]
    fn an_encoded_segment_can_not_leave_its_place() {
        let base = BaseUrl::parse("https://x.example/api").expect("good");
        assert_eq!(
            base.join("/v1/instances/..%2F..%2Fadmin", &[]).path(),
            "/api/v1/instances/..%2F..%2Fadmin"
        );
        assert_eq!(base.join("/v1/instances/%252E%252E", &[]).path(), "/api/v1/instances/%252E%252E");
    }
}
