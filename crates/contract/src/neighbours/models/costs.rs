//! What a model costs, by whatever name a field has: `input_cost`, `price_input`, `cost_per_million_input`,
//! `pricing: {input, output}`, a price for a token, a thousand or a million of them. Always told for a million.

use super::super::decimal::amount;
use serde_json::{Map, Value};

/// What is paid for: the words that name it.
pub(super) const INPUT: [&str; 3] = ["input", "prompt", "in"];
/// What comes back.
pub(super) const OUTPUT: [&str; 3] = ["output", "completion", "out"];
/// As it is written here.
pub(super) const INPUT_NAME: &str = "input_cost_per_million";
/// As it is written here.
pub(super) const OUTPUT_NAME: &str = "output_cost_per_million";

const MONEY: [&str; 8] = ["cost", "costs", "price", "prices", "pricing", "rate", "usd", "cents"];
/// Other prices that name the same side.
const SPECIAL: [&str; 5] = ["cache", "cached", "batch", "audio", "image"];

/// The price of one side. A field of its own is taken; one inside a larger object stays there.
pub(super) fn take(fields: &mut Map<String, Value>, side: &[&str]) -> Option<String> {
    let own = fields.iter().find_map(|(key, value)| {
        let words = words(key);
        let fits = has(&words, &MONEY) && has(&words, side) && !has(&words, &SPECIAL);
        fits.then(|| amount(value, places(&words))).flatten().map(|text| (key.clone(), text))
    });
    if let Some((key, text)) = own {
        fields.shift_remove(&key);
        return Some(text);
    }
    fields.iter().filter(|(key, _)| has(&words(key), &MONEY)).find_map(|(outer, value)| {
        value.as_object()?.iter().find_map(|(inner, value)| {
            let inner = words(inner);
            if !has(&inner, side) || has(&inner, &SPECIAL) {
                return None;
            }
            amount(value, places(&[words(outer), inner].concat()))
        })
    })
}

/// How far the point moves from the unit that a name speaks of to dollars for a million.
fn places(words: &[String]) -> i32 {
    let of = if has(words, &["million", "1m", "m", "mtok", "mtokens"]) {
        0
    } else if has(words, &["thousand", "1k", "k", "ktok", "ktokens"]) {
        3
    } else if has(words, &["per"]) && has(words, &["token", "tokens"]) {
        6
    } else {
        0
    };
    of - if has(words, &["cents"]) { 2 } else { 0 }
}

fn has(words: &[String], any: &[&str]) -> bool {
    words.iter().any(|word| any.contains(&word.as_str()))
}

/// `inputCostPer1K` → input, cost, per1, k; `price_input` → price, input.
fn words(key: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_capital = false;
    for letter in key.chars() {
        let capital = letter.is_uppercase();
        if !letter.is_alphanumeric() || (capital && !after_capital) {
            words.push(String::new());
        }
        if letter.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(letter.to_lowercase());
        }
        after_capital = capital;
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn both(value: Value) -> (Option<String>, Option<String>) {
        let mut fields = value.as_object().cloned().expect("an object");
        (take(&mut fields, &INPUT), take(&mut fields, &OUTPUT))
    }

    #[test]
    fn a_price_is_found_by_any_usual_name_and_told_for_a_million() {
        for spelling in [
            json!({"input_cost": 3, "output_cost": 15}),
            json!({"input_cost_per_million": "3.00", "output_cost_per_million": "15.00"}),
            json!({"cost_per_million_input": 3.0, "cost_per_million_output": "15"}),
            json!({"price_input": "$3", "price_output": "$15"}),
            json!({"prompt_price": 3, "completion_price": 15}),
            json!({"inputCostPer1K": 0.003, "outputCostPer1K": "0.015"}),
            json!({"input_cost_per_1m_tokens": 3, "output_cost_per_1m_tokens": 15}),
            json!({"input_cost_per_token": 0.000003, "output_cost_per_token": "0.000015"}),
            json!({"input_cents_per_million": 300, "output_cents_per_million": 1500}),
            json!({"INPUT_COST": 3, "OUTPUT_COST": 15}),
            json!({"cost": {"input": 3, "output": 15, "cacheRead": 0.3}}),
            json!({"pricing": {"prompt": "0.000003", "completion": "0.000015"}, "pricing_per_token": null}),
            json!({"pricing_usd_per_token": {"prompt": "0.000003", "completion": "0.000015"}}),
            json!({"cached_input_cost": 0.3, "input_cost": 3, "batch_output_cost": 7, "output_cost": 15}),
        ] {
            let expected = match spelling.get("pricing") {
                // Nothing says that this is the price of one token.
                Some(_) => ("0.000003", "0.000015"),
                None => ("3", "15"),
            };
            let (input, output) = both(spelling.clone());
            assert_eq!(
                (input.as_deref(), output.as_deref()),
                (Some(expected.0), Some(expected.1)),
                "{spelling}"
            );
        }
    }

    #[test]
    fn what_is_no_price_is_not_taken_for_one() {
        for odd in [
            json!({"input": 3, "output": ["text"]}),
            json!({"input_cost": null, "output_cost": "unknown"}),
            json!({"cost": {"input": {}, "output": -1}}),
            json!({"cache_read_input_cost": 1, "max_output": 9}),
            json!({"input_cost": [3], "pricing": [1, 2]}),
        ] {
            assert_eq!(both(odd.clone()), (None, None), "{odd}");
        }
    }
}
