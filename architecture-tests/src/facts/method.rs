use quote::ToTokens;
use syn::spanned::Spanned as _;
use syn::{FnArg, ReturnType, TraitItemFn};

use super::Method;
use super::contract::line;

/// What is known of a method of a contract.
pub(super) fn method_of(method: &TraitItemFn) -> Method {
    let signature = &method.sig;
    let mut bound = Vec::new();
    let mut message = String::new();
    let mut refuse = |why: &str, part: &dyn ToTokens| {
        bound.push((why.to_owned(), part.to_token_stream().span().start().line));
    };
    if signature.asyncness.is_none() {
        refuse("it is not `async`", &signature.fn_token);
    }
    if !signature.generics.params.is_empty() {
        refuse("it is generic", &signature.generics);
    }
    for argument in &signature.inputs {
        if let FnArg::Typed(typed) = argument {
            message = typed.ty.to_token_stream().to_string();
        }
        if let Some(why) = unfit(argument) {
            refuse(&why, argument);
        }
    }
    let answer = match &signature.output {
        ReturnType::Default => String::new(),
        ReturnType::Type(_, answer) => answer.to_token_stream().to_string(),
    };
    if !answer.starts_with("Result <") || !answer.contains("CallError <") {
        refuse("it does not answer `Result<_, CallError<_>>`", &signature.output);
    } else if let Some(why) = unfit_for_wires(&answer) {
        refuse(&format!("its answer `{}` {why}", plain(&answer)), &signature.output);
    }
    let call = method.attrs.iter().find(|attribute| attribute.path().is_ident("call"));
    let effect = call.and_then(|call| call.meta.require_list().ok());
    Method {
        name: signature.ident.to_string(),
        line: line(&signature.ident),
        bound,
        effect: effect.map(|list| list.tokens.to_string()).unwrap_or_default(),
        message,
    }
}

/// Why a remote method can't have an argument, if it can't.
fn unfit(argument: &FnArg) -> Option<String> {
    match argument {
        FnArg::Receiver(receiver) => {
            let is_shared = receiver.reference.is_some() && receiver.mutability.is_none();
            (!is_shared).then(|| "it does not take `&self`".to_owned())
        }
        FnArg::Typed(typed) => {
            let named = typed.ty.to_token_stream().to_string();
            let why = unfit_for_wires(&named)?;
            Some(format!("its argument `{}` {why}", plain(&named)))
        }
    }
}

/// Why a type can't be sent, if it can't. `&Call` goes ahead of every message.
fn unfit_for_wires(named: &str) -> Option<&'static str> {
    let words: Vec<&str> = named.split(' ').collect();
    let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(word));
    if matches!(words.as_slice(), ["&", "Call"] | ["&", "kernel", "::", "Call"]) {
        None
    } else if has(&["&", "'"]) || words.iter().any(|word| word.starts_with('\'')) {
        Some("is borrowed")
    } else if has(&["impl", "dyn", "Fn", "FnMut", "FnOnce", "fn"]) {
        Some("is no plain data")
    } else if has(&[
        "UnitOfWork",
        "Database",
        "DatabaseTransaction",
        "DatabaseConnection",
        "Arc",
        "Rc",
    ]) {
        Some("belongs to one process")
    } else {
        None
    }
}

/// Type tokens as they are written.
fn plain(tokens: &str) -> String {
    let tight = tokens.replace("& ", "&").replace(" <", "<").replace("< ", "<");
    tight.replace(" >", ">").replace(" ,", ",").replace(" :: ", "::")
}
