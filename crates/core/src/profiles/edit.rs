//! Changing what is known of a profile: its name, its colour, how careful to be, its way out. Its address stays: a key
//! is bound to the address it was entered for, and another address is another profile.

use super::{Profile, ProfileId, Proxy, Purpose, Safety};
use crate::address::BaseUrl;
use crate::client::Credential;
use crate::error::{Code, Failure};
use crate::ledger::Entry;
use crate::network::{Certificates, Login, Network, NetworkStep, Probe};
use crate::profiles::{CertificateLabel, CredentialKind, ProfileKind};
use crate::session::lock;
use crate::{Console, Current, Event, private_file};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::json;
use specta::Type;
use std::path::PathBuf;
use std::sync::PoisonError;
use url::Url;

/// Longest name in characters.
const NAME: usize = 80;

/// Everything a person may change of a profile, whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ProfileEdit {
    /// Empty for the host's.
    pub name: String,
    /// Degrees of hue; none for one that is far from the others'.
    pub hue: Option<u16>,
    /// A new profile for support is read-only, whatever `safety` says.
    pub purpose: Purpose,
    /// See [`Safety`].
    pub safety: Safety,
    /// Whether it has a login is told by `login`.
    pub proxy: Proxy,
    /// The proxy's user and password.
    pub login: ProxyLogin,
    /// Certificates beside the system's.
    pub certificate: CertificateChange,
}

/// What becomes of a proxy's login.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum ProxyLogin {
    /// It stays, as long as the proxy does.
    #[default]
    Keep,
    /// It is removed.
    Remove,
    /// Another one.
    Set {
        /// The user's name.
        user: String,
        /// The password.
        password: String,
    },
}

impl std::fmt::Debug for ProxyLogin {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Self::Keep => "Keep",
            Self::Remove => "Remove",
            Self::Set { .. } => "Set",
        })
    }
}

/// What becomes of the extra certificates.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum CertificateChange {
    /// They stay.
    #[default]
    Keep,
    /// They are removed.
    Remove,
    /// Others, picked before: what a page says is trusted by nobody.
    Set {
        /// Which, as the label of the picked file says.
        sha256: String,
    },
}

impl Console {
    /// Changes a profile.
    ///
    /// # Errors
    /// [`Code::NotFound`], [`Code::Invalid`], [`Code::Storage`]; [`Code::Keystore`] where a proxy's login can not be kept.
    pub async fn update_profile(&self, id: &str, edit: &ProfileEdit) -> Result<Profile, Failure> {
        self.refuse_while_locked()?;
        let before = self.known(id)?;
        let mut profile = before.clone();
        profile.name = match before.kind {
            ProfileKind::Platform => checked_name(&edit.name, &BaseUrl::parse(&before.base_url)?)?,
            ProfileKind::ThisComputer => match tidy_name(&edit.name)? {
                name if name.is_empty() => before.name.clone(),
                name => name,
            },
        };
        profile.hue = edit.hue.map_or(before.hue, |hue| hue % 360);
        (profile.purpose, profile.safety) = (edit.purpose, edit.safety);
        let entry = self.enter_safety(&before, &profile);
        let kept = self.keep_edit(profile, edit).await;
        if let Some(entry) = entry {
            entry.end(&kept);
        }
        let (profile, rerouted) = kept?;
        self.take_effect(&profile, rerouted).await?;
        Ok(profile)
    }

    async fn keep_edit(&self, mut profile: Profile, edit: &ProfileEdit) -> Result<(Profile, bool), Failure> {
        let rerouted = self.take_network(&mut profile, edit).await?;
        self.0.profiles.put_all(std::slice::from_ref(&profile))?;
        Ok((profile, rerouted))
    }

    /// Whoever may change what over there is told for ever; a name or a colour is nobody's business.
    fn enter_safety(&self, before: &Profile, after: &Profile) -> Option<Entry> {
        let of = |profile: &Profile| json!({ "purpose": profile.purpose, "safety": profile.safety });
        let detail = json!({ "from": of(before), "to": of(after) });
        (of(before) != of(after)).then(|| self.enter_profile("change_safety", after, detail))
    }

    /// Puts the profiles in this order.
    ///
    /// # Errors
    /// [`Code::Storage`]
    pub fn order_profiles(&self, ids: &[ProfileId]) -> Result<Vec<Profile>, Failure> {
        self.refuse_while_locked()?;
        self.0.profiles.order(ids)?;
        self.0.events.announce(Event::SessionChanged);
        Ok(self.0.profiles.all())
    }

    /// Checks a file of certificates that a person picked, and holds it until an edit names it.
    ///
    /// # Errors
    /// [`Code::Invalid`] with what is wrong with it.
    pub fn pick_certificate(&self, pem: &str) -> Result<CertificateLabel, Failure> {
        self.refuse_while_locked()?;
        let label = Certificates::read(pem)?.label();
        let label = label.ok_or_else(|| Failure::new(Code::Unreadable, "no certificate"))?;
        lock(&self.0.picked).insert(label.sha256.clone(), pem.to_owned());
        Ok(label)
    }

