pub(crate) mod add;
pub(crate) mod del;
pub(crate) mod inviteworker;
pub(crate) mod update;
pub(crate) mod uploadheadimg;
