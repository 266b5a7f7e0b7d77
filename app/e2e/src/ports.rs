use tokio::net::TcpSocket;

use crate::Outcome;

/// A port that nobody else gets for as long as this lives: bound, and never listened at, so that a process can.
pub(crate) struct Port(TcpSocket);

impl Port {
    /// Any that is free.
    pub(crate) fn any() -> Outcome<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.set_reuseaddr(true)?;
        socket.bind(([127, 0, 0, 1], 0).into())?;
        Ok(Self(socket))
    }

    /// Its number.
    pub(crate) fn number(&self) -> Outcome<u16> {
        Ok(self.0.local_addr()?.port())
    }
}
