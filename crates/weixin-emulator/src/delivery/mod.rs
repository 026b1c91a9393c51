//! Callbacks: what people do is composed as WeChat's XML or JSON, protected, signed, posted to the service up to three
//! times, and the answer is read as strictly as WeChat reads it.
//!
//! | module | holds |
//! |---|---|
//! | `catalogue/` | every message and event with its fields, one file per area |
//! | `options`, `report` | what is asked for, what became of it |
//! | `build`, `node`, `sample` | from a description to XML or JSON |
//! | `plan`, `effects` | an act made ready; what it changes besides |
//! | `sign`, `post` | modes and signatures; one HTTP call |
//! | `reply`, `markup` | the answer decrypted, parsed and checked |
//! | `run` | copies and attempts, and the end of it |
//! | `scan` | following and scanning, whose event depends on what was before |
//! | `verbs` | the same for tests |
//! | `log` | the deliveries of late |
//!
//! Something the emulated WeChat itself has to tell (a template message arrived, a session began) is queued with
//! [`notify`] by whatever caused it, and goes out when that call has been answered.

pub(crate) mod build;
pub(crate) mod catalogue;
pub(crate) mod effects;
pub(crate) mod log;
mod markup;
mod node;
pub(crate) mod options;
pub(crate) mod plan;
pub(crate) mod post;
pub(crate) mod reply;
pub(crate) mod report;
mod run;
mod sample;
pub(crate) mod scan;
pub(crate) mod sign;
mod verbs;

use serde_json::Value;

pub(crate) use plan::Push;

use crate::state::World;

/// Queues an event that has happened; nothing is sent when the account has no callback address.
pub(crate) fn notify(world: &mut World, app_id: &str, persona: &str, event: &str, fields: &[(&str, Value)]) {
    let wanted = world.accounts.by_app_id(app_id).is_some_and(|account| account.callback_url.is_some());
    if wanted {
        world.pushes.push(Push::told(app_id, persona, event, fields));
    }
}
