//! Lists come in pages.

use serde::Serialize;
use utoipa::ToSchema;

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// What is on this page.
    pub items: Vec<T>,
    /// How many there are on all pages.
    #[schema(example = 1)]
    pub total: u64,
    /// Which page this is, from 1.
    #[schema(example = 1)]
    pub page: u32,
    /// How many fit on a page.
    #[schema(example = 20)]
    pub page_size: u32,
}
