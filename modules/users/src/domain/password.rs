use kernel::Secret;

/// A password that may be set: 12 to 128 characters of any script, kept as it was typed.
#[derive(Debug, Clone)]
pub(crate) struct Password(Secret);

impl Password {
    const CHARS: std::ops::RangeInclusive<usize> = 12..=128;

    pub(crate) fn parse(secret: Secret) -> Option<Self> {
        // No character has more than four bytes, so a text of more bytes need not be counted.
        let fits = secret.reveal().len() <= 4 * Self::CHARS.end()
            && Self::CHARS.contains(&secret.reveal().chars().count());
        fits.then_some(Self(secret))
    }

    pub(crate) fn reveal(&self) -> &str {
        self.0.reveal()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(text: &str) -> bool {
        Password::parse(Secret::new(text)).is_some()
    }

    #[test]
    fn a_password_has_12_to_128_characters_of_any_script() {
        for good in ["exactly12chr", "пароль-пароль", &"🗝".repeat(128), "            "]
        {
            assert!(fits(good), "{good} was refused");
        }
        for bad in ["", "elevenchars", &"🗝".repeat(11), &"🗝".repeat(129), &"a".repeat(129)] {
            assert!(!fits(bad), "{bad} passed");
        }
    }

    #[test]
    fn a_password_is_never_printed() {
        let password = Password::parse(Secret::new("a long pass phrase")).unwrap();

        assert!(!format!("{password:?}").contains("phrase"));
    }
}
