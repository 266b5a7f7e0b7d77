use crate::gateway::Services;

use super::Table;

impl Table {
    /// What this release serves to other processes: what operators see and do, and what the command line calls.
    pub fn of(services: &Services) -> Self {
        let mut table = Self::default();
        services.operated.serve(&mut table);
        let users = services.users.clone();
        table.serve("users.v1", "create_admin", move |call, request| {
            let users = users.clone();
            Box::pin(async move { users.create_admin(&call, request).await })
        });
        let catalog = services.catalog.clone();
        table.serve("catalog.v1", "import", move |call, request| {
            let catalog = catalog.clone();
            Box::pin(async move { catalog.import(&call, request).await })
        });
        table
    }
}
