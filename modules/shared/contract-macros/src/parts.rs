//! What is written for each contract. Every line here is compiled once a method, so there are few.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use syn::{Ident, ItemTrait};

use crate::header::Header;
use crate::method::Method;

pub(crate) fn descriptor(header: &Header, words: &str, methods: &[Method]) -> TokenStream {
    let Header { name, version } = header;
    let described = methods.iter().map(|method| {
        let Method { words, effect, request, answer, refusal, .. } = method;
        let (name, effect, stream) =
            (method.name.to_string(), effect.in_kernel(), effect.streams());
        quote! {
            ::kernel::contract::MethodDescriptor {
                name: #name,
                words: #words,
                effect: #effect,
                stream: #stream,
                request: ::kernel::contract::schema_of::<#request>,
                answer: ::kernel::contract::schema_of::<#answer>,
                refusal: ::kernel::contract::schema_of::<#refusal>,
                kinds: ::kernel::contract::kinds_of::<#refusal>,
            }
        }
    });
    quote! {
        static __DESCRIPTOR: ::kernel::contract::ContractDescriptor =
            ::kernel::contract::ContractDescriptor {
                name: #name,
                version: #version,
                words: #words,
                methods: &[#(#described),*],
            };
    }
}

pub(crate) fn remote(contract: &Ident, methods: &[Method]) -> TokenStream {
    let methods = numbered(methods).map(|(number, method)| {
        let how = if method.effect.streams() { quote!(open) } else { quote!(call) };
        let body = quote! {
            let body = ::kernel::contract::encoded(&request)?;
            self.0.#how(#number, call, body).await
        };
        written(method, &body)
    });
    quote! {
        struct __Remote(::kernel::contract::Remote);

        #[::kernel::async_trait]
        impl #contract for __Remote { #(#methods)* }
    }
}

pub(crate) fn layered(contract: &Ident, methods: &[Method]) -> TokenStream {
    let methods = numbered(methods).map(|(number, method)| {
        let name = &method.name;
        let body = if method.effect.writes() {
            quote! {
                let (inner, owned) = (::std::sync::Arc::clone(&self.inner), ::core::clone::Clone::clone(call));
                self.stack.write(#number, call, async move { inner.#name(&owned, request).await }).await
            }
        } else {
            let how = if method.effect.streams() { quote!(open) } else { quote!(read) };
            quote! {
                self.stack.#how(#number, call, async { self.inner.#name(call, request).await }).await
            }
        };
        written(method, &body)
    });
    quote! {
        struct __Layered {
            inner: ::std::sync::Arc<dyn #contract>,
            stack: ::kernel::contract::Stack,
        }

        #[::kernel::async_trait]
        impl #contract for __Layered { #(#methods)* }
    }
}

/// What ties the parts together.
pub(crate) fn whole(contract: &Ident) -> TokenStream {
    quote! {
        impl ::kernel::contract::Contract for dyn #contract {
            const DESCRIPTOR: &'static ::kernel::contract::ContractDescriptor = &__DESCRIPTOR;

            fn remote(peer: ::kernel::contract::Peer) -> ::std::sync::Arc<Self> {
                ::std::sync::Arc::new(__Remote(::kernel::contract::Remote::new(peer, &__DESCRIPTOR)))
            }

            fn layered(
                inner: ::std::sync::Arc<Self>,
                stack: ::kernel::contract::Stack,
            ) -> ::std::sync::Arc<Self> {
                ::std::sync::Arc::new(__Layered { inner, stack })
            }

            fn dispatcher(
                inner: ::std::sync::Arc<Self>,
                unattended: &::kernel::contract::Unattended,
            ) -> ::std::sync::Arc<dyn ::kernel::contract::Dispatch> {
                let methods = __Served(inner);
                ::std::sync::Arc::new(
                    ::kernel::contract::Dispatcher::new(&__DESCRIPTOR, methods, unattended),
                )
            }
        }
    }
}

pub(crate) fn served(contract: &Ident, methods: &[Method]) -> TokenStream {
    let (answer, open) = (dispatch(methods, false), dispatch(methods, true));
    quote! {
        struct __Served(::std::sync::Arc<dyn #contract>);

        impl ::kernel::contract::Methods for __Served {
            #answer
            #open
        }
    }
}

/// Finds the method of a number and reads its message; nothing where no method streams.
fn dispatch(methods: &[Method], streams: bool) -> TokenStream {
    let (way, read, answers) = if streams {
        (quote!(open), quote!(opening), quote!(::kernel::contract::Opening))
    } else {
        (quote!(answer), quote!(answering), quote!(::kernel::contract::Answering))
    };
    let arms = numbered(methods).filter(|(_, method)| method.effect.streams() == streams);
    let arms = arms.map(|(number, Method { name, request, .. })| {
        quote! {
            #number => ::kernel::contract::#read(body, move |request: #request| async move {
                inner.#name(&call, request).await
            }),
        }
    });
    let arms: Vec<_> = arms.collect();
    if arms.is_empty() && streams {
        return TokenStream::new();
    }
    quote! {
        fn #way(
            &self,
            method: usize,
            call: ::kernel::Call,
            body: &[u8],
        ) -> ::core::result::Result<#answers, ::kernel::Failure> {
            let inner = ::std::sync::Arc::clone(&self.0);
            match method {
                #(#arms)*
                _ => ::core::result::Result::Err(::kernel::contract::not_served()),
            }
        }
    }
}

pub(crate) fn fake(contract: &ItemTrait, methods: &[Method]) -> TokenStream {
    let (visibility, name) = (&contract.vis, &contract.ident);
    let fake = format_ident!("Fake{name}");
    let words =
        format!("[`{name}`] for tests: each method answers what was set, and fails until then.");
    let slots = methods.iter().map(|method| {
        let Method { name, request, refusal, .. } = method;
        let (answer, words) = (answer_of(method), format!("What `{name}` answers."));
        quote! {
            #[doc = #words]
            #visibility #name: ::kernel::contract::Slot<#request, #answer, #refusal>
        }
    });
    let answers = methods.iter().map(|method| {
        let slot = &method.name;
        let full = format!("{name}::{slot}");
        written(method, &quote!(self.#slot.call(#full, call, request).await))
    });
    quote! {
        #[doc = #words]
        #[derive(Default)]
        #visibility struct #fake { #(#slots),* }

        #[::kernel::async_trait]
        impl #name for #fake { #(#answers)* }
    }
}

/// A method of an implementation of the contract.
fn written(method: &Method, body: &TokenStream) -> TokenStream {
    let Method { name, request, refusal, .. } = method;
    let answer = answer_of(method);
    quote! {
        async fn #name(
            &self,
            call: &::kernel::Call,
            request: #request,
        ) -> ::core::result::Result<#answer, ::kernel::CallError<#refusal>> {
            #body
        }
    }
}

fn answer_of(method: &Method) -> TokenStream {
    let answer = &method.answer;
    if method.effect.streams() {
        quote!(::kernel::contract::CallStream<#answer>)
    } else {
        quote!(#answer)
    }
}

fn numbered(methods: &[Method]) -> impl Iterator<Item = (Literal, &Method)> {
    methods.iter().enumerate().map(|(number, method)| (Literal::usize_unsuffixed(number), method))
}
