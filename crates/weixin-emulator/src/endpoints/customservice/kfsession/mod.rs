pub(crate) mod close;
pub(crate) mod create;
pub(crate) mod getsession;
pub(crate) mod getsessionlist;
pub(crate) mod getwaitcase;
