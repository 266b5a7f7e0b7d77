//! Workspaces of the shapes that there are.

use crate::kit::{Made, depends};

pub(crate) fn monolith() -> Made {
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

pub(crate) fn hexagon() -> Made {
    Made::of("\"crates/*\"")
        .library("crates/domain", &[])
        .library("crates/application", &["crates/domain"])
        .library("crates/adapters", &["crates/application", "crates/domain"])
        .program("crates/server", &["crates/adapters", "crates/application"])
}

pub(crate) fn layers() -> Made {
    Made::of("\"crates/*\"")
        .library("crates/text", &[])
        .library("crates/parser", &["crates/text"])
        .library("crates/engine", &["crates/parser", "crates/text"])
        .program("crates/shell", &["crates/engine"])
}

pub(crate) fn one_crate() -> Made {
    Made::default()
        .with("Cargo.toml", "[package]\nname = \"shop\"\n[dependencies]\nserde = \"1\"\n")
        .with("src/main.rs", "mod domain; mod application; mod infrastructure;\nfn main() { crate::application::run(); }")
        .with("src/domain/mod.rs", "mod order;\npub use order::Order;")
        .with("src/domain/order.rs", "#[derive(serde::Serialize)]\npub struct Order;")
        .with("src/application/mod.rs", "pub fn run() { crate::domain::Order; }")
        .with("src/infrastructure/mod.rs", "use crate::application::run;")
}

/// Members in several folders, one of them outside those of the rest, and one that a path alone makes a member.
pub(crate) fn scattered() -> Made {
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
pub(crate) fn circular() -> Made {
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
pub(crate) fn odd() -> Made {
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
pub(crate) fn named() -> Made {
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

const FOLDERS: [&str; 6] = ["crates", "crates", "libs", "modules/a", "modules/b", "modules/shared"];
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

/// A workspace with names, folders and edges drawn by lot: normal ones downwards, those of tests anywhere.
pub(crate) fn drawn(seed: u64) -> Made {
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
