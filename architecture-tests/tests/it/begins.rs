//! `init` on workspaces of every shape: the plan holds right after, and a wrong edge is red.

use architecture_tests::Edit;
use architecture_tests::facts::Workspace;
use architecture_tests::init::{InitError, Preset, begin};
use architecture_tests::plan::PLAN;

use crate::kit::{Made, TODAY, begun, depends, says, told};
use crate::ours;

const PRESETS: [Option<Preset>; 4] =
    [None, Some(Preset::Layers), Some(Preset::Hexagon), Some(Preset::ModularMonolith)];

fn monolith() -> Made {
    let mut made =
        Made::of("\"contexts/*/*\", \"shared/*\", \"app\"").library("shared/kernel", &[]);
    for (context, calls) in [("orders", &["contexts/stock/contract"][..]), ("stock", &[])] {
        let own = format!("contexts/{context}/contract");
        let uses: Vec<&str> =
            calls.iter().copied().chain([own.as_str(), "shared/kernel"]).collect();
        made = made
            .library(&own, &["shared/kernel"])
            .library(&format!("contexts/{context}/module"), &uses);
    }
    made.program("app", &["contexts/orders/module", "contexts/stock/module"])
}

fn hexagon() -> Made {
    Made::of("\"crates/*\"")
        .library("crates/domain", &[])
        .library("crates/application", &["crates/domain"])
        .library("crates/adapters", &["crates/application", "crates/domain"])
        .program("crates/server", &["crates/adapters", "crates/application"])
}

fn layers() -> Made {
    Made::of("\"crates/*\"")
        .library("crates/text", &[])
        .library("crates/parser", &["crates/text"])
        .library("crates/engine", &["crates/parser", "crates/text"])
        .program("crates/shell", &["crates/engine"])
}

fn one_crate() -> Made {
    Made::default()
        .with("Cargo.toml", "[package]\nname = \"shop\"\n[dependencies]\nserde = \"1\"\n")
        .with("src/main.rs", "mod domain; mod application; mod infrastructure;\nfn main() { crate::application::run(); }")
        .with("src/domain/mod.rs", "mod order;\npub use order::Order;")
        .with("src/domain/order.rs", "#[derive(serde::Serialize)]\npub struct Order;")
        .with("src/application/mod.rs", "pub fn run() { crate::domain::Order; }")
        .with("src/infrastructure/mod.rs", "use crate::application::run;")
}

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

/// Members in several folders, one of them outside those of the rest, and one that a path alone makes a member.
fn scattered() -> Made {
    Made::of("\"crates/*/*\", \"./tool/\", \"lone\"")
        .with("Cargo.toml", "[workspace]\nmembers = [\"crates/*/*\", \"./tool/\", \"lone\"]\nexclude = [\"crates/old\"]\n")
        .library("crates/db/schema", &[])
        .library("crates/db/views", &["crates/db/schema"])
        .library("crates/web/api", &["crates/db/views", "vendored/inner"])
        .library("vendored/inner", &[])
        .library("lone", &["outside"])
        .program("tool", &["crates/web/api"])
        .with("crates/old/broken/Cargo.toml", "no manifest")
        .with("fixtures/nested/Cargo.toml", "[workspace]\n[package]\nname = \"nested\"\n")
}

/// Tests that depend on what depends on their crate.
fn circular() -> Made {
    let back = depends("crates/macros", "crates/facade");
    let macros = format!(
        "[package]\nname = \"macros\"\n[lib]\nproc-macro = true\n[dev-dependencies]\n{back}\n"
    );
    Made::of("\"crates/*\"")
        .library("crates/facade", &["crates/macros", "crates/core"])
        .library("crates/core", &[])
        .with("crates/macros/Cargo.toml", &macros)
        .with("crates/macros/src/lib.rs", "")
        .with("crates/macros/tests/expand.rs", "use facade as _;")
        .library("crates/test-support", &["crates/facade"])
}

