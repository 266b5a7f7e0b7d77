use super::{Map, dot, mermaid, pages, svg};
use crate::facts::Workspace;

const START: &str = "<!-- contexts: written by `architecture-tests graph --write` -->\n";
const END: &str = "<!-- /contexts -->";

/// Every file that shows the architecture, as it should be: the pictures and pages below `layout.pictures`, and the pages of
/// `layout.shows` with the picture between their marks.
pub fn written(workspace: &Workspace) -> Vec<(String, String)> {
    let Some(folder) = workspace.plan.layout.pictures.as_deref() else { return Vec::new() };
    let map = Map::of(workspace);
    let mut files = vec![
        (format!("{folder}/contexts.dot"), dot(&map)),
        (format!("{folder}/contexts.svg"), svg(&map)),
    ];
    files.extend(
        pages(workspace).into_iter().map(|(name, page)| (format!("{folder}/{name}"), page)),
    );
    for page in &workspace.plan.layout.shows {
        let text = workspace.tree.text(page.get_ref()).map(|text| shown(text, &mermaid(&map)));
        files.push((page.get_ref().clone(), text.unwrap_or_default()));
    }
    files
}

/// A page with the picture between its marks; without marks it stays as it is, which its check tells.
fn shown(page: &str, picture: &str) -> String {
    let parts =
        page.split_once(START).and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
    let whole = |(before, after): (&str, &str)| {
        format!("{before}{START}```mermaid\n{picture}```\n{END}{after}")
    };
    parts.map_or_else(|| format!("{page}{START}{END}"), whole)
}
