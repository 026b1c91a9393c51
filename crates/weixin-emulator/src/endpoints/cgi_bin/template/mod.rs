//! `/cgi-bin/template/…`: templates of template messages.

pub(crate) mod api_add_template;
pub(crate) mod api_set_industry;
pub(crate) mod del_private_template;
pub(crate) mod get_all_private_template;
pub(crate) mod get_industry;

/// Industries by number: class and subclass.
const INDUSTRIES: [(u32, &str, &str); 8] = [
    (1, "IT科技", "互联网|电子商务"),
    (2, "IT科技", "IT软件与服务"),
    (3, "IT科技", "IT硬件与设备"),
    (4, "IT科技", "电子技术"),
    (5, "IT科技", "通信与运营商"),
    (7, "金融业", "银行"),
    (10, "餐饮", "餐饮"),
    (16, "教育", "培训"),
];

/// The industry with this number.
fn industry(id: u32) -> Option<(u32, &'static str, &'static str)> {
    INDUSTRIES.into_iter().find(|(number, ..)| *number == id)
}
