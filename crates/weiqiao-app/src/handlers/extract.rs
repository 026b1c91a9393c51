//! The types a handler can ask for.

use std::ops::Deref;
use std::sync::Arc;

use weixin_proto::callback::{Body, Inbound};

/// A type a handler can ask for: every message and event of [`weixin_proto::callback`], and [`Raw`].
pub trait Extract: Send + 'static {
    /// Whether the push is of this type.
    fn fits(inbound: &Inbound) -> bool;

    /// Takes it out of the push.
    fn extract(inbound: &Arc<Inbound>) -> Option<Self>
    where
        Self: Sized;
}

impl<B: Body + Clone + Send + 'static> Extract for B {
    fn fits(inbound: &Inbound) -> bool {
        B::of(inbound).is_some()
    }

    fn extract(inbound: &Arc<Inbound>) -> Option<Self> {
        B::of(inbound).cloned()
    }
}

/// Any push, with all its fields: for types that have no struct of their own, and for everything else.
#[derive(Debug, Clone)]
pub struct Raw(Arc<Inbound>);

impl Deref for Raw {
    type Target = Inbound;

    fn deref(&self) -> &Inbound {
        &self.0
    }
}

impl Extract for Raw {
    fn fits(_inbound: &Inbound) -> bool {
        true
    }

    fn extract(inbound: &Arc<Inbound>) -> Option<Self> {
        Some(Self(Arc::clone(inbound)))
    }
}
