//! `update_invoice_status`: an invoice was locked, reimbursed or cancelled.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/WeChat_Invoice/E_Invoice/Invoicing_Platform_API_List.html>

use serde::Serialize;

use crate::callback::words::words;
use crate::callback::{Body, Field, FieldError, Read};

words! {
    /// What an invoice is, to those who reimburse.
    InvoiceStatus {
        /// Free again.
        Init = "INVOICE_REIMBURSE_INIT",
        /// Handed in.
        Lock = "INVOICE_REIMBURSE_LOCK",
        /// Reimbursed.
        Closure = "INVOICE_REIMBURSE_CLOSURE",
        /// Cancelled by the seller.
        Cancel = "INVOICE_REIMBURSE_CANCEL",
    }
}

/// An invoice was locked, reimbursed or cancelled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UpdateInvoiceStatus {
    /// What it is now.
    pub status: InvoiceStatus,
    /// The kind of card it is.
    pub card_id: Option<String>,
    /// The one invoice.
    pub code: Option<String>,
}

impl Body for UpdateInvoiceStatus {
    const NAMES: &'static [&'static str] = &["update_invoice_status"];
}

impl Read for UpdateInvoiceStatus {
    fn read(field: Field<'_>) -> Result<Self, FieldError> {
        Ok(Self { status: field.read("Status")?, card_id: field.read("CardId")?, code: field.read("Code")? })
    }
}

#[cfg(test)]
mod tests {
    use super::{InvoiceStatus, UpdateInvoiceStatus};
    use crate::callback::testing::event;

    #[test]
    fn the_documented_push() {
        event(
            "update_invoice_status",
            "<Status><![CDATA[INVOICE_REIMBURSE_LOCK]]></Status><CardId><![CDATA[p1]]></CardId>\
             <Code><![CDATA[186921658591]]></Code>",
            &UpdateInvoiceStatus {
                status: InvoiceStatus::Lock,
                card_id: Some("p1".into()),
                code: Some("186921658591".into()),
            },
            r#"{"status":"INVOICE_REIMBURSE_LOCK","card_id":"p1","code":"186921658591"}"#,
        );
    }
}
