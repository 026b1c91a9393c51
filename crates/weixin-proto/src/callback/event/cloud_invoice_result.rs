//! `cloud_invoice_invoiceresult_event`: an invoice was made out, or could not be.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/WeChat_Invoice/E_Invoice/Vendor_API_List.html>

use serde::Serialize;

use crate::callback::{Body, Field, FieldError, Read};

/// An invoice was made out, or could not be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CloudInvoiceResult {
    /// The number under which it was asked for.
    pub fpqqlsh: String,
    /// What became of it.
    pub status: Option<i64>,
    /// The tax number of the seller.
    pub nsrsbh: Option<String>,
}

impl Body for CloudInvoiceResult {
    const NAMES: &'static [&'static str] = &["cloud_invoice_invoiceresult_event"];
}

impl Read for CloudInvoiceResult {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self { fpqqlsh: field.read("fpqqlsh")?, status: field.read("status")?, nsrsbh: field.read("nsrsbh")? })
    }
}

#[cfg(test)]
mod tests {
    use super::CloudInvoiceResult;
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "cloud_invoice_invoiceresult_event",
            "<fpqqlsh><![CDATA[FP1]]></fpqqlsh><status>0</status><nsrsbh><![CDATA[N1]]></nsrsbh>",
            &CloudInvoiceResult { fpqqlsh: "FP1".into(), status: Some(0), nsrsbh: Some("N1".into()) },
            r#"{"fpqqlsh":"FP1","status":0,"nsrsbh":"N1"}"#,
        );
    }
}
