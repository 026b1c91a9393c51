//! The program with Rust functions that answer callbacks.

use std::future::Future;
use std::process::ExitCode;

use weiqiao_app::handlers::{
    Ctx, Extract, Handlers, Image, IntoReply, Link, Location, MenuClick, Raw, Scan, Subscribe, Text, Unsubscribe,
    Video, Voice,
};

use crate::Options;

/// Collects functions that answer callbacks, and runs the service with them.
///
/// Each takes the message or event and a [`Ctx`], and returns anything that [becomes a reply](IntoReply): a text, a
/// [`Reply`](crate::Reply), an `Option` or `Result` of these, or `()`.
///
/// ```
/// use weiqiao::{Builder, Ctx, MenuClick, Raw, Reply, Text};
///
/// let options = Builder::new()
///     .on_text(async |text: Text, ctx: Ctx| {
///         let count = text.content.chars().count();
///         format!("{}: {count} 个字", ctx.account())
///     })
///     .on_menu_click(async |click: MenuClick, _: Ctx| (click.event_key == "hello").then(|| Reply::text("你好")))
///     .on_any(async |_: Raw, _: Ctx| ())
///     .options();
/// assert_eq!(options.handlers.len(), 3);
/// ```
#[derive(Debug, Clone, Default)]
pub struct Builder {
    handlers: Handlers,
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

impl Builder {
    /// No function yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Answers pushes of the type `B`: any message or event of `weixin_proto::callback`, or [`Raw`] for everything.
    #[must_use]
    pub fn on<B, F, Fut, R>(mut self, handler: F) -> Self
    where
        B: Extract,
        F: Fn(B, Ctx) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = R> + Send + 'static,
        R: IntoReply + 'static,
    {
        self.handlers = self.handlers.on(handler);
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
        /// Answers everything no earlier function took.
        on_any: Raw;
    }

    /// Options for [`compose`](crate::compose()), with these functions.
    #[must_use]
    pub fn options(self) -> Options {
        Options { handlers: self.handlers, ..Options::default() }
    }

    /// Runs the command line of this process: all commands of `weiqiao`, with these functions in `serve`.
    #[must_use]
    pub fn run(self) -> ExitCode {
        crate::cli::main_with(self.handlers)
    }
}