/// Build scripts, examples, features, files that are no Rust, and text of other folders.
fn odd() -> Made {
    let manifest = "[package]\nname = \"odd\"\n[[bin]]\nname = \"odd\"\npath = \"bin/run.rs\"\n[features]\nfast = []\n[dependencies]\nserde = { version = \"1\", optional = true }\n";
    Made::of("\"odd\", \"even\"")
        .with("odd/Cargo.toml", manifest)
        .with("odd/bin/run.rs", "#!/usr/bin/env run\nmod told;\nfn main() {}")
        .with(
            "odd/bin/told.rs",
            "#[cfg(feature = \"serde\")]\nconst READ: &str = include_str!(\"../../README.md\");",
        )
        .with("odd/bin/other/mod.rs", "fn nobody_declares_it() {")
        .with("odd/build.rs", "fn main() { println!(\"{}\", cfg!(feature = \"fast\")); }")
        .with("odd/examples/show.rs", "fn main() {}")
        .with("odd/tests/fixtures/broken.rs", "fn main( {")
        .with("odd/test_data/Cargo.toml", "{{ template }}")
        .library("even", &[])
        .with("even/src/r#type.rs", "fn raw() {}")
}

/// Contexts by their names alone.
fn named() -> Made {
    Made::of("\"crates/*\"")
        .library("crates/orders-api", &[])
        .library("crates/orders", &["crates/orders-api", "crates/stock-api"])
        .library("crates/stock-api", &[])
        .library("crates/stock-store", &["crates/stock-api"])
        .program("crates/main", &["crates/orders", "crates/stock-store"])
}

/// Numbers that look like chance, and are the same in every run.
struct Lot(u64);

impl Lot {
    fn below(&mut self, most: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 40).unwrap() % most
    }
}

/// A workspace with names, folders and edges drawn by lot: normal ones downwards, those of tests anywhere.
fn drawn(seed: u64) -> Made {
    const FOLDERS: [&str; 6] =
        ["crates", "crates", "libs", "modules/a", "modules/b", "modules/shared"];
    const NAMES: [&str; 10] = [
        "contract",
        "domain",
        "app",
        "http-adapter",
        "kernel",
        "hir",
        "hir-def",
        "test-kit",
        "cli",
        "core",
    ];
    let mut lot = Lot(seed);
    let mut folders: Vec<String> = Vec::new();
    for _ in 0..3 + lot.below(24) {
        let folder = format!("{}/{}", FOLDERS[lot.below(6)], NAMES[lot.below(10)]);
        let folder = if lot.below(2) == 0 { folder } else { format!("{folder}-{}", lot.below(9)) };
        if !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    let mut made = Made::of("\"crates/*\", \"libs/*\", \"modules/*/*\"");
    for (at, folder) in folders.iter().enumerate() {
        let below: Vec<&str> =
            folders[..at].iter().filter(|_| lot.below(4) == 0).map(String::as_str).collect();
        made = if lot.below(5) == 0 {
            made.program(folder, &below)
        } else {
            made.library(folder, &below)
        };
        let manifest = format!("{folder}/Cargo.toml");
        let text = made.tree.text(&manifest).unwrap().to_string();
        let other = &folders[lot.below(folders.len())];
        if other != folder {
            made = made.with(
                &manifest,
                &format!("{text}[dev-dependencies]\n{}\n", depends(folder, other)),
            );
        }
    }
    made
}

#[test]
fn a_first_plan_holds_for_workspaces_drawn_by_lot() {
    for seed in 0..60 {
        let made = drawn(seed);
        for preset in PRESETS {
            begun(&made.tree, preset);
        }
    }
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
    is_red(&workspace, ("crates/text", "crates/engine"), "G06", "turn the edge round");
    is_red(&workspace, ("crates/shell", "crates/text"), "G06", "add `text` to the role `apps`");
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
