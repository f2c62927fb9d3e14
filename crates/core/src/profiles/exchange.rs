//! Profiles as a file for another computer: names, addresses, colours, how careful to be; never a secret, and never a
//! certificate, since whoever could hand one over with an address could read along. What comes in is hostile until it
//! is checked, and never changes what a profile that is already here trusts or may do.

use super::edit::{checked_name, checked_proxy};
use super::{Profile, ProfileKind, Proxy, Purpose, Safety};
use crate::Console;
use crate::address::BaseUrl;
use crate::error::{Code, Failure};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use specta::Type;
use uuid::Uuid;

/// Largest file in bytes, and most profiles in it.
const LARGEST: usize = 1 << 20;
const MOST: usize = 500;
/// Longest address in bytes.
const LONGEST: usize = 2048;

/// The file.
#[derive(Debug, Serialize, Deserialize)]
struct Exported<T> {
    /// Always `profiles`: tells such a file from any other.
    nineheads: String,
    version: u32,
    profiles: Vec<T>,
}

/// One profile of it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Travelling {
    #[serde(default)]
    id: String,
    name: String,
    base_url: String,
    #[serde(default)]
    hue: u16,
    #[serde(default)]
    purpose: Purpose,
    #[serde(default)]
    safety: Safety,
    #[serde(default)]
    proxy: Proxy,
}

/// What became of an import.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ImportReport {
    /// Names of the profiles that are new here; each asks for its key when it is opened.
    pub added: Vec<String>,
    /// Names of those that were here already; they stay as they are.
    pub known: Vec<String>,
    /// What was not taken.
    pub refused: Vec<RefusedProfile>,
}

/// A profile of the file that was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RefusedProfile {
    /// Its place in the file, from 1.
    pub place: u32,
    /// Why.
    pub failure: Failure,
}

impl Console {
    /// All profiles but the one of this computer, as text for a file.
    ///
    /// # Errors
    /// [`Code::Locked`]
    pub fn export_profiles(&self) -> Result<String, Failure> {
        self.refuse_while_locked()?;
        let profiles =
            self.0.profiles.all().into_iter().filter(|profile| profile.kind == ProfileKind::Platform);
        let profiles = profiles.map(|profile| {
            let proxy = match profile.proxy {
                Proxy::Manual { url, .. } => Proxy::Manual { url, has_login: false },
                other => other,
            };
            let Profile { id, name, base_url, hue, purpose, safety, .. } = profile;
            Travelling { id, name, base_url, hue, purpose, safety, proxy }
        });
        let file = Exported { nineheads: "profiles".into(), version: 1, profiles: profiles.collect() };
        serde_json::to_string_pretty(&file).map_err(|error| Failure::new(Code::Storage, error.to_string()))
    }

    /// Takes the profiles of a file that are not here yet.
    ///
    /// # Errors
    /// [`Code::Invalid`] when it is no such file; [`Code::Storage`], [`Code::Locked`].
    pub fn import_profiles(&self, text: &str) -> Result<ImportReport, Failure> {
        self.refuse_while_locked()?;
        let file = read(text)?;
        let mut known = self.0.profiles.all();
        let (mut report, mut fresh) = (ImportReport::default(), Vec::new());
        for (place, value) in (1..).zip(file) {
            match check(value) {
                Err(failure) => report.refused.push(RefusedProfile { place, failure }),
                Ok(new) => match known.iter().find(|old| is_same(old, &new)) {
                    Some(old) => report.known.push(old.name.clone()),
                    None => {
                        let new = Profile { id: Uuid::new_v4().to_string(), ..new };
                        report.added.push(new.name.clone());
                        known.push(new.clone());
                        fresh.push(new);
                    }
                },
            }
        }
        if !fresh.is_empty() {
            self.0.profiles.put_all(&fresh)?;
            self.0.events.announce(crate::Event::SessionChanged);
        }
        Ok(report)
    }
}

/// The same id at the same address, or the same name there: a file that comes twice adds nothing twice. An id alone
/// is not enough: whoever knows one must not come by what belongs to it.
fn is_same(old: &Profile, new: &Profile) -> bool {
    old.base_url == new.base_url && (old.id == new.id || old.name == new.name)
}

