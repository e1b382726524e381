//! Bodies of answers, which may end too early on purpose.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};

/// The connection is to be cut: nothing (more) must be sent on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the connection is cut on purpose")]
pub struct Cut;

/// The body of an answer: all of it, or a part of it followed by a cut.
#[derive(Debug)]
pub struct Answered {
    rest: Option<Bytes>,
    full_length: u64,
    cut: Ending,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Whole,
    /// Let the connection send what it has before the cut, else the part of the body would be dropped with it.
    FlushThenCut,
    Cut,
}

impl Answered {
    /// A complete body.
    pub(crate) fn whole(bytes: Bytes) -> Self {
        Self { full_length: length(&bytes), rest: Some(bytes), cut: Ending::Whole }
    }

    /// The first `kept` of `bytes`, then a cut. The announced length stays that of the whole.
    pub(crate) fn cut(bytes: Bytes, kept: usize) -> Self {
        if kept >= bytes.len() {
            return Self::whole(bytes);
        }
        let full_length = length(&bytes);
        Self { rest: Some(bytes.slice(..kept)), full_length, cut: Ending::FlushThenCut }
    }

    /// Length announced in the head.
    pub(crate) fn full_length(&self) -> u64 {
        self.full_length
    }
}

impl Body for Answered {
    type Data = Bytes;
    type Error = Cut;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        if let Some(bytes) = self.rest.take().filter(|bytes| !bytes.is_empty()) {
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        match self.cut {
            Ending::Whole => Poll::Ready(None),
            Ending::FlushThenCut => {
                self.cut = Ending::Cut;
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            Ending::Cut => Poll::Ready(Some(Err(Cut))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.cut == Ending::Whole && self.rest.as_ref().is_none_or(Bytes::is_empty)
    }

    fn size_hint(&self) -> SizeHint {
        match self.cut {
            Ending::Whole => SizeHint::with_exact(self.rest.as_ref().map_or(0, length)),
            Ending::FlushThenCut | Ending::Cut => SizeHint::default(),
        }
    }
}

fn length(bytes: &Bytes) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}
