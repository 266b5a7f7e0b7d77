//! The attribute that makes a contract of a trait. What it writes is small; what runs is in `kernel::contract`.

mod effect;
mod expand;
mod header;
mod method;
mod parts;
mod signature;
mod words;

use proc_macro::TokenStream;

/// Makes a contract of an `async_trait`: its description, client, server, layers and fake.
///
/// Stands above `#[async_trait]`. Each method says what it does: `#[call(read)]`, `#[call(read, stream)]`,
/// `#[call(write, keyed)]` or `#[call(write, once)]`, and has the shape
/// `async fn reserve(&self, call: &Call, request: Reserve) -> Result<Reservation, CallError<ReserveRefusal>>`.
#[proc_macro_attribute]
pub fn contract(header: TokenStream, item: TokenStream) -> TokenStream {
    expand::contract(header.into(), item.into())
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}
