use serde_json::Value;

use crate::contracts::{methods, other_way, refusals};
use crate::reading::{Finding, Found, read};
use crate::words::{Changes, Met};

/// How this process, which calls, gets along with a peer, which serves, by what each knows of the contract.
pub fn meet(ours: &Value, theirs: &Value) -> Met {
    if ours == theirs {
        return Met::Same;
    }
    let mut met = Changes::default();
    for key in ["contract", "version"] {
        if ours[key] != theirs[key] {
            let problem = format!("is {} there and {} here", theirs[key], ours[key]);
            met.breaks(key, problem, "all calls");
        }
    }
    for (name, here) in methods(ours) {
        match theirs["methods"].get(name) {
            Some(there) => method(&mut met, name, (here, there)),
            None => met.adds(name, "is not served there"),
        }
    }
    for (name, _) in methods(theirs) {
        if ours["methods"].get(name).is_none() {
            met.adds(name, "is served there and not known here");
        }
    }
    if met.breaking.is_empty() {
        Met::Compatible(met.additions)
    } else {
        Met::Incompatible(met.breaking)
    }
}

fn method(met: &mut Changes, name: &str, (here, there): (&Value, &Value)) {
    if let Some(problem) = other_way(here, there) {
        met.breaks(name, problem, "our calls, which repeat and end as we know them");
    }
    let request = read(&format!("{name}: request"), &here["request"], &there["request"]);
    note(met, request, "our requests");
    let answer = read(&format!("{name}: answer"), &there["answer"], &here["answer"]);
    note(met, answer, "their answers");
    let known = refusals(here);
    for (code, theirs) in refusals(there) {
        let place = format!("{name}: refusal {code}");
        match known.get(&code) {
            Some(ours) => note(met, read(&place, &theirs, ours), "their refusals"),
            None => met.adds(&place, "is given there and not known here"),
        }
    }
}

fn note(met: &mut Changes, found: Vec<Found>, whom: &str) {
    for Found { field, finding } in found {
        match finding {
            Finding::Unreadable(problem) => met.breaks(&field, problem, whom),
            Finding::Ignored => met.adds(&field, "is not known to its reader"),
            Finding::Closed => {
                met.adds(&field, "may have values of later versions, which its reader can't read");
            }
        }
    }
}
