use catalog_contract::{Image, VariantOption};
use kernel::{Invalid, Money};

/// The most bytes of a description.
pub(crate) const MOST_DESCRIPTION: usize = 64 * 1024;
/// The most tags of a product.
pub(crate) const MOST_TAGS: usize = 50;
/// The most images of a product.
pub(crate) const MOST_IMAGES: usize = 50;
/// The most variants of a product.
pub(crate) const MOST_VARIANTS: usize = 100;
/// The most options of a variant.
pub(crate) const MOST_OPTIONS: usize = 3;
/// The most prices of a variant.
pub(crate) const MOST_PRICES: usize = 200;
/// The most that a variant weighs.
pub(crate) const MOST_GRAMS: u32 = 1_000_000_000;

const LONGEST_OPTION: usize = 100;
const LONGEST_ADDRESS: usize = 2_048;
const LONGEST_ALT: usize = 500;

/// Takes HTML of at most 64 KiB.
pub(crate) fn description(text: &str) -> Result<(), Invalid> {
    if text.len() > MOST_DESCRIPTION {
        return Err(Invalid::new(format!("must have at most {MOST_DESCRIPTION} bytes")));
    }
    if text.contains('\0') {
        return Err(Invalid::new("must not contain U+0000"));
    }
    Ok(())
}

/// Takes lists of at most so many.
pub(crate) fn at_most<T>(items: &[T], most: usize) -> Result<(), Invalid> {
    if items.len() > most {
        return Err(Invalid::new(format!("must have at most {most} items")));
    }
    Ok(())
}

/// Takes the address of an image: of the web, or of the shop itself.
pub(crate) fn image(image: &Image) -> Result<(), Invalid> {
    line("the address", &image.url, LONGEST_ADDRESS)?;
    if !["https://", "http://", "/"].iter().any(|start| image.url.starts_with(start)) {
        return Err(Invalid::new("the address must begin with https://, http:// or /"));
    }
    image.alt.as_deref().map_or(Ok(()), |alt| line("the text", alt, LONGEST_ALT))
}

/// Takes at most three options, each name once.
pub(crate) fn options(options: &[VariantOption]) -> Result<(), Invalid> {
    at_most(options, MOST_OPTIONS)?;
    for (number, option) in options.iter().enumerate() {
        line("the name", &option.name, LONGEST_OPTION)?;
        line("the value", &option.value, LONGEST_OPTION)?;
        if options[..number].iter().any(|earlier| earlier.name == option.name) {
            return Err(Invalid::new(format!("{} is given twice", option.name)));
        }
    }
    Ok(())
}

/// Takes a weight of at most a thousand tonnes.
pub(crate) fn weight(grams: u32) -> Result<(), Invalid> {
    if grams > MOST_GRAMS {
        return Err(Invalid::new(format!("must be at most {MOST_GRAMS}")));
    }
    Ok(())
}

/// Takes what a price may be.
pub(crate) fn price(price: Money) -> Result<(), Invalid> {
    if (0..=Money::MAX_INPUT).contains(&price.amount()) {
        return Ok(());
    }
    Err(Invalid::new(format!("must be from 0 to {}", Money::MAX_INPUT)))
}

fn line(what: &str, text: &str, most: usize) -> Result<(), Invalid> {
    if text.trim().is_empty() || text.chars().count() > most {
        return Err(Invalid::new(format!("{what} must have 1 to {most} characters")));
    }
    if text.chars().any(char::is_control) {
        return Err(Invalid::new(format!("{what} must have no control characters")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_is_of_the_web_or_of_the_shop() {
        let at = |url: &str| image(&Image { url: url.into(), alt: None });

        assert!(at("https://example.com/a.jpg").is_ok());
        assert!(at("/images/a.jpg").is_ok());
        for bad in ["", "javascript:alert(1)", "https://example.com/\n", "a.jpg"] {
            assert!(at(bad).is_err(), "{bad} passed");
        }
    }
}
