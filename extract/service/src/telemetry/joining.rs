use std::cell::Cell;

use kernel::{Collected, TraceContext};
use opentelemetry::trace::{
    SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState,
};
use opentelemetry::{Context, trace};
use opentelemetry_sdk::trace::{IdGenerator, RandomIdGenerator};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

/// Has calls and events carry the spans of this process from now on.
pub(super) fn begin() {
    Collected { join, here, rename }.begin();
}

thread_local! {
    /// The trace of the span that is started next on this thread.
    static BEGUN: Cell<Option<TraceId>> = const { Cell::new(None) };
}

/// A trace that no span began yet begins with this one.
fn join(span: &Span, trace: TraceContext) {
    let trace_id = TraceId::from(trace.trace());
    let parent = if trace.is_root() {
        Context::new()
    } else {
        let (parent, flags) = (SpanId::from(trace.parent()), TraceFlags::new(trace.flags()));
        let remote = SpanContext::new(trace_id, parent, flags, true, TraceState::NONE);
        Context::new().with_remote_span_context(remote)
    };
    // One that is not told has no place.
    let _untold = span.set_parent(parent);
    BEGUN.set(trace.is_root().then_some(trace_id));
    let _begun = span.context();
    BEGUN.set(None);
}

fn here() -> Option<TraceContext> {
    Context::map_current(|context| {
        let place = trace::TraceContextExt::span(context).span_context().clone();
        let (trace, span) = (place.trace_id().to_bytes(), place.span_id().to_bytes());
        let flags = place.trace_flags().to_u8();
        TraceContext::at(u128::from_be_bytes(trace), u64::from_be_bytes(span), flags)
    })
}

fn rename(span: &Span, name: String) {
    span.context().span().update_name(name);
}

/// Random ids, but for a trace that has one already.
#[derive(Debug, Default)]
pub(super) struct Ids(RandomIdGenerator);

impl IdGenerator for Ids {
    fn new_trace_id(&self) -> TraceId {
        BEGUN.take().unwrap_or_else(|| self.0.new_trace_id())
    }

    fn new_span_id(&self) -> SpanId {
        self.0.new_span_id()
    }
}
