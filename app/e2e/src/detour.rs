use std::future::pending;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::Outcome;

/// A way to a process on which what is sent there can be made to arrive late. It ends when this is dropped.
pub(crate) struct Detour {
    at: SocketAddr,
    late: Arc<AtomicU64>,
    _roads: JoinSet<()>,
}

impl Detour {
    /// A way to an address, as fast as any until it is made slow.
    pub(crate) async fn to(target: SocketAddr) -> Outcome<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let (at, late, mut roads) = (listener.local_addr()?, Arc::default(), JoinSet::new());
        let delay = Arc::clone(&late);
        roads.spawn(async move {
            let mut cars = JoinSet::new();
            while let Ok((from, _)) = listener.accept().await {
                cars.spawn(carry(from, target, Arc::clone(&delay)));
            }
        });
        Ok(Self { at, late, _roads: roads })
    }

    /// Where it begins.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.at)
    }

    /// Makes it slow, or fast again.
    pub(crate) fn slow(&self, late: Duration) {
        self.late.store(u64::try_from(late.as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }
}

async fn carry(from: TcpStream, target: SocketAddr, late: Arc<AtomicU64>) {
    let Ok(to) = TcpStream::connect(target).await else { return };
    let _no_matter = (from.set_nodelay(true), to.set_nodelay(true));
    let ((questions, replies), (answers, asked)) = (from.into_split(), to.into_split());
    let never = Arc::default();
    let there = one_way(questions, asked, &late);
    let back = one_way(answers, replies, &never);
    tokio::select! {
        () = there => {}
        () = back => {}
    }
}

async fn one_way(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    late: &Arc<AtomicU64>,
) {
    let mut bytes = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = from.read(&mut bytes).await {
        let late = Duration::from_millis(late.load(Ordering::Relaxed));
        if !late.is_zero() {
            let _later = timeout(late, pending::<()>()).await;
        }
        if to.write_all(&bytes[..read]).await.is_err() {
            return;
        }
    }
}
