use kernel::SkuId;
use sha2::{Digest as _, Sha256};

use crate::domain::slug::{cut, slugified};

const HASH_DIGITS: usize = 8;

/// What SKUs are made of.
pub(crate) struct Naming<'a> {
    pub(crate) handle: &'a str,
    /// The product has this one variant.
    pub(crate) is_only: bool,
}

/// The SKUs that a variant without one may get, best first: one of handle and option values, and one that ends in their hash.
pub(crate) fn candidates(&Naming { handle, is_only }: &Naming<'_>, values: &[&str]) -> Vec<SkuId> {
    let options = slugified(&values.join(" "));
    let plain = if is_only || options.is_empty() {
        handle.to_owned()
    } else {
        format!("{handle}-{options}")
    };
    let beginning = cut(&plain, SkuId::MAX_CHARS - HASH_DIGITS - 1);
    let hashed = format!("{beginning}-{}", hash(handle, values));
    [plain, hashed].into_iter().filter_map(|text| SkuId::try_from(text).ok()).collect()
}

/// The beginning of the SHA-256 of handle and option values, a NUL before each value, in hex.
fn hash(handle: &str, values: &[&str]) -> String {
    let mut digest = Sha256::new();
    digest.update(handle);
    for value in values {
        digest.update([0]);
        digest.update(value);
    }
    let hex = format!("{:x}", digest.finalize());
    hex.chars().take(HASH_DIGITS).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn only(handle: &str) -> Naming<'_> {
        Naming { handle, is_only: true }
    }

    fn one_of_many(handle: &str) -> Naming<'_> {
        Naming { handle, is_only: false }
    }

    fn texts(naming: &Naming<'_>, values: &[&str]) -> Vec<String> {
        candidates(naming, values).into_iter().map(String::from).collect()
    }

    #[test]
    fn the_only_variant_is_named_by_the_handle_and_others_by_their_options_too() {
        assert_eq!(texts(&only("mug"), &[])[0], "mug");
        assert_eq!(texts(&only("mug"), &["Small"])[0], "mug");
        assert_eq!(
            texts(&one_of_many("mug"), &["Small", "Crème Brûlée"])[0],
            "mug-small-creme-brulee"
        );
        assert_eq!(texts(&one_of_many("mug"), &["★"])[0], "mug");
    }

    #[test]
    fn one_that_is_too_long_ends_in_a_hash() {
        let long = "x".repeat(70);

        let cut = texts(&one_of_many(&long), &["Small"]);

        assert_eq!(cut, [format!("{}-{}", "x".repeat(55), hash(&long, &["Small"]))]);
    }

    #[test]
    fn the_hash_tells_values_apart_that_slugs_do_not() {
        assert_ne!(
            texts(&one_of_many("mug"), &["S M"])[1],
            texts(&one_of_many("mug"), &["S/M"])[1]
        );
        assert_ne!(
            texts(&one_of_many("mug"), &["S M"])[1],
            texts(&one_of_many("mug"), &["S", "M"])[1]
        );
        assert_eq!(hash("mug", &[]), "a19ee257");
    }

    proptest! {
        #[test]
        fn there_is_always_one_and_always_the_same(
            handle in "[a-z0-9]([a-z0-9-]{0,98}[a-z0-9])?",
            values in prop::collection::vec("\\PC{1,100}", 0..3),
            is_only: bool,
        ) {
            let values: Vec<&str> = values.iter().map(String::as_str).collect();
            let naming = Naming { handle: &handle, is_only };
            let made = candidates(&naming, &values);

            prop_assert!(!made.is_empty());
            prop_assert!(made.iter().all(|sku| sku.as_str().chars().count() <= SkuId::MAX_CHARS));
            prop_assert!(made.last().is_some_and(|sku| sku.as_str().ends_with(&hash(&handle, &values))));
            prop_assert_eq!(made, candidates(&naming, &values));
        }
    }
}
