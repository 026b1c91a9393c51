//! Any command, done once for a key, and what its caller is told in the same commit.

use std::fmt;

use weiqiao_model::crash_point;

use super::use_key::{IdempotencyKey, KeyUse, forget_key, keep_answer, use_key};
use crate::{Command, Sharing, StoreError, Transaction};

/// What the caller is told, sealed, by the command's answer; or why that cannot be made.
type Answer<O> = Box<dyn Fn(&O) -> Result<Option<Vec<u8>>, String> + Send + Sync>;

/// What came of the request, and whom its answer is about.
#[derive(Debug, Clone)]
pub struct KeyOwner {
    /// Id of what comes of the request.
    pub id: String,
    /// The account.
    pub app_id: String,
    /// Blind index of the person: with them the answer is forgotten.
    pub who: String,
}

/// A command that is done once for a key.
pub struct Once<C: Command> {
    command: C,
    key: IdempotencyKey,
    owner: KeyOwner,
    now: i64,
    answer: Answer<C::Output>,
}

impl<C: Command> Once<C> {
    /// `answer` makes what the caller is told, sealed for the row of the key; nothing when nothing came of the command: then it
    /// must have changed nothing, and its key was not used. When it cannot be made, for the reason given, nothing becomes true.
    /// `now` in epoch milliseconds.
    pub fn new(
        command: C,
        key: IdempotencyKey,
        owner: KeyOwner,
        now: i64,
        answer: impl Fn(&C::Output) -> Result<Option<Vec<u8>>, String> + Send + Sync + 'static,
    ) -> Self {
        Self { command, key, owner, now, answer: Box::new(answer) }
    }
}

impl<C: Command> fmt::Debug for Once<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Once").field("command", &C::NAME).finish_non_exhaustive()
    }
}

/// What came of a command that is done once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OnceOutcome<O> {
    /// It was done now. Its answer, sealed.
    First(Vec<u8>),
    /// It was done before. Its answer then, sealed; nothing when it is to be forgotten.
    Again(Option<Vec<u8>>),
    /// The key was used for another request.
    KeyTaken,
    /// Nothing came of the command, and the key is as unused as before.
    Nothing(O),
}

impl<C: Command> Command for Once<C> {
    const NAME: &'static str = C::NAME;
    type Output = OnceOutcome<C::Output>;

    /// What a request became is not to be read before all of it is there.
    fn sharing(&self) -> Sharing<'_> {
        match self.command.sharing() {
            Sharing::Always => Sharing::Unlike(&self.key.key_hash),
            Sharing::Unlike(_) | Sharing::Never => Sharing::Never,
        }
    }

    async fn run<T: Transaction>(&self, tx: &mut T) -> Result<Self::Output, StoreError> {
        let Self { key, owner, .. } = self;
        match use_key(tx, key, &owner.id, Some(owner), self.now).await? {
            KeyUse::First => {}
            KeyUse::Again { answer, .. } => return Ok(OnceOutcome::Again(answer)),
            KeyUse::Taken => return Ok(OnceOutcome::KeyTaken),
        }
        crash_point!("once.key.after");
        let output = self.command.run(tx).await?;
        let Some(answer) = (self.answer)(&output).map_err(StoreError::internal)? else {
            forget_key(tx, &key.key_hash, &owner.id).await?;
            return Ok(OnceOutcome::Nothing(output));
        };
        crash_point!("once.effect.after");
        keep_answer(tx, &key.key_hash, &answer).await?;
        crash_point!("once.answer.after");
        Ok(OnceOutcome::First(answer))
    }
}