    fn picked(&self, sha256: &str) -> Result<String, Failure> {
        let picked = lock(&self.0.picked).get(sha256).cloned();
        picked.ok_or_else(|| invalid("the certificate was not picked: choose its file again"))
    }

    /// Tries the way to a platform as it would be after an edit, layer by layer; nothing is kept. Without a secret the
    /// known profile's own is used, and only for its own address.
    ///
    /// # Errors
    /// [`Code::BadAddress`], [`Code::Invalid`]; what fails on the way is a step.
    pub async fn test_connection(
        &self,
        id: Option<&str>,
        base_url: &str,
        edit: &ProfileEdit,
        secret: Option<(CredentialKind, &str)>,
        mut on_step: impl FnMut(NetworkStep) + Send,
    ) -> Result<Vec<NetworkStep>, Failure> {
        self.refuse_while_locked()?;
        let profile = id.and_then(|id| self.0.profiles.get(id));
        let base = BaseUrl::parse(base_url)?;
        let mut network = match &profile {
            Some(profile) => self.network_of(profile).await,
            None => Network::default(),
        };
        let kept = network.proxy.clone();
        network.proxy = checked_way(&edit.proxy)?;
        match &edit.login {
            ProxyLogin::Set { user, password } => {
                network.login = Some(Login { user: user.clone(), password: password.clone().into() });
            }
            ProxyLogin::Keep if is_same_proxy(&kept, &network.proxy) => {}
            ProxyLogin::Keep | ProxyLogin::Remove => network.login = None,
        }
        match &edit.certificate {
            CertificateChange::Keep => {}
            CertificateChange::Remove => network.certificates = Certificates::default(),
            CertificateChange::Set { sha256 } => {
                network.certificates = Certificates::read(&self.picked(sha256)?)?
            }
        }
        let credential = match (secret, &profile) {
            (Some((kind, secret)), _) => Some(Credential::new(kind, secret)?),
            (None, Some(profile)) if profile.base_url == base.as_str() => {
                self.credential_of(&profile.id, &base).await.ok().flatten()
            }
            _ => None,
        };
        Ok(Probe { base, network, credential, on_step: &mut on_step }.walk().await)
    }

    /// Writes down what an edit says of the network. True where requests go another way from here on.
    pub(crate) async fn take_network(
        &self,
        profile: &mut Profile,
        edit: &ProfileEdit,
    ) -> Result<bool, Failure> {
        let proxy = checked_way(&edit.proxy)?;
        let same = is_same_proxy(&profile.proxy, &proxy);
        let had_login = matches!(profile.proxy, Proxy::Manual { has_login: true, .. });
        let certificates = match &edit.certificate {
            CertificateChange::Set { sha256 } => {
                let pem = self.picked(sha256)?;
                Some((Certificates::read(&pem)?, pem))
            }
            _ => None,
        };
        let manual = matches!(proxy, Proxy::Manual { .. });
        let has_login = match &edit.login {
            ProxyLogin::Set { user, password } if manual => {
                self.keep_login(&profile.id, &proxy, user, password).await?;
                true
            }
            ProxyLogin::Keep => same && had_login,
            _ => false,
        };
        if had_login && !has_login {
            lock(&self.0.logins).remove(&profile.id);
            self.0.keeper.remove(&login_entry(&profile.id)).await?;
        }
        profile.proxy = match proxy {
            Proxy::Manual { url, .. } => Proxy::Manual { url, has_login },
            other => other,
        };
        let file = self.certificate_file(&profile.id);
        match (&edit.certificate, certificates) {
            (_, Some((certificates, pem))) => {
                private_file::replace(&file, pem.as_bytes())?;
                profile.certificate = certificates.label();
            }
            (CertificateChange::Remove, _) => {
                let _ = std::fs::remove_file(&file);
                profile.certificate = None;
            }
            _ => {}
        }
        Ok(!same || edit.login != ProxyLogin::Keep || edit.certificate != CertificateChange::Keep)
    }

    /// How requests of a profile leave this computer. A certificate that can not be read any more is not trusted.
    pub(crate) async fn network_of(&self, profile: &Profile) -> Network {
        let mut network = Network { proxy: profile.proxy.clone(), ..Network::default() };
        if profile.certificate.is_some() {
            let read = std::fs::read_to_string(self.certificate_file(&profile.id)).map_err(Failure::from);
            match read.and_then(|pem| Certificates::read(&pem)) {
                Ok(certificates) => network.certificates = certificates,
                Err(failure) => log::warn!("a profile's certificates were not read: {failure}"),
            }
        }
        if let Proxy::Manual { url, has_login: true } = &profile.proxy {
            let held = lock(&self.0.logins).get(&profile.id).cloned();
            let stored = match held {
                Some(held) => Some(held),
                None => self.0.keeper.get(&login_entry(&profile.id)).await.ok().flatten(),
            };
            network.login = stored.as_ref().and_then(|stored| read_login(stored, url));
            if let Some(stored) = stored {
                lock(&self.0.logins).insert(profile.id.clone(), stored);
            }
        }
        network
    }

