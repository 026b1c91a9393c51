//! What changes with a push, in its commit.

use super::NewPush;
use crate::facts::follower::{Followed, Left, follow, leave};
use crate::facts::idempotency::forget_answers;
use crate::facts::identity::{forget_person, forget_profile};
use crate::facts::subscription::{self, SubscriptionEvent};
use crate::value::params;
use crate::{StoreError, Transaction};

const FORGET_FOLLOWER: &str = "DELETE FROM follower WHERE app_id = $1 AND who = $2";

const FORGET_GRANT: &str = "DELETE FROM auth_record WHERE app_id = $1 AND openid_index = $2";

const FORGET_GRANTED_PROFILE: &str = "UPDATE auth_record SET profile = NULL WHERE app_id = $1 AND openid_index = $2";

/// Not the push that says so: those it is sent on to have yet to read it.
const FORGET_PUSHES: &str =
    "UPDATE inbox SET body = NULL, reply = NULL WHERE app_id = $1 AND who = $2 AND state = 'done' AND id <> $3";

const FORGET_SUBSCRIPTIONS: &str = "DELETE FROM subscription WHERE app_id = $1 AND openid_index = $2";

/// What staff wrote about them. Leads come of actions, and are found through them; so actions are forgotten last.
const FORGET_FOLLOW_UPS: &str = "UPDATE follow_up SET text = NULL WHERE lead_id IN (SELECT lead.id FROM customer_action a \
    JOIN lead ON lead.id = a.lead_id WHERE a.app_id = $1 AND a.customer_index = $2 AND lead.openid_index = $2)";

const FORGET_LEADS: &str = "UPDATE lead SET openid = NULL, openid_index = NULL, note = NULL WHERE openid_index = $2 \
    AND id IN (SELECT lead_id FROM customer_action WHERE app_id = $1 AND customer_index = $2)";

const FORGET_ACTIONS: &str = "UPDATE customer_action SET detail = NULL, customer_index = NULL \
    WHERE app_id = $1 AND customer_index = $2";

/// What they said with them; that they did them, and who they are, is still known.
const FORGET_DETAILS: &str = "UPDATE customer_action SET detail = NULL WHERE app_id = $1 AND customer_index = $2";

const FORGET_MESSAGES: &str = "UPDATE notification SET openid = NULL, content = NULL, answer = NULL \
    WHERE app_id = $1 AND openid_index = $2 AND sender IS NOT NULL";

const FORGET_ARRIVALS: &str = "DELETE FROM arrival WHERE app_id = $1 AND openid_index = $2";

/// What changes with a push.
#[derive(Debug, Clone)]
pub enum Effect {
    /// Somebody follows.
    Follow(Followed),
    /// Somebody no longer follows.
    Leave(Left),
    /// Somebody allows messages or none any more, or one of them arrived.
    Subscription(SubscriptionEvent),
    /// Somebody's profile is no longer ours to keep.
    ForgetProfile {
        /// Whose: the blind index of the openid.
        who: String,
    },
    /// What somebody said when they did something is no longer ours to keep: their phone may stand in it.
    ForgetActions {
        /// Who: the blind index of the openid.
        who: String,
    },
    /// Somebody is to be forgotten: identity, sessions, tokens, what they granted, what they sent and did and were told of it,
    /// what staff wrote about that, that they follow, what they subscribed to.
    ForgetPerson {
        /// Who: the blind index of the openid.
        who: String,
    },
}

/// Makes the changes, in their order.
pub(super) async fn apply<T: Transaction>(tx: &mut T, push: &NewPush, effects: &[Effect]) -> Result<(), StoreError> {
    let (app_id, now) = (push.app_id.as_str(), push.received_at);
    let place = (app_id, push.account.as_str());
    for effect in effects {
        match effect {
            Effect::Follow(followed) => follow(tx, place, followed, now).await?,
            Effect::Leave(left) => leave(tx, place, left, now).await?,
            Effect::Subscription(event) => subscription::apply(tx, app_id, event, now).await?,
            Effect::ForgetProfile { who } => {
                forget_profile(tx, app_id, who).await?;
                tx.execute(FORGET_GRANTED_PROFILE, params![app_id, who]).await?;
            }
            Effect::ForgetActions { who } => {
                forget_answers(tx, app_id, who).await?;
                tx.execute(FORGET_DETAILS, params![app_id, who]).await?;
            }
            Effect::ForgetPerson { who } => {
                forget_person(tx, app_id, who).await?;
                forget_answers(tx, app_id, who).await?;
                let forget = [
                    FORGET_FOLLOWER,
                    FORGET_GRANT,
                    FORGET_SUBSCRIPTIONS,
                    FORGET_FOLLOW_UPS,
                    FORGET_LEADS,
                    FORGET_ACTIONS,
                    FORGET_MESSAGES,
                    FORGET_ARRIVALS,
                ];
                let mut statements: Vec<_> = forget.map(|sql| (sql, params![app_id, who])).into();
                statements.push((FORGET_PUSHES, params![app_id, who, &push.id]));
                tx.batch(statements).await?;
            }
        }
    }
    Ok(())
}
