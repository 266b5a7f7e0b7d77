use std::collections::VecDeque;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid};
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::mpsc;

use crate::{Outcome, Said, eventually};

const START: Duration = Duration::from_mins(1);
const COMMAND: Duration = Duration::from_mins(2);
const KEPT_LINES: usize = 120;

/// A process of the shop that is ready. It is killed when this is dropped.
pub struct Running {
    child: Child,
    pid: Pid,
    output: Output,
    /// Where its public API is, if it has one.
    pub public: Option<SocketAddr>,
    /// Where its internal listener is.
    pub internal: SocketAddr,
}

/// The public and the internal address of a process.
type Listening = (Option<SocketAddr>, SocketAddr);

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
        if self.child.id().is_none() {
            return Err("it has ended".into());
        }
        Ok(kill_process(self.pid, signal)?)
    }

    /// Stops its clock, and waits until it stands still: a signal is under way for a while.
    pub async fn pause(&self) -> Outcome {
        self.signal(Signal::STOP)?;
        let look = WaitIdOptions::STOPPED | WaitIdOptions::NOWAIT | WaitIdOptions::NOHANG;
        eventually(START, "the process stands still", async || {
            Ok(waitid(WaitId::Pid(self.pid), look)?.map(drop))
        })
        .await
    }

    /// Whether it has ended.
    pub(crate) fn has_ended(&mut self) -> Outcome<bool> {
        Ok(self.child.try_wait()?.is_some())
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
        ready: mpsc::UnboundedSender<Listening>,
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

/// `galleria is listening on http://127.0.0.1:8080 (internal http://127.0.0.1:9090)`, the first address where there is a
/// gateway.
fn listening(line: &str) -> Option<Listening> {
    let (public, internal) =
        line.strip_prefix("galleria is listening")?.split_once(" (internal http://")?;
    let public = match public.strip_prefix(" on http://") {
        Some(public) => Some(public.parse().ok()?),
        None => None,
    };
    Some((public, internal.strip_suffix(')')?.parse().ok()?))
}

/// Runs a command to its end.
pub(crate) async fn said(mut prepared: Command) -> Outcome<Said> {
    prepared.stdin(Stdio::null()).kill_on_drop(true);
    let output = tokio::time::timeout(COMMAND, prepared.output()).await??;
    let text = [output.stdout, output.stderr].concat();
    Ok(Said { code: output.status.code(), text: String::from_utf8_lossy(&text).into_owned() })
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

        let ports =
            running.map(|running| (running.public.map(|at| at.port()), running.internal.port()));
        assert_eq!(ports.ok(), Some((Some(81), 82)));
    }

    #[tokio::test]
    async fn a_process_that_ends_before_it_is_ready_is_told_with_its_words() {
        let refusal = Running::start(shell("echo 'the directory is in use' >&2; exit 3")).await;

        let text = refusal.err().map(|error| error.to_string()).unwrap_or_default();
        assert!(text.contains("the directory is in use") && text.contains('3'), "{text}");
    }
}
