//! Who asks. Keys are minted at every start, live in memory alone and are kept as hashes on the answering side.
//! What somebody may do with an instance is decided here too; which scope an operation needs is the contract's.

use crate::refusal::Refusal;
use crate::store::Instance;
use axum::http::{HeaderMap, StatusCode, header};
use nineheads_contract::Scope;
use rand::RngExt;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use uuid::Uuid;

/// The five keys of a running platform.
#[derive(Clone, Serialize)]
pub struct Keys {
    /// The first tenant's admin.
    pub admin: String,
    /// A customer of the first tenant.
    pub customer: String,
    /// Another customer of the same tenant.
    pub other_customer: String,
    /// The admin of another tenant.
    pub other_tenant: String,
    /// The first tenant's admin with `instances:read` alone.
    pub read_only: String,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(..)")
    }
}

impl Keys {
    pub(crate) fn mint() -> Self {
        let mut rng = rand::rng();
        let mut key = || format!("hc_live_{}", crate::dice::hex(&rng.random::<[u8; 16]>()));
        Self { admin: key(), customer: key(), other_customer: key(), other_tenant: key(), read_only: key() }
    }
}

/// A person behind a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) tenant: Uuid,
    pub(crate) customer: Uuid,
    pub(crate) user: Uuid,
    pub(crate) email: &'static str,
    pub(crate) admin: bool,
}

const FIRST_TENANT: Uuid = Uuid::from_u128(0x5d1f_3c7a_0000_4000_8000_0000_0000_0001);
const OTHER_TENANT: Uuid = Uuid::from_u128(0x5d1f_3c7a_0000_4000_8000_0000_0000_0002);

const fn person(tenant: Uuid, number: u128, email: &'static str, admin: bool) -> Person {
    Person {
        tenant,
        customer: Uuid::from_u128(0x9a40_b1e2_0000_4000_8000_0000_0000_0000 + number),
        user: Uuid::from_u128(0x77e3_c5d4_0000_4000_8000_0000_0000_0000 + number),
        email,
        admin,
    }
}

/// The first tenant's admin.
pub(crate) const ADMIN: Person = person(FIRST_TENANT, 1, "ops@northwind.example", true);
/// A customer of the first tenant.
pub(crate) const CUSTOMER: Person = person(FIRST_TENANT, 2, "ada@harbour.example", false);
/// Another customer of the first tenant.
pub(crate) const OTHER_CUSTOMER: Person = person(FIRST_TENANT, 3, "sam@marlow.example", false);
/// The other tenant's admin.
pub(crate) const NEIGHBOUR: Person = person(OTHER_TENANT, 4, "ops@lighthouse.example", true);

/// Everybody this platform knows.
pub(crate) const PEOPLE: [Person; 4] = [ADMIN, CUSTOMER, OTHER_CUSTOMER, NEIGHBOUR];

const ALL: &[Scope] = &[Scope::Read, Scope::Write, Scope::Delete];

/// Who makes a request, with what right.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Caller {
    pub(crate) person: Person,
    pub(crate) key: Uuid,
    pub(crate) scopes: &'static [Scope],
    pub(crate) by_bearer: bool,
}

impl Caller {
    /// Whether the caller may see an instance. A customer sees their own, an admin the tenant's.
    pub(crate) fn sees(&self, instance: &Instance) -> bool {
        self.person.tenant == instance.tenant
            && (self.person.admin || self.person.customer == instance.customer)
    }

    /// The customer whose instances a list is narrowed to.
    pub(crate) fn own_only(&self) -> Option<Uuid> {
        (!self.person.admin).then_some(self.person.customer)
    }

    pub(crate) fn require_scope(&self, scope: Scope) -> Result<(), Refusal> {
        match self.scopes.contains(&scope) {
            true => Ok(()),
            false => Err(Refusal::forbidden(format!("Missing scope: {}", scope.name()))),
        }
    }

    pub(crate) fn require_admin(&self) -> Result<(), Refusal> {
        match self.person.admin {
            true => Ok(()),
            false => Err(Refusal::forbidden("Admin access required")),
        }
    }
}

/// The doorkeeper: knows keys by their hashes, so that a comparison tells nothing about a key.
pub(crate) struct Doorkeeper(HashMap<[u8; 32], Caller>);

impl Doorkeeper {
    pub(crate) fn new(keys: &Keys) -> Self {
        let row = |key: &str, number: u128, person, scopes| {
            let id = Uuid::from_u128(0x31c8_90aa_0000_4000_8000_0000_0000_0000 + number);
            (hash(key.as_bytes()), Caller { person, key: id, scopes, by_bearer: false })
        };
        Self(HashMap::from([
            row(&keys.admin, 1, ADMIN, ALL),
            row(&keys.customer, 2, CUSTOMER, ALL),
            row(&keys.other_customer, 3, OTHER_CUSTOMER, ALL),
            row(&keys.other_tenant, 4, NEIGHBOUR, ALL),
            row(&keys.read_only, 5, ADMIN, &[Scope::Read]),
        ]))
    }

    /// Reads `X-Api-Key`, or else `Authorization: Bearer`, which takes the same strings.
    pub(crate) fn recognise(&self, headers: &HeaderMap) -> Result<Caller, Refusal> {
        let refuse = |detail: &str| Refusal::Detail(StatusCode::UNAUTHORIZED, detail.to_owned());
        let find = |key: &[u8]| self.0.get(&hash(key)).copied();
        if let Some(key) = headers.get("x-api-key") {
            return find(key.as_bytes()).ok_or_else(|| refuse("Invalid API key"));
        }
        let authorization =
            headers.get(header::AUTHORIZATION).ok_or_else(|| refuse("Not authenticated"))?.as_bytes();
        let (scheme, token) = authorization.split_at(authorization.len().min("Bearer ".len()));
        if !scheme.eq_ignore_ascii_case(b"Bearer ") {
            return Err(refuse("Not authenticated"));
        }
        let caller = find(token.trim_ascii()).ok_or_else(|| refuse("Invalid token"))?;
        Ok(Caller { by_bearer: true, ..caller })
    }
}

fn hash(key: &[u8]) -> [u8; 32] {
    Sha256::digest(key).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn headers(name: &'static str, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(
            name.parse().expect("a name"),
            HeaderValue::from_str(value).expect("a value"),
        )])
    }

    #[test]
    fn a_key_is_known_in_both_headers_and_a_wrong_one_in_neither() {
        let keys = Keys::mint();
        let door = Doorkeeper::new(&keys);
        assert_eq!(door.recognise(&headers("x-api-key", &keys.customer)).expect("known").person, CUSTOMER);
        let bearer = door.recognise(&headers("authorization", &format!("bearer {}", keys.admin)));
        assert!(bearer.expect("known").by_bearer);
        for wrong in [
            headers("x-api-key", "hc_live_0"),
            headers("authorization", "Bearer x"),
            headers("authorization", "Basic eA=="),
            HeaderMap::new(),
        ] {
            assert!(matches!(door.recognise(&wrong), Err(Refusal::Detail(StatusCode::UNAUTHORIZED, _))));
        }
    }

    #[test]
    fn keys_do_not_show_themselves() {
        let keys = Keys::mint();
        assert!(!format!("{keys:?}").contains("hc_live_"));
        assert_eq!(keys.admin.len(), "hc_live_".len() + 32);
    }
}
