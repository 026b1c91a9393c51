//! `/wxaapi/newtmpl/…`: the templates of notifications people subscribe to.

mod addtemplate;
mod deltemplate;
mod getcategory;
mod getpubtemplatekeywords;
mod getpubtemplatetitles;
mod gettemplate;

pub use self::addtemplate::{AddSubscriptionTemplate, AddedSubscriptionTemplate};
pub use self::deltemplate::DeleteSubscriptionTemplate;
pub use self::getcategory::{Categories, Category, ListCategories};
pub use self::getpubtemplatekeywords::{Keyword, Keywords, ListKeywords};
pub use self::getpubtemplatetitles::{ListTitles, Title, Titles};
pub use self::gettemplate::{EnumValues, ListSubscriptionTemplates, SubscriptionTemplate, SubscriptionTemplates};
