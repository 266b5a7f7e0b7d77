use quote::ToTokens as _;
use syn::{Expr, ExprStruct, ItemConst};

use super::contract::line;

/// A subscription: the name, the event, where.
type Listed = (String, String, usize);

/// The subscriptions that a constant lists: `&[Subscription { name: "…", event: "…" }]`. None where it has some and one can't be
/// read.
pub(super) fn subscriptions(constant: &ItemConst) -> Option<Vec<Listed>> {
    let kind = constant.ty.to_token_stream().to_string();
    let mut words = kind.split(|letter: char| !letter.is_alphanumeric());
    if !words.any(|word| word == "Subscription") {
        return Some(Vec::new());
    }
    let Expr::Reference(reference) = &*constant.expr else { return None };
    let Expr::Array(list) = &*reference.expr else { return None };
    list.elems.iter().map(subscription).collect()
}

fn subscription(made: &Expr) -> Option<Listed> {
    let Expr::Struct(made) = made else { return None };
    let is_subscription =
        made.path.segments.last().is_some_and(|last| last.ident == "Subscription");
    let (name, event) = (field(made, "name")?, field(made, "event")?);
    is_subscription.then(|| (name, event, line(&made.path)))
}

fn field(made: &ExprStruct, wanted: &str) -> Option<String> {
    let is_wanted = |field: &&syn::FieldValue| field.member.to_token_stream().to_string() == wanted;
    text_of(&made.fields.iter().find(is_wanted)?.expr)
}

/// The text of a literal.
pub(super) fn text_of(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.value()),
        _ => None,
    }
}
