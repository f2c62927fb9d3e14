//! Field readers that accept what a young platform may send: a wrong type becomes "not known", never an error.

use chrono::{DateTime, NaiveDateTime, Utc};
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;
use std::fmt;

/// One JSON scalar; arrays and objects are skipped.
enum Scalar {
    None,
    Text(String),
    Int(i64),
    Float(f64),
    Flag(bool),
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }
    fn visit_str<E>(self, v: &str) -> Result<Scalar, E> {
        Ok(Scalar::Text(v.to_owned()))
    }
    fn visit_string<E>(self, v: String) -> Result<Scalar, E> {
        Ok(Scalar::Text(v))
    }
    fn visit_bool<E>(self, v: bool) -> Result<Scalar, E> {
        Ok(Scalar::Flag(v))
    }
    fn visit_i64<E>(self, v: i64) -> Result<Scalar, E> {
        Ok(Scalar::Int(v))
    }
    fn visit_u64<E>(self, v: u64) -> Result<Scalar, E> {
        Ok(i64::try_from(v).map_or(Scalar::None, Scalar::Int))
    }
    fn visit_f64<E>(self, v: f64) -> Result<Scalar, E> {
        Ok(Scalar::Float(v))
    }
    fn visit_unit<E>(self) -> Result<Scalar, E> {
        Ok(Scalar::None)
    }
    fn visit_none<E>(self) -> Result<Scalar, E> {
        Ok(Scalar::None)
    }
    fn visit_some<D: Deserializer<'de>>(self, d: D) -> Result<Scalar, D::Error> {
        d.deserialize_any(self)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Scalar, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::None)
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Scalar, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::None)
    }
}

/// Text; a number or a truth value as it is written; anything else is not known.
pub(crate) fn text<'de, D: Deserializer<'de>, T: From<String>>(d: D) -> Result<Option<T>, D::Error> {
    Ok(match d.deserialize_any(ScalarVisitor)? {
        Scalar::Text(text) => Some(text.into()),
        Scalar::Int(n) => Some(n.to_string().into()),
        Scalar::Float(n) => Some(n.to_string().into()),
        Scalar::Flag(flag) => Some(flag.to_string().into()),
        Scalar::None => None,
    })
}

/// Like [`text`], with the empty text for "not known".
pub(crate) fn text_or_empty<'de, D: Deserializer<'de>, T: From<String> + Default>(
    d: D,
) -> Result<T, D::Error> {
    Ok(text(d)?.unwrap_or_default())
}

/// An id that is absent, null or empty is none.
pub(crate) fn id<'de, D: Deserializer<'de>, T: From<String>>(d: D) -> Result<Option<T>, D::Error> {
    Ok(text::<D, String>(d)?.filter(|text| !text.is_empty()).map(T::from))
}

/// A whole number, also one written as text.
pub(crate) fn int<'de, D: Deserializer<'de>>(d: D) -> Result<Option<i64>, D::Error> {
    Ok(match d.deserialize_any(ScalarVisitor)? {
        Scalar::Int(n) => Some(n),
        Scalar::Text(text) => text.trim().parse().ok(),
        #[allow(clippy::cast_possible_truncation)]
        Scalar::Float(n) if n.fract() == 0.0 && n.abs() < 9.0e15 => Some(n as i64),
        _ => None,
    })
}

/// A truth value; anything else is false.
pub(crate) fn flag<'de, D: Deserializer<'de>>(d: D) -> Result<bool, D::Error> {
    Ok(match d.deserialize_any(ScalarVisitor)? {
        Scalar::Flag(flag) => flag,
        Scalar::Text(text) => text.eq_ignore_ascii_case("true"),
        Scalar::Int(n) => n != 0,
        _ => false,
    })
}

/// A truth value, or not known.
pub(crate) fn maybe_flag<'de, D: Deserializer<'de>>(d: D) -> Result<Option<bool>, D::Error> {
    Ok(match d.deserialize_any(ScalarVisitor)? {
        Scalar::Flag(flag) => Some(flag),
        _ => None,
    })
}

/// A moment; one without a zone is UTC, as FastAPI writes naive times.
pub(crate) fn time<'de, D: Deserializer<'de>>(d: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    Ok(match d.deserialize_any(ScalarVisitor)? {
        Scalar::Text(text) => parse_time(&text),
        _ => None,
    })
}

fn parse_time(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Some(time.with_timezone(&Utc));
    }
    ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
        .map(|naive| naive.and_utc())
}

/// A list whose rows are read one by one: null is empty, and a row that is not a `T` is left out.
pub(crate) fn rows<'de, D: Deserializer<'de>, T: for<'a> Deserialize<'a>>(d: D) -> Result<Vec<T>, D::Error> {
    let raw: Option<Box<RawValue>> = Option::deserialize(d)?;
    Ok(raw.map(|raw| read_rows(raw.get()).0).unwrap_or_default())
}

/// Reads the rows of a JSON array. Returns the good ones and how many were left out.
pub(crate) fn read_rows<T: for<'a> Deserialize<'a>>(array: &str) -> (Vec<T>, usize) {
    let Ok(raw) = serde_json::from_str::<Vec<&RawValue>>(array) else { return (Vec::new(), 0) };
    let all = raw.len();
    let good: Vec<T> = raw.into_iter().filter_map(|row| serde_json::from_str(row.get()).ok()).collect();
    let skipped = all - good.len();
    (good, skipped)
}

/// An object as it is; anything else is an empty one.
pub(crate) fn object<'de, D: Deserializer<'de>>(d: D) -> Result<serde_json::Map<String, Value>, D::Error> {
    Ok(match Option::<Value>::deserialize(d)? {
        Some(Value::Object(map)) => map,
        _ => serde_json::Map::new(),
    })
}

/// A map of truth values; entries that are none are left out.
pub(crate) fn flags<'de, D: Deserializer<'de>>(
    d: D,
) -> Result<std::collections::BTreeMap<String, bool>, D::Error> {
    Ok(object(d)?.into_iter().filter_map(|(key, value)| value.as_bool().map(|flag| (key, flag))).collect())
}
