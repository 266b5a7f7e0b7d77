use serde_json::Value;

use crate::said::{Writer, compare};
use crate::words::Changes;

/// How the new document of an event differs from the committed one of the same version.
pub fn event_successor(committed: &Value, new: &Value) -> Changes {
    let mut changes = Changes::default();
    if committed["event"] != new["event"] {
        let problem = format!("was {} and is {}", committed["event"], new["event"]);
        changes.breaks("event", problem, "subscribers of the committed version");
    }
    compare(&mut changes, "data", (&committed["data"], &new["data"]), Writer::Producer);
    changes
}
