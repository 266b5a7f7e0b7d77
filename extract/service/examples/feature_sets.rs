//! Prints the feature sets of slim binaries, a line each: the names of the modules that it has, and its features. First each
//! module alone, then all but each; always with the adapters of the others that it can't do without.
#![expect(clippy::print_stdout, reason = "it prints")]

use std::collections::BTreeSet;

use galleria_service::placement::NEIGHBOURHOOD;
use galleria_service::wiring::COMPILED;

fn main() {
    let modules: Vec<&str> =
        COMPILED.iter().filter(|compiled| compiled.local).map(|compiled| compiled.module).collect();
    for module in &modules {
        println!("{}", line(&[module]));
    }
    for module in &modules {
        let others: Vec<&str> = modules.iter().copied().filter(|other| other != module).collect();
        println!("{}", line(&others));
    }
}

fn line(modules: &[&str]) -> String {
    let own: BTreeSet<&str> = modules.iter().copied().collect();
    let around = NEIGHBOURHOOD.around(&own);
    let adapters = around.iter().map(|module| format!("{module}-http"));
    let features: Vec<String> =
        modules.iter().map(|&module| module.to_owned()).chain(adapters).collect();
    format!("{} {}", modules.join("+"), features.join(","))
}
