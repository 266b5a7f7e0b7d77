use proc_macro2::{Span, TokenStream};
use syn::parse::Parser as _;
use syn::{Error, LitInt, LitStr, Result};

const WANTED: &str = "write `#[contract(name = \"inventory\", version = 1)]`";

/// What the attribute says of the contract as a whole.
pub(crate) struct Header {
    pub(crate) name: String,
    pub(crate) version: u32,
}

impl Header {
    pub(crate) fn parse(tokens: TokenStream) -> Result<Self> {
        let (mut name, mut version) = (None, None);
        let parser = syn::meta::parser(|meta| {
            if meta.path.is_ident("name") {
                name = Some(kebab(&meta.value()?.parse()?)?);
            } else if meta.path.is_ident("version") {
                version = Some(positive(&meta.value()?.parse()?)?);
            } else {
                return Err(meta.error(WANTED));
            }
            Ok(())
        });
        parser.parse2(tokens)?;
        match (name, version) {
            (Some(name), Some(version)) => Ok(Self { name, version }),
            _ => Err(Error::new(Span::call_site(), WANTED)),
        }
    }
}

fn kebab(name: &LitStr) -> Result<String> {
    let text = name.value();
    let fits = text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.chars().all(|letter| matches!(letter, 'a'..='z' | '0'..='9' | '-'));
    if fits {
        Ok(text)
    } else {
        Err(Error::new(name.span(), "a contract's name is kebab-case: `inventory`"))
    }
}

fn positive(version: &LitInt) -> Result<u32> {
    match version.base10_parse() {
        Ok(number) if number > 0 => Ok(number),
        _ => Err(Error::new(version.span(), "versions are whole numbers from 1")),
    }
}
