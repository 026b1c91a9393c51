//! `/cgi-bin/template/…`: the templates of template messages.

mod api_add_template;
mod api_set_industry;
mod del_private_template;
mod get_all_private_template;
mod get_industry;

pub use self::api_add_template::{AddTemplate, AddedTemplate};
pub use self::api_set_industry::SetIndustry;
pub use self::del_private_template::DeleteTemplate;
pub use self::get_all_private_template::{ListTemplates, Template, TemplateList};
pub use self::get_industry::{GetIndustry, Industries, Industry};
