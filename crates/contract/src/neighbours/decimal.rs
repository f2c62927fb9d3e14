//! Amounts of money as decimal text. A price is never a float here: it is moved by its point alone.

use serde_json::Value;

/// Longest amount that is read and written, in characters, and farthest that a point is moved.
const LONGEST: usize = 40;

/// An amount as plain decimal text, its point moved so many places to the right (or to the left, where negative).
/// Nothing where it is no amount: below zero, not a number, longer than any price.
pub(super) fn amount(value: &Value, places: i32) -> Option<String> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().trim_start_matches(['$', '€', '£']).trim().to_owned(),
        _ => return None,
    };
    if text.len() > LONGEST {
        return None;
    }
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text.as_str(), 0),
    };
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{part}");
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let point = i32::try_from(whole.len()).ok()?.checked_add(exponent)?.checked_add(places)?;
    if usize::try_from(point.unsigned_abs()).ok()? > LONGEST {
        return None;
    }
    Some(written(&digits, point)).filter(|text| text.len() <= LONGEST)
}

/// Digits with a point after the first `point` of them, without zeros that say nothing.
fn written(digits: &str, point: i32) -> String {
    let before = usize::try_from(point).unwrap_or_default();
    let zeros = usize::try_from(-point).unwrap_or_default();
    let padded = format!("{}{digits}{}", "0".repeat(zeros), "0".repeat(before.saturating_sub(digits.len())));
    let (whole, part) = padded.split_at(before.min(padded.len()));
    let (whole, part) = (whole.trim_start_matches('0'), part.trim_end_matches('0'));
    let whole = if whole.is_empty() { "0" } else { whole };
    match part.is_empty() {
        true => whole.to_owned(),
        false => format!("{whole}.{part}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_amount_keeps_every_digit_and_moves_its_point() {
        for (value, places, text) in [
            (json!(3), 0, "3"),
            (json!(0.8), 0, "0.8"),
            (json!("15.00"), 0, "15"),
            (json!("$0.30"), 0, "0.3"),
            (json!(0.000003), 6, "3"),
            (json!(1e-7), 6, "0.1"),
            (json!("0.0025"), 3, "2.5"),
            (json!(250), -2, "2.5"),
            (json!(0), 6, "0"),
            (json!("0.10000000000000000000000000001"), 0, "0.10000000000000000000000000001"),
        ] {
            assert_eq!(amount(&value, places).as_deref(), Some(text), "{value}");
        }
    }

    #[test]
    fn what_is_no_amount_is_none() {
        for value in [
            json!(null),
            json!(-1),
            json!("free"),
            json!(""),
            json!("."),
            json!("1.2.3"),
            json!("1e999999999"),
            json!("1e2147483647"),
            json!("NaN"),
            json!(2.6489084684497336e-43),
            json!("-0"),
            json!("9".repeat(200)),
            json!([1]),
        ] {
            assert_eq!(amount(&value, 6), None, "{value}");
        }
    }
}
