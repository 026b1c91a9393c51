//! `/cgi-bin/menu/…`

pub(crate) mod addconditional;
mod check;
pub(crate) mod create;
pub(crate) mod delconditional;
pub(crate) mod delete;
pub(crate) mod get;
mod rule;
pub(crate) mod trymatch;
pub(crate) mod write;

use serde_json::Value;

use crate::answer::Refusal;
use crate::state::World;
use crate::state::menu::Button;

/// The buttons of a default menu, checked as `menu/create` does.
pub(crate) fn read(world: &World, body: &Value) -> Result<Vec<Button>, Refusal> {
    check::buttons(world, body, check::Menu::Default)
}
