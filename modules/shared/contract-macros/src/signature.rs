//! What the parts of a method's signature must be.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::{
    Error, FnArg, GenericArgument, PatType, PathArguments, PathSegment, Result, ReturnType,
    Signature, Type,
};

const ARGUMENTS: &str = "write `(&self, call: &Call, request: Message)`";
const ANSWER: &str = "write `-> Result<Answer, CallError<Refusal>>`";
const STREAM: &str = "a stream is `-> Result<CallStream<Item>, CallError<Refusal>>`";

/// The type of the one owned message.
pub(crate) fn message(signature: &Signature) -> Result<Type> {
    let mut arguments = signature.inputs.iter();
    match arguments.next() {
        Some(FnArg::Receiver(receiver)) if receiver.mutability.is_some() => {
            return Err(Error::new_spanned(
                receiver,
                "write `&self`: an implementation is shared by all its callers",
            ));
        }
        Some(FnArg::Receiver(receiver)) if receiver.reference.is_some() => {}
        _ => return Err(Error::new_spanned(&signature.ident, ARGUMENTS)),
    }
    match arguments.next() {
        Some(FnArg::Typed(call)) if is_call(call) => {}
        Some(other) => {
            return Err(Error::new_spanned(other, format!("no `&Call` here: {ARGUMENTS}")));
        }
        None => return Err(Error::new_spanned(&signature.ident, ARGUMENTS)),
    }
    let Some(FnArg::Typed(message)) = arguments.next() else {
        return Err(Error::new_spanned(
            &signature.ident,
            format!("a call carries one message, be it empty: {ARGUMENTS}"),
        ));
    };
    if let Some(second) = arguments.next() {
        return Err(Error::new_spanned(
            second,
            "a call carries one message: put it all into that struct",
        ));
    }
    owned(&message.ty)?;
    Ok((*message.ty).clone())
}

/// The types of the answer, or of an item of the stream, and of the refusal.
pub(crate) fn answer(signature: &Signature, streams: bool) -> Result<(Type, Type)> {
    let ReturnType::Type(_, whole) = &signature.output else {
        return Err(Error::new_spanned(&signature.ident, ANSWER));
    };
    let wrong = |expected| Error::new_spanned(whole, expected);
    let [answer, error] = arguments_of(whole, "Result").ok_or_else(|| wrong(ANSWER))?;
    let [refusal] = arguments_of(&error, "CallError").ok_or_else(|| {
        Error::new_spanned(&error, "the error of a contract is `CallError<Refusal>`")
    })?;
    owned(&answer)?;
    let item = arguments_of(&answer, "CallStream");
    match (item, streams) {
        (Some([item]), true) => Ok((item, refusal)),
        (None, false) => Ok((answer, refusal)),
        (None, true) => Err(Error::new_spanned(answer, STREAM)),
        (Some(_), false) => Err(Error::new_spanned(
            answer,
            "a method that streams says so: `#[call(read, stream)]`",
        )),
    }
}

fn is_call(argument: &PatType) -> bool {
    let Type::Reference(reference) = argument.ty.as_ref() else { return false };
    let named = |path: &syn::TypePath| {
        path.path.segments.last().is_some_and(|segment| segment.ident == "Call")
    };
    reference.mutability.is_none() && matches!(&*reference.elem, Type::Path(path) if named(path))
}

fn owned(part: &Type) -> Result<()> {
    let tokens = part.to_token_stream();
    if borrows(tokens.clone()) || matches!(part, Type::ImplTrait(_)) {
        return Err(Error::new_spanned(
            tokens,
            "messages and answers are owned: a type without references and lifetimes",
        ));
    }
    Ok(())
}

fn borrows(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Punct(punct) => matches!(punct.as_char(), '&' | '\''),
        TokenTree::Group(group) => borrows(group.stream()),
        TokenTree::Ident(_) | TokenTree::Literal(_) => false,
    })
}

/// The type arguments of `Name<…>`, where there are so many.
fn arguments_of<const N: usize>(whole: &Type, name: &str) -> Option<[Type; N]> {
    let Type::Path(path) = whole else { return None };
    let PathSegment { ident, arguments: PathArguments::AngleBracketed(arguments) } =
        path.path.segments.last()?
    else {
        return None;
    };
    let types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(part) => Some(part.clone()),
        _ => None,
    });
    let types: Vec<Type> = types.collect();
    if ident == name { types.try_into().ok() } else { None }
}
