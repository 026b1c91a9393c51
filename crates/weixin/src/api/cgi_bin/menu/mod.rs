//! `/cgi-bin/menu/…`: menus; the buttons themselves are in [`crate::menu`].

mod addconditional;
mod create;
mod delconditional;
mod delete;
mod get;
mod trymatch;

pub use self::addconditional::{AddConditionalMenu, MenuId};
pub use self::create::CreateMenu;
pub use self::delconditional::DeleteConditionalMenu;
pub use self::delete::DeleteMenu;
pub use self::get::{ConditionalMenu, DefaultMenu, GetMenu, Menus};
pub use self::trymatch::TryMatchMenu;
