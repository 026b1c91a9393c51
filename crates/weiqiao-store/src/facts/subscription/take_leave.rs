//! A message was sent: one less may follow.

use crate::value::params;
use crate::{StoreError, Transaction, Value};

/// One that went although none was left shows that leave had been given which nobody counted: it is counted as given, too, by
/// both ways of counting, so that leave given later is not set off against it.
macro_rules! take_one {
    () => {
        "UPDATE subscription SET \
         given_by_calls = CASE WHEN used < given_by_calls OR used < given_by_events THEN given_by_calls ELSE used END, \
         given_by_events = CASE WHEN used < given_by_calls OR used < given_by_events THEN given_by_events ELSE used END, \
         used = CASE WHEN used < given_by_calls OR used < given_by_events THEN used + 1 ELSE used END"
    };
}

const COUNTED: &str = "UPDATE notification SET counted = 1 WHERE id = $1 AND counted = 0";

const TAKE: &str =
    concat!(take_one!(), " WHERE id = (SELECT subscription_id FROM notification WHERE notification.id = $1)");

const TAKE_OF_PERSON: &str = concat!(
    take_one!(),
    " WHERE id = (SELECT max(id) FROM subscription mine \
    WHERE mine.app_id = $1 AND mine.openid_index = $2 AND mine.template_id = $3)"
);

/// Takes the leave that a notification used, once however often its end is told.
pub(in crate::facts) async fn take_leave<T: Transaction>(tx: &mut T, notification: &str) -> Result<(), StoreError> {
    if tx.execute(COUNTED, params![notification]).await? == 1 {
        tx.execute(TAKE, params![notification]).await?;
    }
    Ok(())
}

/// Takes the leave that a message of somebody else's used, of an app id, a blind index and a template. Whether any was known.
pub(super) async fn take_leave_of_person<T: Transaction>(tx: &mut T, person: Vec<Value>) -> Result<bool, StoreError> {
    Ok(tx.execute(TAKE_OF_PERSON, person).await? > 0)
}
