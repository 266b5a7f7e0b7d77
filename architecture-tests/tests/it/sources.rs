//! What is read of a source file's tokens.

use architecture_tests::facts::Source;

fn read(text: &str) -> Source {
    Source::read("src/lib.rs", text).unwrap()
}

/// The paths outside tests.
fn live(text: &str) -> Vec<String> {
    let paths = read(text).paths.into_iter().filter(|named| !named.in_test);
    paths.map(|named| named.path).collect()
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
