//! `add_express_path`: a parcel has moved.
//!
//! <https://developers.weixin.qq.com/miniprogram/dev/api-backend/open-api/express/by-business/logistics.onPathUpdate.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// A parcel has moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AddExpressPath {
    /// The carrier.
    pub delivery_id: String,
    /// The carrier's number of the parcel.
    pub way_bill_id: String,
    /// Our number of the order.
    pub order_id: Option<String>,
    /// Grows with every push about the parcel.
    pub version: Option<i64>,
    /// Where it has been.
    pub actions: Vec<ExpressAction>,
}

/// A step of a parcel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExpressAction {
    /// When, in seconds since 1970.
    pub action_time: i64,
    /// What: 100001 collected, 100002 not collected, 200001 on its way, 300002 being delivered, 300003 signed for,
    /// 300004 not delivered, and more.
    pub action_type: i64,
    /// The same in words.
    pub action_msg: Option<String>,
}

impl Body for AddExpressPath {
    const NAMES: &'static [&'static str] = &["add_express_path"];
}

impl Read for AddExpressPath {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            delivery_id: field.read("DeliveryID")?,
            way_bill_id: field.read_any(&["WayBillId", "WayBillID"])?,
            order_id: field.read_any(&["OrderId", "OrderID"])?,
            version: field.read("Version")?,
            actions: field.read("Actions")?,
        })
    }
}

impl Read for ExpressAction {
    fn read(item: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            action_time: item.read("ActionTime")?,
            action_type: item.read("ActionType")?,
            action_msg: item.read("ActionMsg")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{AddExpressPath, ExpressAction};
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        let step = |action_time, action_type, message: &str| ExpressAction {
            action_time,
            action_type,
            action_msg: Some(message.into()),
        };
        event(
            "add_express_path",
            "<DeliveryID><![CDATA[SF]]></DeliveryID><WayBillId><![CDATA[123456789]]></WayBillId>\
             <OrderId><![CDATA[O1]]></OrderId><Version>3</Version><Count>2</Count>\
             <Actions><ActionTime>1546924840</ActionTime><ActionType>100001</ActionType>\
             <ActionMsg><![CDATA[揽件成功]]></ActionMsg></Actions>\
             <Actions><ActionTime>1546924841</ActionTime><ActionType>200001</ActionType>\
             <ActionMsg><![CDATA[到达广州]]></ActionMsg></Actions>",
            &AddExpressPath {
                delivery_id: "SF".into(),
                way_bill_id: "123456789".into(),
                order_id: Some("O1".into()),
                version: Some(3),
                actions: vec![step(1_546_924_840, 100_001, "揽件成功"), step(1_546_924_841, 200_001, "到达广州")],
            },
            r#"{"delivery_id":"SF","way_bill_id":"123456789","order_id":"O1","version":3,"actions":[{"action_time":1546924840,"action_type":100001,"action_msg":"揽件成功"},{"action_time":1546924841,"action_type":200001,"action_msg":"到达广州"}]}"#,
        );
    }
}
