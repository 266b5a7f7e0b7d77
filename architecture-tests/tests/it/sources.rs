//! What is read of a source file's tokens.

use architecture_tests::facts::{How, Source};

fn read(text: &str) -> Source {
    Source::read("src/lib.rs", text).unwrap()
}

/// The paths outside tests.
fn live(text: &str) -> Vec<String> {
    let paths = read(text).paths.into_iter().filter(|named| !named.in_test);
    paths.map(|named| named.path).collect()
}

/// What is made of fields.
fn made(text: &str) -> Vec<String> {
    let paths = read(text).paths.into_iter().filter(|named| named.how == How::Make);
    paths.map(|named| named.path).collect()
}

#[test]
fn a_value_is_made_wherever_it_is_neither_declared_nor_taken_apart() {
    let makes = [
        "fn f() -> a::Told { a::Told { id: 1 } }",
        "fn f() { vec![a::Told { id: 1 }] }",
        "fn f() { Some(a::Told { id: 1 }) }",
        "fn f() { match 1 { _ => a::Told { id: 1 } } }",
        "fn f() { g(a::Told { id: 1, ..base }) == 1 }",
        "fn f() { Other { told: a::Told { id: 1 } } }",
    ];
    let declares = [
        "struct Told { id: u8 }",
        "impl Event for a::Told { }",
        "fn f() -> &'static mut a::Told { g() }",
        "fn f() { let a::Told { id } = told; }",
        "fn f() { if let Some(Some(a::Told { id })) = told {} }",
        "fn f() { match told { a::Told { id: 1 } if id == 1 => {} a::Told { id } => {} } }",
        "fn f() { match told { a::One { told: a::Told { id } } => {} } }",
        "fn f(a::Told { id }: a::Told) { |a::Told { id }| id; for a::Told { id } in told {} }",
        "fn f() { g(&a::Told { .. }); matches!(told, a::Told { id: 1 }) }",
    ];

    for text in makes {
        assert!(made(text).contains(&"a::Told".to_owned()), "{text}");
    }
    for text in declares {
        assert_eq!(made(text), [""; 0], "{text}");
    }
}

#[test]
fn what_is_for_tests_ends_where_its_item_does() {
    let field = "struct Row { #[cfg(test)] seen: a::Seen, shown: b::Shown }";
    let bounds = "#[cfg(test)] fn f<A, B>() -> a::A<A, B> where A: a::X, B: a::Y { a::a() }\nfn g() { b::b() }";
    let called = "#[cfg(test)] seen! { a::a() }\nfn g() { b::b() }";

    assert_eq!(live(field), ["b::Shown"]);
    assert_eq!(live(bounds), ["b::b"]);
    assert_eq!(live(called), ["b::b"]);
}
