//! `merchant_order`: an order of the old shop was paid.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/WeChat_Stores/WeChat_Store_Interface.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// An order of the old shop was paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MerchantOrder {
    /// The order.
    pub order_id: String,
    /// 2 paid, 3 shipped, 5 done, 8 disputed.
    pub order_status: Option<i64>,
    /// What was bought.
    pub product_id: Option<String>,
    /// Which of its variants.
    pub sku_info: Option<String>,
}

impl Body for MerchantOrder {
    const NAMES: &'static [&'static str] = &["merchant_order"];
}

impl Read for MerchantOrder {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            order_id: field.read("OrderId")?,
            order_status: field.read("OrderStatus")?,
            product_id: field.read("ProductId")?,
            sku_info: field.read("SkuInfo")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::MerchantOrder;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "merchant_order",
            "<OrderId><![CDATA[test_order_id]]></OrderId><OrderStatus>2</OrderStatus>\
             <ProductId><![CDATA[test_product_id]]></ProductId>\
             <SkuInfo><![CDATA[10001:1000012;10002:100021]]></SkuInfo>",
            &MerchantOrder {
                order_id: "test_order_id".into(),
                order_status: Some(2),
                product_id: Some("test_product_id".into()),
                sku_info: Some("10001:1000012;10002:100021".into()),
            },
            r#"{"order_id":"test_order_id","order_status":2,"product_id":"test_product_id","sku_info":"10001:1000012;10002:100021"}"#,
        );
    }
}
