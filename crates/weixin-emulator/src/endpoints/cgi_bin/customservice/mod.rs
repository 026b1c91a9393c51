pub(crate) mod getkflist;
pub(crate) mod getonlinekflist;
