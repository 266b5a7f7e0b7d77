use std::path::Path;
use std::process::{Command, Stdio};

use std::os::unix::process::CommandExt as _;

/// Leaves a watcher behind that runs this, as the shell understands it, soon after this process ended, however that ended.
pub(crate) fn after_this_process(run: &str) -> Option<()> {
    let watch =
        format!("while kill -0 {} 2>/dev/null; do sleep 1; done; {run}", std::process::id());
    Command::new("sh")
        .args(["-c", &watch])
        .current_dir(Path::new("/"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // A group of its own, so that it outlives an interrupt.
        .process_group(0)
        .spawn()
        .ok()
        .map(|_| ())
}
