//! `init` on workspaces of every shape: the plan holds right after, and a wrong edge is red.

use architecture_tests::Edit;
use architecture_tests::facts::Workspace;
use architecture_tests::init::{InitError, Preset, begin};
use architecture_tests::plan::PLAN;

use crate::kit::{Made, TODAY, begun, depends, says, told};
use crate::ours;
use crate::shapes::{circular, drawn, hexagon, layers, monolith, named, odd, one_crate, scattered};

const PRESETS: [Option<Preset>; 4] =
    [None, Some(Preset::Layers), Some(Preset::Hexagon), Some(Preset::ModularMonolith)];

#[test]
fn a_first_plan_holds_for_every_shape_and_preset() {
    let shapes =
        [monolith(), hexagon(), layers(), one_crate(), scattered(), circular(), odd(), named()];
    for made in shapes {
        for preset in PRESETS {
            begun(&made.tree, preset);
        }
    }
}

#[test]
fn a_first_plan_holds_for_workspaces_drawn_by_lot() {
    for seed in 0..60 {
        let made = drawn(seed);
        for preset in PRESETS {
            let (begun, _) = begun(&made.tree, preset);

            let is_direction = begun.accepted.iter().any(|entry| entry.rule == "G06");
            assert!(
                !is_direction || preset != Some(Preset::Layers),
                "{seed}: {:?}",
                begun.accepted
            );
        }
    }
}

#[test]
fn members_are_those_that_cargo_would_have() {
    let names = |made: &Made| {
        let workspace = Workspace::default().with(made.tree.clone());
        workspace.crates.iter().map(|one| one.name().to_owned()).collect::<Vec<_>>()
    };

    let scattered = names(&scattered());
    let whole = ["db-schema", "db-views", "web-api", "lone", "tool", "vendored-inner"];
    assert_eq!(scattered, whole);
    assert_eq!(names(&odd()), ["even", "odd"]);
    assert_eq!(names(&one_crate()), ["shop"]);
}

#[test]
fn a_first_plan_of_this_workspace_holds() {
    for preset in PRESETS {
        let (begun, _) = begun(&ours().tree, preset);

        assert_eq!(begun.crates, ours().crates.len());
    }
}

#[test]
fn a_preset_is_chosen_by_what_is_there() {
    let seen = |made: &Made| begin(made.tree.clone(), None, TODAY).unwrap().preset;

    assert_eq!(seen(&monolith()), Preset::ModularMonolith);
    assert_eq!(seen(&named()), Preset::ModularMonolith);
    assert_eq!(seen(&hexagon()), Preset::Hexagon);
    assert_eq!(seen(&one_crate()), Preset::Hexagon);
    assert_eq!(seen(&layers()), Preset::Layers);
    assert_eq!(begin(ours().tree.clone(), None, TODAY).unwrap().preset, Preset::ModularMonolith);
}

/// That an edge between two folders is red, and what is said of it.
fn is_red(workspace: &Workspace, (from, to): (&str, &str), rule: &str, fix: &str) {
    let manifest = format!("{from}/Cargo.toml");
    let line = depends(from, to);

    let told = told(workspace, &Edit::depend(&manifest, "dependencies", &line));

    assert!(
        says(&told, rule, &[&format!("--> {manifest}:"), line.as_str(), "why: ", fix]),
        "{told}"
    );
}

#[test]
fn in_a_modular_monolith_an_edge_to_a_neighbours_implementation_is_red() {
    let (begun, workspace) = begun(&monolith().tree, None);

    assert!(begun.accepted.is_empty(), "{:?}", begun.accepted);
    let edge = ("contexts/orders/module", "contexts/stock/module");
    is_red(&workspace, edge, "G02", "depend on `contexts-stock-contract`");
    let edge = ("contexts/stock/module", "contexts/orders/contract");
    is_red(&workspace, edge, "G03", "`[context.stock.calls]`");
    let edge = ("shared/kernel", "contexts/stock/module");
    is_red(&workspace, edge, "G09", "is no composition root");
}

