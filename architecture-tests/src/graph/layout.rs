use std::collections::BTreeMap;

use super::map::Map;

/// Where each context is drawn: its middle.
pub(super) struct Placed<'a> {
    pub(super) boxes: BTreeMap<&'a str, (usize, usize)>,
    pub(super) width: usize,
    pub(super) height: usize,
}

const COLUMN: usize = 190;
const ROW: usize = 120;
const STAGGER: usize = 90;

/// Puts every caller above those that it calls, in rows.
pub(super) fn placed<'a>(map: &Map<'a>) -> Placed<'a> {
    let mut rows: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for name in &map.contexts {
        rows.entry(depth(map, name, map.contexts.len())).or_default().push(name);
    }
    let widest = rows.values().map(Vec::len).max().unwrap_or(1);
    let width = widest * COLUMN + 100 + STAGGER;
    let mut boxes = BTreeMap::new();
    for (row, names) in rows.values().enumerate() {
        // So that long arrows pass beside the boxes between their ends.
        let left = (width - STAGGER - names.len() * COLUMN) / 2 + row % 2 * STAGGER;
        for (column, name) in names.iter().enumerate() {
            boxes.insert(*name, (left + column * COLUMN + COLUMN / 2, row * ROW + 40));
        }
    }
    Placed { boxes, width, height: rows.len() * ROW - 40 }
}

/// How many calls are above a context at most. A cycle is broken off, for `G05` to tell of.
fn depth(map: &Map<'_>, name: &str, left: usize) -> usize {
    let callers = map.calls.iter().filter(|(_, to, _)| *to == name && left > 0);
    callers.map(|(from, _, _)| depth(map, from, left - 1) + 1).max().unwrap_or(0)
}
