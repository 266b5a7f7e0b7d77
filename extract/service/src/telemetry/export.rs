use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use opentelemetry::Context;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{
    BatchConfigBuilder, BatchSpanProcessor, Span, SpanData, SpanExporter, SpanProcessor,
};

/// So many spans wait for the collector; those that find no place are dropped.
const QUEUE: usize = 4_096;
const BATCH: usize = 512;
const EVERY: Duration = Duration::from_secs(1);

/// Tells spans in batches, on a thread of its own. Whoever ends a span waits for nobody.
pub(super) fn queued(exporter: impl SpanExporter + 'static) -> impl SpanProcessor + 'static {
    let waiting = Arc::new(AtomicUsize::new(0));
    let batches = BatchConfigBuilder::default()
        .with_max_queue_size(QUEUE)
        .with_max_export_batch_size(BATCH)
        .with_scheduled_delay(EVERY)
        .build();
    let telling =
        Telling { exporter, waiting: Arc::clone(&waiting), silent: AtomicBool::new(false) };
    let batches = BatchSpanProcessor::builder(telling).with_batch_config(batches).build();
    Queue { batches, waiting }
}

/// Drops what finds no place, and counts it, which the processor of the library does not.
#[derive(Debug)]
struct Queue {
    batches: BatchSpanProcessor,
    waiting: Arc<AtomicUsize>,
}

impl SpanProcessor for Queue {
    fn on_start(&self, _span: &mut Span, _context: &Context) {}

    fn on_end(&self, span: SpanData) {
        if self.waiting.fetch_add(1, Ordering::Relaxed) >= QUEUE {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            count("dropped", 1);
            return;
        }
        self.batches.on_end(span);
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.batches.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.batches.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.batches.set_resource(resource);
    }
}

/// Tells a batch, and says once that the collector does not take them, and once that it does again.
#[derive(Debug)]
struct Telling<E> {
    exporter: E,
    waiting: Arc<AtomicUsize>,
    silent: AtomicBool,
}

impl<E: SpanExporter> SpanExporter for Telling<E> {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let spans = batch.len();
        let told = self.exporter.export(batch).await;
        self.waiting.fetch_sub(spans, Ordering::Relaxed);
        match &told {
            Ok(()) => {
                count("told", spans);
                if self.silent.swap(false, Ordering::Relaxed) {
                    tracing::info!("the collector of traces takes spans again");
                }
            }
            Err(error) => {
                count("lost", spans);
                if !self.silent.swap(true, Ordering::Relaxed) {
                    tracing::warn!(%error, "the collector of traces takes no spans, they are lost");
                }
            }
        }
        told
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}

fn count(outcome: &'static str, spans: usize) {
    metrics::counter!("galleria_spans_total", "outcome" => outcome).increment(spans as u64);
}

#[cfg(test)]
mod tests {
    use opentelemetry::trace::{Tracer as _, TracerProvider as _};
    use opentelemetry_sdk::trace::SdkTracerProvider;
    use std::time::Instant;

    use super::*;

    /// A collector that never answers.
    #[derive(Debug)]
    struct Stuck;

    impl SpanExporter for Stuck {
        async fn export(&self, _batch: Vec<SpanData>) -> OTelSdkResult {
            std::future::pending().await
        }
    }

    #[test]
    fn a_collector_that_is_stuck_holds_nobody_up_and_costs_no_more_than_the_queue() {
        let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
        let handle = recorder.handle();
        let process = SdkTracerProvider::builder().with_span_processor(queued(Stuck)).build();
        let tracer = process.tracer("test");
        let began = Instant::now();

        metrics::with_local_recorder(&recorder, || {
            for _ in 0..QUEUE + 7 {
                drop(tracer.start("a span"));
            }
        });
        let ended = process.shutdown_with_timeout(Duration::from_millis(50));

        assert!(ended.is_err() && began.elapsed() < Duration::from_secs(10));
        let dropped = "galleria_spans_total{outcome=\"dropped\"} 7";
        assert!(handle.render().contains(dropped), "{}", handle.render());
    }
}
