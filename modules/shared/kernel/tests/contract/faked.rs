use kernel::{CallError, Executed, FailureKind};

use conformance::{FakeShelf, LOOK, Seen, Shelf, call};

#[tokio::test]
async fn a_fake_answers_what_was_set() {
    let shelf = FakeShelf::default();
    shelf.look.answer(|_, request| async move { Ok(Seen { items: request.board + 1 }) });

    assert_eq!(shelf.look(&call(), LOOK).await.unwrap(), Seen { items: 2 });
}

#[tokio::test]
async fn a_fake_that_nobody_set_fails_and_names_the_method() {
    let Err(CallError::Failed(failure)) = FakeShelf::default().look(&call(), LOOK).await else {
        panic!("answered")
    };

    assert_eq!((failure.kind, failure.executed), (FailureKind::Internal, Executed::No));
    assert!(failure.chain().contains("Shelf::look"), "{}", failure.chain());
}
