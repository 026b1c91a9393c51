//! Why there is nothing to read.

/// What came instead of a readable answer, for those who tell people about it. Statuses are HTTP's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Instead {
    /// The name of the host could not be resolved.
    UnknownHost,
    /// No connection.
    NoConnection,
    /// A host that cannot show that it is WeChat: its certificate has expired, is for another name, or is from nobody known.
    Certificate,
    /// Nothing was sent: WeChat has not been answering, and calls stay here for some seconds.
    Resting,
    /// Nothing, within the time limit.
    Silence,
    /// The beginning of an answer at most: the connection broke off.
    Break,
    /// An answer without a body.
    Empty(u16),
    /// A web page: a gateway, a proxy or a log-in wall answered.
    Page(u16),
    /// Something that is no JSON, or JSON that ends in the middle.
    Unreadable(u16),
    /// JSON without a refusal, under a status that says failure.
    Status(u16),
}
