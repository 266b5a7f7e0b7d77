use kernel::{Invalid, ProductId};

use super::words::folded;

/// The most characters of a slug.
pub(crate) const LONGEST: usize = 100;

/// Makes a slug of a text; empty where the text has no letter or digit.
pub(crate) fn slugified(text: &str) -> String {
    let mut slug = String::new();
    for letter in folded(text).chars() {
        if letter.is_alphanumeric() {
            slug.push(letter);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    cut(&slug, LONGEST)
}

/// Makes a slug of a title, whatever the title is.
pub(crate) fn of_title(title: &str, otherwise: &str) -> String {
    let slug = slugified(title);
    if checked(&slug).is_ok() { slug } else { cut(&format!("{otherwise}-{slug}"), LONGEST) }
}

/// `slug`, `slug-2`, `slug-3`, …: where the first is taken, the next is tried.
pub(crate) fn numbered(slug: &str, number: usize) -> String {
    if number == 1 {
        return slug.to_owned();
    }
    let suffix = format!("-{number}");
    format!("{}{suffix}", cut(slug, LONGEST - suffix.len()))
}

/// At most so many characters of a slug, none of them a hyphen at the end.
pub(crate) fn cut(slug: &str, most: usize) -> String {
    let cut: String = slug.chars().take(most).collect();
    cut.trim_end_matches('-').to_owned()
}

/// Takes lower-case letters, digits and hyphens that do not look like an id.
pub(crate) fn checked(text: &str) -> Result<(), Invalid> {
    let fits = |letter: char| {
        letter == '-' || letter.is_alphanumeric() && letter.to_lowercase().eq([letter])
    };
    if text.is_empty() || text.chars().count() > LONGEST {
        return Err(Invalid::new(format!("must have 1 to {LONGEST} characters")));
    }
    if !text.chars().all(fits) || text.starts_with('-') || text.ends_with('-') {
        return Err(Invalid::new(
            "must be of lower-case letters, digits and hyphens, with no hyphen at an end",
        ));
    }
    if text.parse::<ProductId>().is_ok() {
        return Err(Invalid::new("must not look like an id"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_title_becomes_lower_case_latin_with_hyphens() {
        assert_eq!(slugified("  Crème Brûlée – Set of 4! "), "creme-brulee-set-of-4");
        assert_eq!(slugified("Women's Straßen-Hut"), "womens-strassen-hut");
        assert_eq!(slugified("東京 マグ"), "東京-マグ");
        assert_eq!(of_title("★★★", "product"), "product");
        assert_eq!(
            of_title("0190a1b2-0000-7000-8000-000000000000", "product"),
            "product-0190a1b2-0000-7000-8000-000000000000"
        );
    }

    #[test]
    fn the_second_of_a_title_gets_a_number() {
        assert_eq!(numbered("mug", 1), "mug");
        assert_eq!(numbered("mug", 3), "mug-3");
        assert_eq!(numbered(&"x".repeat(LONGEST), 10), format!("{}-10", "x".repeat(97)));
    }

    #[test]
    fn what_is_not_a_slug_is_refused() {
        for bad in
            ["", "A", "a b", "-a", "a-", "a_b", "a/b", "é\u{0}", "deadbeefdeadbeefdeadbeefdeadbeef"]
        {
            assert!(checked(bad).is_err(), "{bad} passed");
        }
    }

    proptest! {
        #[test]
        fn every_title_makes_a_slug(title in "\\PC{1,200}") {
            prop_assert_eq!(checked(&of_title(&title, "product")), Ok(()));
        }

        #[test]
        fn a_slug_of_a_slug_is_itself(title in "\\PC{1,200}") {
            let slug = slugified(&title);
            prop_assert_eq!(slugified(&slug), slug);
        }

        #[test]
        fn every_number_makes_another_slug(title in "[a-z -]{0,120}", number in 1_usize..1_000_000) {
            let slug = of_title(&title, "product");
            prop_assert_eq!(checked(&numbered(&slug, number)), Ok(()));
            prop_assert_ne!(numbered(&slug, number), numbered(&slug, number + 1));
        }
    }
}
