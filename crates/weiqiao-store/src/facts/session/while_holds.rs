//! What somebody does is written down as long as their session goes on.

use std::fmt;

use weiqiao_model::SessionId;

use crate::value::params;
use crate::{Command, Sharing, StoreError, Transaction};

const HOLDS: &str = "SELECT 1 FROM session WHERE id = $1 AND revoked_at IS NULL";

/// A command of somebody with a session: nothing of it becomes true when the session was ended before its commit. Whoever verified
/// the session may have done so seconds ago, and what is known about somebody who is forgotten must not come back.
pub struct WhileHolds<C: Command> {
    command: C,
    session: Option<SessionId>,
}

impl<C: Command> WhileHolds<C> {
    /// Without a session it depends on nothing.
    pub fn new(command: C, session: Option<SessionId>) -> Self {
        Self { command, session }
    }
}

impl<C: Command> fmt::Debug for WhileHolds<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WhileHolds").field("command", &C::NAME).finish_non_exhaustive()
    }
}

impl<C: Command> Command for WhileHolds<C> {
    const NAME: &'static str = C::NAME;
    /// Nothing: the session has ended.
    type Output = Option<C::Output>;

    fn sharing(&self) -> Sharing<'_> {
        self.command.sharing()
    }

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<Option<C::Output>, StoreError> {
        if let Some(session) = &self.session
            && tx.query_opt(HOLDS, params![session]).await?.is_none()
        {
            return Ok(None);
        }
        self.command.run(tx).await.map(Some)
    }
}
