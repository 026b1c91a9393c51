//! What changes with a push, in its commit.

use weiqiao_model::OpenId;

use super::NewPush;
use crate::facts::follower::{Followed, Left, follow, leave};
use crate::facts::identity::{forget_person, forget_profile};
use crate::facts::subscription::{self, SubscriptionEvent};
use crate::value::params;
use crate::{StoreError, Transaction};

const FORGET_FOLLOWER: &str = "DELETE FROM follower WHERE app_id = $1 AND who = $2";

const FORGET_GRANT: &str = "DELETE FROM auth_record WHERE app_id = $1 AND openid_index = $2";

const FORGET_GRANTED_PROFILE: &str = "UPDATE auth_record SET profile = NULL WHERE app_id = $1 AND openid_index = $2";

const FORGET_PUSHES: &str =
    "UPDATE inbox SET body = NULL, reply = NULL WHERE app_id = $1 AND who = $2 AND state = 'done'";

const FORGET_SUBSCRIPTIONS: &str = "DELETE FROM subscription WHERE app_id = $1 AND openid_index = $2";

const FORGET_ACTIONS: &str = "UPDATE customer_action SET detail = NULL, customer_index = NULL \
    WHERE app_id = $1 AND customer_index = $2";

const FORGET_LEAD: &str = "UPDATE lead SET openid = NULL, openid_index = NULL WHERE app_id = $1 AND openid_index = $2";

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
        /// Whose.
        openid: OpenId,
        /// Blind indexes of the same, the current one and earlier ones.
        who: Vec<String>,
    },
    /// Somebody is to be forgotten: identity, sessions, tokens, what they granted, what they sent and did, that they follow,
    /// what they subscribed to.
    ForgetPerson {
        /// Who.
        openid: OpenId,
        /// Blind indexes of the same, the current one and earlier ones.
        who: Vec<String>,
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
            Effect::ForgetProfile { openid, who } => {
                forget_profile(tx, app_id, openid.as_str()).await?;
                let statements = who.iter().map(|who| (FORGET_GRANTED_PROFILE, params![app_id, who]));
                tx.batch(statements.collect()).await?;
            }
            Effect::ForgetPerson { openid, who } => {
                forget_person(tx, app_id, openid.as_str()).await?;
                let forget =
                    [FORGET_FOLLOWER, FORGET_GRANT, FORGET_PUSHES, FORGET_SUBSCRIPTIONS, FORGET_ACTIONS, FORGET_LEAD];
                let statements = who.iter().flat_map(|who| forget.map(|sql| (sql, params![app_id, who])));
                tx.batch(statements.collect()).await?;
            }
        }
    }
    Ok(())
}