    /// Kept like a key, and bound to its proxy as a key is to its address. Where nothing is kept it lives for this run.
    async fn keep_login(&self, id: &str, proxy: &Proxy, user: &str, password: &str) -> Result<(), Failure> {
        let Proxy::Manual { url, .. } = proxy else { return Ok(()) };
        let fits = |text: &str| text.len() <= 1024 && !text.chars().any(char::is_control);
        if user.is_empty() || user.contains(':') || !fits(user) || !fits(password) {
            return Err(invalid("a proxy's user has no colon, and neither it nor the password a line break"));
        }
        let bound: SecretString = format!("{url}\n{user}\n{password}").into();
        if let Err(failure) = self.0.keeper.set(&login_entry(id), bound.clone()).await {
            log::warn!("the proxy's login is kept for this run only: {failure}");
        }
        lock(&self.0.logins).insert(id.to_owned(), bound);
        Ok(())
    }

    async fn take_effect(&self, profile: &Profile, rerouted: bool) -> Result<(), Failure> {
        let reopened = {
            let mut held = self.0.session.write().unwrap_or_else(PoisonError::into_inner);
            match &mut *held {
                Current::Open(session) if session.profile.id == profile.id => {
                    session.take_settings(profile);
                    rerouted && profile.kind == ProfileKind::Platform
                }
                Current::Locked { profile: Some(shown), .. } if shown.id == profile.id => {
                    shown.clone_from(profile);
                    false
                }
                _ => false,
            }
        };
        self.0.events.announce(Event::SessionChanged);
        if reopened {
            self.open_profile(&profile.id).await?;
        }
        Ok(())
    }

    pub(crate) fn certificate_file(&self, id: &str) -> PathBuf {
        self.0.options.data_folder.join(format!("certificates-{id}.pem"))
    }
}

pub(crate) fn login_entry(id: &str) -> String {
    format!("proxy:{id}")
}

/// A stored login, where it was stored for this proxy.
fn read_login(stored: &SecretString, url: &str) -> Option<Login> {
    let mut lines = stored.expose_secret().splitn(3, '\n');
    let (bound_to, user, password) = (lines.next()?, lines.next()?, lines.next()?);
    (bound_to == url).then(|| Login { user: user.to_owned(), password: password.to_owned().into() })
}

fn is_same_proxy(one: &Proxy, other: &Proxy) -> bool {
    match (one, other) {
        (Proxy::Manual { url: one, .. }, Proxy::Manual { url: other, .. }) => one == other,
        (one, other) => one == other,
    }
}

fn checked_way(proxy: &Proxy) -> Result<Proxy, Failure> {
    Ok(match proxy {
        Proxy::Manual { url, .. } => Proxy::Manual { url: checked_proxy(url)?, has_login: false },
        other => other.clone(),
    })
}

/// The address of a proxy: scheme, host and port, and nothing that could carry a secret.
///
/// # Errors
/// [`Code::Invalid`]
pub(super) fn checked_proxy(text: &str) -> Result<String, Failure> {
    let text = text.trim();
    let url =
        Url::parse(text).map_err(|_| invalid("a proxy has an address such as http://proxy.example:3128"))?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() || text.len() > 512 {
        return Err(invalid("a proxy has an address such as http://proxy.example:3128"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(invalid("user and password of a proxy have fields of their own"));
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err(invalid("a proxy's address ends with its port"));
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// A name for people; the host's where there is none.
///
/// # Errors
/// [`Code::Invalid`] when it is too long.
pub(crate) fn checked_name(text: &str, base: &BaseUrl) -> Result<String, Failure> {
    Ok(match tidy_name(text)? {
        name if name.is_empty() => base.host(),
        name => name,
    })
}

/// Without what can not be seen and turns what can.
fn tidy_name(text: &str) -> Result<String, Failure> {
    let hidden = |c: &char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    let name: String = text.chars().filter(|c| !hidden(c)).collect();
    let name = name.trim().to_owned();
    match name.chars().count() <= NAME {
        true => Ok(name),
        false => Err(invalid(format!("a name has at most {NAME} characters"))),
    }
}

fn invalid(detail: impl Into<String>) -> Failure {
    let detail = detail.into();
    Failure::new(Code::Invalid { message: Some(detail.clone()), fields: Vec::new() }, detail)
}