fn read(text: &str) -> Result<Vec<Value>, Failure> {
    if text.len() > LARGEST {
        return Err(invalid(format!("the file is larger than {LARGEST} bytes")));
    }
    let file: Exported<Value> = serde_json::from_str(text).map_err(|error| invalid(error.to_string()))?;
    if file.nineheads != "profiles" {
        return Err(invalid("this is not a file of profiles"));
    }
    if file.version != 1 {
        return Err(invalid(format!("the file has version {}, and this app knows 1", file.version)));
    }
    if file.profiles.len() > MOST {
        return Err(invalid(format!("the file has more than {MOST} profiles")));
    }
    Ok(file.profiles)
}

fn check(value: Value) -> Result<Profile, Failure> {
    let given: Travelling = serde_json::from_value(value).map_err(|error| invalid(error.to_string()))?;
    if given.base_url.len() > LONGEST {
        return Err(invalid("the address is too long"));
    }
    let base = BaseUrl::parse(&given.base_url)?;
    let proxy = match given.proxy {
        Proxy::Manual { url, .. } => Proxy::Manual { url: checked_proxy(&url)?, has_login: false },
        other => other,
    };
    Ok(Profile {
        id: given.id,
        kind: ProfileKind::Platform,
        name: checked_name(&given.name, &base)?,
        base_url: base.as_str().to_owned(),
        hue: given.hue % 360,
        credential: None,
        purpose: given.purpose,
        safety: given.safety,
        proxy,
        certificate: None,
    })
}

fn invalid(detail: impl Into<String>) -> Failure {
    let detail = detail.into();
    Failure::new(Code::Invalid { message: Some(detail.clone()), fields: Vec::new() }, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(change: impl FnOnce(&mut Value)) -> Result<Profile, Failure> {
        let mut value = serde_json::json!({"id": "x", "name": "A", "baseUrl": "https://a.example"});
        change(&mut value);
        check(value)
    }

    #[test]
    fn a_file_is_taken_for_what_it_says_it_is_and_no_larger_than_it_may_be() {
        let file = |kind: &str, version: u32, count: usize| {
            let profiles: Vec<Value> = vec![Value::Null; count];
            serde_json::json!({"nineheads": kind, "version": version, "profiles": profiles}).to_string()
        };
        assert_eq!(read(&file("profiles", 1, 2)).expect("fine").len(), 2);
        for bad in [
            file("bundle", 1, 0),
            file("profiles", 2, 0),
            file("profiles", 1, MOST + 1),
            "[]".into(),
            String::new(),
        ] {
            assert!(matches!(read(&bad).expect_err("refused").code, Code::Invalid { .. }));
        }
        assert!(read(&format!("{}{}", "[".repeat(10_000), "]".repeat(10_000))).is_err());
        assert!(read(&" ".repeat(LARGEST + 1)).is_err());
    }

    #[test]
    fn every_field_of_a_hostile_profile_is_checked() {
        for address in [
            "http://a.example",
            "https://me:pw@a.example",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "https://a.example?key=1",
        ] {
            let refused = one(|value| value["baseUrl"] = address.into()).expect_err(address);
            assert!(matches!(refused.code, Code::BadAddress { .. }), "{address}");
        }
        for proxy in
            ["http://me:pw@proxy.example:1", "file:///x", "http://proxy.example:1/path", "proxy.example"]
        {
            let value = serde_json::json!({"type": "manual", "url": proxy, "hasLogin": true});
            assert!(one(|profile| profile["proxy"] = value).is_err(), "{proxy}");
        }
        assert!(one(|value| value["name"] = "x".repeat(81).into()).is_err());
        assert!(one(|value| value["safety"] = "none".into()).is_err());
        assert!(
            one(|value| value["baseUrl"] = format!("https://a.example/{}", "x".repeat(3000)).into()).is_err()
        );
        let name = one(|value| value["name"] = "Good\u{202e}\n evil\u{0}".into()).expect("tidied").name;
        assert_eq!(name, "Good evil");
        assert_eq!(one(|value| value["hue"] = 65_535.into()).expect("fine").hue, 65_535 % 360);
    }

    #[test]
    fn what_a_file_says_of_keys_and_certificates_is_not_heard() {
        let profile = one(|value| {
            value["credential"] =
                serde_json::json!({"kind": "apiKey", "lastFour": "1234", "kept": "keystore"});
            value["certificate"] = serde_json::json!({"count": 1, "sha256": "00"});
            value["kind"] = "thisComputer".into();
        })
        .expect("the rest is fine");
        assert_eq!(
            (profile.credential, profile.certificate, profile.kind),
            (None, None, ProfileKind::Platform)
        );
    }
}
