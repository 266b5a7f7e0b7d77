use proc_macro2::TokenStream;
use quote::quote;
use syn::punctuated::Punctuated;
use syn::{Attribute, Error, Ident, Result, Token, TraitItemFn};

const WANTED: &str = "say what the method does: `#[call(read)]`, `#[call(read, stream)]`, \
    `#[call(write, keyed)]` or `#[call(write, once)]`";

/// What `#[call(…)]` says of a method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    Read,
    ReadStream,
    WriteKeyed,
    WriteOnce,
}

impl Effect {
    /// Takes the attribute off a method.
    pub(crate) fn take(method: &mut TraitItemFn) -> Result<Self> {
        let is_call = |attribute: &Attribute| attribute.path().is_ident("call");
        let said: Vec<Attribute> =
            method.attrs.iter().filter(|attribute| is_call(attribute)).cloned().collect();
        method.attrs.retain(|attribute| !is_call(attribute));
        match said.as_slice() {
            [attribute] => Self::of(attribute),
            [] => Err(Error::new(method.sig.ident.span(), WANTED)),
            [_, second, ..] => Err(Error::new_spanned(second, "one `#[call(…)]` is enough")),
        }
    }

    fn of(attribute: &Attribute) -> Result<Self> {
        let words = attribute
            .parse_args_with(Punctuated::<Ident, Token![,]>::parse_terminated)
            .map_err(|_| Error::new_spanned(attribute, WANTED))?;
        let texts: Vec<String> = words.iter().map(Ident::to_string).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        match texts.as_slice() {
            ["read"] => Ok(Self::Read),
            ["read", "stream"] => Ok(Self::ReadStream),
            ["write", "keyed"] => Ok(Self::WriteKeyed),
            ["write", "once"] => Ok(Self::WriteOnce),
            ["write"] => Err(Error::new_spanned(
                words,
                "say what a repeat does: `#[call(write, keyed)]` if it changes nothing, else `#[call(write, once)]`",
            )),
            ["write", .., "stream"] => {
                Err(Error::new_spanned(words, "only a read may stream: `#[call(read, stream)]`"))
            }
            _ => Err(Error::new_spanned(attribute, WANTED)),
        }
    }

    pub(crate) fn streams(self) -> bool {
        self == Self::ReadStream
    }

    pub(crate) fn writes(self) -> bool {
        matches!(self, Self::WriteKeyed | Self::WriteOnce)
    }

    /// The kernel's name for it.
    pub(crate) fn in_kernel(self) -> TokenStream {
        match self {
            Self::Read | Self::ReadStream => quote!(::kernel::contract::Effect::Read),
            Self::WriteKeyed => quote!(::kernel::contract::Effect::WriteKeyed),
            Self::WriteOnce => quote!(::kernel::contract::Effect::WriteOnce),
        }
    }
}
