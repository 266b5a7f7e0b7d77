use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use architecture_tests::facts::Workspace;
use architecture_tests::graph::{Map, dot, mermaid, svg, written};

use super::arguments::Picture;

pub(super) fn draw(workspace: &Workspace, format: Picture) -> Result<ExitCode, Box<dyn Error>> {
    is_read(workspace)?;
    let map = Map::of(workspace);
    match format {
        Picture::Mermaid => print!("{}", mermaid(&map)),
        Picture::Dot => print!("{}", dot(&map)),
        Picture::Svg => print!("{}", svg(&map)),
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn write(root: &Path, workspace: &Workspace) -> Result<ExitCode, Box<dyn Error>> {
    is_read(workspace)?;
    for (path, text) in written(workspace) {
        let path = root.join(path);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(path, text)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Draws nothing of what was not read.
fn is_read(workspace: &Workspace) -> Result<(), Box<dyn Error>> {
    workspace.unread.first().map_or(Ok(()), |unread| Err(unread.clone().into()))
}
