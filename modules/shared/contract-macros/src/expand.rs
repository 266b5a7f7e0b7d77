use proc_macro2::TokenStream;
use quote::quote;
use syn::{Error, ItemTrait, Result, TraitItem, TypeParamBound};

use crate::header::Header;
use crate::method::Method;
use crate::parts;
use crate::words::words;

/// The trait without our attributes, and everything that makes a contract of it.
pub(crate) fn contract(header: TokenStream, item: TokenStream) -> Result<TokenStream> {
    let header = Header::parse(header)?;
    let mut contract: ItemTrait = syn::parse2(item)?;
    check(&contract)?;
    let methods = methods(&mut contract)?;
    let name = &contract.ident;
    let fake = parts::fake(&contract, &methods);
    let descriptor = parts::descriptor(&header, &words(&contract.attrs), &methods);
    let remote = parts::remote(name, &methods);
    let layered = parts::layered(name, &methods);
    let served = parts::served(name, &methods);
    let whole = parts::whole(name);
    Ok(quote! {
        #contract
        #fake
        const _: () = {
            #descriptor
            #remote
            #layered
            #served

            #whole
        };
    })
}

fn check(contract: &ItemTrait) -> Result<()> {
    if !contract.generics.params.is_empty() {
        return Err(Error::new_spanned(&contract.generics, "a contract is not generic"));
    }
    let is_async = |attribute: &syn::Attribute| {
        attribute.path().segments.last().is_some_and(|segment| segment.ident == "async_trait")
    };
    if !contract.attrs.iter().any(is_async) {
        return Err(Error::new_spanned(
            &contract.ident,
            "write `#[async_trait]` below `#[contract]`",
        ));
    }
    let named = |wanted: &str| {
        contract.supertraits.iter().any(|bound| match bound {
            TypeParamBound::Trait(bound) => bound.path.is_ident(wanted),
            TypeParamBound::Lifetime(lifetime) => lifetime.ident == wanted,
            _ => false,
        })
    };
    if ["Send", "Sync", "static"].into_iter().all(named) {
        Ok(())
    } else {
        let wanted = format!("write `trait {}: Send + Sync + 'static`", contract.ident);
        Err(Error::new_spanned(&contract.ident, wanted))
    }
}

/// Reads all methods, and tells of all that is wrong with them at once.
fn methods(contract: &mut ItemTrait) -> Result<Vec<Method>> {
    let (mut methods, mut wrong) = (Vec::new(), None::<Error>);
    for item in &mut contract.items {
        let method = match item {
            TraitItem::Fn(method) => Method::take(method),
            other => Err(Error::new_spanned(other, "a contract has methods and nothing else")),
        };
        match (method, &mut wrong) {
            (Ok(method), _) => methods.push(method),
            (Err(error), Some(wrong)) => wrong.combine(error),
            (Err(error), none) => *none = Some(error),
        }
    }
    wrong.map_or(Ok(methods), Err)
}
