use async_nats::Message;
use extract_wire::Line;
use extract_wire::lost::{lost, too_large, unreadable};
use futures_util::{StreamExt as _, stream};
use kernel::Failure;
use kernel::contract::{Frame, Frames};

use super::ChannelSettings;
use super::waiting::ForParts;
use crate::rpc::headers::{SEQUENCE, number};

/// The frames of an answer in parts, of which the first message was read.
pub(super) fn frames_of(first: Message, parts: ForParts, settings: ChannelSettings) -> Frames {
    let reading = Reading { first: Some(first), parts, settings, read: 0, ungranted: 0 };
    let frames = stream::unfold(Some(reading), |open| async move {
        let mut reading = open?;
        let frame = reading.frame().await;
        if matches!(frame, Ok(Frame::Item(_))) {
            return Some((frame, Some(reading)));
        }
        if frame.is_ok() {
            reading.parts.place.over();
        }
        Some((frame, None))
    });
    frames.boxed()
}

struct Reading {
    first: Option<Message>,
    parts: ForParts,
    settings: ChannelSettings,
    /// The number of the last item.
    read: u64,
    /// How many items were read since the callee was last told to go on.
    ungranted: u32,
}

impl Reading {
    async fn frame(&mut self) -> Result<Frame, Failure> {
        self.grant().await?;
        loop {
            let message = match self.first.take() {
                Some(first) => first,
                None => self.parts.next(self.settings.silence).await?,
            };
            let sequence = number(&message, SEQUENCE);
            let sequence =
                sequence.ok_or_else(|| unreadable("a part of a stream has no number"))?;
            if message.payload.len() > self.settings.largest_answer {
                return Err(too_large(self.settings.largest_answer));
            }
            let frame = Line::read(&message.payload)?;
            let expected = self.read + u64::from(frame.is_some());
            if sequence != expected {
                return Err(lost(format!("part {expected} of the stream was lost")));
            }
            self.read = sequence;
            if let Some(frame) = frame {
                self.ungranted += 1;
                return Ok(frame);
            }
        }
    }

    /// The callee goes on when half of what may be on its way was read, and not before somebody asks for more.
    async fn grant(&mut self) -> Result<(), Failure> {
        if self.ungranted >= self.settings.window.div_ceil(2) {
            self.parts.grant(self.ungranted).await?;
            self.ungranted = 0;
        }
        Ok(())
    }
}
