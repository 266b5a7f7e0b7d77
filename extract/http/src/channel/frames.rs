use std::time::Duration;

use bytes::{Bytes, BytesMut};
use extract_wire::Line;
use extract_wire::lost::{lost, too_large};
use futures_util::{StreamExt as _, stream};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use kernel::Failure;
use kernel::contract::{Frame, Frames};

use super::ChannelSettings;

/// The frames of an answer in lines.
pub(super) fn frames_of(body: Incoming, settings: &ChannelSettings) -> Frames {
    let (silence, largest) = (settings.silence, settings.largest_answer);
    let reading = Reading { body, read: BytesMut::new(), searched: 0, silence, largest };
    let frames = stream::unfold(Some(reading), |open| async move {
        let mut reading = open?;
        let frame = reading.frame().await;
        let goes_on = matches!(frame, Ok(Frame::Item(_)));
        Some((frame, goes_on.then_some(reading)))
    });
    frames.boxed()
}

struct Reading {
    body: Incoming,
    read: BytesMut,
    /// So many bytes of `read` have no line break.
    searched: usize,
    silence: Duration,
    largest: usize,
}

impl Reading {
    async fn frame(&mut self) -> Result<Frame, Failure> {
        loop {
            let Ok(line) = tokio::time::timeout(self.silence, self.line()).await else {
                return Err(lost("the stream fell silent"));
            };
            if let Some(frame) = Line::read(&line?)? {
                return Ok(frame);
            }
        }
    }

    async fn line(&mut self) -> Result<Bytes, Failure> {
        loop {
            let end = self.read[self.searched..].iter().position(|byte| *byte == b'\n');
            if let Some(end) = end {
                let line = self.read.split_to(self.searched + end + 1).freeze();
                self.searched = 0;
                return Ok(line);
            }
            self.searched = self.read.len();
            if self.searched > self.largest {
                return Err(too_large(self.largest));
            }
            match self.body.frame().await {
                Some(Ok(frame)) => {
                    self.read.extend_from_slice(frame.into_data().unwrap_or_default().as_ref());
                }
                Some(Err(error)) => return Err(lost(error)),
                None => return Err(lost("the stream was cut")),
            }
        }
    }
}
