use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};

use testcontainers::core::{ContainerPort, IntoContainerPort as _};
use testcontainers::runners::AsyncRunner as _;
use testcontainers::{ContainerAsync, ContainerRequest, GenericImage, ImageExt as _};

use crate::after::after_this_process;

/// What is in a label of a container of ours.
const LABEL: &str = "galleria.test";

/// Dropped, they would end; they are to last as long as the process.
static KEPT: Mutex<Vec<ContainerAsync<GenericImage>>> = Mutex::new(Vec::new());

/// Starts a `PostgreSQL` server in a container, and gives its address. It ends soon after this process.
pub(crate) async fn postgres() -> Option<String> {
    let image = GenericImage::new("postgres", "16-alpine").with_exposed_port(5432.tcp());
    let image = image.with_env_var("POSTGRES_HOST_AUTH_METHOD", "trust");
    let place = started(image, 5432.tcp()).await?;
    Some(format!("postgres://postgres@{place}/postgres"))
}

/// Starts a NATS server with `JetStream` in a container, and gives its address. It ends soon after this process.
pub(crate) async fn nats() -> Option<String> {
    let image = GenericImage::new("nats", "2.10-alpine").with_exposed_port(4222.tcp());
    let place = started(image.with_cmd(["-js"]), 4222.tcp()).await?;
    Some(format!("nats://{place}"))
}

/// Where the port of a container can be reached, which may not answer yet. Why there is none is said.
async fn started(image: ContainerRequest<GenericImage>, port: ContainerPort) -> Option<String> {
    if !docker_runs() {
        eprintln!("no server in a container: Docker does not run, or has no `docker` command");
        return None;
    }
    let own = kernel::EventId::random().to_string();
    // Before there is something to end, so that nothing is left behind.
    let ours = format!("docker ps --all --quiet --filter label={LABEL}={own}");
    after_this_process(&format!("{ours} | xargs -r docker rm --force --volumes"))?;
    let started = async {
        let container = image.with_label(LABEL, own).start().await?;
        let host = container.get_host().await?;
        let port = container.get_host_port_ipv4(port).await?;
        KEPT.lock().unwrap_or_else(PoisonError::into_inner).push(container);
        Ok::<_, testcontainers::TestcontainersError>(format!("{host}:{port}"))
    };
    started.await.inspect_err(|error| eprintln!("no server in a container: {error}")).ok()
}

fn docker_runs() -> bool {
    let mut asked = Command::new("docker");
    let asked = asked.arg("version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    asked.is_ok_and(|status| status.success())
}
