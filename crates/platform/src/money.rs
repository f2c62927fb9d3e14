//! Money as whole millionths of a dollar, so that a sum is exactly the sum of its rows.

/// A decimal text with six places.
pub(crate) fn decimal(micro_dollars: i64) -> String {
    format!("{}.{:06}", micro_dollars / 1_000_000, micro_dollars % 1_000_000)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_millionth_is_not_lost() {
        assert_eq!(super::decimal(1), "0.000001");
        assert_eq!(super::decimal(12_340_000), "12.340000");
    }
}
