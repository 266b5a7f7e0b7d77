use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::{StreamExt as _, stream};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use kernel::Failure;
use kernel::contract::{Frame, Frames, Problem};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::ChannelSettings;
use super::lost::{lost, too_large, unreadable};

/// What a line says. The callee's half is in `serve::lines`.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Line<'a> {
    #[serde(borrow)]
    Item(&'a RawValue),
    Failed(Box<Problem>),
    End(IgnoredAny),
    Alive(IgnoredAny),
}

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
            let line = line?;
            match serde_json::from_slice(&line).map_err(unreadable)? {
                Line::Item(item) => {
                    return Ok(Frame::Item(line.slice_ref(item.get().as_bytes())));
                }
                Line::Failed(problem) => return Ok(Frame::Failed(problem)),
                Line::End(_) => return Ok(Frame::End),
                Line::Alive(_) => {}
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
