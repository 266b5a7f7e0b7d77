use architecture_tests::facts::Workspace;
use architecture_tests::{Edit, Finding, Found, Proof, Rule, Tree, check, rules, tell};

use crate::ours;

fn rule(id: &str) -> Rule {
    rules::all().into_iter().find(|rule| rule.id == id).unwrap()
}

fn found(workspace: &Workspace, rules: &[Rule]) -> Vec<Finding> {
    check(workspace, rules, true).findings
}

fn sees_nothing(_: &Workspace, found: &mut Found) {
    found.look();
}

fn sees_everything(workspace: &Workspace, found: &mut Found) {
    found.look();
    for one in &workspace.crates {
        let lines = workspace.tree.text(&one.manifest.path).unwrap().lines().count();
        found.note((&one.manifest.path, 1), one.name(), format!("{lines} lines"), "none");
    }
}

#[test]
fn a_rule_that_sees_nothing_is_found_out() {
    let blind = Rule { check: sees_nothing, ..rule("G02") };

    let found = found(ours(), &[blind]);

    assert!(
        found.iter().any(|one| one.rule == "M03" && one.what.contains("it is not seen")),
        "{found:?}"
    );
}

#[test]
fn a_rule_that_sees_everything_is_found_out() {
    let cries_wolf = Rule { check: sees_everything, ..rule("G03") };

    let found = found(ours(), &[cries_wolf]);

    assert!(found.iter().any(|one| one.rule == "M03" && one.item == "G03"), "{found:?}");
}

#[test]
fn a_rule_without_a_proof_is_found_out() {
    let unproven = Rule { proofs: |_| Vec::new(), ..rule("G02") };

    let found = found(ours(), &[unproven]);

    assert!(
        found.iter().any(|one| one.rule == "M03" && one.what.contains("no proof")),
        "{found:?}"
    );
}

#[test]
fn a_proof_that_another_rule_sees_too_must_say_so() {
    fn proofs(workspace: &Workspace) -> Vec<Proof> {
        let proofs = (rule("G02").proofs)(workspace).into_iter();
        proofs.map(|proof| Proof { also: &[], ..proof }).collect()
    }
    let silent = Rule { proofs, ..rule("G02") };

    let found = found(ours(), &[silent, rule("G13")]);

    assert!(found.iter().any(|one| one.what.contains("G13 sees it too")), "{found:?}");
}

#[test]
fn a_rule_with_nothing_to_look_at_is_broken() {
    let deaf = Rule { check: |_, _| {}, ..rule("G02") };

    let found = found(ours(), &[deaf]);

    assert!(found.iter().any(|one| one.rule == "M01" && one.item == "G02"), "{found:?}");
}

#[test]
fn what_can_not_be_read_is_no_pass() {
    let broken = [
        Edit::append("modules/orders/src/lib.rs", "fn open() {"),
        Edit::append("modules/orders/contract/src/lib.rs", "pub struct struct;"),
        Edit::append(
            "modules/orders/contract/src/events.rs",
            "impl Event for Other { const NAME: &'static str = OTHER; }",
        ),
        Edit::append(
            "modules/shipping/contract/src/lib.rs",
            "const ONE: kernel::Subscription = kernel::Subscription { name: NAME, event: EVENT };",
        ),
        Edit::append(
            "modules/shipping/contract/src/lib.rs",
            "mod told { pub const ALL: &[kernel::Subscription] = &[super::ONE]; }",
        ),
        Edit::append("modules/orders/Cargo.toml", "[dependencies"),
        Edit::append("architecture.toml", "unheard_of = true"),
        Edit::append("migrations/orders/0001_orders.sql", "SELECT 'open"),
        Edit::append("contracts/orders.v1.json", "}"),
        Edit::remove("architecture.toml"),
    ];
    for edit in broken {
        let workspace = edit.applied(ours()).unwrap();

        let outcome = check(&workspace, &rules::all(), true);

        let told = tell::text(&workspace, &rules::all(), &outcome);
        assert_eq!(outcome.code(), 2, "{edit:?}: {told}");
        assert!(told.starts_with("error: could not read "), "{told}");
    }
}

#[test]
fn an_exception_that_excepts_nothing_and_a_rule_that_there_is_not_are_found() {
    let except = "\n[[except]]\nrule = \"G02\"\nat = \"modules/**\"\nitem = \"orders -> carts\"\nwhy = \"a test\"";
    let off = "\n[off]\nZ99 = \"a test\"";
    for (more, told) in [(except, "excepts nothing"), (off, "there is no rule Z99")] {
        let workspace = Edit::append("architecture.toml", more).applied(ours()).unwrap();

        let found = check(&workspace, &rules::all(), false).findings;

        assert!(found.iter().any(|one| one.rule == "G04" && one.what.contains(told)), "{found:?}");
    }
}

#[test]
fn an_exception_leaves_out_what_it_names_and_nothing_else() {
    let breach =
        Edit::depend("modules/orders/Cargo.toml", "dev-dependencies", "carts.workspace = true")
            .then(Edit::depend(
                "modules/orders/Cargo.toml",
                "dev-dependencies",
                "catalog.workspace = true",
            ));
    let except = "\n[[except]]\nrule = \"G02\"\nat = \"modules/orders/*\"\nitem = \"orders -> carts\"\nwhy = \"a test\"";
    let workspace = breach.then(Edit::append("architecture.toml", except)).applied(ours()).unwrap();

    let found = check(&workspace, &[rule("G02")], false).findings;

    let items: Vec<&str> =
        found.iter().map(|one| one.item.as_str()).filter(|item| item.contains("->")).collect();
    assert_eq!(items, ["orders -> catalog"]);
}

#[test]
fn an_empty_folder_is_no_workspace_that_passes() {
    let outcome = check(&Workspace::default().with(Tree::default()), &rules::all(), true);

    assert_eq!(outcome.code(), 2);
}
