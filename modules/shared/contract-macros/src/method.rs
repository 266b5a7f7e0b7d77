use syn::{Error, Ident, Result, TraitItemFn, Type};

use crate::effect::Effect;
use crate::signature::{answer, message};
use crate::words::words;

/// A method of a contract.
pub(crate) struct Method {
    pub(crate) name: Ident,
    /// What its comment says.
    pub(crate) words: String,
    pub(crate) effect: Effect,
    pub(crate) request: Type,
    /// The answer, or an item of the stream.
    pub(crate) answer: Type,
    pub(crate) refusal: Type,
}

impl Method {
    /// Reads a method, and takes what is meant for us off it.
    pub(crate) fn take(method: &mut TraitItemFn) -> Result<Self> {
        let effect = Effect::take(method);
        let signature = &method.sig;
        if signature.asyncness.is_none() {
            return Err(Error::new_spanned(
                signature.fn_token,
                "write `async fn`, and `#[contract]` above `#[async_trait]`",
            ));
        }
        if !signature.generics.params.is_empty() || signature.generics.where_clause.is_some() {
            return Err(Error::new_spanned(
                &signature.ident,
                "a contract's method is not generic: it is called over the wire",
            ));
        }
        if let Some(body) = &method.default {
            return Err(Error::new_spanned(
                body,
                "a contract has no default bodies: end the method with `;`",
            ));
        }
        let effect = effect?;
        let (answer, refusal) = answer(signature, effect.streams())?;
        let request = message(signature)?;
        let (name, words) = (signature.ident.clone(), words(&method.attrs));
        Ok(Self { name, words, effect, request, answer, refusal })
    }
}
