//! Callbacks answered by Rust functions.
//!
//! ```
//! use weiqiao_app::handlers::{Ctx, Handlers, Subscribe, Text};
//!
//! let handlers = Handlers::new()
//!     .on_text(async |text: Text, _ctx: Ctx| match text.content.trim() {
//!         "ping" => Some("pong"),
//!         _ => None,
//!     })
//!     .on_subscribe(async |_: Subscribe, ctx: Ctx| format!("欢迎，{}", ctx.account()));
//! assert_eq!(handlers.len(), 2);
//! ```
//!
//! Handlers are asked after the rules and the synchronous webhooks. The first one for the type that came decides; what it
//! returns becomes the answer ([`IntoReply`]). It has [4.5 seconds](crate::callback::CallbackSettings::answer_within);
//! what it returns later goes out as a customer-service message. After a crash a push that was being handled is handled
//! again, so a handler that acts should be able to act twice.
//!
//! | file | holds |
//! |---|---|
//! | `extract` | [`Extract`]: the types a handler can ask for |
//! | `into_reply` | [`IntoReply`]: the types it can return |
//! | `ctx` | [`Ctx`]: who, which account, the SDK |

mod ctx;
mod extract;
mod into_reply;

use std::future::Future;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use weixin_proto::callback::Inbound;

pub use ctx::Ctx;
pub use extract::{Extract, Raw};
pub use into_reply::{HandlerError, IntoReply};
pub use weixin_proto::callback::event::{Click as MenuClick, Location as LocationReport, Scan, Subscribe, Unsubscribe};
pub use weixin_proto::callback::message::{
    File, Image, Link, Location, MiniProgramPage, ShortVideo, Text, Video, Voice,
};
pub use weixin_proto::callback::reply::Reply;

use crate::decide::ReplySpec;

type Answering = BoxFuture<'static, Result<ReplySpec, HandlerError>>;

/// The functions that answer callbacks, in the order they are asked.
#[derive(Clone, Default)]
pub struct Handlers {
    entries: Vec<Arc<dyn Entry>>,
}

trait Entry: Send + Sync {
    fn fits(&self, inbound: &Inbound) -> bool;
    /// `None` when it does not fit.
    fn call(&self, ctx: Ctx) -> Option<Answering>;
}

struct Function<B, F> {
    function: F,
    body: std::marker::PhantomData<fn(B)>,
}

impl<B, F, Fut, R> Entry for Function<B, F>
where
    B: Extract,
    F: Fn(B, Ctx) -> Fut + Send + Sync,
    Fut: Future<Output = R> + Send + 'static,
    R: IntoReply + 'static,
{
    fn fits(&self, inbound: &Inbound) -> bool {
        B::fits(inbound)
    }

    fn call(&self, ctx: Ctx) -> Option<Answering> {
        let body = B::extract(ctx.inbound())?;
        let answering = (self.function)(body, ctx);
        Some(Box::pin(async move { answering.await.into_reply() }))
    }
}

macro_rules! on {
    ($($(#[$doc:meta])* $name:ident: $body:ty;)*) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $name<F, Fut, R>(self, handler: F) -> Self
        where
            F: Fn($body, Ctx) -> Fut + Send + Sync + 'static,
            Fut: Future<Output = R> + Send + 'static,
            R: IntoReply + 'static,
        {
            self.on::<$body, F, Fut, R>(handler)
        }
    )*};
}

impl Handlers {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Answers pushes of the type `B`: any message or event of [`weixin_proto::callback`], or [`Raw`] for everything.
    #[must_use]
    pub fn on<B, F, Fut, R>(mut self, handler: F) -> Self
    where
        B: Extract,
        F: Fn(B, Ctx) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = R> + Send + 'static,
        R: IntoReply + 'static,
    {
        self.entries.push(Arc::new(Function { function: handler, body: std::marker::PhantomData::<fn(B)> }));
        self
    }

    on! {
        /// Answers texts.
        on_text: Text;
        /// Answers pictures.
        on_image: Image;
        /// Answers voice messages.
        on_voice: Voice;
        /// Answers videos.
        on_video: Video;
        /// Answers positions that were sent.
        on_location: Location;
        /// Answers links.
        on_link: Link;
        /// Answers new followers.
        on_subscribe: Subscribe;
        /// Hears of people who left. Nothing can be answered.
        on_unsubscribe: Unsubscribe;
        /// Answers followers who scanned a parametric QR code.
        on_scan: Scan;
        /// Answers menu buttons of the type `click`.
        on_menu_click: MenuClick;
        /// Answers everything no earlier handler took.
        on_any: Raw;
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether one of them takes this push.
    #[must_use]
    pub fn take(&self, inbound: &Inbound) -> bool {
        self.entries.iter().any(|entry| entry.fits(inbound))
    }

    /// Asks the first one that takes the push; `None` when none does.
    pub async fn answer(&self, ctx: Ctx) -> Option<Result<ReplySpec, HandlerError>> {
        let answering = self.entries.iter().find_map(|entry| entry.call(ctx.clone()))?;
        Some(answering.await)
    }
}

impl std::fmt::Debug for Handlers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Handlers").field("entries", &self.entries.len()).finish()
    }
}
