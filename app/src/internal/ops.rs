use std::sync::Arc;

use platform::ops::Ops;

use super::Table;

/// Serves what operators see of a module and do to it, as `<module>-ops.v1`.
pub fn serve_ops(table: &mut Table, module: &str, ops: &Arc<dyn Ops>) {
    let contract = format!("{module}-ops.v1");
    macro_rules! serve {
        ($($method:ident),+) => {$({
            let ops = Arc::clone(ops);
            table.serve(&contract, stringify!($method), move |call, request| {
                let ops = Arc::clone(&ops);
                Box::pin(async move { ops.$method(&call, request).await })
            });
        })+};
    }
    serve!(
        health,
        deliveries,
        delivery,
        retry,
        skip,
        replay,
        unsubscribe,
        confirm,
        sagas,
        audit,
        facts
    );
}
