use kernel::{Invalid, Money};

use super::method::{MethodSettings, PriceSettings, Reach, ShippingSettings};

/// The heaviest parcel that can be named: a thousand tonnes.
const MOST_GRAMS: u64 = 1_000_000_000;

impl ShippingSettings {
    /// Checks what the types can't, and names the setting that is wrong.
    pub fn validate(&self) -> Result<(), String> {
        if self.methods.is_empty() {
            return Err("shipping.methods must name at least one method".to_owned());
        }
        for (place, method) in self.methods.iter().enumerate() {
            let path = format!("shipping.methods[{place}]");
            check_method(method).map_err(|(field, problem)| format!("{path}.{field} {problem}"))?;
            check_reach(method, &self.methods[..place])
                .map_err(|problem| format!("{path}.countries {problem}"))?;
        }
        Ok(())
    }
}

fn check_method(method: &MethodSettings) -> Result<(), (String, Invalid)> {
    let wrong = |field: &str, problem: &str| Err((field.to_owned(), Invalid::new(problem)));
    if !is_code(&method.code) {
        return wrong("code", "must be 1 to 32 lower-case letters, digits and hyphens");
    }
    if !is_title(&method.title) {
        return wrong("title", "must have 1 to 100 characters and no blanks around them");
    }
    if !(1..=365).contains(&method.days) {
        return wrong("days", "must be between 1 and 365");
    }
    if method.prices.is_empty() {
        return wrong("prices", "must name at least one price");
    }
    let mut lighter = 0;
    for (place, price) in method.prices.iter().enumerate() {
        check_price(price, lighter)
            .map_err(|(field, problem)| (format!("prices[{place}].{field}"), problem))?;
        lighter = price.up_to_grams;
    }
    Ok(())
}

fn check_price(price: &PriceSettings, lighter: u64) -> Result<(), (String, Invalid)> {
    if price.up_to_grams <= lighter || price.up_to_grams > MOST_GRAMS {
        let problem = format!("must be more than {lighter} and at most {MOST_GRAMS}");
        return Err(("up_to_grams".to_owned(), Invalid::new(problem)));
    }
    if price.amounts.is_empty() {
        return Err(("amounts".to_owned(), Invalid::new("must name at least one currency")));
    }
    for (currency, amount) in &price.amounts {
        if !(0..=Money::MAX_INPUT).contains(amount) {
            let problem = format!("must be between 0 and {}", Money::MAX_INPUT);
            return Err((format!("amounts.{currency}"), Invalid::new(problem)));
        }
    }
    Ok(())
}

/// Two methods of one code would leave open which of them an order means.
fn check_reach(method: &MethodSettings, earlier: &[MethodSettings]) -> Result<(), String> {
    for other in earlier.iter().filter(|other| other.code == method.code) {
        let twice = match (&method.countries, &other.countries) {
            (Reach::Everywhere, Reach::Everywhere) => Some("*"),
            (Reach::Countries(countries), _) => countries
                .iter()
                .find(|country| other.countries.names(**country))
                .map(kernel::Country::code),
            (Reach::Everywhere, Reach::Countries(_)) => None,
        };
        if let Some(country) = twice {
            return Err(format!("has {country:?}, where another {:?} goes", method.code));
        }
    }
    Ok(())
}

fn is_code(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=32).contains(&text.len()) && text.bytes().all(fits)
}

fn is_title(text: &str) -> bool {
    (1..=100).contains(&text.chars().count())
        && text.trim() == text
        && !text.chars().any(char::is_control)
}
