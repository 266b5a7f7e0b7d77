use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::layout::{Placed, placed};
use super::map::{Map, short};

/// The map as a Mermaid flowchart: solid arrows are calls, dotted ones events.
pub fn mermaid(map: &Map<'_>) -> String {
    let mut text = "flowchart TB\n".to_owned();
    for name in &map.contexts {
        let _ = writeln!(text, "    {name}([{name}])");
    }
    for (from, to, _) in &map.calls {
        let _ = writeln!(text, "    {from} --> {to}");
    }
    for (from, to, events) in &map.events {
        let _ = writeln!(text, "    {from} -. {} .-> {to}", labels(events));
    }
    text
}

/// The map for Graphviz; an arrow's tooltip says why it is there.
pub fn dot(map: &Map<'_>) -> String {
    let mut text =
        "digraph contexts {\n    rankdir = TB\n    node [shape = box, style = rounded]\n"
            .to_owned();
    for name in &map.contexts {
        let _ = writeln!(text, "    {name:?}");
    }
    for (from, to, why) in &map.calls {
        let _ = writeln!(text, "    {from:?} -> {to:?} [tooltip = {why:?}]");
    }
    for (from, to, events) in &map.events {
        let _ =
            writeln!(text, "    {from:?} -> {to:?} [style = dotted, label = {:?}]", labels(events));
    }
    text + "}\n"
}

/// The map as a picture that needs nothing to be seen: callers above those they call.
pub fn svg(map: &Map<'_>) -> String {
    let Placed { boxes, width, height } = placed(map);
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" font-size=\"14\">\n\
         <defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" orient=\"auto\">\
         <path d=\"M0 0 8 4 0 8z\" fill=\"#456\"/></marker></defs>\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n"
    );
    let ends = |from: &str, to: &str| Some((boxes.get(from)?, boxes.get(to)?));
    for (from, to, why) in &map.calls {
        if let Some(((x, y), (to_x, to_y))) = ends(from, to) {
            let line = format!(
                "M{x} {} C{x} {} {to_x} {} {to_x} {}",
                y + 16,
                y + 56,
                to_y - 56,
                to_y - 16
            );
            let _ = writeln!(
                text,
                "<path d=\"{line}\" fill=\"none\" stroke=\"#456\" marker-end=\"url(#tip)\"><title>{from} calls {to}: {}</title></path>",
                escaped(why)
            );
        }
    }
    text.push_str(&told(map, &boxes));
    for (name, (x, y)) in &boxes {
        let _ = writeln!(
            text,
            "<g><rect x=\"{}\" y=\"{}\" width=\"148\" height=\"32\" rx=\"8\" fill=\"#eef3f8\" stroke=\"#456\"/>\
             <text x=\"{x}\" y=\"{}\" text-anchor=\"middle\">{name}</text></g>",
            x - 74,
            y - 16,
            y + 5
        );
    }
    text + "</svg>\n"
}

/// The events, as arcs beside the calls.
fn told(map: &Map<'_>, boxes: &BTreeMap<&str, (usize, usize)>) -> String {
    let mut text = String::new();
    let ends = |from: &str, to: &str| Some((boxes.get(from)?, boxes.get(to)?));
    for (from, to, events) in &map.events {
        if let Some(((x, y), (to_x, to_y))) = ends(from, to) {
            let line = format!(
                "M{} {y} Q{} {} {} {to_y}",
                x + 74,
                x.max(to_x) + 130,
                (y + to_y) / 2,
                to_x + 74
            );
            let _ = writeln!(
                text,
                "<path d=\"{line}\" fill=\"none\" stroke=\"#a52\" stroke-dasharray=\"4 3\" marker-end=\"url(#tip)\"><title>{from} tells {to}: {}</title></path>",
                events.join(", ")
            );
        }
    }
    text
}

fn labels(events: &[&str]) -> String {
    let names: Vec<&str> = events.iter().map(|event| short(event)).collect();
    names.join(", ")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
