//! Seeded chance: the same seed, subject and topic always throw the same.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use sha2::{Digest, Sha256};

/// Dice for one topic of one subject, such as the health of an instance in one quarter of an hour.
pub(crate) fn dice(seed: u64, subject: &[u8], topic: &str) -> ChaCha8Rng {
    let mut hash = Sha256::new();
    hash.update(seed.to_le_bytes());
    hash.update((subject.len() as u64).to_le_bytes());
    hash.update(subject);
    hash.update(topic.as_bytes());
    ChaCha8Rng::from_seed(hash.finalize().into())
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// One of a fixed choice.
pub(crate) fn pick<'a, T: ?Sized>(rng: &mut ChaCha8Rng, choice: &[&'a T]) -> &'a T {
    use rand::RngExt;
    choice[rng.random_range(0..choice.len())]
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::RngExt;

    #[test]
    fn the_same_throw_comes_again_and_another_topic_throws_anew() {
        let throw = |seed, topic| dice(seed, b"a", topic).random::<u64>();
        assert_eq!(throw(7, "health"), throw(7, "health"));
        assert_ne!(throw(7, "health"), throw(7, "usage"));
        assert_ne!(throw(7, "health"), throw(8, "health"));
    }
}