#[test]
fn in_layers_an_edge_upwards_is_red() {
    let (begun, workspace) = begun(&layers().tree, None);

    assert!(begun.accepted.is_empty(), "{:?}", begun.accepted);
    is_red(
        &workspace,
        ("crates/text", "crates/engine"),
        "G06",
        "stands on text, so `uses` can't have it",
    );
    is_red(&workspace, ("crates/shell", "crates/text"), "G06", "add `text` to the role `apps`");
    let said = Edit::replace(PLAN, "uses = [\"text\"]", "uses = [\"engine\", \"text\"]");
    let edge = depends("crates/parser", "crates/engine");
    let told_of = told(
        &workspace,
        &said.then(Edit::depend("crates/parser/Cargo.toml", "dependencies", &edge)),
    );
    assert!(
        says(&told_of, "G06", &["the role parser uses engine", "turn one edge round"]),
        "{told_of}"
    );
}

#[test]
fn in_a_hexagon_a_domain_that_knows_anybody_is_red() {
    let (begun, workspace) = begun(&hexagon().tree, None);

    assert!(begun.accepted.is_empty(), "{:?}", begun.accepted);
    is_red(
        &workspace,
        ("crates/domain", "crates/adapters"),
        "G06",
        "turn the edge round with a trait that `domain` owns",
    );
    is_red(&workspace, ("crates/application", "crates/adapters"), "G06", "turn the edge round");
    let edit = Edit::depend("crates/domain/Cargo.toml", "dependencies", "sqlx = \"1\"");
    assert!(says(&told(&workspace, &edit), "G07", &["depends on `sqlx`", "behind a port"]));
}

#[test]
fn in_one_crate_a_domain_that_names_what_is_around_it_is_red() {
    let (begun, workspace) = begun(&one_crate().tree, None);

    assert!(begun.accepted.is_empty(), "{:?}", begun.accepted);
    let edit = Edit::append("src/domain/order.rs", "fn save() { crate::infrastructure::save(); }");
    let told_of = told(&workspace, &edit);
    assert!(
        says(&told_of, "G06", &["--> src/domain/order.rs:", "crate::infrastructure::save"]),
        "{told_of}"
    );
    let edit = Edit::depend("Cargo.toml", "dependencies", "sqlx = \"1\"")
        .then(Edit::append("src/domain/order.rs", "fn save() { sqlx::query(); }"));
    let told_of = told(&workspace, &edit);
    assert!(says(&told_of, "G07", &["`sqlx::query` is named in the layer domain"]), "{told_of}");
}

#[test]
fn a_breach_that_a_preset_does_not_permit_goes_into_the_baseline() {
    let tree = hexagon().library("crates/domain", &["crates/adapters"]).tree;

    let (begun, _) = begun(&tree, Some(Preset::Hexagon));

    let items: Vec<&str> = begun.accepted.iter().map(|entry| entry.item.as_str()).collect();
    assert_eq!(items, ["domain -> adapters"]);
    assert_eq!(begun.accepted[0].until, "2027-05-21");
}

#[test]
fn a_crate_or_a_folder_that_comes_later_is_red_until_it_is_classified() {
    let (_, workspace) = begun(&scattered().tree, None);

    let edit = Edit::replace("Cargo.toml", "\"lone\"", "\"lone\", \"later\"")
        .then(Edit::create("later/Cargo.toml", "[package]\nname = \"later\"\n"));

    assert!(says(&told(&workspace, &edit), "G01", &["add `later` to the `crates` of a role"]));
}

#[test]
fn a_pattern_that_means_no_crate_is_red() {
    let (_, workspace) = begun(&layers().tree, None);

    let edit = Edit::append(PLAN, "\n[role.gone]\nis = \"gone\"\ncrates = [\"crates/gone-*\"]");

    assert!(says(&told(&workspace, &edit), "G04", &["`crates/gone-*` matches no crate"]));
}

#[test]
fn what_is_no_workspace_or_no_rust_has_no_plan() {
    let nothing = begin(Made::default().tree, None, TODAY);
    let broken = layers().with("crates/text/src/lib.rs", "fn open( {").tree;
    let broken = begin(broken, None, TODAY);

    assert!(matches!(nothing, Err(InitError::NoCrates)), "{nothing:?}");
    assert!(
        matches!(&broken, Err(InitError::Unread(unread)) if unread.path == "crates/text/src/lib.rs"),
        "{broken:?}"
    );
}
