use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::after::after_this_process;

/// A server of the tests' own, made with the newest binaries that are installed.
struct Installed {
    binaries: PathBuf,
    files: PathBuf,
    as_root: bool,
}

/// Starts the newest installed server on a free port, and gives its address. It ends soon after this process.
pub(crate) fn start() -> Option<String> {
    let installed = Installed::make()?;
    let cluster = installed.files.join("cluster");
    let cluster = cluster.to_str()?;
    installed.run("initdb", &["-D", cluster, "-U", "postgres", "-A", "trust", "-E", "UTF8"])?;
    let port = std::net::TcpListener::bind("127.0.0.1:0").ok()?.local_addr().ok()?.port();
    let options = format!(
        "-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={}",
        installed.files.display()
    );
    installed.stop_after_this_process(cluster)?;
    installed.run("pg_ctl", &["-D", cluster, "-w", "-o", &options, "-l", "log", "start"])?;
    Some(format!("postgres://postgres@127.0.0.1:{port}/postgres"))
}

impl Installed {
    fn make() -> Option<Self> {
        let binaries = binaries()?;
        let files = tempfile::tempdir().ok()?.keep();
        let as_root = Command::new("id").arg("-u").output().ok()?.stdout == b"0\n";
        if as_root {
            // The server refuses to run as root.
            Command::new("chown").arg("postgres").arg(&files).status().ok()?;
        }
        Some(Self { binaries, files, as_root })
    }

    fn run(&self, program: &str, arguments: &[&str]) -> Option<()> {
        let [first, rest @ ..] = &self.command(program)[..] else { return None };
        let status = Command::new(first)
            .args(rest)
            .args(arguments)
            .current_dir(&self.files)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .ok()?;
        status.success().then_some(())
    }

    fn command(&self, program: &str) -> Vec<String> {
        let program = self.binaries.join(program).display().to_string();
        if !self.as_root {
            return vec![program];
        }
        let words = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", &program];
        words.map(str::to_owned).to_vec()
    }

    fn stop_after_this_process(&self, cluster: &str) -> Option<()> {
        after_this_process(&format!(
            "{} -D {cluster} -m immediate stop; rm -rf {}",
            self.command("pg_ctl").join(" "),
            self.files.display()
        ))
    }
}

fn binaries() -> Option<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            Some((path.file_name()?.to_str()?.parse().ok()?, path.join("bin")))
        })
        .collect();
    versions.sort();
    versions.into_iter().rev().map(|(_, bin)| bin).find(|bin| bin.join("initdb").exists())
}
