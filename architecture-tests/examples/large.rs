//! Measures the check of a generated workspace of 200 crates and a million lines: its time, and the memory it took.
//!
//! `cargo run --release -p architecture-tests --example large`
#![expect(clippy::print_stdout, reason = "it prints")]

use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

use architecture_tests::facts::Workspace;
use architecture_tests::{check, rules};

const CONTEXTS: usize = 100;
/// The files of a module; its contract has one.
const FILES: usize = 9;
const FUNCTIONS: usize = 25;

fn main() -> std::io::Result<()> {
    let folder = tempfile::tempdir()?;
    generate(folder.path())?;
    let started = Instant::now();
    let workspace = Workspace::open(folder.path());
    let gathered = started.elapsed();
    let outcome = check(&workspace, &rules::all(), false);
    let all = started.elapsed();
    let lines: usize =
        workspace.crates.iter().flat_map(|one| &one.sources).map(|source| source.lines).sum();
    let (crates, rules) = (workspace.crates.len(), outcome.rules);
    let bytes: usize = workspace.tree.ending(".rs").map(|(_, text)| text.len()).sum();
    println!("{} bytes a line", bytes / lines.max(1));
    println!(
        "{crates} crates, {lines} lines, {rules} rules: gathered in {gathered:?}, checked in {all:?}"
    );
    let status = std::fs::read_to_string("/proc/self/status")?;
    println!("{}", status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default());
    Ok(())
}

fn generate(root: &Path) -> std::io::Result<()> {
    let members = "[workspace]\nmembers = [\"contexts/*/*\"]\n";
    std::fs::write(root.join("Cargo.toml"), members)?;
    let mut plan = PLAN.to_owned();
    for context in 0..CONTEXTS {
        let _ = writeln!(plan, "\n[context.c{context}]\nis = \"generated\"\nowner = \"nobody\"");
        let next = context + 1;
        if next < CONTEXTS {
            let _ = writeln!(plan, "[context.c{context}.calls]\nc{next} = \"the next\"");
        }
        for role in ["contract", "module"] {
            crate_of(&root.join(format!("contexts/c{context}/{role}")), context, role)?;
        }
    }
    std::fs::write(root.join("architecture.toml"), plan)
}

fn crate_of(folder: &Path, context: usize, role: &str) -> std::io::Result<()> {
    std::fs::create_dir_all(folder.join("src"))?;
    let mut manifest = format!("[package]\nname = \"c{context}-{role}\"\n[dependencies]\n");
    let mut first = String::new();
    if role == "module" {
        for other in [context, context + 1].into_iter().filter(|other| *other < CONTEXTS) {
            let _ =
                writeln!(manifest, "c{other}-contract = {{ path = \"../../c{other}/contract\" }}");
            let _ = writeln!(first, "use c{other}_contract as _;");
        }
    }
    std::fs::write(folder.join("Cargo.toml"), manifest)?;
    std::fs::write(folder.join("src/lib.rs"), first)?;
    for file in 0..if role == "module" { FILES } else { 1 } {
        let text = if role == "module" { code() } else { messages() };
        std::fs::write(folder.join(format!("src/part{file}.rs")), text)?;
    }
    Ok(())
}

/// Code as modules have it: imports, paths, strings and statements.
fn code() -> String {
    let mut text = "use std::collections::BTreeMap;\nuse crate::part0::Part;\n".to_owned();
    for number in 0..FUNCTIONS {
        let _ = writeln!(
            text,
            "/// Reads something.\npub fn read_{number}(wanted: &str, rows: &mut BTreeMap<String, Part>) -> Option<u64> {{"
        );
        for line in 0..4 {
            let _ = writeln!(
                text,
                "    let found = rows.get(wanted).filter(|row| row.is_open({line}))?;\n    // And so on, as long as comments are."
            );
            let _ = writeln!(
                text,
                "    let named = format!(\"told to {{wanted}} by {{}}\", found.name());"
            );
            let _ = writeln!(
                text,
                "    let number = found\n        .number({number}, &named, wanted.len())\n        .min({line} + wanted.len());"
            );
            let _ = writeln!(text, "    if number > 7 {{\n        return Some(number);\n    }}");
        }
        let select = "SELECT number FROM rows WHERE name = $1";
        let _ = writeln!(text, "    let read = \"{select}\";\n    std::mem::drop(read);");
        text.push_str("    None\n}\n\n");
    }
    text
}

/// Messages as contracts have them.
fn messages() -> String {
    let mut text = "use serde::{Deserialize, Serialize};\nuse schemars::JsonSchema;\n".to_owned();
    for number in 0..FUNCTIONS {
        let _ = writeln!(
            text,
            "\n/// A message.\n#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]\npub struct Message{number} {{"
        );
        for field in 0..18 {
            let _ = writeln!(text, "    /// A field.\n    pub field_{field}: Option<Vec<String>>,");
        }
        text.push_str("}\n");
    }
    text
}

const PLAN: &str = r#"
[limits]
file_lines = 2000

[role.contract]
is = "contracts"
crates = ["contexts/<context>/contract"]
open = true

[role.module]
is = "modules"
crates = ["contexts/<context>/module"]
uses = ["contract"]
forbids = ["machine"]

[forbidden.machine]
why = "generated"
instead = "nothing"
paths = ["std::env", "std::fs", "Utc::now", "Command::new"]
"#;
