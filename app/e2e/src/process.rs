use std::collections::VecDeque;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::mpsc;

use crate::Outcome;

const START: Duration = Duration::from_mins(1);
const KEPT_LINES: usize = 120;

/// A process of the shop that is ready. It is killed when this is dropped.
pub struct Running {
    child: Child,
    pid: Pid,
    output: Output,
    /// Where its public API is.
    pub public: SocketAddr,
    /// Where its internal listener is.
    pub internal: SocketAddr,
}

#[derive(Clone, Default)]
struct Output(Arc<Mutex<VecDeque<String>>>);

impl Running {
    /// Starts a process and waits for the line that says where it listens.
    pub async fn start(mut command: Command) -> Outcome<Self> {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.kill_on_drop(true).spawn()?;
        let pid = child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
        let pid = pid.ok_or("a child without a process id")?;
        let output = Output::default();
        let (ready, mut listening) = mpsc::unbounded_channel();
        output.follow(child.stdout.take(), ready.clone());
        output.follow(child.stderr.take(), ready);
        let addresses = tokio::time::timeout(START, listening.recv()).await;
        match addresses {
            Ok(Some((public, internal))) => Ok(Self { child, pid, output, public, internal }),
            Ok(None) => {
                let status = child.wait().await?;
                Err(format!("it ended with {status} before it was ready: {}", output.text()).into())
            }
            Err(_) => Err(format!("not ready in {START:?}: {}", output.text()).into()),
        }
    }

    /// Its process id.
    pub fn pid(&self) -> i32 {
        self.pid.as_raw_nonzero().get()
    }

    /// The last lines that it said.
    pub fn said(&self) -> String {
        self.output.text()
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: Signal) -> Outcome {
        Ok(kill_process(self.pid, signal)?)
    }

    /// Waits for its end.
    pub async fn ended(&mut self, within: Duration) -> Outcome<ExitStatus> {
        match tokio::time::timeout(within, self.child.wait()).await {
            Ok(status) => Ok(status?),
            Err(_) => Err(format!("still running after {within:?}: {}", self.said()).into()),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the shop said at last:{}", self.said());
        }
    }
}

impl Output {
    fn follow(
        &self,
        stream: Option<impl AsyncRead + Unpin + Send + 'static>,
        ready: mpsc::UnboundedSender<(SocketAddr, SocketAddr)>,
    ) {
        let (Some(stream), output) = (stream, self.clone()) else { return };
        tokio::spawn(async move {
            let mut lines = BufReader::new(stream).lines();
            let mut ready = Some(ready);
            while let Ok(Some(line)) = lines.next_line().await {
                if let Some(addresses) = listening(&line)
                    && let Some(ready) = ready.take()
                {
                    let _gone = ready.send(addresses);
                }
                output.keep(line);
            }
        });
    }

    fn keep(&self, line: String) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == KEPT_LINES {
            lines.pop_front();
        }
        lines.push_back(line);
    }

    fn text(&self) -> String {
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.iter().fold(String::new(), |text, line| text + "\n  | " + line)
    }
}

/// `galleria is listening on http://127.0.0.1:8080 (internal http://127.0.0.1:9090)`
fn listening(line: &str) -> Option<(SocketAddr, SocketAddr)> {
    let addresses = line.strip_prefix("galleria is listening on http://")?;
    let (public, internal) = addresses.split_once(" (internal http://")?;
    Some((public.parse().ok()?, internal.strip_suffix(')')?.parse().ok()?))
}

/// A command of a binary in a directory, with nothing of this process's environment that names a setting.
pub(crate) fn command(binary: &Path, directory: &Path) -> Command {
    let mut command = Command::new(binary);
    command.current_dir(directory);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("GALLERIA_") {
            command.env_remove(name);
        }
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[tokio::test]
    async fn a_process_is_ready_when_it_says_where_it_listens() {
        let line = "galleria is listening on http://127.0.0.1:81 (internal http://127.0.0.1:82)";

        let running = Running::start(shell(&format!("echo first; echo '{line}'; cat"))).await;

        let ports = running.map(|running| (running.public.port(), running.internal.port()));
        assert_eq!(ports.ok(), Some((81, 82)));
    }

    #[tokio::test]
    async fn a_process_that_ends_before_it_is_ready_is_told_with_its_words() {
        let refusal = Running::start(shell("echo 'the directory is in use' >&2; exit 3")).await;

        let text = refusal.err().map(|error| error.to_string()).unwrap_or_default();
        assert!(text.contains("the directory is in use") && text.contains('3'), "{text}");
    }
}
