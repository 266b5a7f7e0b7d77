/// Makes a fake whose methods answer what a module answers: `answering!(FakeShelf by shelf; look put add watch)`.
#[macro_export]
macro_rules! answering {
    ($fake:ident by $module:expr; $($method:ident)+) => {{
        let fake = $fake::default();
        $(
            let module = ::std::sync::Arc::clone(&$module);
            fake.$method.answer(move |call, request| {
                let module = ::std::sync::Arc::clone(&module);
                async move { module.$method(&call, request).await }
            });
        )+
        ::std::sync::Arc::new(fake)
    }};
}
